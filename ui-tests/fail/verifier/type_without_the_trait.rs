use scopes::Authenticate;

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

struct Store;

fn layer(store: Store) -> Authenticate<api::Scope> { Authenticate::new(store) }

fn main() {}
