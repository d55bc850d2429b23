scopes::scopes! { pub mod api; users.read { GET "/users"; } }
scopes::scopes! { pub mod admin; users.list { GET "/admin"; } }

async fn verify(_: String) -> Result<Option<admin::Grant>, scopes::VerifyError> { Ok(None) }

fn authenticate() -> scopes::Authenticate<api::Scope> {
    scopes::Authenticate::new(scopes::verifier_fn(verify))
}

fn main() {}
