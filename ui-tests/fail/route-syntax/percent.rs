scopes::scopes! {
    pub mod api;
    users.read { GET "/all%20users"; }
}

fn main() {}
