scopes::scopes! {
    pub mod api;
    authenticated { GET "/me"; }
}

fn main() {}
