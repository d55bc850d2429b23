use std::sync::Arc;

use http::{Request, Response, request};
use scopes::{Denied, requires};

scopes::scopes! {
    pub mod api;
    tenant environmentId;
    users.read { GET "/environments/:environmentId/users"; }
    reports.read {
        #[global("reports are about the service, not about an environment")]
        GET "/reports";
    }
}

#[requires(api::users.read as permit)]
fn request(#[grant] request: Request<String>) -> Result<usize, Denied> {
    Ok(request.body().len() + permit.tenant().map_or(0, str::len))
}

#[requires(api::users.read)]
fn reference(#[grant] mut request: &mut Request<()>) -> Response<String> {
    *request.method_mut() = http::Method::GET;
    request = request;
    Response::new(request.uri().to_string())
}

#[requires(api::users.read, GET "/environments/:environmentId/users")]
fn parts(other: u8, #[grant] parts: request::Parts, _: &str) -> Response<Vec<u8>> {
    drop(parts);
    Response::new(vec![other])
}

#[requires(api::users.read)]
fn optional(#[grant] request: Option<&Request<()>>) -> Result<bool, Denied> {
    Ok(request.is_some())
}

#[requires(api::users.read)]
async fn asynchronous(#[grant] request: Request<()>) -> Result<Request<()>, Denied> {
    Ok(request)
}

#[requires(api::users.read as permit, from = grant, tenant = owner)]
fn held(grant: &api::Grant, owner: &str) -> Result<String, Denied> {
    assert_eq!(permit.tenant(), Some(owner));
    Ok(format!("{:?}", grant.subject()))
}

struct Context {
    grant: Option<Arc<api::Grant>>,
    environment: String,
}

#[requires(api::users.read, from = context.grant, tenant = context.environment)]
fn field(context: &Context) -> Result<(), Denied> {
    let _ = context;
    Ok(())
}

#[requires(any(api::users.read, api::reports.read), from = grant.clone(), unbound = "the report says whose it is")]
fn unbound(grant: Option<api::Grant>) -> Result<(), Box<dyn std::error::Error>> {
    drop(grant);
    Ok(())
}

// All routes of the scope are global, so the attribute does not need a tenant.
#[requires(api::reports.read, from = grant)]
fn report(grant: api::Grant) -> Result<(), Denied> {
    drop(grant);
    Ok(())
}

struct Service(api::Grant);

impl Service {
    #[requires(api::reports.read as permit, from = &self.0)]
    fn report(&self) -> Result<bool, Denied> {
        Ok(permit.route().is_none())
    }
}

enum Failure {
    Denied(Denied),
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

#[requires(api::reports.read, from = None::<&api::Grant>)]
fn own_error() -> Result<(), Failure> {
    Ok(())
}

fn main() {
    let _ = (request, reference, parts, optional, asynchronous);
    let grant = api::Grant::new(api::Scope::set(&[api::Scope::UsersRead])).for_tenant("e1").unwrap();
    assert!(held(&grant, "e1").is_ok() && held(&grant, "e2").is_err());
    let context =
        |environment: &str| Context { grant: Some(Arc::new(grant.clone())), environment: environment.to_owned() };
    assert!(field(&context("e1")).is_ok() && field(&context("e2")).is_err());
    assert!(unbound(Some(grant.clone())).is_ok() && unbound(None).is_err());
    assert!(report(grant.clone()).is_err() && Service(grant).report().is_err());
    let reader = api::Grant::new(api::Scope::ReportsRead);
    assert!(report(reader.clone()).is_ok() && Service(reader).report().is_ok_and(|without_route| without_route));
    let Err(Failure::Denied(denied)) = own_error() else { panic!("every caller is refused") };
    assert_eq!(denied.status(), 401);
}
