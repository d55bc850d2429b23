//! Every carrier form of `#[requires]` with every kind of caller, above all with callers of another
//! environment.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "these are the forms that people write")]

use std::convert::Infallible;
use std::sync::Arc;

use http::request::Parts;
use http::{Request, Response};
use scopes::test::TestAuthenticate;
use scopes::{Authentication, Denial, Denied, requires};
use tower::{Layer, ServiceExt, service_fn};

scopes::scopes! {
    /// Users of environments.
    pub mod api;

    tenant environment;

    users.read {
        GET "/environments/{environment}/users";
        #[unbound("the handler compares")]
        GET "/users/{user}";
    }
    users.write { POST "/environments/{environment}/users"; }
}

const USERS: &str = "/environments/E1/users";

// Forms that take the request.

#[requires(api::users.read)]
async fn by_value(#[grant] request: Request<String>) -> Result<String, Denied> {
    Ok(request.into_body())
}

#[requires(api::users.read)]
async fn by_reference(#[grant] request: &Request<String>) -> Result<String, Denied> {
    Ok(request.body().clone())
}

#[requires(api::users.read)]
async fn by_mutable_reference(#[grant] request: &mut Request<String>) -> Result<String, Denied> {
    request.body_mut().push('!');
    Ok(request.body().clone())
}

#[requires(api::users.read, GET "/environments/{environment}/users")]
fn with_the_route(#[grant] request: &Request<String>) -> Result<String, Denied> {
    Ok(request.body().clone())
}

#[requires(api::users.read)]
fn of_parts(#[grant] parts: Parts) -> Result<String, Denied> {
    Ok(parts.uri.path().to_owned())
}

#[requires(api::users.read)]
fn perhaps(#[grant] request: Option<Request<String>>) -> Result<String, Denied> {
    Ok(request.map(Request::into_body).unwrap_or_default())
}

#[requires(api::users.read as permit)]
fn named(#[grant] request: &Request<String>) -> Result<String, Denied> {
    Ok(format!("{} {:?}", request.body(), permit.tenant()))
}

/// The refusal is returned as a response.
#[requires(api::users.read)]
fn answering(#[grant] request: Request<String>) -> Response<String> {
    Response::new(request.into_body())
}

struct Service;

trait Users {
    async fn users(&self, request: Request<String>) -> Result<String, Denied>;
}

impl Users for Service {
    #[requires(api::users.read)]
    async fn users(&self, #[grant] request: Request<String>) -> Result<String, Denied> {
        Ok(request.into_body())
    }
}

#[tonic::async_trait]
trait Boxed {
    async fn users(&self, request: Request<String>) -> Result<String, Denied>;
}

#[tonic::async_trait]
impl Boxed for Service {
    #[requires(api::users.read)]
    async fn users(&self, #[grant] request: Request<String>) -> Result<String, Denied> {
        Ok(request.into_body())
    }
}

/// `Ok` if the function ran, otherwise the denial.
type Outcome = Result<(), Option<Denial>>;

fn ran(result: Result<String, Denied>) -> Outcome {
    result.map(drop).map_err(|denied| denied.denial())
}

async fn forms(request: Request<String>) -> Vec<(&'static str, Outcome)> {
    let again = || {
        let (parts, body) = request.clone().into_parts();
        Request::from_parts(parts, body)
    };
    let response = answering(again());
    let answered = match response.status().as_u16() {
        200 => Ok(()),
        _ => ran(by_value(again()).await),
    };
    vec![
        ("by value", ran(by_value(again()).await)),
        ("by reference", ran(by_reference(&request).await)),
        ("by mutable reference", ran(by_mutable_reference(&mut again()).await)),
        ("with the route", ran(with_the_route(&request))),
        ("parts", ran(of_parts(again().into_parts().0))),
        ("perhaps", ran(perhaps(Some(again())))),
        ("named", ran(named(&request))),
        ("a response", answered),
        ("a trait's method", ran(Users::users(&Service, again()).await)),
        ("a boxed trait's method", ran(Boxed::users(&Service, again()).await)),
    ]
}

