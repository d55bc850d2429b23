use scopes::{Authenticate, VerifyError};

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

async fn verify(_: String) -> Result<Option<api::Grant>, VerifyError> { Ok(None) }

fn layer() -> Authenticate<api::Scope> { Authenticate::new(verify) }

fn main() {}
