scopes::scopes! {
    pub mod api;
    GET "/health";
}

fn main() {}
