scopes::scopes! {
    pub mod api;
    environment.apiTokens.read { GET "/tokens"; }
}

#[scopes::requires(api::environment.apitokens.read)]
fn list() {}

fn main() {}
