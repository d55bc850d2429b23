//! Dates and successors of what is deprecated.

use std::string::ToString as _;

use super::errors::check;
use crate::declaration::{At, BlockKind, Declaration, DeprecationDeclaration, Place, RouteDeclaration};
use crate::{Date, Deprecation, UntypedCatalogue};

fn deprecated(since: &str, sunset: &str, successor: &str) -> DeprecationDeclaration {
    let written = |text: &str| (!text.is_empty()).then(|| At::from(text));
    DeprecationDeclaration {
        reason: "why".into(),
        since: written(since),
        sunset: written(sunset),
        successor: written(successor),
    }
}

fn old_route(path: &str, deprecated: DeprecationDeclaration) -> RouteDeclaration {
    RouteDeclaration { deprecated: Some(deprecated), ..RouteDeclaration::new("GET", path) }
}

fn shown(deprecation: Option<Deprecation<'_>>) -> std::string::String {
    let date = |date: Option<Date>| date.map_or_else(|| "-".into(), |date| date.to_string());
    match deprecation {
        None => "none".into(),
        Some(found) => std::format!(
            "{} {} {} {}",
            found.reason(),
            date(found.since()),
            date(found.sunset()),
            found.successor().map_or("-", |scope| scope.name())
        ),
    }
}

#[test]
fn mistakes() {
    for (written, errors) in [
        (deprecated("2026-11-01", "2027-05-01", "a"), &[][..]),
        (deprecated("2026-11-01", "2026-11-01", ""), &[]),
        (
            deprecated("2026-11-02", "2026-11-01", ""),
            &["the sunset `2026-11-01` comes before the deprecation `2026-11-02`"],
        ),
        (
            deprecated("2026-13-01", "2026-02-30", ""),
            &["`2026-13-01` is not a date", "`2026-02-30` is not a date: month 2 of"],
        ),
        (deprecated("2.0", "", ""), &["`2.0` is not a date: a date is written as year"]),
        (deprecated("", "", "aa"), &["unknown scope `aa`, did you mean `a`?"]),
        (deprecated("", "", "g"), &["`g` is a group of scopes"]),
        (deprecated("", "", "before"), &["`before` is an old name, the scope is `a` today"]),
        (deprecated("", "", "gone"), &["`gone` is deprecated too"]),
    ] {
        let declare = |d: &mut Declaration| {
            d.scope("a").was.push("before".into());
            d.scope("g.read");
            d.scope("gone").deprecated = Some("".into());
        };
        check(
            |d| {
                declare(d);
                d.scope("b").deprecated = Some(written.clone());
            },
            errors,
        );
        check(
            |d| {
                declare(d);
                d.scope("b").routes.push(old_route("/b", written.clone()));
            },
            errors,
        );
        check(
            |d| {
                declare(d);
                d.block(BlockKind::Public("probe".into())).routes.push(old_route("/b", written.clone()));
            },
            errors,
        );
    }
}

#[test]
fn a_scope_does_not_replace_itself() {
    check(|d| d.scope("b").deprecated = Some(deprecated("", "", "b")), &["`b` cannot replace itself"]);
    check(
        |d| {
            let scope = d.scope("b:c");
            scope.deprecated = Some(deprecated("", "", "b.c"));
        },
        &["`b.c` cannot replace itself"],
    );
    // If successors form a cycle, each of them is deprecated.
    check(
        |d| {
            d.scope("b").deprecated = Some(deprecated("", "", "c"));
            d.scope("c").deprecated = Some(deprecated("", "", "b"));
        },
        &["`c` is deprecated too", "`b` is deprecated too"],
    );
    // A route may be replaced by another route of its scope.
    check(|d| d.scope("b").routes.push(old_route("/b", deprecated("", "", "b"))), &[]);
}

