scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    events.read { GET "/events"; }
}

// Each is reported.
#[scopes::requires(any(api::users.reed, api::event.read))]
fn list() {}

fn main() {}
