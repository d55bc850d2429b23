//! The check by tables: what is answered first, where the tenant is read, what is a mistake of the set-up.

use std::sync::Mutex;

use super::*;
use crate::authentication::MatchedRoute;
use crate::fixture::permits::{AllRead, EventsRead, UsersRead, UsersWrite};
use crate::fixture::{
    ALL_READ, CATALOGUE, EVENTS_READ, TestScope, USERS_READ, USERS_WRITE, authenticated, get, grant as grant_of,
};
use crate::required::{All, Any, Stricter};

const USERS: &str = "/api/environments/{environment}/users";
const USER: &str = "/api/environments/{environment}/users/{user}";

/// What came out, as a status with the denial's name where there is one.
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
        (Authentication::Granted(Grant::new(USERS_READ.into())), "403 tenant"),
        (Authentication::Granted(Grant::new(USERS_READ.into()).for_any_tenant()), "ok"),
        (Authentication::Absent, "401"),
        (Authentication::Invalid, "401"),
        (Authentication::Malformed, "400"),
        (Authentication::Unavailable, "503"),
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
    // Everything is wrong with these requests: the first wrong thing is the answer.
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
fn raw_targets() {
    for (target, expected) in [
        ("/api/environments/e1/users", "ok"),
        ("/api/environments/e1/users?tenant=e2", "ok"),
        ("http://host/api/environments/e1/users", "ok"),
        ("/api/environments/%65%31/users", "ok"),
        ("/api/environments/e2/users", "403 tenant"),
        ("/api/environments/E1/users", "403 tenant"),
        ("/api/environments/e1%20/users", "400"),
        ("/api/environments/e1%2Fx/users", "400"),
        ("/api/environments/e1%252/users", "400"),
        ("/api/environments/e1;x/users", "400"),
        ("/api/environments/../users", "400"),
        ("/api/environments/%2e%2e/users", "400"),
        ("/api/environments/%ff/users", "400"),
        ("/api/environments/e1\\/users", "400"),
        ("*", "400"),
        ("", "400"),
        // What another router than the catalogue's may have matched to the template all the same.
        ("/api/environments//users", "404"),
        ("/api/environments/e1/users/", "404"),
        ("/api/environments//e1/users", "404"),
        ("/api//environments/e1/users", "404"),
        ("/api/e1/environments/users", "404"),
        ("/api/environments/e1/%75sers", "ok"),
        ("/api/environments/e1/Users", "404"),
        ("/api/environments/e1", "404"),
        ("//api/environments/e1/users", "404"),
        ("/%61pi/environments/e1/users", "404"),
        // Below a mount whose prefix was stripped: the adapter's mistake.
        ("/environments/e1/users", "500"),
    ] {
        assert_eq!(check::<UsersRead>(&[USERS_READ], get(target, USERS)), expected, "{target}");
    }
}

#[test]
fn what_the_router_reads_otherwise_is_refused() {
    for facts in [
        get("/api/environments/e1/users", USERS),
        get("/api/environments/e1/users", "/nowhere"),
        Facts::new(&Method::GET, "/api/environments/e1/users"),
    ] {
        let expected = if facts.matched_template == Some("/nowhere") { "500" } else { "404" };
        assert_eq!(check::<UsersRead>(&[USERS_READ], facts.misread()), expected, "{facts:?}");
    }
}

#[test]
fn what_was_rewritten_on_the_way_is_trusted_by_nobody() {
    for (target, local, template, expected) in [
        ("/api/environments/e1/users", "/api/environments/e1/users", Some(USERS), "ok"),
        ("/api/environments/e1/users?q", "/environments/e1/users", Some(USERS), "ok"),
        ("/api/environments/e1/users", "/", Some(USERS), "ok"),
        ("/api/environments/e1/users", "/api/environments/e2/users", Some(USERS), "404"),
        ("/api/environments/e1/users", "/environments/e2/users", Some(USERS), "404"),
        ("/api/environments/e1/users", "/api/environments/e1/users", None, "ok"),
        ("/api/environments/e1/users", "/api/environments/e2/users", None, "404"),
    ] {
        let facts = Facts::new(&Method::GET, target).with_local_path(local);
        let facts = template.map_or(facts, |template| facts.with_template(template));
        assert_eq!(check::<UsersRead>(&[USERS_READ], facts), expected, "{target} {local}");
    }
}

