scopes::scopes! {
    pub mod api;
    users.Self { GET "/me"; }
}

fn main() {}
