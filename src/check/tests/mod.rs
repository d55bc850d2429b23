//! The check by tables: what is answered first, what is a mistake of the set-up, what handlers may
//! know.

#[cfg(any(feature = "poem", feature = "salvo"))]
mod ahead;
mod anonymous;
mod readings;

use std::sync::Mutex;

use http::Method;
use scopes_core::Malformation;

use super::*;
use crate::ParameterErrorKind;
use crate::auth::outcome::Authentication;
use crate::auth::stored::Identity;
use crate::fixture::permits::{AllRead, EventsRead, UsersRead, UsersWrite};
use crate::fixture::{
    ALL_READ, CATALOGUE, EVENTS_READ, TestScope, USERS_READ, USERS_WRITE, authenticated, get, grant as grant_of, judged,
};
use crate::required::{All, Any, Stricter};

const USERS: &str = "/api/environments/{environment}/users";
const USER: &str = "/api/environments/{environment}/users/{user}";

/// The outcome as a status. For 403 it also names the denial, because two denials have that status.
fn verdict<T>(outcome: &Result<T, Denied>) -> String {
    match outcome {
        Ok(_) => "ok".into(),
        Err(denied) => match denied.denial() {
            Some(Denial::ScopeMissing) => "403 scope".into(),
            Some(Denial::OtherTenant) => "403 tenant".into(),
            _ => denied.status().as_str().into(),
        },
    }
}

fn granted(scopes: &[TestScope]) -> Extensions {
    authenticated(Authentication::Granted(grant_of(scopes)), Settings::new())
}

fn check<R: Required<Scope = TestScope>>(scopes: &[TestScope], facts: Facts<'_>) -> String {
    verdict(&permit::<R>(&granted(scopes), facts))
}

#[test]
fn callers() {
    let facts = get("/api/environments/e1/users", USERS);
    for (authentication, expected) in [
        (Authentication::Granted(grant_of(&[USERS_READ])), "ok"),
        (Authentication::Granted(grant_of(&[ALL_READ])), "ok"),
        (Authentication::Granted(grant_of(&[USERS_WRITE, EVENTS_READ])), "403 scope"),
        (Authentication::Granted(grant_of(&[])), "403 scope"),
        (Authentication::Granted(Grant::new(USERS_READ)), "403 tenant"),
        (Authentication::Granted(Grant::new(USERS_READ).for_any_tenant()), "ok"),
        (Authentication::Absent, "401"),
        (Authentication::Invalid, "401"),
        (Authentication::Malformed, "400"),
        (Authentication::Unavailable, "503"),
        (Authentication::Failed, "500"),
        (Authentication::NotAsked, "400"),
    ] {
        let shown = format!("{authentication:?}");
        assert_eq!(
            verdict(&permit::<UsersRead>(&authenticated(authentication, Settings::new()), facts)),
            expected,
            "{shown}"
        );
    }
}

#[test]
fn the_order_of_the_answers() {
    let long = format!("/api/environments/e1/users/{}", "x".repeat(8192));
    let absent = authenticated(Authentication::Absent, Settings::new());
    // These requests break several rules. The first broken rule decides the answer.
    for (target, template, expected) in [
        (long.as_str(), "/nowhere", "414"),
        ("/api/environments/e2/users/%00", "/nowhere", "400"),
        ("/api/environments/e2/users", "/nowhere", "401"),
    ] {
        assert_eq!(verdict(&permit::<UsersWrite>(&absent, get(target, template))), expected, "{target:.40}");
        assert_eq!(verdict(&permit::<UsersWrite>(&absent, Facts::new(&Method::GET, target))), expected, "{target:.40}");
    }
    // Without a layer, the target still comes first.
    let none = Extensions::new();
    assert_eq!(verdict(&permit::<UsersRead>(&none, get(&long, USER))), "414");
    assert_eq!(verdict(&permit::<UsersRead>(&none, get("/api/environments/e1/users", USERS))), "500");
    // The scope comes before the tenant.
    assert_eq!(check::<UsersRead>(&[USERS_WRITE], get("/api/environments/e2/users", USERS)), "403 scope");
}

