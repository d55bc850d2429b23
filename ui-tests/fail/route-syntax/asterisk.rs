scopes::scopes! {
    pub mod api;
    files.read { GET "/files/*"; }
}

fn main() {}
