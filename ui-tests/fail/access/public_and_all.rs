scopes::scopes! {
    pub mod api;
    users.read;
    users.write;
    all(users.read, users.write) { POST "/users/replay"; }
    public("all users may replay") { POST "/users/replay"; }
}

fn main() {}
