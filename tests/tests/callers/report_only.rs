//! Denials that are only reported, and answers that `strict` replaces.

use std::sync::{Arc, Mutex};

use scopes::{DecisionOutcome, ReportOnly};
use scopes_tests::log::Log;

use super::*;

const READER: &str = "Bearer reader";
const NONE: &str = "Bearer none";
const BAD: &str = "Bearer bad";

#[test]
fn what_is_enforced_without_a_setting() {
    check(&Setup::new(Settings::new()), |_| {
        vec![
            ("GET", "/packages", READER, 200, "packages.read of None, reported: false"),
            ("GET", "/packages", NONE, 403, "packages.read"),
            ("GET", "/packages", BAD, 401, ""),
            ("GET", "/packages", "", 401, ""),
            ("GET", "/accounts/E2/packages", READER, 403, ""),
            ("GET", "/packages/E2", READER, 403, ""),
            ("GET", "/packages/E1", READER, 200, "reported: false"),
            ("GET", "/packages/export", READER, 403, ""),
            ("GET", "/me", NONE, 200, ""),
        ]
    });
}

#[test]
fn scopes_are_lifted_and_tenants_are_not() {
    check(&Setup::new(Settings::new().report_only(ReportOnly::Scopes)), |_| {
        vec![
            ("GET", "/packages", READER, 200, "packages.read of None, reported: false"),
            ("GET", "/packages", NONE, 200, "of None, reported: true"),
            ("POST", "/packages", READER, 200, "packages.read of None, reported: true"),
            ("GET", "/packages/export", NONE, 200, "reported: true"),
            ("GET", "/packages/%65xport", BAD, 401, ""),
            ("GET", "/packages", BAD, 401, ""),
            ("GET", "/packages", "", 401, ""),
            ("GET", "/packages", "Bearer a b", 400, ""),
            ("GET", "/accounts/E1/packages", NONE, 200, "of Some(\"E1\"), reported: true"),
            ("GET", "/accounts/E2/packages", READER, 403, ""),
            ("GET", "/accounts/E2/packages", NONE, 403, ""),
            ("GET", "/packages/E2", NONE, 403, ""),
            ("GET", "/packages/E1", NONE, 200, "reported: true"),
            ("GET", "/me", "", 401, ""),
        ]
    });
}

#[test]
fn tenants_are_lifted_and_credentials_are_not() {
    for level in [ReportOnly::Tenants, ReportOnly::Everything] {
        check(&Setup::new(Settings::new().report_only(level)), |_| {
            vec![
                ("GET", "/accounts/E2/packages", READER, 200, "of Some(\"E2\"), reported: true"),
                ("GET", "/accounts/E2/packages", NONE, 200, "of Some(\"E2\"), reported: true"),
                ("GET", "/accounts/E1/packages", READER, 200, "of Some(\"E1\"), reported: false"),
                // The owner is compared after the permit.
                ("GET", "/packages/E2", READER, 200, "reported: false"),
                ("GET", "/packages/E2", NONE, 200, "reported: true"),
                ("GET", "/accounts/E2/packages", "", 401, ""),
                ("GET", "/accounts/E2/packages", BAD, 401, ""),
                ("GET", "/packages", "", 401, ""),
                ("GET", "/packages", "Bearer a b", 400, ""),
                ("GET", "/me", "", 401, ""),
                ("GET", "/me", BAD, 401, ""),
            ]
        });
    }
}

#[test]
fn one_scope_or_one_route_is_lifted() {
    check(&Setup::new(Settings::new().report_only_scope(api::Scope::PackagesRead)), |_| {
        vec![
            ("GET", "/packages", NONE, 200, "reported: true"),
            ("GET", "/accounts/E1/packages", NONE, 200, "reported: true"),
            ("GET", "/accounts/E2/packages", NONE, 403, ""),
            ("POST", "/packages", NONE, 403, ""),
            ("GET", "/packages/export", READER, 403, ""),
            ("GET", "/packages", "", 401, ""),
        ]
    });
    let route = Settings::new().report_only_route::<api::Scope>("GET", "/packages").unwrap();
    check(&Setup::new(route), |_| {
        vec![
            ("GET", "/packages", NONE, 200, "reported: true"),
            ("GET", "/accounts/E1/packages", NONE, 403, ""),
            ("GET", "/packages/E1", NONE, 403, ""),
            ("POST", "/packages", NONE, 403, ""),
            ("GET", "/packages", "", 401, ""),
        ]
    });
    let wide = Settings::new().report_only_route::<api::Scope>("GET", "/packages/{id}").unwrap();
    check(&Setup::new(wide), |_| {
        vec![
            ("GET", "/packages/E1", NONE, 200, "reported: true"),
            // The decoded path belongs to another route, which is enforced.
            ("GET", "/packages/%65xport", READER, 403, ""),
            ("GET", "/packages/export", READER, 403, ""),
        ]
    });
}

