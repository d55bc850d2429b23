use super::form::same;
use super::*;
use std::borrow::ToOwned;
use std::string::String;

#[test]
fn paths_of_targets() {
    for (target, path) in [
        ("/a", Some("/a")),
        ("/a?b=/c", Some("/a")),
        ("/?", Some("/")),
        ("http://h", Some("/")),
        ("http://h?x", Some("/")),
        ("http://h/a?b", Some("/a")),
        ("//h/a", Some("//h/a")),
        ("*", None),
        ("", None),
        ("?x=/a", None),
        ("h:443", None),
        ("a/b", None),
        ("http:///a", None),
        ("1http://h/a", None),
    ] {
        assert_eq!(path_of(target.as_bytes()).ok(), path.map(str::as_bytes), "{target}");
    }
}

#[test]
fn every_segment_of_a_long_path_is_checked() {
    use crate::declaration::Declaration;
    let mut declaration = Declaration::new("api");
    let files = declaration.scope("files.read");
    files.route("GET", "/files/{*path}").route("GET", "/{key}/x/{*path}");
    files.routes[0].raw.push("path".into());
    files.routes[1].raw.push("key".into());
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let files = catalogue.route_by_template("GET", "/files/{*path}").unwrap();
    let keyed = catalogue.route_by_template("GET", "/{key}/x/{*path}").unwrap();
    for depth in [0, 28, 29, 30, 31, 32, 33, 100] {
        for (end, in_rest, behind_key) in [
            ("a", true, true),
            ("a%2Fb", true, false),
            ("a;b", true, false),
            ("..", false, false),
            ("%2e%2E", false, false),
            ("a b", false, false),
        ] {
            let deep = "a/".repeat(depth) + end;
            for (target, route, sound) in
                [("/files/".to_owned(), files, in_rest), ("/k%2Fk/x/".to_owned(), keyed, behind_key)]
            {
                let target = target + &deep;
                let checked = catalogue.check_target("", DEFAULT_TARGET_LIMIT, target.as_bytes(), Some(route));
                assert_eq!(checked.is_ok(), sound, "{target}");
                assert_eq!(catalogue.at("GET", target.as_bytes()).is_ok(), sound, "{target}");
            }
        }
    }
}

#[test]
fn a_query_changes_nothing() {
    use crate::declaration::Declaration;
    let mut declaration = Declaration::new("api");
    let scope = declaration.scope("things.read");
    scope.route("GET", "/").route("GET", "/users").route("GET", "/users/{id}").route("GET", "/users/{id}/posts");
    scope.route("POST", "/users/{id}:go").route("GET", "/files/{name}.json").route("GET", "/raw/{*rest}");
    scope.route("GET", "/a/{b}/c/d");
    scope.routes[6].raw.push("rest".into());
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let outcome = |base: &str, target: &str| {
        let found = catalogue.at_mounted(base, DEFAULT_TARGET_LIMIT, "GET", target.as_bytes());
        found.map(|matched| {
            let parameters = matched.parameters().map(|(name, value)| (name.to_owned(), value.into_owned()));
            (matched.route().path().to_owned(), parameters.collect::<std::vec::Vec<_>>())
        })
    };
    for path in [
        "",
        "/",
        "//",
        "/users",
        "/users/",
        "/users//",
        "/user",
        "/users/7",
        "/users/7/",
        "/users/7/posts",
        "/users/7/post",
        "/users/a%20b/posts",
        "/users/a_b/posts",
        "/users/7:go",
        "/files/a.json",
        "/files/.json",
        "/files/a.txt",
        "/raw/a/b;c/%2F",
        "/raw//",
        "/raw/..",
        "/users/../x",
        "/users/%zz",
        "/a//c/d",
        "/a/b/c",
        "/a/b/c/d",
        "/a/b/x/%",
        "/a/b;/c/d",
        "/nothing",
        "/nothing/;",
        "/nothing/.",
        "/users/0123456789abcdef0123456789abcdef/posts",
    ] {
        for base in ["", "/v1", "/api/v0", "/a/rather/long/base/path"] {
            let target = base.to_owned() + path;
            if target.is_empty() {
                continue;
            }
            let expected = outcome(base, &target);
            for query in ["?", "?a=/b/../c", "??", "?;%zz//", "?a\u{0}"] {
                assert_eq!(outcome(base, &(target.clone() + query)), expected, "{target}{query}");
            }
        }
    }
}

#[test]
fn bases_are_compared_whole() {
    for length in 1..40 {
        let base: String = "/abcdefghijklmnopqrstuvwxyzabcdefghijklmn".chars().take(length).collect();
        assert!(length == 1 || same(base.as_bytes(), base.as_bytes()), "{base}");
        for at in 0..length {
            let mut other = base.clone().into_bytes();
            other[at] ^= 1;
            assert!(!same(base.as_bytes(), &other), "{base} at {at}");
        }
    }
}
