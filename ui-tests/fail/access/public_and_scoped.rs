scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    public("everybody may look") { GET "/users"; }
}

fn main() {}
