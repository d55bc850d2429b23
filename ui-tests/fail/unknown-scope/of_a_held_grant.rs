scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.reed as permit, from = grant)]
fn list(grant: &api::Grant) -> Result<String, scopes::Denied> {
    Ok(format!("{:?}", permit.subject()))
}

fn main() {}
