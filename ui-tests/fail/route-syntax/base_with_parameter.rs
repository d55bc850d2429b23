scopes::scopes! {
    pub mod api;
    base "/:version";
    users.read { GET "/users"; }
}

fn main() {}
