// The sound scopes are generated, so that handlers with them cause no further errors.
scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
    events.read { GET "/events" }
}

#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

#[scopes::requires(any(api::users.write, api::events.read) as permit)]
fn write() -> Option<String> {
    permit.subject().map(str::to_owned)
}

fn main() {
    let _ = (api::Scope::UsersWrite, api::events::read, api::CATALOGUE.routes());
}
