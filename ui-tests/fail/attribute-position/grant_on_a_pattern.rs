scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
fn list(#[grant] (request, _): (http::Request<()>, u8)) -> Result<(), scopes::Denied> {
    let _ = request;
    Ok(())
}

fn main() {}
