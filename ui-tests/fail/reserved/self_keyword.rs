scopes::scopes! {
    pub mod api;
    users.self.read { GET "/me"; }
}

fn main() {}
