scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

// The requirement reduces to `users.read`, but the other name must exist as well.
#[scopes::requires(any(api::users.read, all(api::users.read, api::users.wriet)))]
fn list() {}

fn main() {}
