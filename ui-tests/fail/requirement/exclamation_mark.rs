scopes::scopes! {
    pub mod api;
    users.write { POST "/users"; }
}

#[scopes::requires(!api::users.write)]
fn list() {}

fn main() {}