#[test]
fn a_rest_does_not_move_the_tenant() {
    let files = "/api/environments/{environment}/files/{*path}";
    let held = Grant::new(USERS_READ.into()).for_tenants(["environments", "files", "e1"]).unwrap();
    let extensions = authenticated(Authentication::Granted(held), Settings::new());
    for (target, expected) in [
        ("/api/environments/e1/files/a", "ok"),
        ("/api/environments/e1/files/a/b/c", "ok"),
        ("/api/environments/e2/files/a", "403 tenant"),
        // A router that merges slashes sees `e2` here.
        ("/api//environments/e2/files/a", "404"),
        ("/api/environments//e2/files/a", "404"),
        ("/api/environments/e1/files/", "404"),
        ("/api/environments/e1/files", "404"),
        // A router that takes them hands on another rest than the catalogue would.
        ("/api/environments/e1/files/a/", "404"),
        ("/api/environments/e1/files/a//b", "404"),
    ] {
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, get(target, files))), expected, "{target}");
    }
}

#[test]
fn raw_parameters_are_excused_and_nothing_else() {
    for (target, template, expected) in [
        ("/api/raw/a%2Fb", "/api/raw/{k}", "ok"),
        ("/api/raw/a;b", "/api/raw/{k}", "ok"),
        ("/api/raw/..", "/api/raw/{k}", "400"),
        ("/api/raw;x/a", "/api/raw/{k}", "400"),
        ("/api/raw/a%2Fb", "/api/users/{k}", "400"),
        ("/api/raw/a%2Fb", "/nowhere", "400"),
    ] {
        assert_eq!(check::<UsersRead>(&[USERS_READ], get(target, template)), expected, "{target}");
    }
    let extensions = granted(&[USERS_READ]);
    let permit = permit::<UsersRead>(&extensions, get("/api/raw/a%2Fb", "/api/raw/{k}")).unwrap();
    assert_eq!(permit.parameter("key").as_deref(), Some("a/b"));
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
fn without_a_template_the_catalogue_finds_the_route() {
    for (target, expected) in [
        ("/api/environments/e1/users", "ok"),
        ("/api/environments/e2/users", "403 tenant"),
        ("/api/environments/e1/either", "500"),
        ("/api/environments//users", "500"),
        ("/elsewhere", "500"),
        ("/api/environments/%2e/users", "400"),
    ] {
        assert_eq!(check::<UsersRead>(&[USERS_READ], Facts::new(&Method::GET, target)), expected, "{target}");
    }
}

#[test]
fn a_gates_match_counts_unless_the_request_was_rewritten() {
    let users = CATALOGUE.route(&Method::GET, USERS).unwrap();
    let target = "/api/environments/e1/users";
    let with_match = |method: Method, raw_target: &str| {
        let mut extensions = granted(&[USERS_READ]);
        let stored = extensions.get_mut::<Stored<TestScope>>().unwrap();
        stored.matched = Some(MatchedRoute::new(users, method, raw_target));
        extensions
    };
    let found =
        |extensions: &Extensions, method, target| verdict(&permit::<UsersRead>(extensions, Facts::new(method, target)));
    assert_eq!(found(&with_match(Method::GET, target), &Method::GET, target), "ok");
    assert_eq!(found(&with_match(Method::GET, target), &Method::GET, "/api/eventTypes"), "500");
    assert_eq!(found(&with_match(Method::GET, target), &Method::POST, target), "500");
    // The router's word counts more.
    let target = "/api/environments/e1/either";
    let facts = get(target, "/api/environments/{e}/either");
    assert_eq!(verdict(&permit::<Any<UsersRead, EventsRead>>(&with_match(Method::GET, target), facts)), "ok");
    assert_eq!(verdict(&permit::<UsersRead>(&with_match(Method::GET, target), facts)), "500");
}

#[test]
fn text_beside_a_parameter_that_the_router_does_not_know() {
    let post = |target, template| Facts::new(&Method::POST, target).with_template(template);
    for (target, template, expected) in [
        ("/api/environments/e1/users/7:cancel", "/api/environments/{e}/users/{u}:cancel", "ok"),
        ("/api/environments/e1/users/7:cancel", "/api/environments/{e}/users/{u}", "ok"),
        ("/api/environments/e2/users/7:cancel", "/api/environments/{e}/users/{u}", "403 tenant"),
        // The caller's doing: the router takes more paths than the catalogue.
        ("/api/environments/e1/users/7%3Acancel", "/api/environments/{e}/users/{u}", "404"),
        ("/api/environments/e1/users/7", "/api/environments/{e}/users/{u}", "404"),
        ("/api/environments/e1/users/:cancel", "/api/environments/{e}/users/{u}", "404"),
        ("/api/environments/e1/users/7:cancel", "/api/environments/{e}/{*rest}", "500"),
        ("/api/environments/e1/users", "/api/{a}/{b}/{c}", "500"),
    ] {
        assert_eq!(check::<UsersWrite>(&[USERS_WRITE], post(target, template)), expected, "{target} {template}");
    }
}

#[test]
fn mounted_elsewhere() {
    let settings = || Settings::new().mounted_at("/v1").unwrap();
    let extensions = || authenticated(Authentication::Granted(grant_of(&[USERS_READ])), settings());
    for (target, template, expected) in [
        ("/v1/environments/e1/users", Some("/v1/environments/{e}/users"), "ok"),
        ("/v1/environments/e2/users", Some("/v1/environments/{e}/users"), "403 tenant"),
        ("/api/environments/e1/users", Some(USERS), "500"),
        ("/v1/environments/e1/users", None, "ok"),
        ("/api/environments/e1/users", None, "500"),
    ] {
        let facts = Facts { matched_template: template, ..Facts::new(&Method::GET, target) };
        assert_eq!(verdict(&permit::<UsersRead>(&extensions(), facts)), expected, "{target}");
    }
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
    assert_eq!((permit.subject(), permit.token_id(), permit.principal::<u8>()), (Some("u"), Some("t"), Some(&7)));
    let parameters: Vec<_> = permit.parameters().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!(parameters, ["environment=e1", "user=a b"]);
    assert_eq!(permit.parameter("user").as_deref(), Some("a b"));
    assert_eq!(permit.parameter("id"), None);
    assert_eq!(format!("{permit:?}"), "Permit(users.read on GET /api/environments/{environment}/users/{user})");
    assert_eq!(format!("{facts:?}"), "Facts { matched_template: Some(\"/api/environments/{id}/users/{id2}\"), .. }");
}

#[test]
fn an_unbound_routes_handler_has_to_compare_the_owner() {
    let unbound = get("/api/users/7", "/api/users/{user}");
    for (owner, expected) in [("e1", "ok"), ("e2", "403 tenant"), ("E1", "403 tenant"), ("", "403 tenant")] {
        let extensions = granted(&[USERS_READ]);
        let stored = extensions.get::<Stored<TestScope>>().unwrap();
        let permit = permit::<UsersRead>(&extensions, unbound).unwrap();
        assert!(permit.tenant().is_none() && stored.owner_check.is_missing());
        assert_eq!(verdict(&permit.same_tenant(owner)), expected, "{owner}");
        assert!(!stored.owner_check.is_missing());
    }
    for (target, template) in [("/api/environments/e1/users", USERS), ("/api/raw/a", "/api/raw/{k}")] {
        let extensions = granted(&[USERS_READ]);
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, get(target, template))), "ok");
        assert!(!extensions.get::<Stored<TestScope>>().unwrap().owner_check.is_missing(), "{template}");
    }
}

