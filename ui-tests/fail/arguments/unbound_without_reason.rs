scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, from = grant, unbound = "")]
fn list(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
