scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, second)]
fn list(#[grant] request: &http::request::Parts) -> Result<(), scopes::Denied> {
    let _ = request;
    Ok(())
}

fn main() {}
