#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use scopes_core::declaration::{At, BlockKind, Declaration, Place, TenancyDeclaration};
use scopes_core::{ScopeInfo, UntypedCatalogue};

use super::*;

fn facts(declaration: &Declaration, check: impl Fn(&str, &ScopeFacts<'_>)) {
    let catalogue = UntypedCatalogue::from_declaration(declaration).unwrap();
    for facts in Reference::new(&catalogue).scopes() {
        check(facts.scope().name(), facts);
    }
}

#[test]
fn levels_come_from_methods_and_names() {
    let mut declaration = Declaration::new("api");
    for (name, methods) in [
        ("none.read", &[][..]),
        ("pure.read", &["GET", "HEAD"]),
        ("query.read", &["POST"]),
        ("mixed:read_only", &["GET", "POST"]),
        ("user-view-email", &["DELETE"]),
        ("reads.write", &["GET"]),
        ("posts", &["POST"]),
        ("read.manage", &["PATCH"]),
        ("already", &["PATCH"]),
    ] {
        let scope = declaration.scope(name);
        for (index, method) in methods.iter().enumerate() {
            scope.route(method, &format!("/{}/{index}", name.replace([':', '-', '_', '.'], "/")));
        }
    }
    facts(&declaration, |name, facts| {
        let expected = match name {
            "none.read" => Level::NoRoutes,
            "pure.read" | "reads.write" => Level::Read,
            "query.read" | "mixed:read_only" | "user-view-email" => Level::ReadByName,
            _ => Level::Write,
        };
        assert_eq!(facts.level(), expected, "{name}");
        assert_eq!(facts.deletes(), name == "user-view-email", "{name}");
    });
}

#[test]
fn paths_that_issue_tokens() {
    for (method, path, expected) in [
        ("POST", "/tokens", true),
        ("POST", "/users/{id}/tokens", true),
        ("POST", "/users/{id}/accessToken/{kind}", true),
        ("POST", "/api-keys", true),
        ("POST", "/api_keys/", true),
        ("POST", "/apikeys", true),
        ("POST", "/keys", true),
        ("POST", "/service-keys", true),
        ("POST", "/tokens/{id}/rotate", true),
        ("POST", "/tokens/{id}:regenerate", true),
        ("POST", "/rotate-credentials", true),
        ("POST", "/tokens/rotateSecret", true),
        ("POST", "/encryptionPublicKeys", false),
        ("POST", "/tokens/{id}/revoke", false),
        ("POST", "/tokens/{id}:revoke", false),
        ("POST", "/users/{id}/rotate", false),
        ("POST", "/tokenizer", false),
        ("POST", "/", false),
        ("POST", "/{*rest}", false),
        ("GET", "/tokens", false),
        ("DELETE", "/tokens/{id}", false),
    ] {
        let mut declaration = Declaration::new("api");
        let scope = declaration.scope("a");
        scope.route(method, path);
        scope.routes[0].trailing_slash = (path.len() > 1 && path.ends_with('/')).then(Place::default);
        facts(&declaration, |_, facts| assert_eq!(facts.issues_tokens(), expected, "{method} {path}"));
    }
}

#[test]
fn what_a_scope_includes_counts() {
    let mut declaration = Declaration::new("api");
    declaration.scope("users.read").route("GET", "/users");
    declaration.scope("users.write").route("DELETE", "/users/{id}").route("POST", "/tokens");
    declaration.scope("users.all").including("users.read").including("users.write");
    declaration.scope("root").including("users.all");
    facts(&declaration, |name, facts| {
        let is_dangerous = name != "users.read";
        assert_eq!((facts.deletes(), facts.issues_tokens()), (is_dangerous, is_dangerous), "{name}");
        assert_eq!(facts.level(), if is_dangerous { Level::Write } else { Level::Read }, "{name}");
        let included_by = facts.included_by().len();
        assert_eq!(
            included_by,
            match name {
                "root" => 0,
                "users.all" => 1,
                _ => 2,
            },
            "{name}"
        );
        assert_eq!(
            facts.routes().len(),
            match name {
                "users.read" => 1,
                "users.write" => 2,
                _ => 0,
            },
            "{name}"
        );
    });
}

#[test]
fn tenancies_of_scopes() {
    let mut declaration = Declaration::new("api");
    declaration.tenant = Some("account".into());
    declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    let events = declaration.scope("events.read").route("GET", "/events");
    events.routes[0].tenancy = Some(At::new(TenancyDeclaration::Global("the same for all".into()), Place::default()));
    let wallets = declaration.scope("wallets.read").route("GET", "/wallets/{id}");
    wallets.routes[0].tenancy = Some(At::new(TenancyDeclaration::Unbound("looked up".into()), Place::default()));
    declaration.scope("all").including("*.read");
    facts(&declaration, |name, facts| {
        let found = [facts.is_tenant_bound(), facts.has_global_routes(), facts.has_unbound_routes()];
        let expected = match name {
            "users.read" => [true, false, false],
            "events.read" => [false, true, false],
            "wallets.read" => [false, false, true],
            _ => [false, true, true],
        };
        assert_eq!(found, expected, "{name}");
        let reasons: Vec<_> = facts.routes().iter().filter_map(|route| tenancy(*route)).collect();
        let expected: &[(&str, &str)] = match name {
            "events.read" => &[("global", "the same for all")],
            "wallets.read" => &[("unbound", "looked up")],
            _ => &[],
        };
        assert_eq!(reasons, expected, "{name}");
    });
}

#[test]
fn demands_in_words() {
    let mut declaration = Declaration::new("api");
    for name in ["a", "b", "c"] {
        declaration.scope(name);
    }
    declaration.scope("d").route("GET", "/x");
    let all = |names: &[&str]| BlockKind::All(names.iter().map(|name| (*name).into()).collect());
    declaration.block(all(&["a", "b"])).route("GET", "/x");
    declaration.block(all(&["a", "c"])).route("GET", "/x");
    declaration.block(all(&["a", "b", "c"])).route("GET", "/y");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let [x, y] = ["/x", "/y"].map(|path| catalogue.route_by_template("GET", path).unwrap());
    let name = |scope: ScopeInfo<'_>| scope.name().to_owned();
    let reference = Reference::new(&catalogue);
    assert_eq!(reference.phrase(x, name), "d, or a and b, or a and c");
    assert_eq!(reference.phrase(y, name), "a, b and c");
    for (scope, alone, also, instead) in [
        ("a", false, Some("b, or c"), Some("d")),
        ("b", false, Some("a"), Some("d, or a and c")),
        ("d", true, None, Some("a and b, or a and c")),
    ] {
        let beside = reference.beside(x, catalogue.scope_named(scope).unwrap());
        assert_eq!(beside.is_alone(), alone, "{scope}");
        assert_eq!(beside.also_needs(name).as_deref(), also, "{scope}");
        assert_eq!(beside.or_instead(name).as_deref(), instead, "{scope}");
    }
}

#[test]
fn included_scopes_are_not_demanded_twice() {
    let mut declaration = Declaration::new("api");
    declaration.scope("users.read");
    declaration.scope("users.write");
    declaration.scope("all").including("users.write");
    let both = BlockKind::All(vec!["all".into(), "users.write".into()]);
    declaration.block(both).route("DELETE", "/users/{id}");
    let three = BlockKind::All(vec!["all".into(), "users.read".into(), "users.write".into()]);
    declaration.block(three).route("PUT", "/users/{id}");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let reference = Reference::new(&catalogue);
    let name = |scope: ScopeInfo<'_>| scope.name().to_owned();
    let [delete, put] = ["DELETE", "PUT"].map(|method| catalogue.route_by_template(method, "/users/{id}").unwrap());
    assert_eq!(
        (reference.phrase(delete, name), reference.phrase(put, name)),
        ("all".into(), "all and users.read".into())
    );
    for (route, scope, also) in [
        (delete, "all", None),
        (delete, "users.write", Some("all")),
        (put, "all", Some("users.read")),
        (put, "users.read", Some("all")),
        (put, "users.write", Some("all and users.read")),
    ] {
        let beside = reference.beside(route, catalogue.scope_named(scope).unwrap());
        assert_eq!(beside.also_needs(name).as_deref(), also, "{route} {scope}");
        assert_eq!(beside.or_instead(name), None, "{route} {scope}");
        // The words say what the check does: `all` alone opens the route, or does not.
        let mut words = [1 << catalogue.scope_named(scope).unwrap().index()];
        catalogue.close(&mut words);
        assert_eq!(beside.is_alone(), route.requirement().satisfied_by(&words), "{route} {scope}");
    }
}

#[test]
fn sentences_are_bounded() {
    let sentences = |count: usize| {
        let mut declaration = Declaration::new("api");
        for index in 0..count {
            declaration.scope(&format!("s{index}")).route("GET", "/x");
        }
        let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
        let (reference, route) = (Reference::new(&catalogue), catalogue.routes().next().unwrap());
        let name = |scope: ScopeInfo<'_>| scope.name().to_owned();
        let first = catalogue.scopes().next().unwrap().id();
        (reference.phrase(route, name), reference.beside(route, first).or_instead(name).unwrap())
    };
    assert!(sentences(40).0.ends_with(", or one of 28 more"));
    assert!(sentences(40).1.ends_with(", or one of 36 more"));
    assert_eq!(sentences(13).0.matches(" or ").count(), 12, "one is named instead of counted");
    assert_eq!(sentences(5).1, "s1, or s2, or s3, or s4");
    assert_eq!(sentences(6).1, "s1, or s2, or s3, or one of 2 more");
}

#[test]
fn large_groups_are_divided() {
    let mut declaration = Declaration::new("api");
    for index in 0..25 {
        declaration.scope(&format!("core.pods.a{index}"));
        declaration.scope(&format!("core.nodes.a{index}"));
        declaration.scope(&format!("flat.a{index}"));
    }
    declaration.scope("core.list");
    declaration.scope("root");
    for index in 0..40 {
        declaration.scope(&format!("wide.a{index}"));
    }
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let reference = Reference::new(&catalogue);
    let groups: Vec<(&str, usize)> =
        reference.groups().iter().map(|group| (group.name(), group.scopes().len())).collect();
    let expected = [("core.pods", 25), ("core.nodes", 25), ("core", 1), ("flat", 25), ("", 1), ("wide", 40)];
    assert_eq!(groups, expected);
}
