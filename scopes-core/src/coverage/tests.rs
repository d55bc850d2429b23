use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::catalogue::UntypedCatalogue;
use crate::declaration::{BlockKind, Declaration, Place};
use crate::route::Route;

fn catalogue(base: &str, routes: &[(&str, &str)]) -> UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    declaration.base = (!base.is_empty()).then(|| base.into());
    let scope = declaration.scope("users.read");
    for (method, path) in routes {
        scope.route(method, path);
        if let Some(route) = scope.routes.last_mut() {
            route.trailing_slash = (path.len() > 1 && path.ends_with('/')).then(Place::default);
        }
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

/// The lines of the differences, without the first one.
fn lines(base: &str, declared: &[(&str, &str)], served: &[(&str, &str)]) -> Vec<String> {
    let catalogue = catalogue(base, declared);
    let found = catalogue.uncovered(served.iter().copied());
    found.to_string().lines().skip(1).map(String::from).collect()
}

#[test]
fn equal_lists_differ_in_nothing() {
    for (base, declared, served) in [
        ("", &[("GET", "/users/{id}")][..], &[("GET", "/users/:user")][..]),
        ("/api", &[("GET", "/users"), ("POST", "/users")], &[("GET", "/api/users"), ("post", "/api/users")]),
        ("/api", &[("GET", "/")], &[("GET", "/api")]),
        // An explicit HEAD is served by the handler of GET, and GET's route covers a listed HEAD.
        ("", &[("GET", "/a"), ("HEAD", "/a")], &[("GET", "/a")]),
        ("", &[("GET", "/a")], &[("GET", "/a"), ("HEAD", "/a"), ("GET", "/a")]),
        ("", &[("GET", "/a"), ("PUT", "/a"), ("PURGE", "/a")], &[("ANY", "/a")]),
        ("", &[("PURGE", "/a")], &[("PURGE", "/a")]),
        // The router has no text beside parameters.
        ("", &[("POST", "/a/{id}:run"), ("POST", "/a/{id}:stop")], &[("POST", "/a/{id}")]),
        ("", &[("GET", "/a/{*rest}")], &[("GET", "/a/<path..>")]),
        ("", &[("GET", "/a/")], &[("GET", "/a/")]),
        ("", &[], &[]),
    ] {
        assert_eq!(lines(base, declared, served), [""; 0], "{declared:?} {served:?}");
    }
}

#[test]
fn each_difference_names_the_nearest_route() {
    for (base, declared, served, expected) in [
        (
            "",
            &[("GET", "/a"), ("PUT", "/a")][..],
            &[("POST", "/a"), ("GET", "/a"), ("PUT", "/a")][..],
            &["served, but not declared:", "- `POST /a`: the catalogue has this path with `GET`, `PUT`"][..],
        ),
        (
            "",
            &[("GET", "/a")],
            &[("GET", "/a/")],
            &[
                "served, but not declared:",
                "- `GET /a/`: the catalogue has `GET /a`, without a slash at the end",
                "declared, but not served:",
                "- `GET /a`: the router has `GET /a/`, with a slash at the end",
            ],
        ),
        (
            "/api",
            &[("GET", "/users/{id}")],
            &[("GET", "/users/{user}")],
            &[
                "served, but not declared:",
                "- `GET /users/{user}`: the catalogue has `GET /api/users/{id}`, below another base",
                "declared, but not served:",
                "- `GET /api/users/{id}`: the router has `GET /users/{user}`, below another base",
            ],
        ),
        (
            "",
            &[("GET", "/users")],
            &[("GET", "/v1/users")],
            &[
                "served, but not declared:",
                "- `GET /v1/users`: the catalogue has `GET /users`, below another base",
                "declared, but not served:",
                "- `GET /users`: the router has `GET /v1/users`, below another base",
            ],
        ),
        (
            "",
            &[("GET", "/users/{id}")],
            &[("GET", "/Users/{id}")],
            &[
                "served, but not declared:",
                "- `GET /Users/{id}`: the catalogue has the similar `GET /users/{id}`",
                "declared, but not served:",
                "- `GET /users/{id}`: the router has the similar `GET /Users/{id}`",
            ],
        ),
        (
            "",
            &[("GET", "/{a}")],
            &[("GET", "/{a}"), ("GET", "/x/{a}")],
            &["served, but not declared:", "- `GET /x/{a}`"],
        ),
        (
            "",
            &[("HEAD", "/a")],
            &[("GET", "/a")],
            &["served, but not declared:", "- `GET /a`: the catalogue has this path with `HEAD`"],
        ),
        (
            "",
            &[("GET", "/a")],
            &[("HEAD", "/a")],
            &["declared, but not served:", "- `GET /a`: the router has this path with `HEAD`"],
        ),
        // A method of one's own is compared byte by byte.
        (
            "",
            &[("PURGE", "/a")],
            &[("PURGED", "/a")],
            &[
                "served, but not declared:",
                "- `PURGED /a`: the catalogue has this path with `PURGE`",
                "declared, but not served:",
                "- `PURGE /a`: the router has this path with `PURGED`",
            ],
        ),
        // The route without text has its own handler, so the other one has none.
        (
            "",
            &[("POST", "/a/{id}"), ("POST", "/a/{id}:run")],
            &[("POST", "/a/{id}")],
            &[
                "declared, but not served:",
                "- `POST /a/{id}:run`: the router has `POST /a/{id}`, without the text beside the parameter",
            ],
        ),
    ] {
        assert_eq!(lines(base, declared, served), expected, "{declared:?} {served:?}");
    }
}

#[test]
fn nothing_unreadable_is_dropped() {
    let found = lines(
        "",
        &[("GET", "/a")],
        &[("GET", "/a"), ("GET", "/{a}-{b}"), ("G T", "/a"), ("CONNECT", "/a"), ("GET", "/\u{202e}\n")],
    );
    assert_eq!(found.len(), 5, "{found:?}");
    assert_eq!(found[0], "not readable:");
    for (line, begins) in
        found[1..].iter().zip(["- `GET /{a}-{b}`: ", "- `G T /a`: ", "- `CONNECT /a`: ", "- `GET /\\u{202e}\\n`: "])
    {
        assert!(line.starts_with(begins), "{line}");
        assert!(line.chars().all(|character| character == ' ' || character.is_ascii_graphic()), "{line:?}");
    }
}

#[test]
fn external_routes_may_be_served_elsewhere() {
    let mut declaration = Declaration::new("api");
    declaration.scope("users.read").route("GET", "/users");
    declaration.block(BlockKind::External("the proxy".into())).route("GET", "/login").route("GET", "/logout");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let found = catalogue.uncovered([("GET", "/users"), ("GET", "/login")]);
    assert!(found.is_empty());
    assert!(found.external().map(Route::path).eq(["/logout"]));
}

#[test]
fn another_base() {
    let catalogue = catalogue("/api", &[("GET", "/users"), ("GET", "/")]);
    assert!(catalogue.uncovered_at("/v2", [("GET", "/v2/users"), ("GET", "/v2")]).is_empty());
    assert!(catalogue.uncovered_at("", [("GET", "/users"), ("GET", "/")]).is_empty());
    assert_eq!(catalogue.uncovered_at("", [("GET", "/api/users"), ("GET", "/")]).undeclared().len(), 1);
}

/// How routers write a path of the catalogue.
fn spelled(path: &str, style: usize) -> String {
    let parameter = |segment: &str| {
        let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            return segment.into();
        };
        match (style, name.strip_prefix('*')) {
            (1, None) => format!(":{name}"),
            (1, Some(name)) => format!("*{name}"),
            (2, None) => format!("<{name}>"),
            (2, Some(name)) => format!("<{name}..>"),
            (3, None) => format!("{{{name}:[^/]+}}"),
            (3, Some(name)) => format!("{{{name}:.*}}"),
            (4, None) => "{x}".into(),
            _ => segment.into(),
        }
    };
    path.split('/').map(parameter).collect::<Vec<String>>().join("/")
}

