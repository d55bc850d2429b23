scopes::scopes! {
    pub mod api;
    users.read;
}

scopes::scopes! {
    pub mod admin;
    users.read;
}

#[scopes::requires(api::users.read, from = grant)]
fn list(grant: &admin::Grant) -> Result<(), scopes::Denied> {
    Ok(())
}

fn main() {}
