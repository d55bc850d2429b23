scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    "readUsers" as users.read { GET "/people"; }
}

fn main() {}
