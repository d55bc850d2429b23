scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
    users.all includes users.read includes users.write;
}

fn main() {}
