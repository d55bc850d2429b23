scopes::scopes! {
    pub mod api;
    users.read { ANY "/users"; }
}

fn main() {}
