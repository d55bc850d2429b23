use scopes_ui_tests::shared as api;

#[scopes::requires(api::environment.users.read, from: grant, tenant = "e1")]
fn list(grant: &api::Grant) -> Result<(), scopes::Denied> {
    let _ = grant;
    Ok(())
}

fn main() {}
