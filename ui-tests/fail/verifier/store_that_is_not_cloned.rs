use scopes::{Authenticate, verifier_with};

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

struct Store;

fn layer(store: Store) -> Authenticate<api::Scope> {
    Authenticate::new(verifier_with(store, async |_, _: String| Ok(None)))
}

fn main() {}
