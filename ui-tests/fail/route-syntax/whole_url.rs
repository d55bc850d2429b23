scopes::scopes! {
    pub mod api;
    users.read { GET "https://api.example.com/users"; }
}

fn main() {}
