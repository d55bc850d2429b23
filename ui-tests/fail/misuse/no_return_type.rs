scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read)]
fn list(#[grant] request: http::Request<()>) {}

fn main() {}
