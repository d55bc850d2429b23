scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, tenant = owner)]
fn list(owner: &str) {
    let _ = owner;
}

fn main() {}
