scopes::scopes! {
    pub mod api;
    users.read;
    users.write;
    all(users.read users.write) { POST "/users"; }
}

fn main() {}