#[test]
fn on_a_bound_route_the_owner_is_the_paths_tenant() {
    let held = Grant::new(USERS_READ.into()).for_tenants(["e1", "e2"]).unwrap();
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
        // Nobody knows that it is the handler of this route.
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
        stored.matched = gates.map(|route| MatchedRoute::new(route, Method::GET, target));
        assert_eq!(found(&extensions), behind_a_gate, "{target}");
    }
    let absent = authenticated(Authentication::Absent, Settings::new());
    assert_eq!(verdict(&grant::<TestScope>(&absent, get("/api/health", "/api/health"))), "401");
}

#[test]
fn a_grant_beside_a_permit() {
    let facts = get("/api/environments/e1/users", USERS);
    let extensions = granted(&[USERS_READ]);
    // The permit of another handler says nothing of this one.
    assert_eq!(verdict(&permit::<UsersWrite>(&extensions, facts)), "500");
    assert_eq!(verdict(&grant::<TestScope>(&extensions, facts)), "500");
    assert_eq!(verdict(&permit::<UsersRead>(&extensions, facts)), "ok");
    assert_eq!(verdict(&grant::<TestScope>(&extensions, facts)), "ok");
    // Nor does one for another request.
    let other = Facts::new(&Method::POST, "/api/environments/e1/users").with_template(USERS);
    let writer = granted(&[USERS_READ, USERS_WRITE]);
    assert_eq!(verdict(&permit::<UsersRead>(&writer, facts)), "ok");
    assert_eq!(verdict(&grant::<TestScope>(&writer, other)), "500");
}

