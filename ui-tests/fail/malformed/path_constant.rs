scopes::scopes! {
    pub mod api;
    users.read { GET PATH; }
}

fn main() {}
