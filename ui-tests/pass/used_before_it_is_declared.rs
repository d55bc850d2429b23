#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

fn main() {
    let _ = list;
}

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}
