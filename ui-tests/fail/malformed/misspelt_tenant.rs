scopes::scopes! {
    pub mod api;
    tennant id;
    users.read { GET "/users/:id"; }
}

fn main() {}
