scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api)]
fn list() {}

fn main() {}