fn grant(scope: api::Scope, tenants: &[&str]) -> api::Grant {
    api::Grant::new(scope).for_tenants(tenants).unwrap()
}

/// Runs every form on a request that carries this outcome of an authentication layer.
async fn asked(authentication: Authentication<api::Scope>, target: &str) -> Vec<(&'static str, Outcome)> {
    let service =
        service_fn(|request: Request<String>| async move { Ok::<_, Infallible>(Response::new(forms(request).await)) });
    let request = Request::get(target).body("the users".to_owned()).unwrap();
    TestAuthenticate::with(authentication).layer(service).oneshot(request).await.unwrap().into_body()
}

#[tokio::test]
async fn requests() {
    use Authentication::{Absent, Granted, Invalid, Malformed, Unavailable};
    let read = |tenants: &[&str]| Granted(grant(api::Scope::UsersRead, tenants));
    for (what, authentication, expected) in [
        ("good", read(&["E1"]), Ok(())),
        ("good for both", read(&["E2", "E1"]), Ok(())),
        ("other environment", read(&["E2"]), Err(Some(Denial::OtherTenant))),
        ("in another case", read(&["e1"]), Err(Some(Denial::OtherTenant))),
        ("no environment", read(&[]), Err(Some(Denial::OtherTenant))),
        ("other scope", Granted(grant(api::Scope::UsersWrite, &["E1"])), Err(Some(Denial::ScopeMissing))),
        ("absent", Absent, Err(Some(Denial::CredentialsAbsent))),
        ("malformed", Malformed, Err(Some(Denial::CredentialsMalformed))),
        ("unknown", Invalid, Err(Some(Denial::CredentialsInvalid))),
        ("unavailable", Unavailable, Err(Some(Denial::VerifierUnavailable))),
    ] {
        for (form, outcome) in asked(authentication, USERS).await {
            assert_eq!(outcome, expected, "{what}, {form}");
        }
    }
}

#[tokio::test]
async fn requests_to_other_routes() {
    let everything = api::Grant::new(api::Scopes::all()).for_any_tenant();
    for target in ["/environments/E1/none", "/environments/E1/users/", "/environments//users", "/"] {
        for (form, outcome) in asked(Authentication::Granted(everything.clone()), target).await {
            assert!(outcome.is_err(), "{target}, {form}");
        }
    }
    // A missing layer is a mistake of the developers.
    for (form, outcome) in forms(Request::get(USERS).body(String::new()).unwrap()).await {
        assert_eq!(outcome, Err(None), "{form}");
    }
    assert_eq!(ran(perhaps(None)), Err(Some(Denial::CredentialsAbsent)));
}

// Forms that take a grant.

#[requires(api::users.read, from = grant, tenant = environment)]
fn from_a_grant(grant: &api::Grant, environment: &str) -> Result<String, Denied> {
    Ok(environment.to_owned())
}

#[requires(api::users.read, from = grant, tenant = &environment)]
async fn from_an_option(grant: Option<api::Grant>, environment: String) -> Result<String, Denied> {
    Ok(environment)
}

#[requires(api::users.read, from = grant, tenant = environment)]
fn from_an_arc(grant: Arc<api::Grant>, environment: &str) -> Result<String, Denied> {
    Ok(environment.to_owned())
}

#[requires(api::users.read as permit, from = grant, unbound = "compared below")]
fn compared(grant: &api::Grant, environment: &str) -> Result<String, Denied> {
    permit.same_tenant(environment)?;
    Ok(environment.to_owned())
}

struct Job {
    grant: Option<api::Grant>,
    environment: String,
}

impl Job {
    #[requires(api::users.read, from = self.grant, tenant = &self.environment)]
    fn run(&self) -> Result<String, Denied> {
        Ok(self.environment.clone())
    }
}

