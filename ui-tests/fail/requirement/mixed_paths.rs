scopes::scopes! {
    pub mod api;
    users.read;
    all.read;
}

#[scopes::requires(any(api::users.read, all.read))]
fn list() {}

fn main() {}
