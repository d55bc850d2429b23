scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    events.read { GET "/events"; }
}

#[scopes::requires(any(api::users.read, api::event.read))]
fn list() {}

fn main() {}
