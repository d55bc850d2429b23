use scopes::{Denied, requires};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

scopes::scopes! {
    pub mod admin;
    audit.write;
}

// Two attributes on one function, one for each catalogue.
#[requires(api::users.read, GET "/users")]
#[requires(admin::audit.write as auditor)]
fn list() -> bool {
    auditor.subject().is_none()
}

#[requires(api::users.read as permit)]
#[requires(admin::audit.write)]
fn of_a_carrier(#[grant] request: &http::Request<()>) -> Result<String, Denied> {
    Ok(format!("{} {:?}", request.uri(), permit.route()))
}

struct Service;

impl Service {
    #[requires(admin::audit.write)]
    #[requires(api::users.read)]
    fn list(&self) -> u8 {
        1
    }
}

fn main() {
    use scopes::test::permit;
    let _ = of_a_carrier;
    // The lower attribute's parameter comes first, because it is inserted last.
    assert!(list(permit(None), permit(None)));
    assert_eq!(Service.list(permit(None), permit(None)), 1);
}