#[tokio::test]
async fn grants() {
    for (scope, tenants, environment, expected) in [
        (api::Scope::UsersRead, &["E1"][..], "E1", Ok(())),
        (api::Scope::UsersRead, &["E1", "E2"], "E2", Ok(())),
        (api::Scope::UsersRead, &["E2"], "E1", Err(Some(Denial::OtherTenant))),
        (api::Scope::UsersRead, &[], "E1", Err(Some(Denial::OtherTenant))),
        (api::Scope::UsersRead, &["E1"], "", Err(Some(Denial::OtherTenant))),
        (api::Scope::UsersRead, &["E1"], "E1/../E2", Err(Some(Denial::OtherTenant))),
        (api::Scope::UsersWrite, &["E1"], "E1", Err(Some(Denial::ScopeMissing))),
    ] {
        let held = grant(scope, tenants);
        let job = Job { grant: Some(held.clone()), environment: environment.to_owned() };
        for (form, outcome) in [
            ("a grant", from_a_grant(&held, environment)),
            ("an option", from_an_option(Some(held.clone()), environment.to_owned()).await),
            ("an arc", from_an_arc(Arc::new(held.clone()), environment)),
            ("compared", compared(&held, environment)),
            ("a field", job.run()),
        ] {
            assert_eq!(ran(outcome), expected, "{form}: {scope} of {tenants:?} in {environment:?}");
        }
    }
    let absent = Job { grant: None, environment: "E1".to_owned() };
    assert_eq!(ran(absent.run()), Err(Some(Denial::CredentialsAbsent)));
    assert_eq!(ran(from_an_option(None, "E1".to_owned()).await), Err(Some(Denial::CredentialsAbsent)));
}

mod held {
    scopes::scopes! {
        pub mod api;
        tenant account;
        users.read { GET "/accounts/:account/users"; }
        notes.read { #[unbound("the handler compares the owner")] GET "/notes/{id}"; }
        events.read { #[global("the same for every account")] GET "/event-types"; }
        regions.read { #[global("the same for every account")] GET "/regions"; }
        jobs.run;
        common.read includes events.read, regions.read;
        every.read includes notes.read, events.read;
        jobs.read includes jobs.run, events.read;
    }
    scopes::scopes! { pub mod plain; jobs.run; }
}

/// `#[requires(.., from = ..)]` refuses such a requirement at compile time. The run-time check
/// refuses it too, because code can call the check without the attribute.
#[test]
fn a_grant_without_a_request_needs_a_tenant_unless_all_is_global() {
    use held::api::{Grant, Scope, Scopes, permits::*};
    use scopes::check::{TenantWithoutRequest, check_grant};
    use scopes::{All, Any, Required};

    fn status<R: Required<Scope = Scope>>() -> u16 {
        let grant = Grant::new(Scopes::all()).for_tenant("A1").unwrap();
        assert!(check_grant::<R>(Some(&grant), TenantWithoutRequest::At("A1")).is_ok());
        assert!(check_grant::<R>(Some(&grant), TenantWithoutRequest::Unbound("compared below")).is_ok());
        check_grant::<R>(Some(&grant), TenantWithoutRequest::NotNeeded)
            .map_or_else(|denied| denied.status().as_u16(), |_| 200)
    }

    assert_eq!(status::<EventsRead>(), 200);
    assert_eq!(status::<CommonRead>(), 200);
    assert_eq!(status::<All<EventsRead, RegionsRead>>(), 200);
    assert_eq!(status::<UsersRead>(), 500);
    assert_eq!(status::<NotesRead>(), 500);
    assert_eq!(status::<JobsRun>(), 500);
    assert_eq!(status::<EveryRead>(), 500);
    assert_eq!(status::<JobsRead>(), 500);
    assert_eq!(status::<Any<EventsRead, NotesRead>>(), 500);
    assert_eq!(status::<All<EventsRead, JobsRun>>(), 500);
    let grant = held::plain::Grant::new(held::plain::Scope::JobsRun);
    assert!(check_grant::<held::plain::permits::JobsRun>(Some(&grant), TenantWithoutRequest::NotNeeded).is_ok());
}
