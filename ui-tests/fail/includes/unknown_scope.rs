scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includes user.read;
}

fn main() {}
