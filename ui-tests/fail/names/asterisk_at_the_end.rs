scopes::scopes! {
    pub mod api;
    users.* { GET "/users"; }
}

fn main() {}
