use scopes::Authenticate;

scopes::scopes! { pub mod api; users.read { GET "/users"; } }

fn layer() -> Authenticate<api::Scope> { Authenticate::new(async |_: String| Ok(None)) }

fn main() {}
