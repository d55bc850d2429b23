scopes::scopes! {
    pub mod api;
    users.read { get "/users"; }
}

fn main() {}
