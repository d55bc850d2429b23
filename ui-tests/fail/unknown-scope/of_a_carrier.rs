scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.reed as permit)]
fn list(#[grant] request: http::Request<()>) -> Result<String, scopes::Denied> {
    Ok(format!("{:?} {:?}", request.method(), permit.subject()))
}

fn main() {}
