scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

// The whole comes to `users.read` alone; the other name must exist all the same.
#[scopes::requires(any(api::users.read, all(api::users.read, api::users.wriet)))]
fn list() {}

fn main() {}
