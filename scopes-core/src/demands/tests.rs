//! Tests the rule with examples, and against an oracle that tries every route in turn.

use std::collections::BTreeSet;
use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use super::*;
use crate::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};
use crate::set::Words as _;
use crate::tenant::Tenants;

/// A catalogue of routes that all demand one scope.
fn catalogue(routes: &[(&str, &str)]) -> Option<UntypedCatalogue> {
    let mut declaration = Declaration::new("api");
    let scope = declaration.scope("all");
    for (method, path) in routes {
        scope.route(method, path);
        if path.len() > 1 && path.ends_with('/') {
            scope.routes.last_mut().unwrap().trailing_slash = Some(Place::default());
        }
    }
    UntypedCatalogue::from_declaration(&declaration).ok()
}

fn demanded(catalogue: &UntypedCatalogue, method: &str, path: &str, own: &str, template: Option<&str>) -> Vec<String> {
    let own = catalogue.route_by_template(method, own).and_then(|route| route.at_path(path.as_bytes()));
    let demands = Demands::of(method, own.unwrap(), template);
    demands.iter().map(|demand| demand.route().path().to_owned()).collect()
}

#[test]
fn routes_that_a_path_can_be_read_as() {
    let files = catalogue(&[
        ("GET", "/{*page}"),
        ("GET", "/users/{id}"),
        ("GET", "/users/export"),
        ("GET", "/users/{id}.secret"),
        ("GET", "/users/x{id}"),
        ("GET", "/reports/{*file}"),
        ("GET", "/users/{id}/tags/"),
        ("POST", "/users/import"),
        ("HEAD", "/users/x{id}"),
    ])
    .unwrap();
    let (page, id, export, secret, x) =
        ("/{*page}", "/users/{id}", "/users/export", "/users/{id}.secret", "/users/x{id}");
    let reports = "/reports/{*file}";
    for (path, own, template, expected) in [
        // The path has one reading.
        ("/users/7", id, Some(id), &[id][..]),
        ("/users/7", id, None, &[id]),
        ("/users/a%40b", id, Some(id), &[id]),
        ("/users/export", export, Some(export), &[export]),
        ("/about", page, Some(page), &[page]),
        ("/my%20page", page, Some(page), &[page]),
        ("/caf%C3%A9", page, Some(page), &[page]),
        ("/users/7.secret", secret, Some(secret), &[secret]),
        ("/users/7/tags/", "/users/{id}/tags/", Some("/users/{id}/tags/"), &["/users/{id}/tags/"]),
        ("/users/%37", id, Some(id), &[id]),
        ("/users/import", id, Some(id), &[id]),
        // The router does not support the text beside the parameter.
        ("/users/7.secret", id, Some(id), &[id, secret]),
        ("/users/7%2Esecret", id, Some(id), &[id, secret]),
        ("/users/.secret", id, Some(id), &[id, secret]),
        ("/users/x7.secret", id, Some(id), &[id, secret, x]),
        ("/users/x7", secret, Some(id), &[secret, x, id]),
        ("/users/x", id, Some(id), &[id, x]),
        // A router below the parameter or the rest may match a narrower route.
        ("/users/export", id, Some(id), &[id, export]),
        ("/users/export", page, Some(page), &[page, export, id]),
        ("/users/7", page, Some(page), &[page, id]),
        ("/reports/a", page, Some(page), &[page, reports]),
        ("/reports/", page, Some(page), &[page]),
        // An escape replaces a letter of the literal.
        ("/users/%65xport", id, Some(id), &[id, export]),
        ("/users/%65xport", id, None, &[id, export]),
        ("/%72eports/a", page, None, &[page, reports]),
        ("/%72eports/a", page, Some(page), &[page, reports]),
        // The path is split first and decoded only once.
        ("/users/%2565xport", id, Some(id), &[id]),
        ("/users%2Fexport", page, Some(page), &[page]),
        ("/users/export%00", id, Some(id), &[id]),
        ("/users/%", id, Some(id), &[id]),
        // The path has more segments than a template can have.
        ("/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a", page, Some(page), &[page]),
    ] {
        let mut found = demanded(&files, "GET", path, own, template);
        let first = found.remove(0);
        let expected: (&str, BTreeSet<&str>) = (expected[0], expected[1..].iter().copied().collect());
        assert_eq!((&*first, found.iter().map(|path| &**path).collect()), expected, "{path} for {own}, {template:?}");
    }
    // HEAD has its own route for one shape, and uses the route of GET for all others.
    assert_eq!(demanded(&files, "HEAD", "/users/export", id, Some(id)), [id, export]);
    let x_head =
        Demands::of("HEAD", files.route_by_template("HEAD", id).unwrap().at_path(b"/users/x7").unwrap(), Some(id));
    let methods: Vec<&str> = x_head.iter().map(|demand| demand.route().method()).collect();
    assert_eq!(methods, ["GET", "HEAD"]);
}

