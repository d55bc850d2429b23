//! The anonymous grant opens what it covers, and nothing else.

use scopes::{DecisionOutcome, ReportOnly};

use super::*;

fn reader() -> api::Grant {
    api::Grant::new(api::Scope::PackagesRead).for_tenant("E1").unwrap()
}

/// `Authorization` without a value.
const EMPTY: &str = " ";

#[test]
fn the_grant_opens_what_it_suffices_for() {
    check(&Setup::new(Settings::new()).anonymous(reader().with_subject("anonymous")), |_| {
        vec![
            ("GET", "/packages", "", 200, "packages.read of None, reported: false, anonymous: true"),
            ("GET", "/accounts/E1/packages", "", 200, "of Some(\"E1\"), reported: false, anonymous: true"),
            ("GET", "/packages/E1", "", 200, "anonymous: true"),
            ("GET", "/peek", "", 200, "hello, stranger"),
            ("GET", "/start", "", 200, ""),
            ("GET", "/greeting", "", 200, "hello, stranger"),
            // With credentials the answer does not change.
            ("GET", "/packages", "Bearer reader", 200, "anonymous: false"),
            ("GET", "/peek", "Bearer reader", 200, "holder of `packages.read`"),
            ("GET", "/held", "Bearer reader", 200, "packages.read"),
            ("GET", "/accounts/E2/packages", "Bearer reader", 403, ""),
        ]
    });
}

#[test]
fn whatever_it_lacks_is_401() {
    let setups = [
        Setup::new(Settings::new()),
        Setup::new(Settings::new().other_tenant_as_404().method_not_allowed_as_404().strict()),
        // A permit needs good credentials or the anonymous grant, even if other denials are only
        // reported.
        Setup::new(Settings::new().report_only_scope(api::Scope::PackagesWrite)),
        Setup::new(Settings::new().report_only_route::<api::Scope>("POST", "/packages").unwrap()),
        Setup::new(Settings::new().report_only(ReportOnly::Scopes)),
        Setup::new(Settings::new().report_only(ReportOnly::Tenants)),
        Setup::new(Settings::new().report_only(ReportOnly::Everything)),
    ];
    for setup in setups {
        check(&setup.anonymous(reader()), |_| {
            vec![
                ("GET", "/accounts/E2/packages", "", 401, ""),
                ("GET", "/accounts/%45%32/packages", "", 401, ""),
                ("GET", "/packages/E2", "", 401, ""),
                ("POST", "/packages", "", 401, ""),
                ("GET", "/packages/export", "", 401, ""),
                ("GET", "/packages/%65xport", "", 401, ""),
                ("GET", "/me", "", 401, ""),
                ("GET", "/whoami", "", 401, ""),
                ("GET", "/known", "", 401, ""),
                ("GET", "/held", "", 401, ""),
                ("GET", "/undeclared", "", 401, ""),
            ]
        });
    }
    // Even an anonymous grant of everything does not open authenticated or unknown routes.
    check(&Setup::new(Settings::new()).anonymous(api::Grant::new(api::Scopes::all()).for_any_tenant()), |_| {
        vec![
            ("POST", "/packages", "", 200, "anonymous: true"),
            ("GET", "/accounts/E2/packages", "", 200, "anonymous: true"),
            ("GET", "/me", "", 401, ""),
            ("GET", "/whoami", "", 401, ""),
            ("GET", "/known", "", 401, ""),
            ("GET", "/held", "", 401, ""),
            ("GET", "/undeclared", "", 401, ""),
        ]
    });
}

#[test]
fn credentials_that_are_presented_are_not_none() {
    let all = api::Grant::new(api::Scopes::all()).for_any_tenant();
    check(&Setup::new(Settings::new()).anonymous(all), |_| {
        let mut cases = Vec::new();
        for target in ["/packages", "/accounts/E1/packages", "/packages/E1", "/me", "/greeting", "/peek", "/known"] {
            for (credentials, status) in [
                ("Bearer bad", 401),
                ("Bearer down", 503),
                ("Bearer a b", 400),
                ("Bearer", 400),
                ("Basic dTpw", 401),
                ("DPoP t", 401),
                ("Digest username=\"x\"", 401),
                ("reader", 401),
                (EMPTY, 401),
            ] {
                cases.push(("GET", target, credentials, status, ""));
            }
        }
        // A caller whose credentials permit less does not get the anonymous grant.
        cases.extend([("GET", "/packages", "Bearer none", 403, ""), ("POST", "/packages", "Bearer reader", 403, "")]);
        cases
    });
}

#[test]
fn without_a_grant_nothing_is_different() {
    for setup in [Setup::new(Settings::new()), Setup::new(Settings::new()).anonymous(reader()).anonymous(None)] {
        check(&setup, |_| vec![("GET", "/packages", "", 401, ""), ("GET", "/greeting", "", 200, "hello, stranger")]);
    }
}

#[test]
fn decisions_say_that_it_was_the_anonymous_grant() {
    use std::sync::{Arc, Mutex};

    for framework in frameworks() {
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        let settings = Settings::new().on_decision(move |decision| {
            let (subject, is_anonymous) = (decision.subject(), decision.is_anonymous());
            let text = format!(
                "{is_anonymous} {subject:?} {} {}",
                decision.granted().collect::<Vec<_>>().join(" "),
                decision.outcome()
            );
            log.lock().unwrap().push(text);
        });
        let mut server = (framework.start)(&Setup::new(settings).anonymous(reader().with_subject("x")));
        assert_eq!(server(Ask { method: "GET", target: "/packages", credentials: "" }).status, 200);
        let allowed = format!("true None packages.read {}", DecisionOutcome::Allowed);
        let events = std::mem::take(&mut *seen.lock().unwrap());
        assert!(!events.is_empty() && events.iter().all(|event| *event == allowed), "{}: {events:?}", framework.name);
        assert_eq!(server(Ask { method: "POST", target: "/packages", credentials: "" }).status, 401);
        let events = std::mem::take(&mut *seen.lock().unwrap());
        let is_refusal = |event: &String| event == "true None packages.read denied: no credentials";
        assert!(!events.is_empty() && events.iter().all(is_refusal), "{}: {events:?}", framework.name);
    }
}

/// Requests do not share entries: if an inner handler gets a permit on a public route, this does
/// not affect the next request.
#[test]
fn public_requests_of_callers_without_credentials_share_nothing() {
    for framework in frameworks() {
        let mut server = (framework.start)(&Setup::new(Settings::new().strict()).anonymous(reader()));
        for target in ["/start", "/packages/E1", "/drafts/7", "/start", "/greeting", "/packages"] {
            let status = server(Ask { method: "GET", target, credentials: "" }).status;
            let expected = if target == "/drafts/7" { 500 } else { 200 };
            assert_eq!(status, expected, "{} {target}", framework.name);
        }
    }
}
