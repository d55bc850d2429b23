scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, stricter, stricter)]
fn list() {}

fn main() {}
