scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, from = request)]
fn list(request: http::Request<()>) -> Result<(), scopes::Denied> {
    Ok(())
}

fn main() {}
