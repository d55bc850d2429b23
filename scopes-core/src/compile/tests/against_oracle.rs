//! Compares the automaton with the oracle on random catalogues.

use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec;
use std::vec::Vec;

use proptest::prelude::*;

use crate::catalogue::UntypedCatalogue;
use crate::compile::automaton::Automaton;
use crate::compile::{compile, compile_as};
use crate::declaration::{Declaration, Place, RouteDeclaration};
use crate::matcher::DEFERRED_ROW;
use crate::oracle::{self, Answer};
use crate::route::{NoRoute, RouteMatch};
use crate::target::DEFAULT_TARGET_LIMIT;
use crate::template::Template;

fn expected(routes: &[oracle::Route], method: &str, path: &str) -> Answer {
    oracle::answer(routes, "", DEFAULT_TARGET_LIMIT, method, path.as_bytes())
}

fn compiled(catalogue: &UntypedCatalogue, method: &str, path: &str) -> Answer {
    answer(catalogue, &catalogue.at(method, path.as_bytes()))
}

/// The result of a look-up in the oracle's form.
pub(super) fn answer(catalogue: &UntypedCatalogue, found: &Result<RouteMatch<'_, '_>, NoRoute>) -> Answer {
    match found {
        Ok(found) => {
            let route = found.route();
            let captures = route.parameters().map(|parameter| {
                (parameter.name.to_owned(), found.raw_parameter(parameter.name).map(<[u8]>::to_vec).unwrap_or_default())
            });
            Answer::Route(usize::from(route.id().0), captures.collect())
        }
        Err(NoRoute::Malformed(_)) => Answer::Malformed,
        Err(NoRoute::NotFound) => Answer::NotFound,
        Err(NoRoute::MethodNotAllowed(set)) => {
            Answer::NotAllowed(catalogue.method_names(*set).map(String::from).collect())
        }
        Err(NoRoute::TooLong) => Answer::TooLong,
    }
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(&["a", "b", "ab", "abc", "users", "userGroups", "longer-literal-segment", "a:b"][..])
            .prop_map(String::from),
        3 => Just("{p}".into()),
        2 => prop::sample::select(&["v{p}", "{p}:b", "a{p}b", "a{p}", "{p}b", "ab{p}", "{p}bc"][..]).prop_map(String::from),
    ]
}

fn path() -> impl Strategy<Value = String> {
    (prop::collection::vec(segment(), 0..5), 0..8_u8).prop_map(|(segments, ending)| {
        let mut path = String::new();
        for (index, segment) in segments.iter().enumerate() {
            path.push('/');
            path.push_str(&segment.replace("{p}", &format!("{{p{index}}}")));
        }
        match ending {
            0 => path + "/{*rest}",
            1 if !path.is_empty() => path + "/",
            _ if path.is_empty() => "/".into(),
            _ => path,
        }
    })
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(&["a", "b", "ab", "abc", "bc", "v", "vb", "aab", "users", "userGroup", "longer-literal-segment", "a:b", ":b", "x"][..])
            .prop_map(String::from),
        1 => Just(String::new()),
        1 => prop::sample::select(&["%41", "%2F", ".", "..", "%2e", "a;b", "%zz", "a%20b", "%20", "é", "a b", "..."][..]).prop_map(String::from),
        1 => "[a-z0-9-]{1,40}",
    ]
}