#[test]
fn methods() {
    let facts = |method| Facts::new(method, "/api/environments/e1/users").with_template(USERS);
    assert_eq!(check::<UsersRead>(&[USERS_READ], facts(&Method::HEAD)), "ok");
    assert_eq!(check::<UsersWrite>(&[USERS_WRITE], facts(&Method::POST)), "ok");
    // The handler of another method than the catalogue's.
    assert_eq!(check::<UsersRead>(&[USERS_READ], facts(&Method::POST)), "500");
    assert_eq!(check::<UsersRead>(&[USERS_READ], facts(&Method::DELETE)), "500");
    assert_eq!(check::<UsersRead>(&[USERS_READ], facts(&Method::from_bytes(b"get").unwrap())), "500");
}

#[test]
fn the_handler_and_its_route_agree() {
    let all = [USERS_READ, USERS_WRITE, EVENTS_READ, ALL_READ];
    let users = get("/api/environments/e1/users", USERS);
    let either = get("/api/environments/e1/either", "/api/environments/{e}/either");
    let me = get("/api/environments/e1/me", "/api/environments/{e}/me");
    let health = get("/api/health", "/api/health");
    for (name, found, expected) in [
        ("same", check::<UsersRead>(&all, users), "ok"),
        ("other", check::<EventsRead>(&all, users), "500"),
        ("wider", check::<Any<UsersRead, EventsRead>>(&all, users), "500"),
        ("narrower", check::<All<UsersRead, EventsRead>>(&all, users), "500"),
        ("including", check::<AllRead>(&all, users), "500"),
        ("stricter", check::<Stricter<All<UsersRead, EventsRead>>>(&all, users), "ok"),
        ("stricter, not held", check::<Stricter<All<UsersRead, EventsRead>>>(&[USERS_READ], users), "403 scope"),
        ("stricter, wider", check::<Stricter<Any<UsersRead, EventsRead>>>(&all, users), "500"),
        ("stricter, other", check::<Stricter<EventsRead>>(&all, users), "500"),
        ("either", check::<Any<UsersRead, EventsRead>>(&[EVENTS_READ], either), "ok"),
        ("either, none", check::<Any<UsersRead, EventsRead>>(&[USERS_WRITE], either), "403 scope"),
        ("either, by inclusion", check::<Any<UsersRead, EventsRead>>(&[ALL_READ], either), "ok"),
        ("authenticated", check::<UsersRead>(&all, me), "500"),
        ("authenticated, stricter", check::<Stricter<UsersRead>>(&all, me), "ok"),
        ("public", check::<UsersRead>(&all, health), "500"),
        ("public, stricter", check::<Stricter<UsersRead>>(&all, health), "500"),
    ] {
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn a_stricter_handler_names_its_own_requirement() {
    let facts = get("/api/environments/e1/users", USERS);
    let denied = permit::<Stricter<All<UsersRead, EventsRead>>>(&granted(&[USERS_READ]), facts).unwrap_err();
    assert_eq!(denied.to_string(), "missing scopes `events.read` and `users.read`");
}

#[test]
fn sentences_for_the_log() {
    let route = |method: &Method, template: &str| CATALOGUE.route(method, template).unwrap();
    let required = <UsersWrite as Required>::requirement();
    for (route, expected) in [
        (
            route(&Method::GET, USERS),
            "the handler of `GET /api/environments/{environment}/users` requires `users.write`, but the catalogue requires \
             `users.read`: write the same in both places, or `stricter` if the handler is to ask for more",
        ),
        (
            route(&Method::GET, "/api/health"),
            "the handler of `GET /api/health` requires `users.write`, but the catalogue says that it is public: remove the \
             permit or declare the route's scope",
        ),
        (
            route(&Method::POST, "/api/session"),
            "the handler of `POST /api/session` requires `users.write`, but the catalogue says that something else checks it: \
             remove the permit or declare the route's scope",
        ),
    ] {
        assert_eq!(Mismatch { required: &required, route }.to_string(), expected);
    }
    assert_eq!(known_method(TestScope::catalogue(), &Method::from_bytes(b"EVIL").unwrap()), "another method");
}

#[test]
fn what_a_permit_knows() {
    let grant = grant_of(&[USERS_READ]).with_subject("u").with_token_id("t").with_principal(7_u8);
    let extensions = authenticated(Authentication::Granted(grant), Settings::new());
    // The router's names for the parameters do not count.
    let facts = get("/api/environments/e1/users/a%20b?x", "/api/environments/{id}/users/{id2}");
    let permit = permit::<UsersRead>(&extensions, facts).unwrap();
    assert_eq!(permit.tenant(), Some("e1"));
    assert_eq!(permit.route(), CATALOGUE.route(&Method::GET, USER));
    assert_eq!((permit.subject(), permit.token_id(), permit.principal_as::<u8>()), (Some("u"), Some("t"), Some(&7)));
    let parameters: Vec<_> = permit.parameters().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(parameters, ["environment=e1", "user=a b"]);
    assert_eq!(permit.parameter("user").unwrap(), "a b");
    assert_eq!(permit.parameter_raw("user").unwrap(), b"a%20b");
    let error = permit.parameter("id").unwrap_err();
    assert_eq!((error.kind(), error.name()), (ParameterErrorKind::Unknown, "id"));
    assert_eq!(error.to_string(), "`GET /api/environments/{environment}/users/{user}` has no parameter `id`");
    assert_eq!(permit.parameter_raw("id").unwrap_err().kind(), ParameterErrorKind::Unknown);
    let denied = Denied::from(error);
    assert_eq!((denied.status().as_u16(), denied.denial()), (500, None));
    assert_eq!(format!("{permit:?}"), "Permit(users.read on GET /api/environments/{environment}/users/{user})");
    assert_eq!(format!("{facts:?}"), "Facts { matched_template: Some(\"/api/environments/{id}/users/{id2}\"), .. }");
}

/// Credentials that the verifier was not asked about open nothing, whatever the router makes of the
/// target.
#[test]
fn unverified_credentials_open_nothing() {
    use Malformation::ForbiddenEscape;
    for (reason, status) in [(Denial::TargetMalformed(ForbiddenEscape), 400), (Denial::TargetTooLong, 414)] {
        let mut extensions = Extensions::new();
        Stored::<TestScope>::new(Identity::not_asked(reason, Arc::default())).insert(&mut extensions);
        assert!(Authentication::<TestScope>::of(&extensions).is_some_and(|found| found.grant().is_none()));
        for (target, template) in [
            ("/api/raw/a%2Fb", "/api/raw/{k}"),
            ("/api/raw/a", "/api/raw/{k}"),
            ("/api/environments/e1/users", USERS),
            ("/api/me", "/api/me"),
            ("/api/health", "/api/health"),
        ] {
            for denied in [
                permit::<UsersRead>(&extensions, get(target, template)).map(drop).unwrap_err(),
                grant::<TestScope>(&extensions, get(target, template)).map(drop).unwrap_err(),
            ] {
                assert_eq!((denied.denial(), denied.status().as_u16()), (Some(reason), status), "{target}");
            }
        }
    }
}

#[test]
fn a_raw_value_is_decoded_whole_or_not_at_all() {
    use Malformation::{BadEscape, InvalidUtf8};
    let settings = Settings::new().renderer(crate::ProblemRenderer);
    let extensions = authenticated(Authentication::Granted(grant_of(&[USERS_READ])), settings);
    for (raw, expected) in [
        ("a%2Fb", Ok("a/b")),
        ("..%2F..%2Fetc", Ok("../../etc")),
        ("a%0D%0Ax:%201", Ok("a\r\nx: 1")),
        ("%00", Ok("\0")),
        ("%252F", Ok("%2F")),
        ("a;b", Ok("a;b")),
        ("%FF", Err(InvalidUtf8)),
        ("a%C3", Err(InvalidUtf8)),
        ("%C3%28", Err(InvalidUtf8)),
        ("%zz", Err(BadEscape)),
        ("a%2", Err(BadEscape)),
        ("%", Err(BadEscape)),
        ("%FF%", Err(BadEscape)),
    ] {
        let target = format!("/api/raw/{raw}");
        let permit = permit::<UsersRead>(&extensions, get(&target, "/api/raw/{k}")).unwrap();
        assert_eq!(permit.parameter_raw("key").unwrap(), raw.as_bytes(), "{raw}");
        let found = permit.parameter("key");
        assert_eq!(permit.parameters().count(), usize::from(expected.is_ok()), "{raw}");
        match (found, expected) {
            (Ok(found), expected) => assert_eq!(Ok(&*found), expected, "{raw}"),
            (Err(error), expected) => {
                let expected = expected.unwrap_err();
                assert_eq!(error.kind(), ParameterErrorKind::NotDecodable(expected), "{raw}");
                for shown in [error.to_string(), format!("{error:?}")] {
                    assert!(!shown.contains(raw), "{shown}");
                }
                let denied = Denied::from(error);
                assert_eq!(denied.denial(), Some(Denial::TargetMalformed(expected)), "{raw}");
                // Uses the API's own settings, like every other denial.
                let response: http::Response<String> = denied.into();
                assert_eq!((response.status().as_u16(), &response.body()[..7]), (400, "{\"type\""), "{raw}");
            }
        }
    }
    let held = check_grant::<UsersRead>(Some(&grant_of(&[USERS_READ])), TenantWithoutRequest::At("e1")).unwrap();
    let error = held.parameter("user").unwrap_err();
    assert_eq!(error.to_string(), "the permit has no parameter `user`: it was checked without a request");
}

#[test]
fn an_unbound_routes_handler_has_to_compare_the_owner() {
    let unbound = get("/api/users/7", "/api/users/{user}");
    for (owner, expected) in [("e1", "ok"), ("e2", "403 tenant"), ("E1", "403 tenant"), ("", "403 tenant")] {
        let extensions = granted(&[USERS_READ]);
        let stored = extensions.get::<Stored<TestScope>>().unwrap();
        let permit = permit::<UsersRead>(&extensions, unbound).unwrap();
        assert!(permit.tenant().is_none() && stored.state().owner_check.is_missing());
        assert_eq!(verdict(&permit.same_tenant(owner)), expected, "{owner}");
        assert_eq!(stored.state().owner_check.is_missing(), expected != "ok", "{owner}");
    }
    for (target, template) in [("/api/environments/e1/users", USERS), ("/api/raw/a", "/api/raw/{k}")] {
        let extensions = granted(&[USERS_READ]);
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, get(target, template))), "ok");
        assert!(!extensions.get::<Stored<TestScope>>().unwrap().state().owner_check.is_missing(), "{template}");
    }
}

