scopes::scopes! {
    pub mod api;
    users.read
    users.write { POST "/users"; }
}

fn main() {}
