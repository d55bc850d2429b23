//! Callers without credentials, with and without a grant of their own.

use super::*;
use crate::required::Stricter;
use crate::{Caller, ReportOnly};

/// For tenant `e1`.
fn anonymous(scopes: &[TestScope], settings: Settings) -> Extensions {
    authenticated(Authentication::Anonymous(grant_of(scopes).with_subject("s")), settings)
}

#[test]
fn permits_and_grants() {
    for (scopes, target, template, permitted, granted) in [
        (&[USERS_READ][..], "/api/environments/e1/users", USERS, "ok", "401"),
        (&[ALL_READ], "/api/environments/e1/users", USERS, "ok", "401"),
        (&[USERS_READ], "/api/environments/e2/users", USERS, "401", "401"),
        (&[USERS_WRITE], "/api/environments/e1/users", USERS, "401", "401"),
        (&[USERS_READ], "/api/users/7", "/api/users/{user}", "ok", "401"),
        // The handler demands a scope on a public route, or the path is unknown.
        (&[USERS_READ], "/api/health", "/api/health", "500", "401"),
        (&[USERS_READ], "/nowhere", "/nowhere", "401", "401"),
        (&[USERS_READ], "/api/environments/a;b/users", USERS, "400", "400"),
    ] {
        let extensions = anonymous(scopes, Settings::new());
        let permit = permit::<UsersRead>(&extensions, get(target, template));
        assert_eq!(verdict(&permit), permitted, "{target}");
        assert!(permit.is_ok_and(|permit| permit.is_anonymous() && permit.subject().is_none()) == (permitted == "ok"));
        assert_eq!(verdict(&grant::<TestScope>(&extensions, get(target, template))), granted, "{target}");
    }
    // A requirement of several scopes: one of them, or all of them.
    let either = get("/api/environments/e1/either", "/api/environments/{e}/either");
    for (scopes, expected) in [(&[EVENTS_READ][..], "ok"), (&[USERS_READ, EVENTS_READ], "ok"), (&[USERS_WRITE], "401")]
    {
        let extensions = anonymous(scopes, Settings::new());
        assert_eq!(verdict(&permit::<crate::Any<UsersRead, EventsRead>>(&extensions, either)), expected, "{scopes:?}");
    }
    let replay = "/api/environments/e1/replay";
    let both = Facts::new(&Method::POST, replay).with_template("/api/environments/{e}/replay");
    for (scopes, expected) in
        [(&[EVENTS_READ, USERS_WRITE][..], "ok"), (&[EVENTS_READ], "401"), (&[USERS_WRITE], "401")]
    {
        let extensions = anonymous(scopes, Settings::new());
        assert_eq!(verdict(&permit::<crate::All<UsersWrite, EventsRead>>(&extensions, both)), expected, "{scopes:?}");
    }
    // On an `authenticated` route, a stricter handler gets no permit and other handlers get no
    // grant.
    let all = anonymous(&[USERS_READ, USERS_WRITE, EVENTS_READ, ALL_READ], Settings::new());
    let me = get("/api/me", "/api/me");
    assert_eq!(verdict(&permit::<Stricter<UsersRead>>(&all, me)), "401");
    assert_eq!(verdict(&grant::<TestScope>(&all, me)), "401");
    // A stricter handler of a scoped route asks for more than the anonymous grant has.
    let users = get("/api/environments/e1/users", USERS);
    let some = anonymous(&[USERS_READ], Settings::new());
    assert_eq!(verdict(&permit::<Stricter<crate::All<UsersRead, UsersWrite>>>(&some, users)), "401");
    assert_eq!(verdict(&permit::<Stricter<crate::All<UsersRead, UsersWrite>>>(&all, users)), "ok");
}

