scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read as)]
fn list() {}

fn main() {}
