scopes::scopes! {
    pub mod api;
    pubilc("why") { GET "/health"; }
}

fn main() {}