proptest! {
    /// In whatever notation: all routes of a catalogue cover it, and without one of them exactly
    /// this one is missing.
    #[test]
    fn every_notation_and_every_gap(
        paths in prop::collection::btree_set("(/(users|v1|\\{a\\}|x)){1,3}(/\\{\\*r\\})?", 1..8),
        style in 0_usize..5,
        gap in 0_usize..8,
    ) {
        let is_sound = |path: &&String| path.matches("{a}").count() < 2;
        let paths: Vec<String> = paths.iter().filter(is_sound).cloned().collect();
        prop_assume!(!paths.is_empty());
        let declared: Vec<(&str, &str)> = paths.iter().map(|path| ("GET", &**path)).collect();
        let catalogue = catalogue("/api", &declared);
        let mut served: Vec<(&str, String)> =
            paths.iter().map(|path| ("GET", spelled(&format!("/api{path}"), style))).collect();
        let found = catalogue.uncovered(served.iter().map(|(method, path)| (*method, path)));
        prop_assert!(found.is_empty(), "{}", found);

        let removed = served.remove(gap % served.len());
        let found = catalogue.uncovered(served.iter().map(|(method, path)| (*method, path)));
        prop_assert_eq!(found.undeclared().len(), 0);
        let unserved: Vec<String> = found.unserved().map(|route| spelled(&route.template(), style)).collect();
        prop_assert_eq!(unserved, [removed.1]);
    }
}
