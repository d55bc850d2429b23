scopes::scopes! {
    pub mod api;
    users.read;
}

#[scopes::requires(api::users.read)]
fn list(#[grant] a: http::Request<()>, #[grant] b: http::Request<()>) -> Result<(), scopes::Denied> {
    let _ = (a, b);
    Ok(())
}

fn main() {}
