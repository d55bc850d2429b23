scopes::scopes! {
    pub mod api;
    users.read { GET "/users#first"; }
}

fn main() {}
