//! The check by tables: which route a path belongs to, where the tenant is read, and what is
//! refused because other software may read it otherwise.

use super::*;

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
        // Paths that a more lenient router may have matched to the template nevertheless.
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
fn a_rewritten_target_is_not_trusted() {
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
    let held = Grant::new(USERS_READ).for_tenants(["environments", "files", "e1"]).unwrap();
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
        // A router that accepts them passes another rest to the handler than the catalogue would.
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
    assert_eq!(permit.parameter("key").unwrap(), "a/b");
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
        stored.set_judged(Some(judged(users, &method, raw_target)));
        extensions
    };
    let found =
        |extensions: &Extensions, method, target| verdict(&permit::<UsersRead>(extensions, Facts::new(method, target)));
    assert_eq!(found(&with_match(Method::GET, target), &Method::GET, target), "ok");
    assert_eq!(found(&with_match(Method::GET, target), &Method::GET, "/api/eventTypes"), "500");
    assert_eq!(found(&with_match(Method::GET, target), &Method::POST, target), "500");
    // The router's match takes precedence.
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
        // The caller chose this path: the router accepts more paths than the catalogue.
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
fn what_was_stripped_shows_in_the_values() {
    let files = "/api/environments/{e}/files/{*path}";
    let held = Grant::new(USERS_READ).for_tenants(["e1", "files"]).unwrap();
    let extensions = authenticated(Authentication::Granted(held), Settings::new());
    // The same route matches the whole path and the end of the path.
    let whole = "/api/environments/e1/files/api/environments/e2/files/a";
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
    #[cfg(feature = "_values")]
    for (values, expected) in [
        (&["e1", "api/environments/e2/files/a"][..], "ok"),
        (&["e2", "a"], "404"),
        (&["e1"], "404"),
        (&["e1", "api/environments/e2/files/a", "x"], "404"),
    ] {
        let end = "/api/environments/e2/files/a";
        let facts = Facts::new(&Method::GET, whole).with_local_path(end).with_template(files);
        let facts = facts.with_values(values.iter().copied());
        assert_eq!(verdict(&permit::<UsersRead>(&extensions, facts)), expected, "{values:?}");
    }
}