#[test]
fn on_a_bound_route_the_owner_is_the_paths_tenant() {
    let held = Grant::new(USERS_READ).for_tenants(["e1", "e2"]).unwrap();
    let extensions = authenticated(Authentication::Granted(held), Settings::new());
    let permit = permit::<UsersRead>(&extensions, get("/api/environments/e1/users", USERS)).unwrap();
    assert_eq!(verdict(&permit.same_tenant("e1")), "ok");
    assert_eq!(verdict(&permit.same_tenant("e2")), "403 tenant");
}

#[test]
fn a_grant_taken_alone_must_be_good_for_the_route() {
    for (scopes, target, template, alone, behind_a_gate) in [
        (&[][..], "/api/me", "/api/me", "ok", "ok"),
        (&[], "/api/environments/e1/me", "/api/environments/{e}/me", "ok", "ok"),
        (&[], "/api/environments/e2/me", "/api/environments/{e}/me", "403 tenant", "403 tenant"),
        (&[], "/api/environments/e1/users", USERS, "403 scope", "403 scope"),
        // A grant alone does not show that the route's own handler runs.
        (&[USERS_READ], "/api/environments/e1/users", USERS, "500", "ok"),
        (&[USERS_READ], "/api/environments/e2/users", USERS, "403 tenant", "403 tenant"),
        (&[], "/api/health", "/api/health", "ok", "ok"),
        (&[], "/nowhere", "/nowhere", "500", "500"),
    ] {
        let mut extensions = granted(scopes);
        let found = |extensions: &Extensions| verdict(&grant::<TestScope>(extensions, get(target, template)));
        assert_eq!(found(&extensions), alone, "{target}");
        let gates = CATALOGUE.route(&Method::GET, template);
        let stored = extensions.get_mut::<Stored<TestScope>>().unwrap();
        stored.set_judged(gates.map(|route| judged(route, &Method::GET, target)));
        assert_eq!(found(&extensions), behind_a_gate, "{target}");
    }
    let absent = authenticated(Authentication::Absent, Settings::new());
    assert_eq!(verdict(&grant::<TestScope>(&absent, get("/api/health", "/api/health"))), "401");
}

