scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::*.read)]
fn list() {}

fn main() {}
