scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includes users.read, all.read;
}

fn main() {}
