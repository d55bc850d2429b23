use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::catalogue;
use crate::catalogue::UntypedCatalogue;
use crate::declaration::{At, Declaration, Place};
use crate::route::NoRoute;

/// `template name=value ..`, or the denial.
fn outcome(catalogue: &UntypedCatalogue, method: &str, target: &str) -> String {
    match catalogue.at(method, target.as_bytes()) {
        Ok(found) => {
            let mut text = found.route().path().to_owned();
            for (name, value) in found.parameters() {
                text += &format!(" {name}={value}");
            }
            text
        }
        Err(NoRoute::Malformed(_)) => "400".into(),
        Err(NoRoute::TooLong) => "414".into(),
        Err(NoRoute::NotFound) => "404".into(),
        Err(NoRoute::MethodNotAllowed(set)) => {
            format!("405 {}", catalogue.method_names(set).collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn the_most_specific_route_wins() {
    let catalogue = catalogue(&[
        ("GET", "/users"),
        ("GET", "/users/{id}"),
        ("POST", "/users/bulk"),
        ("GET", "/users/me"),
        ("GET", "/users/{id}/wallets"),
        ("GET", "/users/{id}:cancel"),
        ("GET", "/users/v{n}"),
        ("GET", "/users/v{n}:cancel"),
        ("GET", "/files/{*rest}"),
        ("GET", "/files/{name}"),
        ("GET", "/files/a/{x}/c"),
        ("HEAD", "/files/{name}"),
        ("DELETE", "/{any}/{thing}"),
        ("GET", "/"),
        ("GET", "/slash/"),
    ]);
    for (method, target, expected) in [
        ("GET", "/users", "/users"),
        ("GET", "/users?x=/y", "/users"),
        ("GET", "/users/7", "/users/{id} id=7"),
        ("GET", "/users/a%2Db", "/users/{id} id=a-b"),
        ("GET", "/users/me", "/users/me"),
        ("GET", "/users/bulk", "/users/{id} id=bulk"),
        ("POST", "/users/bulk", "/users/bulk"),
        ("DELETE", "/users/bulk", "/{any}/{thing} any=users thing=bulk"),
        ("GET", "/users/7/wallets", "/users/{id}/wallets id=7"),
        ("GET", "/users/7:cancel", "/users/{id}:cancel id=7"),
        ("GET", "/users/v7", "/users/v{n} n=7"),
        ("GET", "/users/v7:cancel", "/users/v{n}:cancel n=7"),
        ("GET", "/users/v", "/users/{id} id=v"),
        ("GET", "/users/:cancel", "/users/{id} id=:cancel"),
        ("GET", "/users/", "404"),
        ("GET", "/users//wallets", "404"),
        ("GET", "/files/a", "/files/{name} name=a"),
        ("HEAD", "/files/a", "/files/{name} name=a"),
        ("GET", "/files/a/b", "/files/{*rest} rest=a/b"),
        ("GET", "/files/a/b/c", "/files/a/{x}/c x=b"),
        ("GET", "/files/a/b/d/e/f", "/files/{*rest} rest=a/b/d/e/f"),
        ("GET", "/files/a/b/", "404"),
        ("GET", "/files/", "404"),
        ("GET", "/", "/"),
        ("HEAD", "/", "/"),
        ("GET", "/slash/", "/slash/"),
        ("GET", "/slash", "404"),
        ("GET", "/users/../x", "400"),
        ("GET", "/nothing/%zz/here", "400"),
        ("PUT", "/users/7", "405 GET,HEAD,DELETE"),
        ("PUT", "/users", "405 GET,HEAD"),
        ("get", "/users", "405 GET,HEAD"),
        ("HEAD", "/users/bulk", "/users/{id} id=bulk"),
    ] {
        assert_eq!(outcome(&catalogue, method, target), expected, "{method} {target}");
    }
}

#[test]
fn head_takes_the_most_specific_of_get_and_head() {
    let catalogue = catalogue(&[("GET", "/a/b"), ("HEAD", "/a/{x}"), ("GET", "/c/{x}"), ("HEAD", "/c/{x}")]);
    let scope = |method: &str, target: &str| {
        let found = catalogue.at(method, target.as_bytes()).unwrap();
        (found.route().method().to_owned(), found.route().path().to_owned())
    };
    assert_eq!(scope("HEAD", "/a/b"), ("GET".into(), "/a/b".into()));
    assert_eq!(scope("HEAD", "/a/c"), ("HEAD".into(), "/a/{x}".into()));
    assert_eq!(scope("HEAD", "/c/1"), ("HEAD".into(), "/c/{x}".into()));
    assert_eq!(outcome(&catalogue, "GET", "/a/c"), "405 HEAD");
}

#[test]
fn base_is_carried_exactly_once() {
    let mut declaration = Declaration::new("test");
    declaration.base = Some("/api/v0".into());
    declaration.scope("a").route("GET", "/users/{id}").route("GET", "/");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    for (target, expected) in [
        ("/api/v0/users/7", "/users/{id} id=7"),
        ("/api/v0", "/"),
        ("/api/v0/", "404"),
        ("/api/v0/api/v0/users/7", "404"),
        ("/api/v0users/7", "404"),
        ("/users/7", "404"),
        ("/users/%zz", "400"),
    ] {
        assert_eq!(outcome(&catalogue, "GET", target), expected, "{target}");
    }
    assert_eq!(catalogue.routes().next().unwrap().template(), "/api/v0/users/{id}");
    let found = catalogue.at_mounted("/v2", 100, "GET", b"/v2/users/7").unwrap();
    assert_eq!(found.parameter("id").as_deref(), Some("7"));
}

#[test]
fn raw_parameters_hold_what_others_may_not() {
    let mut declaration = Declaration::new("test");
    let scope = declaration.scope("a").route("GET", "/k/{key}/{id}").route("GET", "/r/{*path}");
    scope.routes[0].raw = [At::new("key".into(), Place(1))].into();
    scope.routes[1].raw = [At::new("path".into(), Place(2))].into();
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    for (target, expected) in [
        ("/k/a;b/7", "/k/{key}/{id} key=a;b id=7"),
        ("/k/a%2Fb/7", "/k/{key}/{id} key=a/b id=7"),
        ("/k/a%FF/7", "/k/{key}/{id} id=7"),
        ("/k/a/7;x", "400"),
        ("/k/a;b/7;x", "400"),
        ("/k/../7", "400"),
        ("/k/%2e%2e/7", "400"),
        ("/k/a b/7", "400"),
        ("/k/a;b", "400"),
        ("/k/a;b/c/d", "400"),
        ("/r/a;b/c%00", "/r/{*path} path=a;b/c\0"),
    ] {
        assert_eq!(outcome(&catalogue, "GET", target), expected, "{target}");
    }
}

#[test]
fn templates_of_routers_are_found_by_shape() {
    let mut declaration = Declaration::new("test");
    declaration.base = Some("/api".into());
    declaration
        .scope("a")
        .route("GET", "/e/{environmentId}/u/{userId}")
        .route("POST", "/e/{environmentId}/u")
        .route("GET", "/");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let path = |method: &str, template: &str| {
        catalogue.route_by_template(method, template).map(|route| route.path().to_owned())
    };
    assert_eq!(path("GET", "/api/e/{id}/u/{id}").as_deref(), Some("/e/{environmentId}/u/{userId}"));
    assert_eq!(path("HEAD", "/api/e/{x}/u/{y}").as_deref(), Some("/e/{environmentId}/u/{userId}"));
    assert_eq!(path("GET", "/api").as_deref(), Some("/"));
    for (method, template) in [
        ("POST", "/api/e/{id}/u/{id}"),
        ("GET", "/e/{id}/u/{id}"),
        ("GET", "/api/e/{id}/v/{id}"),
        ("GET", "/api/e/{*id}"),
        ("GET", "/api/"),
    ] {
        assert_eq!(path(method, template), None, "{method} {template}");
    }
    let route = catalogue.route_by_template("GET", "/api/e/{a}/u/{b}").unwrap();
    let found = route.at_path(b"/e/E1/u/U%201").unwrap();
    assert_eq!(found.parameter("userId").as_deref(), Some("U 1"));
    for path in ["/e/E1/u", "/e/E1/u/U1/", "/e/E1/u/U1/x", "", "x"] {
        assert!(route.at_path(path.as_bytes()).is_none(), "{path}");
    }
}

#[test]
fn many_methods_and_long_literals() {
    let long = "l".repeat(300);
    let near = format!("{}m", "l".repeat(299));
    let paths =
        [format!("/{long}/x"), format!("/{near}/y"), "/abcdefgh1".into(), "/abcdefgh2".into(), "/abcdefgh".into()];
    let routes: Vec<(&str, &str)> = paths.iter().map(|path| ("GET", path.as_str())).collect();
    let catalogue = catalogue(&routes);
    for path in &paths {
        assert_eq!(&outcome(&catalogue, "GET", path), path);
        assert_eq!(outcome(&catalogue, "GET", &format!("{path}z")), "404");
    }
}

#[test]
fn merging_that_explodes_falls_back_to_the_trie() {
    // One literal at each position, parameters elsewhere: 2^k merged states.
    let paths: Vec<String> = (0..14)
        .map(|at| {
            (0..14).map(|segment| if segment == at { format!("/k{at}") } else { format!("/{{p{segment}}}") }).collect()
        })
        .collect();
    let routes: Vec<(&str, &str)> = paths.iter().map(|path| ("GET", path.as_str())).collect();
    let catalogue = catalogue(&routes);
    assert!(!catalogue.parts().tables.trie.is_empty());
    let all_literal: String = (0..14).map(|at| format!("/k{at}")).collect();
    assert!(outcome(&catalogue, "GET", &all_literal).starts_with("/k0/{p1}"));
    let last_only: String = (0..14).map(|at| if at == 13 { "/k13".into() } else { format!("/x{at}") }).collect();
    assert!(
        outcome(&catalogue, "GET", &last_only)
            .ends_with("/k13 p0=x0 p1=x1 p2=x2 p3=x3 p4=x4 p5=x5 p6=x6 p7=x7 p8=x8 p9=x9 p10=x10 p11=x11 p12=x12")
    );
    assert_eq!(outcome(&catalogue, "POST", &last_only), "405 GET,HEAD");
    assert_eq!(outcome(&catalogue, "GET", &format!("{last_only}/")), "404");
    assert_eq!(outcome(&catalogue, "GET", &last_only.replace("/x5", "/%2F")), "400");
}

#[test]
fn overlaps_have_witnesses() {
    let catalogue = catalogue(&[
        ("GET", "/a/{x}/c"),
        ("GET", "/a/b/{y}"),
        ("GET", "/a/{x}"),
        ("GET", "/a/b"),
        ("POST", "/a/{x}/c"),
        ("GET", "/f/{*r}"),
        ("GET", "/f/{x}/y"),
        ("GET", "/{p}/q"),
        ("GET", "/v{n}/{z}"),
    ]);
    let found: Vec<String> = catalogue
        .overlaps()
        .iter()
        .map(|overlap| format!("{} {} > {} at {}", overlap.method, overlap.winner, overlap.loser, overlap.witness))
        .collect();
    assert_eq!(
        found,
        [
            "GET /a/b/{y} > /a/{x}/c at /a/b/c",
            "GET /a/{x} > /{p}/q at /a/q",
            "GET /f/{*r} > /{p}/q at /f/q",
            "GET /v{n}/{z} > /{p}/q at /vx/q",
        ]
    );
    for overlap in catalogue.overlaps() {
        assert_eq!(
            catalogue.at(&overlap.method, overlap.witness.as_bytes()).unwrap().route().template(),
            overlap.winner
        );
    }
}

#[test]
fn a_witness_is_won_by_the_winner() {
    let catalogue = catalogue(&[
        ("GET", "/files/{owner}/{*path}"),
        ("GET", "/files/trash/{name}"),
        ("GET", "/{kind}/trash/{*path}"),
    ]);
    let overlaps = catalogue.overlaps();
    assert_eq!(overlaps.len(), 1);
    assert_eq!(overlaps[0].witness, "/files/trash/x/x");
    // `/a/b/c` takes the only path that the other two share: they never conflict.
    let shadowed = super::catalogue(&[("GET", "/a/{x}/c"), ("GET", "/a/b/{y}"), ("GET", "/a/b/c")]);
    assert_eq!(shadowed.overlaps(), []);
    let fixed = super::catalogue(&[("GET", "/a/{*r}"), ("GET", "/{x}/b/c"), ("GET", "/a/b/c")]);
    assert_eq!(fixed.overlaps(), []);
}

#[test]
fn includes_close_transitively() {
    let mut declaration = Declaration::new("test");
    declaration.scope("a.read");
    declaration.scope("b.c.read");
    declaration.scope("b.write");
    declaration.scope("all.read").including("*.read");
    declaration.scope("admin").including("all.read").including("b.write");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let members = |name: &str| -> Vec<u16> {
        catalogue.scope(catalogue.scope_named(name).unwrap()).unwrap().members().map(|id| id.0).collect()
    };
    assert_eq!(members("all.read"), [0, 1]);
    assert_eq!(members("admin"), [0, 1, 2, 3]);
    let mut words = [1 << 4];
    catalogue.close(&mut words);
    assert_eq!(words, [0b11111]);
    let mut words = [0b100];
    catalogue.close(&mut words);
    assert_eq!(words, [0b100]);
    assert_eq!(catalogue.scope_named("b"), None);
    assert_eq!(catalogue.scope_named(""), None);
}