#[test]
fn a_template_that_is_wider_than_the_own_route() {
    // The catalogue has no route with the router's template.
    let texts = catalogue(&[("GET", "/n/x{name}"), ("GET", "/n/{name}.secret")]).unwrap();
    let own = texts.at("GET", b"/n/xa.secret").unwrap();
    let paths = |template| {
        let demands = Demands::of("GET", own, template);
        demands.iter().map(|demand| demand.route().path()).collect::<Vec<_>>()
    };
    assert_eq!(paths(Some("/n/{name}")), ["/n/{name}.secret", "/n/x{name}"]);
    assert_eq!(paths(Some("/n/{name}.secret")), ["/n/{name}.secret"]);
    assert_eq!(paths(None), ["/n/{name}.secret"]);
}

#[test]
fn texts_without_a_value() {
    // The strict matcher takes the route with the bare parameter, but a handler may see the text
    // with an empty value.
    let routes = catalogue(&[("GET", "/{id}/y"), ("GET", "/x{id}/y"), ("GET", "/x")]).unwrap();
    let found = routes.at("GET", b"/x/y").unwrap();
    assert_eq!(found.route().path(), "/{id}/y");
    let paths = |demands: &Demands<'_, '_>| -> Vec<String> {
        demands.iter().map(|demand| demand.route().path().to_owned()).collect()
    };
    assert_eq!(paths(&Demands::of("GET", found, None)), ["/{id}/y", "/x{id}/y"]);
}

/// A deterministic sequence of small numbers (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }
}

fn random_template(random: &mut Random) -> String {
    let mut path = String::new();
    for index in 0..1 + random.below(3) {
        path += &match random.below(8) {
            0..=2 => format!("/{}", random.pick(&["a", "b", "x", "me", ".y"])),
            3 | 4 => format!("/{{p{index}}}"),
            5 => format!("/x{{p{index}}}"),
            6 => format!("/{{p{index}}}.y"),
            _ => {
                path += &format!("/{{*p{index}}}");
                return path;
            }
        };
    }
    if random.below(6) == 0 { path + "/" } else { path }
}

fn random_path(random: &mut Random) -> String {
    let values =
        ["a", "b", "x", "me", ".y", "x7", "7.y", "x7.y", "7", "%61", "%78", "x%2Ey", "%2ey", "m%65", "%zz", "%40", ""];
    let mut path = String::new();
    for _ in 0..1 + random.below(4) {
        path += &format!("/{}", random.pick(&values));
    }
    if random.below(8) == 0 { path + "/" } else { path }
}

mod oracle {
    //! Computes the rule a second time, in the plainest way and without the code under test.

    use std::borrow::ToOwned;
    use std::string::String;
    use std::vec::Vec;

    fn decoded(segment: &str) -> String {
        let mut out = Vec::new();
        let mut rest = segment.as_bytes();
        while let [byte, tail @ ..] = rest {
            rest = tail;
            if *byte != b'%' {
                out.push(*byte);
                continue;
            }
            let escape =
                rest.get(..2).and_then(|digits| u8::from_str_radix(core::str::from_utf8(digits).ok()?, 16).ok());
            let Some(octet) = escape else { return segment.to_owned() };
            out.push(octet);
            rest = &rest[2..];
        }
        String::from_utf8(out).unwrap()
    }