#[test]
fn a_grant_beside_a_permit() {
    let facts = get("/api/environments/e1/users", USERS);
    let extensions = granted(&[USERS_READ]);
    // The permit of another handler does not vouch for this one.
    assert_eq!(verdict(&permit::<UsersWrite>(&extensions, facts)), "500");
    assert_eq!(verdict(&grant::<TestScope>(&extensions, facts)), "500");
    assert_eq!(verdict(&permit::<UsersRead>(&extensions, facts)), "ok");
    assert_eq!(verdict(&grant::<TestScope>(&extensions, facts)), "ok");
    // A permit for another request does not vouch for this handler either.
    let other = Facts::new(&Method::POST, "/api/environments/e1/users").with_template(USERS);
    let writer = granted(&[USERS_READ, USERS_WRITE]);
    assert_eq!(verdict(&permit::<UsersRead>(&writer, facts)), "ok");
    assert_eq!(verdict(&grant::<TestScope>(&writer, other)), "500");
}

#[test]
fn grants_without_a_request() {
    let users = grant_of(&[USERS_READ]);
    for (grant, tenant, expected) in [
        (Some(&users), TenantWithoutRequest::At("e1"), "ok"),
        (Some(&users), TenantWithoutRequest::At("e2"), "403 tenant"),
        (Some(&users), TenantWithoutRequest::At(""), "403 tenant"),
        (Some(&users), TenantWithoutRequest::Unbound("compared below"), "ok"),
        (Some(&users), TenantWithoutRequest::NotNeeded, "500"),
        (Some(&grant_of(&[USERS_WRITE])), TenantWithoutRequest::At("e1"), "403 scope"),
        (None, TenantWithoutRequest::At("e1"), "401"),
    ] {
        assert_eq!(verdict(&check_grant::<UsersRead>(grant, tenant)), expected, "{tenant:?}");
    }
    // No route names this scope, but it opens the routes of the scopes that it includes.
    assert_eq!(verdict(&check_grant::<AllRead>(Some(&grant_of(&[ALL_READ])), TenantWithoutRequest::NotNeeded)), "500");
    assert_eq!(verdict(&check_grant::<AllRead>(Some(&grant_of(&[ALL_READ])), TenantWithoutRequest::At("e1"))), "ok");
    let permit = check_grant::<UsersRead>(Some(&users), TenantWithoutRequest::At("e1")).unwrap();
    assert_eq!((permit.tenant(), permit.route()), (Some("e1"), None));
    assert_eq!(permit.parameters().count(), 0);
}

#[test]
fn every_decision_is_told() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = Arc::clone(&told);
    let settings = || {
        let listener = Arc::clone(&listener);
        Settings::new().on_decision(move |decided| {
            let template = decided.template().unwrap_or_default();
            listener.lock().unwrap().push(format!("{:?} {} {template}", decided.decided_by(), decided.outcome()));
        })
    };
    let extensions = authenticated(Authentication::Granted(grant_of(&[USERS_READ])), settings());
    for (target, template) in [
        ("/api/environments/e1/users", USERS),
        ("/api/environments/e2/users", USERS),
        ("/api/environments/e2/users", "/nowhere"),
    ] {
        let _ = permit::<UsersRead>(&extensions, get(target, template));
    }
    assert_eq!(
        *told.lock().unwrap(),
        [
            "Permit allowed /api/environments/{environment}/users",
            "Permit denied: the caller does not belong to the tenant of the path /api/environments/{environment}/users",
            "Permit misconfigured ",
        ]
    );
}
