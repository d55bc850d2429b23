scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, via = scopes::Permit, from = grant)]
fn list(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
