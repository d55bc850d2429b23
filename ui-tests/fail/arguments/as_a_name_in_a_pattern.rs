scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read as body)]
fn list(#[grant] request: http::Request<()>, (body, _): (String, u8)) -> Result<String, scopes::Denied> {
    drop(request);
    Ok(body)
}

fn main() {}
