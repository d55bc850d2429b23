use http::header::HeaderName;
use scopes_core::{Malformation, NoRoute, Scope};

use super::*;
use crate::fixture::TestScope;
use crate::fixture::permits::{AllRead, EventsRead, UsersRead, UsersWrite};
use crate::required::{All, Any, Required};

fn settings() -> Arc<Settings> {
    Arc::clone(default_settings())
}

fn denied(denial: Denial) -> Denied {
    Denied::new(denial, &settings(), TestScope::catalogue())
}

fn missing<R: Required>() -> Denied {
    Denied::scope_missing(R::requirement(), &[0], &settings(), TestScope::catalogue())
}

fn wrong_method() -> Denial {
    match TestScope::catalogue().at("DELETE", b"/api/environments/e1/users") {
        Err(NoRoute::MethodNotAllowed(methods)) => Denial::MethodNotAllowed(methods),
        other => panic!("{other:?}"),
    }
}

/// The status, the headers in alphabetical order, and the body of the response. `Cache-Control` and
/// the content type, which all have, are left out.
fn wire(denied: Denied) -> String {
    let response: Response<String> = denied.into();
    let caching: Vec<_> = response.headers().get_all(header::CACHE_CONTROL).iter().collect();
    assert_eq!(caching, ["no-store"], "{response:?}");
    let mut lines: Vec<String> = (response.headers().iter())
        .filter(|(name, _)| **name != header::CONTENT_TYPE && **name != header::CACHE_CONTROL)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.insert(0, response.status().as_str().to_owned());
    lines.push(response.into_body());
    lines.join("\n")
}

#[test]
fn answers() {
    for (denied, expected) in [
        (denied(Denial::TargetMalformed(Malformation::BadEscape)), "400\n{\"error\":\"malformed request\"}"),
        (denied(Denial::TargetTooLong), "414\n{\"error\":\"request target too long\"}"),
        (
            denied(Denial::CredentialsAbsent),
            "401\nwww-authenticate: Bearer realm=\"api\"\n{\"error\":\"authentication required\"}",
        ),
        (
            denied(Denial::CredentialsMalformed),
            "400\nwww-authenticate: Bearer realm=\"api\", error=\"invalid_request\", \
             error_description=\"the credentials are repeated or malformed\"\n{\"error\":\"malformed request\"}",
        ),
        (
            denied(Denial::CredentialsInvalid),
            "401\nwww-authenticate: Bearer realm=\"api\", error=\"invalid_token\", \
             error_description=\"the access token is invalid\"\n{\"error\":\"the access token is invalid\"}",
        ),
        (denied(Denial::CrossSite), "403\n{\"error\":\"requests from other sites are refused\"}"),
        (denied(Denial::VerifierFailed), "500\n{\"error\":\"internal server error\"}"),
        (denied(Denial::VerifierUnavailable), "503\n{\"error\":\"temporarily unavailable\"}"),
        (denied(Denial::RouteNotFound), "404\n{\"error\":\"not found\"}"),
        (denied(wrong_method()), "405\nallow: GET, HEAD, POST\n{\"error\":\"method not allowed\"}"),
        (denied(Denial::OtherTenant), "403\n{\"error\":\"access forbidden\"}"),
        (
            missing::<UsersRead>(),
            "403\naccepted-scopes: users.read\nwww-authenticate: Bearer realm=\"api\", error=\"insufficient_scope\", \
             scope=\"users.read\"\n{\"error\":\"missing scope `users.read`\"}",
        ),
        (
            missing::<Any<AllRead, UsersRead>>(),
            "403\naccepted-scopes: all.read; users.read\nwww-authenticate: Bearer realm=\"api\", \
             error=\"insufficient_scope\", scope=\"users.read\"\n{\"error\":\"missing scope `all.read` or `users.read`\"}",
        ),
        (
            missing::<All<UsersWrite, EventsRead>>(),
            "403\naccepted-scopes: events.read users.write\nwww-authenticate: Bearer realm=\"api\", \
             error=\"insufficient_scope\", scope=\"events.read users.write\"\n\
             {\"error\":\"missing scopes `events.read` and `users.write`\"}",
        ),
        (
            missing::<Any<All<UsersWrite, EventsRead>, UsersRead>>(),
            "403\naccepted-scopes: events.read users.write; users.read\nwww-authenticate: Bearer realm=\"api\", \
             error=\"insufficient_scope\", scope=\"users.read\"\n\
             {\"error\":\"missing scopes `events.read` and `users.write`, or `users.read`\"}",
        ),
    ] {
        assert_eq!(wire(denied), expected);
    }
    let misconfigured = Denied::misconfigured_silently(&settings(), TestScope::catalogue());
    assert_eq!(wire(misconfigured), "500\n{\"error\":\"internal server error\"}");
}

#[test]
fn hidden_as_404() {
    let settings = Arc::new(Settings::new().other_tenant_as_404().method_not_allowed_as_404());
    let not_found = wire(Denied::new(Denial::RouteNotFound, &settings, TestScope::catalogue()));
    for denial in [Denial::OtherTenant, wrong_method()] {
        assert_eq!(wire(Denied::new(denial, &settings, TestScope::catalogue())), not_found);
    }
}

