scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
fn list(#[grant(here)] request: http::Request<()>) -> Result<(), scopes::Denied> {
    let _ = request;
    Ok(())
}

fn main() {}
