scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, unbound = "compared below")]
fn list() {}

fn main() {}
