scopes::scopes! {
    pub mod api;
    routes;
    users.read;
}

fn main() {}
