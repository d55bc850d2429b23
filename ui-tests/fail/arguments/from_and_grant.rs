scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read, from = None::<api::Grant>)]
fn list(#[grant] request: http::Request<()>) -> Result<(), scopes::Denied> {
    let _ = request;
    Ok(())
}

fn main() {}