    pub(super) fn shape(path: &str) -> String {
        let outside = path.split('{').map(|part| {
            part.split_once('}').map_or(part, |(name, text)| if name.starts_with('*') { "REST" } else { text })
        });
        outside.collect::<Vec<_>>().join("{}")
    }

    pub(super) fn fits(template: &str, path: &str) -> bool {
        let path: Vec<String> = path[1..].split('/').map(decoded).collect();
        let template: Vec<&str> = template[1..].split('/').collect();
        for (index, segment) in template.iter().enumerate() {
            let Some(value) = path.get(index) else { return false };
            let Some((prefix, rest)) = segment.split_once('{') else {
                if value != segment {
                    return false;
                }
                continue;
            };
            if rest.starts_with('*') {
                return !value.is_empty();
            }
            let suffix = rest.split_once('}').unwrap().1;
            let fits = value.strip_prefix(prefix).and_then(|value| value.strip_suffix(suffix));
            if fits.is_none_or(|inner| inner.is_empty() && prefix.is_empty() && suffix.is_empty()) {
                return false;
            }
        }
        path.len() == template.len()
    }

    /// Kind, length of the literal text, length of the text before the parameter. The least rank
    /// comes first in precedence.
    pub(super) fn rank(template: &str) -> Vec<(u8, isize, isize)> {
        let of_segment = |segment: &str| match segment.split_once('{') {
            None => (0, 0, 0),
            Some((_, rest)) if rest.starts_with('*') => (2, 0, 0),
            Some((prefix, rest)) => {
                let suffix = rest.split_once('}').unwrap().1;
                (1, -((prefix.len() + suffix.len()) as isize), -(prefix.len() as isize))
            }
        };
        template[1..].split('/').map(of_segment).collect()
    }

    pub(super) fn lies_within(route: &str, template: &str) -> bool {
        let (route, template): (Vec<&str>, Vec<&str>) =
            (route[1..].split('/').collect(), template[1..].split('/').collect());
        for (index, segment) in template.iter().enumerate() {
            let Some(mine) = route.get(index) else { return false };
            if segment.starts_with("{*") {
                return !mine.is_empty();
            }
            let alike =
                if segment.contains('{') { !mine.starts_with("{*") && !mine.is_empty() } else { mine == segment };
            if !alike {
                return false;
            }
        }
        route.len() == template.len()
    }
}

#[test]
fn random_catalogues_against_the_oracle() {
    let (mut several, mut escaped, mut single) = (0, 0, 0);
    for seed in 0..3_000 {
        let random = &mut Random(seed);
        let mut routes: Vec<(&str, String)> = Vec::new();
        for _ in 0..2 + random.below(5) {
            let (method, path) = (random.pick(&["GET", "GET", "GET", "HEAD", "POST"]), random_template(random));
            if !routes.iter().any(|known| known.0 == method && oracle::shape(&known.1) == oracle::shape(&path)) {
                routes.push((method, path));
            }
        }
        let routes: Vec<(&str, &str)> = routes.iter().map(|(method, path)| (*method, path.as_str())).collect();
        let Some(catalogue) = catalogue(&routes) else { continue };
        for _ in 0..40 {
            let (method, path) = (random.pick(&["GET", "GET", "HEAD", "POST"]), random_path(random));
            let is_of_method = |route: &(&str, &str)| {
                let has_own =
                    |shape: &str| routes.iter().any(|other| other.0 == "HEAD" && oracle::shape(other.1) == shape);
                route.0 == method || method == "HEAD" && route.0 == "GET" && !has_own(&oracle::shape(route.1))
            };
            let mut fitting: Vec<&str> = (routes.iter().filter(|route| is_of_method(route)))
                .map(|route| route.1)
                .filter(|template| oracle::fits(template, &path))
                .collect();
            fitting.sort_by_key(|template| oracle::rank(template));
            let read = catalogue.read_as(method, &DecodedSegments::of(path.as_bytes()));
            assert_eq!(
                read.iter().map(|route| route.path()).collect::<Vec<_>>(),
                fitting,
                "{method} {path} of {routes:?}"
            );

            // Tests the route that the catalogue finds, and each template that a router may have.
            let found = catalogue.at(method, path.as_bytes());
            let of_find = found.ok().map(|own| (own, None));
            let (_, template) = routes[random.below(routes.len())];
            let by_template = catalogue.route_by_template(method, template);
            let own = by_template.and_then(|route| route.at_path(path.as_bytes()));
            for (own, template) in of_find.into_iter().chain(own.map(|own| (own, Some(template)))) {
                let route = own.route().path();
                let best = fitting.first().copied();
                let mut expected = BTreeSet::from([route]);
                if best.is_some_and(|best| best != route) {
                    expected.extend(best);
                    if let Some(template) = template {
                        expected.extend(fitting.iter().filter(|other| oracle::lies_within(other, template)));
                    }
                }
                let demands = Demands::of(method, own, template);
                let found: BTreeSet<&str> = demands.iter().map(|demand| demand.route().path()).collect();
                assert_eq!(found, expected, "{method} {path} as {route}, router's {template:?}, of {routes:?}");
                several += usize::from(found.len() > 1);
                escaped += usize::from(found.len() > 1 && path.contains('%'));
                single += usize::from(own.is_only_reading());
            }
        }
    }
    assert!(several > 1_000 && escaped > 300 && single > 1_000, "{several} {escaped} {single}");
}

