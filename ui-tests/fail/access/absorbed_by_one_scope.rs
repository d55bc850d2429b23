scopes::scopes! {
    pub mod api;
    users.write { POST "/users/replay"; }
    events.read;
    all(users.write, events.read) { POST "/users/replay"; }
}

fn main() {}