fn declare(routes: &[(&'static str, String)]) -> Declaration {
    let mut declaration = Declaration::new("test");
    for (index, (method, path)) in routes.iter().enumerate() {
        let mut route = RouteDeclaration::new(method, path);
        route.trailing_slash = (path.len() > 1 && path.ends_with('/')).then_some(Place::default());
        declaration.scope(&format!("s{index}")).routes.push(route);
    }
    declaration
}

/// Routes with text around a parameter, with a bare parameter, and with more segments after it.
fn around_affixes() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let first = prop::sample::select(
        &["/{p}", "/{p}/", "/v{p}", "/{p}:b", "/{p}b", "/a{p}", "/ab{p}:b", "/ab", "/{p}:b/a", "/a:b/b"][..],
    );
    let after = prop::sample::select(
        &["/a", "/b", "/ab/{q}", "/users", "/users/{q}:b", "/users/{q}", "/users/a/b", "/{q}/abc", "/{q}:b", "/b/"][..],
    );
    let methods = || prop::sample::select(&["GET", "POST"][..]);
    let text = prop::collection::vec((methods(), first), 1..6);
    let following = prop::collection::vec((methods(), after), 4..12);
    (text, following, any::<bool>()).prop_map(|(text, following, deep)| {
        let start = if deep { "/users/{o}" } else { "" };
        let text = text.into_iter().map(|(method, end)| (method, format!("{start}{end}")));
        text.chain(following.into_iter().map(|(method, end)| (method, format!("{start}/{{p}}{end}")))).collect()
    })
}

/// Paths of some of those routes.
fn along_affixes() -> impl Strategy<Value = Vec<String>> {
    let start = prop::sample::select(&["", "users/x", "users/a", "users/550e8400-e29b-41d4-a716-446655440000"][..]);
    (start, prop::collection::vec(value(), 1..4)).prop_map(|(start, values)| {
        let start = start.split('/').filter(|segment| !segment.is_empty()).map(String::from);
        start.chain(values).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn automaton_agrees_with_the_oracle(
        routes in prop::collection::vec((prop::sample::select(&["GET", "HEAD", "POST", "DELETE"][..]), path()), 1..14),
        targets in prop::collection::vec((prop::sample::select(&["GET", "HEAD", "POST", "PUT"][..]), prop::collection::vec(value(), 0..6)), 24),
    ) {
        agree(&routes, &targets)?;
    }

    #[test]
    fn paths_past_affixes_agree_with_the_oracle(
        routes in around_affixes(),
        targets in prop::collection::vec((prop::sample::select(&["GET", "HEAD", "POST"][..]), along_affixes()), 32),
    ) {
        agree(&routes, &targets)?;
    }
}

#[test]
fn affixes_are_passed_where_only_the_end_of_a_path_asks_for_them() {
    let after = |count: usize| (0..count).map(|index| ("GET", format!("/r/{{o}}/{{r}}/x{index}/{{y}}")));
    let is_passed = |routes: &[(&'static str, String)]| {
        let targets =
            ["a:b", ":b", "a", "a:b?x", "a?x", "%61", "a%3Ab", "a:b/", "a/", "a//x1", "a:b/x1/7", ":b/x1/7", "a/x1/:b"];
        let segments =
            |target: &&str| ["r".into(), "550e8400-e29b-41d4-a716-446655440000".into(), (*target).into()].into();
        let targets: Vec<(&str, Vec<String>)> =
            targets.iter().flat_map(|target| [("GET", segments(target)), ("POST", segments(target))]).collect();
        let catalogue = agree(routes, &targets).unwrap_or_else(|error| panic!("{error}"));
        catalogue.parts.tables.nodes.iter().any(|node| node.accept == DEFERRED_ROW)
    };
    let affix = || ("POST", String::from("/r/{o}/{r}:b"));
    for (more, following, expected) in [
        (vec![affix()], 8, true),
        (vec![affix(), ("GET", "/r/{o}/{r}".into())], 8, true),
        (vec![affix(), ("GET", "/r/{o}/{r}".into()), ("GET", "/r/{o}/v{r}".into())], 8, true),
        // The number of routes that end there equals the number of routes that continue.
        (vec![affix(), ("GET", "/r/{o}/{r}".into()), ("GET", "/r/{o}/{r}:c".into())], 1, false),
        // A slash may follow any segment.
        (vec![affix(), ("GET", "/r/{o}/{r}/".into())], 8, true),
        // Something follows the text alone.
        (vec![("POST", "/r/{o}/{r}:b/x".into())], 8, false),
        (vec![("POST", "/r/{o}/{r}:b/".into())], 8, false),
        (vec![], 8, false),
        // Nothing but the text.
        (vec![affix()], 0, false),
    ] {
        let routes: Vec<_> = more.into_iter().chain(after(following)).collect();
        assert_eq!(is_passed(&routes), expected, "{routes:?}");
    }
}

/// Looks up the targets, and one target of each route, in merged tables and in a plain trie.
fn agree(
    routes: &[(&'static str, String)],
    targets: &[(&str, Vec<String>)],
) -> Result<UntypedCatalogue, TestCaseError> {
    let declaration = declare(routes);
    // Mistakes (same shape, derived names) are dropped by the compiler; what is left must
    // match.
    let catalogue = compile(&declaration).catalogue;
    let unmerged = compile_as(&declaration, Automaton::of_trie).catalogue;
    prop_assert!(!unmerged.parts().tables.trie.is_empty());
    let known: Vec<oracle::Route> = catalogue
        .routes()
        .map(|route| oracle::Route { method: route.method().into(), path: route.path().into(), raw: Vec::new() })
        .collect();
    for (method, segments) in targets {
        let target = format!("/{}", segments.join("/"));
        let expected = self::expected(&known, method, &target);
        prop_assert_eq!(&compiled(&catalogue, method, &target), &expected, "{} {}", method, target);
        prop_assert_eq!(&compiled(&unmerged, method, &target), &expected, "unmerged: {} {}", method, target);
        // The query never changes the result.
        for query in ["?", "?a=/b/../c;%zz//"] {
            let queried = target.clone() + query;
            prop_assert_eq!(&compiled(&catalogue, method, &queried), &expected, "{} {}", method, queried);
            prop_assert_eq!(&compiled(&unmerged, method, &queried), &expected, "unmerged: {} {}", method, queried);
        }
    }
    for route in catalogue.routes() {
        let target = Template::parse(route.path()).unwrap().example(|_| "zz".into());
        prop_assert_eq!(compiled(&catalogue, route.method(), &target), expected(&known, route.method(), &target));
        prop_assert_eq!(catalogue.route_by_template(route.method(), &route.template()), Some(route));
    }
    for overlap in catalogue.overlaps() {
        let found = catalogue.at(&overlap.method, overlap.witness.as_bytes()).map(|found| found.route().template());
        prop_assert_eq!(found.as_ref(), Ok(&overlap.winner));
        for template in [&overlap.winner, &overlap.loser] {
            prop_assert!(oracle::takes(template, &overlap.witness));
        }
    }
    Ok(catalogue)
}
