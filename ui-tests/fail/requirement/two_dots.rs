scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users..read)]
fn list() {}

fn main() {}
