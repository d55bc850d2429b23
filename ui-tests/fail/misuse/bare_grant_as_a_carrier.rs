scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read)]
fn list(#[grant] grant: &api::Grant) -> Result<(), scopes::Denied> {
    Ok(())
}

fn main() {}
