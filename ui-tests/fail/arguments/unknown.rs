scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, stricted)]
fn list() {}

fn main() {}
