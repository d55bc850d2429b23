//! Names of routes that the declaration does not name.

use std::borrow::ToOwned;

use super::errors::check;
use crate::compile::compile;
use crate::declaration::{Declaration, Place, RouteDeclaration};

/// Names that are given must differ, derived ones are numbered.
#[test]
fn route_names() {
    let names = |routes: &[(&str, &str, Option<&str>)]| {
        let mut declaration = Declaration::new("test");
        let scope = declaration.scope("a");
        for (method, path, name) in routes {
            let mut route = RouteDeclaration::new(method, path);
            route.trailing_slash = (path.len() > 1 && path.ends_with('/')).then_some(Place(1));
            route.name = name.map(Into::into);
            scope.routes.push(route);
        }
        let compiled = compile(&declaration);
        assert_eq!(compiled.errors, []);
        let names = compiled.catalogue.routes().map(|route| (route.path().to_owned(), route.name().to_owned()));
        names.collect::<std::collections::BTreeMap<_, _>>()
    };
    let expected =
        |pairs: &[(&str, &str)]| pairs.iter().map(|(path, name)| ((*path).to_owned(), (*name).to_owned())).collect();
    for (routes, expected) in [
        (
            &[("GET", "/emails", None), ("GET", "/emails/", None)][..],
            expected(&[("/emails", "get_emails"), ("/emails/", "get_emails_2")]),
        ),
        (
            &[("GET", "/earnings", None), ("GET", "/Earnings", None)],
            expected(&[("/Earnings", "get_earnings"), ("/earnings", "get_earnings_2")]),
        ),
        // A given name is never changed.
        (
            &[("GET", "/a-b", None), ("GET", "/a_b", None), ("GET", "/x", Some("get_a_b"))],
            expected(&[("/a-b", "get_a_b_2"), ("/a_b", "get_a_b_3"), ("/x", "get_a_b")]),
        ),
        // A derived name that ends in a number and collides with none is not changed either.
        (
            &[("GET", "/a-b", None), ("GET", "/a_b", None), ("GET", "/a/b/2", None), ("GET", "/x", Some("get_a_b_3"))],
            expected(&[("/a-b", "get_a_b"), ("/a/b/2", "get_a_b_2"), ("/a_b", "get_a_b_4"), ("/x", "get_a_b_3")]),
        ),
        // Names are numbered by method first.
        (&[("B-X", "/a", None), ("B", "/x/a", None)], expected(&[("/x/a", "b_x_a"), ("/a", "b_x_a_2")])),
    ] {
        let mut routes = routes.to_vec();
        for _ in 0..routes.len() {
            assert_eq!(names(&routes), expected, "{routes:?}");
            routes.rotate_left(1);
        }
        routes.reverse();
        assert_eq!(names(&routes), expected, "{routes:?}");
    }
    let build = |d: &mut Declaration| {
        let scope = d.scope("a").route("GET", "/x").route("GET", "/y").route("GET", "/x-y").route("GET", "/x_y");
        for route in scope.routes.iter_mut().take(2) {
            route.name = Some("get_x".into());
        }
    };
    check(build, &["two routes are named `get_x`, give one of them another name with `as`"]);
    check(
        |d| {
            d.routes = true;
            build(d);
        },
        &["two routes are named `get_x`", "two routes are named `get_x_y`"],
    );
}