#[test]
fn the_grant_stays_anonymous_wherever_it_is_taken() {
    let extensions = anonymous(&[USERS_READ], Settings::new());
    let permit = permit::<UsersRead>(&extensions, get("/api/environments/e1/users", USERS)).unwrap();
    let taken = permit.grant().clone().for_any_tenant().with_subject("me");
    assert!(taken.is_anonymous() && taken.subject().is_none());
    let stored = authenticated(Authentication::Granted(taken.clone()), Settings::new());
    assert_eq!(verdict(&grant::<TestScope>(&stored, get("/api/me", "/api/me"))), "401");
    assert!(Authentication::<TestScope>::of(&stored).is_some_and(|found| found.grant().is_none()));
    for (tenant, expected) in [("e1", "ok"), ("e7", "ok")] {
        let checked = check_grant::<UsersRead>(Some(&taken), TenantWithoutRequest::At(tenant));
        assert_eq!(verdict(&checked), expected, "{tenant}");
    }
    for (requirement, tenant) in [(false, "e2"), (true, "e1")] {
        let (held, tenant) = (permit.grant(), TenantWithoutRequest::At(tenant));
        let checked = match requirement {
            true => verdict(&check_grant::<UsersWrite>(Some(held), tenant)),
            false => verdict(&check_grant::<UsersRead>(Some(held), tenant)),
        };
        assert_eq!(checked, "401");
    }
    let decided = |target: &'static str| CATALOGUE.decide(&Method::GET, target, Some(&taken)).verdict();
    assert_eq!(decided("/api/environments/e1/users"), Ok(()));
    assert_eq!(decided("/api/me"), Err(Denial::CredentialsAbsent));
}

#[test]
fn an_owner_who_is_not_covered_is_401() {
    for settings in [Settings::new(), Settings::new().report_only(ReportOnly::Everything)] {
        let extensions = anonymous(&[USERS_READ], settings);
        let permit = permit::<UsersRead>(&extensions, get("/api/users/7", "/api/users/{user}")).unwrap();
        assert_eq!(verdict(&permit.same_tenant("e2")), "401");
        assert!(extensions.get::<Stored<TestScope>>().unwrap().state().owner_check.is_missing());
        assert_eq!(verdict(&permit.same_tenant("e1")), "ok");
    }
}

#[test]
fn what_the_caller_is() {
    let reader = || Authentication::Anonymous(grant_of(&[USERS_READ]));
    let health = ("/api/health", "/api/health");
    for (authentication, (target, template), expected) in [
        (Authentication::Absent, health, "anonymous"),
        (reader(), health, "anonymous"),
        (Authentication::Granted(grant_of(&[])), health, "granted"),
        (Authentication::OtherScheme, health, "401"),
        (Authentication::Invalid, health, "401"),
        (Authentication::Malformed, health, "400"),
        (Authentication::Unavailable, health, "503"),
        (Authentication::Failed, health, "500"),
        (Authentication::NotAsked, health, "400"),
        (Authentication::Absent, ("/api/me", "/api/me"), "401"),
        (reader(), ("/api/me", "/api/me"), "401"),
        (Authentication::Granted(grant_of(&[])), ("/api/me", "/api/me"), "granted"),
        (Authentication::Absent, ("/api/environments/e1/users", USERS), "401"),
        // Without a permit, nothing shows that the route's own handler runs.
        (reader(), ("/api/environments/e1/users", USERS), "500"),
        (reader(), ("/api/environments/e2/users", USERS), "401"),
        (Authentication::Absent, ("/nowhere", "/nowhere"), "401"),
        (reader(), ("/nowhere", "/nowhere"), "401"),
        (Authentication::Granted(grant_of(&[])), ("/nowhere", "/nowhere"), "500"),
        (Authentication::Absent, ("/api/health", "/api/environments/{e}/users"), "401"),
    ] {
        let shown = format!("{authentication:?} {target} {template}");
        let found = caller::<TestScope>(&authenticated(authentication, Settings::new()), get(target, template));
        let found = match &found {
            Ok(Caller::Anonymous) => "anonymous".to_owned(),
            Ok(Caller::Granted(_)) => "granted".to_owned(),
            Err(_) => verdict(&found),
        };
        assert_eq!(found, expected, "{shown}");
    }
    assert_eq!(verdict(&caller::<TestScope>(&Extensions::new(), get(health.0, health.1))), "500");
}
