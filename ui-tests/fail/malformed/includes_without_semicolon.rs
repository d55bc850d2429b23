scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includes users.read
    users.write;
}

fn main() {}
