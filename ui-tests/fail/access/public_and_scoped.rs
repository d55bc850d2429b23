scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    public("all users may look") { GET "/users"; }
}

fn main() {}
