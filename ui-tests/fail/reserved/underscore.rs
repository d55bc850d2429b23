scopes::scopes! {
    pub mod api;
    users._ { GET "/users"; }
}

fn main() {}