/// Routes with every kind of access and tenancy that match `/files/notes`, in addition to the own
/// route.
fn kinds() -> UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    declaration.tenant = Some(At::new("t".into(), Place::default()));
    let without = |method: &str, path: &str, tenancy| {
        let mut route = RouteDeclaration::new(method, path);
        route.tenancy = Some(At::new(tenancy, Place::default()));
        route
    };
    let global = || TenancyDeclaration::Global("x".into());
    let unbound = || TenancyDeclaration::Unbound("x".into());
    declaration
        .scope("files.read")
        .routes
        .extend([without("GET", "/files/{*rest}", global()), without("POST", "/files/{*rest}", global())]);
    let notes = declaration.scope("notes.read");
    notes.routes.push(without("GET", "/files/notes/{id}", unbound()));
    notes.routes.push(without("GET", "/open/notes/{id}", unbound()));
    declaration.scope("docs.read").route("GET", "/files/{t}/docs");
    declaration
        .block(BlockKind::External("signed".into()))
        .route("GET", "/files/hooks/{id}")
        .route("GET", "/open/hooks/{id}");
    declaration.block(BlockKind::Public("help".into())).route("GET", "/files/help/{id}").route("GET", "/open/{*rest}");
    let me = declaration.block(BlockKind::Authenticated("who".into()));
    me.routes.push(without("GET", "/open/me/{id}", global()));
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

