scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

fn none() -> api::Scopes {
    api::Scopes::empty()
}

fn main() {}
