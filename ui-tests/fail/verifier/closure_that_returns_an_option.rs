use scopes::{Authenticate, verifier_fn};

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

fn layer() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(async |_: String| Some(api::Grant::new(api::Scope::UsersRead))))
}

fn main() {}
