scopes::scopes! {
    pub mod api;
    users.read;
    users.write;
    all(users.read, users.wriet) { POST "/users"; }
}

fn main() {}