#[test]
fn strict_replaces_the_answer() {
    check(&Setup::new(Settings::new().strict()), |_| {
        vec![
            ("GET", "/drafts/7", READER, 500, "internal server error"),
            ("GET", "/drafts/7", NONE, 403, ""),
            ("GET", "/packages/E1", READER, 200, ""),
            ("GET", "/packages/E2", READER, 403, ""),
            ("GET", "/packages", READER, 200, ""),
        ]
    });
    check(&Setup::new(Settings::new()), |_| vec![("GET", "/drafts/7", READER, 200, "packages.read")]);
    // A comparison that is only reported still counts.
    check(&Setup::new(Settings::new().strict().report_only(ReportOnly::Tenants)), |_| {
        vec![("GET", "/packages/E2", READER, 200, ""), ("GET", "/drafts/7", READER, 500, "")]
    });
}

/// Each decision is an event. A denial that is only reported does not appear as allowed.
#[test]
fn lifted_denials_are_events() {
    for framework in frameworks() {
        let seen: Arc<Mutex<Vec<DecisionOutcome>>> = Arc::default();
        let log = Arc::clone(&seen);
        let settings = Settings::new().report_only(ReportOnly::Tenants);
        let settings = settings.on_decision(move |decision| log.lock().unwrap().push(decision.outcome()));
        let mut server = (framework.start)(&Setup::new(settings));
        for target in ["/packages", "/accounts/E2/packages", "/packages/E2"] {
            let credentials = if target == "/packages" { NONE } else { READER };
            assert_eq!(server(Ask { method: "GET", target, credentials }).status, 200, "{} {target}", framework.name);
            let outcomes = std::mem::take(&mut *seen.lock().unwrap());
            let is_reported = |outcome: &DecisionOutcome| matches!(outcome, DecisionOutcome::Reported(_));
            assert!(outcomes.iter().any(is_reported), "{} {target}: {outcomes:?}", framework.name);
            let is_of_owner = target == "/packages/E2";
            let allowed = outcomes.iter().filter(|outcome| **outcome == DecisionOutcome::Allowed).count();
            assert!(is_of_owner || allowed == 0, "{} {target}: {outcomes:?}", framework.name);
        }
    }
}

/// The log line says what the client received, even if a gate lets a request through and the permit
/// refuses it.
#[test]
fn the_log_says_what_the_client_received() {
    for framework in frameworks() {
        let (log, _listening) = Log::listen();
        let mut server = (framework.start)(&Setup::new(Settings::new().report_only(ReportOnly::Everything)));
        let _ = log.take();
        for (target, credentials, status) in [
            ("/packages", NONE, 200),
            ("/accounts/E2/packages", READER, 200),
            ("/packages/E2", READER, 200),
            ("/packages", "", 401),
        ] {
            assert_eq!(server(Ask { method: "GET", target, credentials }).status, status, "{}", framework.name);
            let lines = log.take();
            let lines: Vec<_> = lines.lines().filter(|line| line.contains("the client received")).collect();
            let is_reported = status == 200 || framework.is_gated || matches!(framework.name, "actix-web" | "rocket");
            assert_eq!(lines.len(), usize::from(is_reported), "{} {target}: {lines:?}", framework.name);
            let received = format!("the client received {status}");
            assert!(lines.iter().all(|line| line.contains(&received)), "{} {target}: {lines:?}", framework.name);
        }
    }
}

#[test]
fn settings_of_another_catalogue_are_not_silent() {
    mod other {
        scopes::scopes! { pub mod api; things.read { GET "/things"; } }
    }
    let (log, _listening) = Log::listen();
    let settings = || {
        let settings = Settings::new().report_only_scope(other::api::Scope::ThingsRead);
        settings.report_only_route::<other::api::Scope>("GET", "/things").unwrap()
    };
    let right: Authenticate<other::api::Scope> = tokens::authenticate("E1", &[]);
    drop(right.settings(settings()));
    assert_eq!(log.errors(), [""; 0]);
    let setup = Setup::new(settings());
    let errors = log.errors();
    assert_eq!(errors.len(), 2, "{errors:?}");
    assert!(errors[0].contains("`report_only_scope` names `things.read`"), "{errors:?}");
    assert!(errors[1].contains("`report_only_route` names `GET /things`"), "{errors:?}");
    check(&setup, |_| vec![("GET", "/packages", NONE, 403, "")]);
}
