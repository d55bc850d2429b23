scopes::scopes! {
    pub mod api;
    auth.2.read { GET "/second-factor"; }
}

fn main() {}
