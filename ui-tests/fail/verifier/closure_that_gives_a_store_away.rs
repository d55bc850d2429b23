use scopes::{Authenticate, verifier_fn};

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

struct Store;

impl Store {
    async fn find(&self, _: &str) -> Option<api::Grant> { None }
}

fn layer(store: Store) -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(move |token: String| async move { Ok(store.find(&token).await) }))
}

fn main() {}
