scopes::scopes! {
    pub mod api;
    users.read { GET "/files/(.*)"; }
}

fn main() {}
