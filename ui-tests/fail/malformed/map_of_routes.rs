scopes::scopes! {
    pub mod api;
    users.read = { GET: "/users" };
}

fn main() {}
