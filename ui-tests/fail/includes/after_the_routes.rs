scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read { GET "/all"; } includes users.read;
}

fn main() {}
