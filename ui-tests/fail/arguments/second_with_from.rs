scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, from = grant, second)]
fn list(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
