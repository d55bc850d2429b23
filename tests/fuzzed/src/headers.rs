//! Whole answers to denied requests, made by the check that all adapters call and by the gate.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::header::{ALLOW, CONTENT_TYPE, HeaderName, HeaderValue, WWW_AUTHENTICATE};
use http::{Extensions, Method, Request, Response, Uri};
use scopes::check::{self, Facts};
use scopes::tower::Gate;
use scopes::{
    Authentication, CallerStatus, Denial, Denied, JsonRenderer, ProblemRenderer, Rendered, Renderer, Settings, Tenants,
};
use serde_json::Value;
use tower_layer::Layer as _;
use tower_service::Service;

use crate::hostile::{api, challenge_parameters, needs_no_escape};
use crate::reached::reach;

const OTHER: &str = "x-more";

/// A renderer that sets the given headers.
struct Loud(Vec<(HeaderName, HeaderValue)>);

impl Renderer for Loud {
    fn render(&self, denied: &Denied) -> Rendered {
        let mut rendered = JsonRenderer.render(denied);
        rendered.headers.extend(self.0.iter().cloned());
        rendered
    }
}

/// Lines: realm, method, target, scopes, tenants, authentication and options as letters, then
/// headers of the renderer.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (realm, method, target, scopes, tenants, letters) = (line(), line(), line(), line(), line(), line());
    let Ok(method) = Method::from_bytes(method.as_bytes()) else { return };
    let other: Vec<(HeaderName, HeaderValue)> = lines
        .filter_map(|line| line.split_once(": "))
        .filter_map(|(name, value)| Some((name.parse().ok()?, HeaderValue::from_str(value).ok()?)))
        .collect();
    if !other.is_empty() {
        reach("other headers");
    }

    let settings = Settings::new();
    let settings = match settings.clone().realm(realm) {
        Ok(settings) => settings,
        Err(_) => {
            reach("realm refused");
            settings
        }
    };
    assert_eq!(format!("{settings:?}").contains("realm: \"api\""), realm == "api" || !accepted(realm), "{realm:?}");
    let option = |letter: char| letters.contains(letter);
    let settings =
        if option('p') { settings.renderer(ProblemRenderer) } else { settings.renderer(Loud(other.clone())) };
    let settings = if option('m') { settings.method_not_allowed_as_404() } else { settings };
    let settings = if option('t') { settings.other_tenant_as_404() } else { settings };

    let granted = || {
        let grant = api::Grant::new(api::Scopes::parse_lossy(scopes).known);
        Authentication::Granted(grant.with_tenants(Tenants::only(tenants.split(' ')).unwrap_or_default()))
    };
    let authentication = match letters.chars().next() {
        Some('a') => Some(Authentication::Absent),
        Some('f') => Some(Authentication::Malformed),
        Some('i') => Some(Authentication::Invalid),
        Some('u') => Some(Authentication::Unavailable),
        Some('n') => None,
        _ => Some(granted()),
    };
    let mut extensions = Extensions::new();
    let layered = authentication.is_some();
    if let Some(authentication) = &authentication {
        authentication.clone().store(&mut extensions, &Arc::new(settings));
    }
    let realm = if layered && accepted(realm) { realm } else { "api" };
    let own = if layered && !option('p') { other } else { Vec::new() };
    let facts = Facts::new(&method, target);
    match check::grant::<api::Scope>(&extensions, facts) {
        Ok(_) => reach("200"),
        Err(denied) => {
            let (denial, text, status) = (denied.denial(), denied.to_string(), denied.status());
            let response = denied.into_http_response();
            assert_eq!(response.status(), status);
            answer(&response, denial, realm, target, &own);
            assert_eq!(said(&response), text);
        }
    }
    if let Err(denied) = check::permit::<api::permits::UsersRead>(&extensions, facts)
        && denied.denial().is_none()
    {
        // The handler is registered on another route than it names. The answer must not tell which
        // route it names.
        let headers = denied.headers();
        assert_eq!(
            (denied.status().as_u16(), headers.len(), headers["cache-control"].as_bytes()),
            (500, 1, b"no-store".as_slice())
        );
    }
    if let Ok(uri) = target.parse::<Uri>()
        && target.starts_with('/')
    {
        gated(&method, &uri, authentication.as_ref(), extensions, |response, denial| {
            answer(response, denial, realm, target, &own);
        });
    }
}

/// A service that answers every request.
struct Handlers;

impl Service<Request<()>> for Handlers {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new("handled".to_owned())))
    }
}

