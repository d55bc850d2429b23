scopes::scopes! {
    pub mod api;
    routes;
    users.Routes { GET "/users"; }
}

fn main() {}
