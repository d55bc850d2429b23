scopes::scopes! {
    pub mod api;
    tenant :id;
    users.read { GET "/users/:id"; }
}

fn main() {}
