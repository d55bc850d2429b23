scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
    users.read { GET "/people"; }
}

fn main() {}
