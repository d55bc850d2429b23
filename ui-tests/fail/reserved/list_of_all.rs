scopes::scopes! {
    pub mod api;
    ALL { GET "/users"; }
}

fn main() {}
