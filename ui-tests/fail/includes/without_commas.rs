scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    events.read { GET "/events"; }
    all.read includes users.read events.read;
}

fn main() {}