/// Checks the gate's answer, which must be the core's decision.
fn gated(
    method: &Method,
    uri: &Uri,
    authentication: Option<&Authentication<api::Scope>>,
    extensions: Extensions,
    judge: impl FnOnce(&Response<String>, Option<Denial>),
) {
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let decide = |caller| api::CATALOGUE.untyped().decide(method.as_str(), target.as_bytes(), &caller).verdict();
    let verdict = match authentication {
        Some(Authentication::Granted(grant)) => api::CATALOGUE.decide(method, target, Some(grant)).verdict(),
        Some(Authentication::Absent) | None => decide(CallerStatus::Absent),
        Some(Authentication::Malformed) => decide(CallerStatus::Malformed),
        Some(Authentication::Invalid) => decide(CallerStatus::Invalid),
        Some(Authentication::Unavailable) => decide(CallerStatus::Unavailable),
        Some(other) => unreachable!("the input has no letter for {other:?}"),
    };
    let mut request = Request::new(());
    (*request.method_mut(), *request.uri_mut(), *request.extensions_mut()) = (method.clone(), uri.clone(), extensions);
    let future = Gate::<api::Scope>::new().layer(Handlers).call(request);
    let Poll::Ready(Ok(response)) = pin!(future).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing is waited for");
    };
    let handled = response.body() == "handled";
    assert_eq!(handled, verdict.is_ok(), "{method} {target}: {verdict:?}");
    match verdict {
        Ok(()) => reach("200"),
        // Without a layer callers cannot be distinguished, which is a mistake of the set-up.
        Err(Denial::CredentialsAbsent) if authentication.is_none() => judge(&response, None),
        Err(denial) => judge(&response, Some(denial)),
    }
}

fn accepted(realm: &str) -> bool {
    !realm.is_empty() && needs_no_escape(realm)
}

/// The error text in the body.
fn said(response: &Response<String>) -> String {
    let body: Value = serde_json::from_str(response.body()).expect("the body is JSON");
    let text = body.get("error").or(body.get("detail")).and_then(Value::as_str);
    text.expect("the body says why").to_owned()
}

fn answer(
    response: &Response<String>,
    denial: Option<Denial>,
    realm: &str,
    target: &str,
    own: &[(HeaderName, HeaderValue)],
) {
    let (status, headers) = (response.status(), response.headers());
    reach(match (status.as_u16(), denial) {
        (400, _) => "400",
        (401, _) => "401",
        (403, Some(Denial::ScopeMissing)) => "403 scope",
        (403, _) => "403 other",
        (404, _) => "404",
        (405, _) => "405",
        (414, _) => "414",
        (500, None) => "500",
        (503, _) => "503",
        (other, denial) => panic!("{other} for {denial:?}"),
    });

    assert_eq!(headers.get_all("cache-control").iter().collect::<Vec<_>>(), ["no-store"], "{status}");
    let challenge = headers.get(WWW_AUTHENTICATE);
    let error = match (status.as_u16(), denial) {
        (401, Some(Denial::CredentialsAbsent)) => Some(None),
        (401, _) => Some(Some("invalid_token")),
        (400, Some(Denial::CredentialsMalformed)) => Some(Some("invalid_request")),
        (403, Some(Denial::ScopeMissing)) => Some(Some("insufficient_scope")),
        _ => None,
    };
    assert_eq!(challenge.is_some(), error.is_some(), "{status}");
    assert!(headers.get_all(WWW_AUTHENTICATE).iter().count() <= 1);
    if let (Some(value), Some(error)) = (challenge, error) {
        let parameters = challenge_parameters(value);
        let find = |name: &str| parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!((find("realm"), find("error")), (Some(realm), error));
        if error == Some("insufficient_scope") {
            let scopes: api::Scopes =
                find("scope").and_then(|scope| scope.parse().ok()).expect("scopes that there are");
            assert!(!scopes.is_empty());
            let accepted = headers["accepted-scopes"].to_str().expect("visible");
            let least = scopes.to_string();
            let same = |term: &str| term.parse::<api::Scopes>().is_ok_and(|term| term == scopes);
            assert!(accepted.split("; ").any(same), "`{least}` is not one of `{accepted}`");
        } else {
            assert!(find("scope").is_none() && !headers.contains_key("accepted-scopes"));
        }
    }
    assert_eq!(headers.contains_key(ALLOW), status == 405);
    if let Some(allow) = headers.get(ALLOW) {
        let methods: Vec<&str> = allow.to_str().expect("visible").split(", ").collect();
        assert!(methods.is_sorted() && methods.iter().all(|method| Method::from_bytes(method.as_bytes()).is_ok()));
        assert_eq!(methods.contains(&"GET"), methods.contains(&"HEAD"));
    }

    assert!(!said(response).is_empty());
    assert_eq!(headers.get_all(CONTENT_TYPE).iter().count(), 1);
    for framing in ["content-length", "transfer-encoding", "connection"] {
        assert!(!headers.contains_key(framing), "{framing}");
    }
    for (name, value) in own.iter().filter(|(name, _)| name == OTHER) {
        assert!(headers.get_all(name).iter().any(|set| set == value), "a renderer's own header stays");
    }
    // The answer never repeats parts of the request. Texts of this library never have a word with a
    // capital and a digit.
    let word = |part: &&str| {
        let has = |of: fn(&u8) -> bool| part.bytes().any(|byte| of(&byte));
        part.len() >= 8
            && has(u8::is_ascii_uppercase)
            && has(u8::is_ascii_digit)
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let long = target.split(['/', '?']).filter(word);
    for part in long.filter(|part| !realm.contains(part) && !own.iter().any(|(_, value)| contains(value, part))) {
        reach("a word of the target");
        assert!(!response.body().contains(part), "the body repeats `{part}`");
        assert!(!headers.values().any(|value| contains(value, part)), "a header repeats `{part}`");
    }
}

fn contains(value: &HeaderValue, part: &str) -> bool {
    value.as_bytes().windows(part.len()).any(|window| window == part.as_bytes())
}
