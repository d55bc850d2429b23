scopes::scopes! {
    pub mod api;
    users.read {
        undr "/users" { GET "/:id"; }
    }
}

fn main() {}
