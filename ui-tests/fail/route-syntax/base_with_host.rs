scopes::scopes! {
    pub mod api;
    base "https://api.example.com/v1";
    users.read { GET "/users"; }
}

fn main() {}
