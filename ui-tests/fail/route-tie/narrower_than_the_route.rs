scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    events.read { GET "/events"; }
}

#[scopes::requires(all(api::users.read, api::events.read), GET "/users")]
fn list() {}

fn main() {}
