scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(all(api::users.read, not(api::users.write)))]
fn list() {}

fn main() {}