/// A route in several lists is one route, and a deprecation that was copied is one mistake.
#[test]
fn a_mistake_is_reported_once() {
    let mut written = deprecated("soon", "", "");
    written.since = Some(At::new("soon".into(), Place::new(7)));
    check(
        |d| {
            for scope in ["a", "b"] {
                d.scope(scope).routes.push(old_route("/x", written.clone()));
            }
        },
        &["`soon` is not a date"],
    );
}

#[test]
fn views() {
    let mut declaration = Declaration::new("api");
    declaration.scope("new");
    declaration.scope("old").deprecated = Some(deprecated("2026-11-01", "2027-05-01", "new"));
    declaration.scope("short").deprecated = Some("why".into());
    let scope = declaration.scope("mixed");
    scope.routes.push(RouteDeclaration::new("GET", "/today"));
    scope.routes.push(old_route("/old", deprecated("", "9999-12-31", "")));
    scope.routes.push(old_route("/older", deprecated("1970-01-01", "", "new")));
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let scopes: std::vec::Vec<_> = catalogue.scopes().map(|scope| shown(scope.deprecation())).collect();
    assert_eq!(scopes, ["none", "why 2026-11-01 2027-05-01 new", "why - - -", "none"]);
    let routes: std::vec::Vec<_> = catalogue.routes().map(|route| shown(route.deprecation())).collect();
    assert_eq!(routes, ["none", "why - 9999-12-31 -", "why 1970-01-01 - new"]);
}

/// A route is deprecated with its scopes only if no other scope opens it.
#[test]
fn routes_of_deprecated_scopes() {
    let mut declaration = Declaration::new("api");
    declaration.scope("today").route("GET", "/both").route("GET", "/today");
    for (scope, since, sunset, successor) in [
        ("early", "2026-01-01", "2027-01-01", "today"),
        ("late", "2026-06-01", "2028-01-01", ""),
        ("open", "2026-03-01", "", "today"),
        ("short", "", "", ""),
    ] {
        let scope = declaration.scope(scope);
        scope.deprecated = Some(deprecated(since, sunset, successor));
        scope.route("GET", "/both");
    }
    let all = |names: &[&str]| BlockKind::All(names.iter().map(|name| (*name).into()).collect());
    for (path, alternatives) in [
        ("/early", &[&["early"][..]][..]),
        ("/early-or-late", &[&["early"], &["late"]]),
        ("/early-and-late", &[&["early", "late"]]),
        ("/early-and-today", &[&["early", "today"]]),
        ("/early-or-open", &[&["early"], &["open"]]),
        ("/early-or-short", &[&["early"], &["short"]]),
        ("/own", &[&["early"]]),
    ] {
        for names in alternatives {
            let mut route = RouteDeclaration::new("GET", path);
            route.deprecated = (path == "/own").then(|| "own".into());
            match names {
                [name] => {
                    let named = declaration.items.iter_mut().find_map(|item| match item {
                        crate::declaration::Item::Scope(scope) if scope.name.value == *name => Some(scope),
                        _ => None,
                    });
                    named.unwrap().routes.push(route);
                }
                names => declaration.block(all(names)).routes.push(route),
            }
        }
    }
    declaration.block(BlockKind::Public("probe".into())).route("GET", "/public");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    for (path, expected) in [
        ("/both", "none"),
        ("/today", "none"),
        ("/public", "none"),
        ("/early", "why 2026-01-01 2027-01-01 today"),
        ("/early-or-late", "why 2026-06-01 2028-01-01 -"),
        ("/early-and-late", "why 2026-01-01 2027-01-01 today"),
        ("/early-and-today", "why 2026-01-01 2027-01-01 today"),
        ("/early-or-open", "why 2026-03-01 - today"),
        ("/early-or-short", "why - - -"),
        ("/own", "own - - -"),
    ] {
        let route = catalogue.route_by_template("GET", path).unwrap();
        assert_eq!(shown(route.effective_deprecation()), expected, "{path}");
        // A reason alone has no date to send.
        assert_eq!(route.is_announced(), !expected.ends_with("- - -") && expected != "none", "{path}");
    }
}
