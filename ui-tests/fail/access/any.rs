scopes::scopes! {
    pub mod api;
    users.read;
    users.write;
    any(users.read, users.write) { POST "/users"; }
}

fn main() {}
