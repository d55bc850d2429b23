scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    /// Read events.
}

fn main() {}