#[test]
fn what_was_stripped_shows_in_the_values() {
    let files = "/api/environments/{e}/files/{*path}";
    let held = Grant::new(USERS_READ.into()).for_tenants(["e1", "files"]).unwrap();
    let extensions = authenticated(Authentication::Granted(held), Settings::new());
    // The same route fits the whole and its end.
    let (whole, end) = ("/api/environments/e1/files/api/environments/e2/files/a", "/api/environments/e2/files/a");
    for (local, template, expected) in [
        (whole, Some(files), "ok"),
        ("/environments/e1/files/api/environments/e2/files/a", Some(files), "ok"),
        (whole, None, "ok"),
        ("/environments/e1/files/api/environments/e2/files/a", None, "ok"),
        ("/api/environments/e2/files/a", None, "404"),
        ("/environments/e2/files/a", None, "404"),
        // No segment begins there.
        ("s/a", Some(files), "404"),
    ] {
        let facts = Facts::new(&Method::GET, whole).with_local_path(local);
        let facts = template.map_or(facts, |template| facts.with_template(template));
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, facts)), expected, "{local} {template:?}");
    }
    #[cfg(any(feature = "axum", feature = "poem"))]
    for (values, expected) in [
        (&["e1", "api/environments/e2/files/a"][..], "ok"),
        (&["e2", "a"], "404"),
        (&["e1"], "404"),
        (&["e1", "api/environments/e2/files/a", "x"], "404"),
    ] {
        let facts = Facts::new(&Method::GET, whole).with_local_path(end).with_template(files);
        let facts = facts.with_values(values.iter().copied());
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, facts)), expected, "{values:?}");
    }
}

#[test]
fn a_narrower_route_behind_a_wide_template_is_demanded_as_well() {
    let files = "/api/environments/{environment}/files/{*path}";
    let narrow = |scopes: &[TestScope], target, template| {
        let extensions = granted(scopes);
        let facts = Facts::new(&Method::GET, target).with_template(template);
        let place = Context::<TestScope>::of(&extensions, facts).place;
        let route = CATALOGUE.route(&Method::GET, files).unwrap();
        place.narrower(facts, route).map(|matched| matched.route().template())
    };
    for (target, template, expected) in [
        ("/api/environments/e1/files/a", files, None),
        ("/api/environments/e1/users", "/api/{*page}", Some(USERS)),
        ("/api/environments/e1/users", USERS, None),
        ("/api/none", "/api/{*page}", None),
    ] {
        assert_eq!(narrow(&[], target, template).as_deref(), expected, "{target} {template}");
    }
}

#[test]
fn grants_without_a_request() {
    let users = grant_of(&[USERS_READ]);
    for (grant, tenant, expected) in [
        (Some(&users), HeldTenant::At("e1"), "ok"),
        (Some(&users), HeldTenant::At("e2"), "403 tenant"),
        (Some(&users), HeldTenant::At(""), "403 tenant"),
        (Some(&users), HeldTenant::Unbound("compared below"), "ok"),
        (Some(&users), HeldTenant::NotNeeded, "500"),
        (Some(&grant_of(&[USERS_WRITE])), HeldTenant::At("e1"), "403 scope"),
        (None, HeldTenant::At("e1"), "401"),
    ] {
        assert_eq!(verdict(&permit_held::<UsersRead>(grant, tenant)), expected, "{tenant:?}");
    }
    // No route names this scope, but it opens the routes of those that it includes.
    assert_eq!(verdict(&permit_held::<AllRead>(Some(&grant_of(&[ALL_READ])), HeldTenant::NotNeeded)), "500");
    assert_eq!(verdict(&permit_held::<AllRead>(Some(&grant_of(&[ALL_READ])), HeldTenant::At("e1"))), "ok");
    let permit = permit_held::<UsersRead>(Some(&users), HeldTenant::At("e1")).unwrap();
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
            listener.lock().unwrap().push(format!("{:?} {} {template}", decided.point(), decided.outcome()));
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