#[test]
fn verdicts_on_other_readings() {
    let catalogue = kinds();
    let verdict = |path: &str, template: &str, scopes: &[u16], tenant: Option<&str>, is_known: bool| {
        let own = catalogue.route_by_template("GET", template).unwrap().at_path(path.as_bytes()).unwrap();
        let mut words = <[u64; 1]>::EMPTY;
        scopes.iter().for_each(|scope| words[0] |= 1 << scope);
        let tenants = tenant.map_or(Tenants::None, |tenant| Tenants::only([tenant]).unwrap());
        let holder = Holder { scopes: &words, tenants: &tenants };
        let caller = if is_known { CallerStatus::Granted(holder) } else { CallerStatus::Absent };
        let demands = Demands::of("GET", own, Some(template));
        let denials = demands.iter().filter_map(|demand| Some((demand.verdict(&caller).err()?, demand.route())));
        let denied = denials.min_by_key(|(denial, _)| denial.order());
        assert_eq!(denied.is_none(), demands.are_met(&caller));
        // An anonymous caller gets what the grant allows on scoped routes, and 401 on others.
        let anonymous = CallerStatus::Anonymous(holder);
        for demand in demands.iter() {
            let is_open = match demand.route().access() {
                Access::Public(_) => true,
                Access::Scoped => demand.verdict(&CallerStatus::Granted(holder)).is_ok(),
                Access::Authenticated(_) | Access::External(_) => false,
            };
            let expected = if is_open { Ok(()) } else { Err(Denial::CredentialsAbsent) };
            assert_eq!(demand.verdict(&anonymous), expected, "anonymous: {path} as {}", demand.route());
        }
        denied.map_or_else(|| "ok".to_owned(), |(denial, route)| format!("{} {}", denial.status(), route.path()))
    };
    const FILES: u16 = 0;
    const NOTES: u16 = 1;
    const DOCS: u16 = 2;
    let (files, open) = ("/files/{*rest}", "/open/{*rest}");
    for (path, template, scopes, tenant, is_known, expected) in [
        ("/files/a", files, &[FILES][..], None, true, "ok"),
        ("/files/a", files, &[], None, false, "401 /files/{*rest}"),
        // Unbound: the handler of the scoped own route has a permit and can compare.
        ("/files/notes/7", files, &[FILES], None, true, "403 /files/notes/{id}"),
        ("/files/notes/7", files, &[FILES, NOTES], None, true, "ok"),
        ("/open/notes/7", open, &[], None, false, "401 /open/notes/{id}"),
        ("/open/notes/7", open, &[NOTES], None, true, "404 /open/notes/{id}"),
        ("/open/notes/7", open, &[], None, true, "404 /open/notes/{id}"),
        // Another service checks the caller.
        ("/files/hooks/7", files, &[FILES], None, true, "404 /files/hooks/{id}"),
        ("/open/hooks/7", open, &[], None, false, "401 /open/hooks/{id}"),
        ("/open/hooks/7", open, &[FILES], None, true, "404 /open/hooks/{id}"),
        // The route is open to all callers.
        ("/files/help/7", files, &[FILES], None, true, "ok"),
        ("/files/help/7", files, &[], None, true, "403 /files/{*rest}"),
        ("/open/me/7", open, &[], None, false, "401 /open/me/{id}"),
        ("/open/me/7", open, &[], None, true, "ok"),
        // Bound: the tenant is the decoded segment.
        ("/files/E1/docs", files, &[FILES, DOCS], Some("E1"), true, "ok"),
        ("/files/%451/docs", files, &[FILES, DOCS], Some("E1"), true, "ok"),
        ("/files/E2/docs", files, &[FILES, DOCS], Some("E1"), true, "403 /files/{t}/docs"),
        ("/files/E1/docs", files, &[FILES], Some("E1"), true, "403 /files/{t}/docs"),
        ("/files/E1/docs", files, &[DOCS], Some("E1"), true, "403 /files/{*rest}"),
    ] {
        assert_eq!(verdict(path, template, scopes, tenant, is_known), expected, "{path} {scopes:?} {tenant:?}");
    }
}

#[test]
fn one_alternative_for_all_routes() {
    let catalogue = kinds();
    let own = catalogue.route_by_template("GET", "/files/{*rest}").unwrap().at_path(b"/files/E1/docs").unwrap();
    let demands = Demands::of("GET", own, Some("/files/{*rest}"));
    let (words, tenants) = ([0_u64], Tenants::None);
    let holder = Holder { scopes: &words, tenants: &tenants };
    let united = demands.united(None, &holder);
    assert_eq!(united.display(&catalogue).to_string(), "docs.read files.read");
    let annotation = Requirement::from_alternatives(alloc::vec![alloc::vec![ScopeId(1)]], &catalogue);
    assert_eq!(demands.united(Some(&annotation), &holder).display(&catalogue).to_string(), "docs.read notes.read");
}

/// The text after a parameter may begin with a hexadecimal digit, which is the end of an escape in
/// the raw path. The strict matcher reads it as the text, but the decoded segment does not contain
/// it.
#[test]
fn text_that_is_the_end_of_an_escape() {
    let routes = catalogue(&[("GET", "/u/{id}data"), ("GET", "/u/{id}")]).unwrap();
    let found = routes.at("GET", b"/u/x%4data").unwrap();
    assert_eq!(found.route().path(), "/u/{id}data");
    let demands = Demands::of("GET", found, None);
    let paths: Vec<&str> = demands.iter().map(|demand| demand.route().path()).collect();
    // The decoded segment is `xMata`.
    assert_eq!(paths, ["/u/{id}data", "/u/{id}"]);
}
