scopes::scopes! {
    pub mod api;
    users.read { route("/users", GET); }
}

fn main() {}
