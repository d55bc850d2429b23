scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

const USERS: &str = "/users";

#[scopes::requires(api::users.read, GET USERS)]
fn list() {}

fn main() {}
