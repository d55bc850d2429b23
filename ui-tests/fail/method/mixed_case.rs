scopes::scopes! {
    pub mod api;
    users.read { Get "/users"; }
}

fn main() {}