#[test]
fn realm_of_the_settings() {
    let settings = Arc::new(Settings::new().realm("dashboard").unwrap());
    let denied = Denied::new(Denial::CredentialsAbsent, &settings, TestScope::catalogue());
    assert_eq!(denied.headers()[header::WWW_AUTHENTICATE], "Bearer realm=\"dashboard\"");
}

#[test]
fn a_renderer_cannot_take_the_denials_headers_away() {
    struct Loud;
    impl Renderer for Loud {
        fn render(&self, denied: &Denied) -> Rendered {
            let mut rendered = Rendered::new(denied.status().to_string(), HeaderValue::from_static("text/plain"));
            for name in [
                "www-authenticate",
                "allow",
                "accepted-scopes",
                "cache-control",
                "cdn-cache-control",
                "x-vendor-cdn-cache-control",
                "surrogate-control",
                "content-length",
                "content-type",
                "x-more",
            ] {
                rendered.headers.insert(HeaderName::from_static(name), HeaderValue::from_static("7"));
            }
            rendered
        }
    }
    let settings = Arc::new(Settings::new().renderer(Loud));
    let response: Response<String> = Denied::new(Denial::CredentialsAbsent, &settings, TestScope::catalogue()).into();
    let mut headers: Vec<_> =
        response.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
    headers.sort_unstable();
    assert_eq!(
        headers,
        [
            ("cache-control", "no-store"),
            ("content-type", "text/plain"),
            ("www-authenticate", "Bearer realm=\"api\""),
            ("x-more", "7")
        ]
    );
    assert_eq!((response.status().as_u16(), response.body().as_str()), (401, "401 Unauthorized"));
}

#[test]
fn problem_details() {
    let linked = || Settings::new().documentation("/docs").unwrap();
    let start = |status: &str, detail: &str| format!("{{\"type\":\"about:blank\",{status},\"detail\":\"{detail}\"");
    let forbidden = |detail: &str| start("\"title\":\"Forbidden\",\"status\":403", detail);
    let users =
        forbidden("missing scope `users.read`") + ",\"required\":[[\"users.read\"]],\"missing\":[\"users.read\"]";
    let missing = |requirement: Requirement, settings: Settings| {
        Denied::scope_missing(requirement, &[0], &Arc::new(settings), TestScope::catalogue())
    };
    let other = |denial, settings: Settings| Denied::new(denial, &Arc::new(settings), TestScope::catalogue());
    for (denied, expected) in [
        (missing(UsersRead::requirement(), Settings::new().renderer(ProblemRenderer)), format!("{users}}}")),
        (
            missing(UsersRead::requirement(), linked().renderer(ProblemRenderer)),
            format!("{users},\"documentation\":\"/docs#scope-users.read\"}}"),
        ),
        (
            missing(<All<UsersWrite, EventsRead>>::requirement(), linked().renderer(ProblemRenderer)),
            forbidden("missing scopes `events.read` and `users.write`")
                + ",\"required\":[[\"events.read\",\"users.write\"]],\"missing\":[\"events.read\",\"users.write\"],"
                + "\"documentation\":\"/docs#scope-events.read\"}",
        ),
        (other(Denial::OtherTenant, linked().renderer(ProblemRenderer)), forbidden("access forbidden") + "}"),
        (
            other(Denial::RouteNotFound, linked().renderer(ProblemRenderer)),
            start("\"title\":\"Not Found\",\"status\":404", "not found") + "}",
        ),
        (
            other(Denial::CredentialsInvalid, linked().renderer(ProblemRenderer)),
            start("\"title\":\"Unauthorized\",\"status\":401", "the access token is invalid") + "}",
        ),
        // The default body has no place for them.
        (missing(UsersRead::requirement(), linked()), "{\"error\":\"missing scope `users.read`\"}".to_owned()),
    ] {
        let is_problem = expected.starts_with("{\"type\"");
        let response: Response<String> = denied.into();
        let content_type = if is_problem { "application/problem+json" } else { "application/json" };
        assert_eq!(response.headers()[header::CONTENT_TYPE], content_type);
        assert_eq!(*response.body(), expected);
    }
}

/// A renderer that does not ask for the missing scopes has none, and nothing is computed.
#[test]
fn missing_scopes_are_for_renderers_that_ask() {
    let of = |settings: Settings| {
        let settings = settings.documentation("/docs").unwrap();
        let denied = Denied::scope_missing(UsersRead::requirement(), &[0], &Arc::new(settings), TestScope::catalogue());
        (denied.missing().map(ScopeInfo::name).collect::<Vec<_>>(), denied.documentation())
    };
    assert_eq!(of(Settings::new()), (Vec::new(), None));
    let found = of(Settings::new().renderer(ProblemRenderer));
    assert_eq!(found, (vec!["users.read"], Some("/docs#scope-users.read".to_owned())));
}
