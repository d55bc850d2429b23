scopes::scopes! {
    pub mod api;
    environment.apiTokens.read { GET "/tokens"; }
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::environment.apiToken.read)]
fn list() {}

fn main() {}
