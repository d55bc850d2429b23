//! A matcher that anyone can check by reading, against the automaton.

use std::borrow::ToOwned;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use crate::catalogue::Catalogue;
use crate::compile::automaton::Automaton;
use crate::compile::{compile, compile_as};
use crate::declaration::{Declaration, Place, RouteDeclaration};
use crate::octets;
use crate::route::NoRoute;
use crate::template::{Segment, Template, compare_segments};

/// What a request comes to: the route and its raw captures, or the refusal with the methods of `Allow`.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Route(String, Vec<(String, Vec<u8>)>),
    Malformed,
    NotFound,
    NotAllowed(BTreeSet<String>),
}

fn naive_match(template: &Template, path: &str) -> Option<Vec<(String, Vec<u8>)>> {
    if path == "/" {
        return (template.segments().is_empty()).then(Vec::new);
    }
    let mut segments: Vec<&str> = path[1..].split('/').collect();
    let slash = segments.last() == Some(&"");
    if slash {
        segments.pop();
    }
    if segments.contains(&"") || slash != template.trailing_slash() {
        return None;
    }
    let mut captures = Vec::new();
    let mut at = 0;
    for segment in template.segments() {
        let value = *segments.get(at)?;
        match segment {
            Segment::Literal(text) if text == value => {}
            Segment::Literal(_) => return None,
            Segment::Parameter { prefix, name, suffix } => {
                let inner = value.strip_prefix(prefix.as_str())?.strip_suffix(suffix.as_str())?;
                if inner.is_empty() {
                    return None;
                }
                captures.push((name.clone(), inner.into()));
            }
            Segment::Rest { name } => {
                captures.push((name.clone(), segments[at..].join("/").into_bytes()));
                at = segments.len() - 1;
            }
        }
        at += 1;
    }
    (at == segments.len()).then_some(captures)
}

fn compare(a: &Template, b: &Template) -> Ordering {
    let by_segment = a.segments().iter().zip(b.segments()).map(|(a, b)| compare_segments(a, b));
    by_segment.fold(Ordering::Equal, Ordering::then)
}

fn naive(routes: &BTreeMap<(String, String), Template>, method: &str, path: &str) -> Outcome {
    if octets::check_path(path.as_bytes()).is_err() {
        return Outcome::Malformed;
    }
    let matching: Vec<_> = routes
        .iter()
        .filter_map(|((route_method, text), template)| {
            naive_match(template, path).map(|captures| (route_method, text, template, captures))
        })
        .collect();
    let wanted: &[&str] = if method == "HEAD" { &["HEAD", "GET"] } else { &[method] };
    let best = matching
        .iter()
        .filter(|(route_method, ..)| wanted.contains(&route_method.as_str()))
        .min_by(|a, b| compare(a.2, b.2).then_with(|| (b.0 == "HEAD").cmp(&(a.0 == "HEAD"))));
    if let Some((route_method, text, _, captures)) = best {
        return Outcome::Route(format!("{route_method} {text}"), captures.clone());
    }
    let mut allowed: BTreeSet<String> = matching.iter().map(|(method, ..)| (*method).clone()).collect();
    if allowed.contains("GET") {
        allowed.insert("HEAD".into());
    }
    if allowed.is_empty() { Outcome::NotFound } else { Outcome::NotAllowed(allowed) }
}

fn compiled(catalogue: &Catalogue, method: &str, path: &str) -> Outcome {
    match catalogue.at(method, path.as_bytes()) {
        Ok(found) => {
            let route = found.route();
            let captures = route.parameters().map(|parameter| {
                (parameter.name.to_owned(), found.raw_parameter(parameter.name).map(<[u8]>::to_vec).unwrap_or_default())
            });
            Outcome::Route(format!("{} {}", route.method(), route.path()), captures.collect())
        }
        Err(NoRoute::Malformed(_)) => Outcome::Malformed,
        Err(NoRoute::NotFound) => Outcome::NotFound,
        Err(NoRoute::MethodNotAllowed(set)) => {
            Outcome::NotAllowed(catalogue.method_names(set).map(String::from).collect())
        }
        Err(NoRoute::TooLong) => Outcome::NotFound,
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn automaton_agrees_with_the_oracle(
        routes in prop::collection::vec((prop::sample::select(&["GET", "HEAD", "POST", "DELETE"][..]), path()), 1..14),
        targets in prop::collection::vec((prop::sample::select(&["GET", "HEAD", "POST", "PUT"][..]), prop::collection::vec(value(), 0..6)), 24),
    ) {
        let declaration = declare(&routes);
        // Mistakes (same shape, derived names) are dropped by the compiler; what is left must match.
        let catalogue = compile(&declaration).catalogue;
        let unmerged = compile_as(&declaration, Automaton::of_trie).catalogue;
        prop_assert!(!unmerged.parts().tables.merged);
        let known: BTreeMap<(String, String), Template> = catalogue
            .routes()
            .map(|route| ((route.method().into(), route.path().into()), Template::parse(route.path()).unwrap()))
            .collect();
        for (method, segments) in &targets {
            let target = format!("/{}", segments.join("/"));
            let expected = naive(&known, method, &target);
            prop_assert_eq!(&compiled(&catalogue, method, &target), &expected, "{} {}", method, target);
            prop_assert_eq!(&compiled(&unmerged, method, &target), &expected, "unmerged: {} {}", method, target);
            // Whatever the query holds, it takes no part.
            for query in ["?", "?a=/b/../c;%zz//"] {
                let queried = target.clone() + query;
                prop_assert_eq!(&compiled(&catalogue, method, &queried), &expected, "{} {}", method, queried);
                prop_assert_eq!(&compiled(&unmerged, method, &queried), &expected, "unmerged: {} {}", method, queried);
            }
        }
        for route in catalogue.routes() {
            let target = Template::parse(route.path()).unwrap().example(|_| "zz".into());
            prop_assert_eq!(compiled(&catalogue, route.method(), &target), naive(&known, route.method(), &target));
            prop_assert_eq!(catalogue.route_by_template(route.method(), &route.template()), Some(route));
        }
        for overlap in catalogue.overlaps() {
            let found = catalogue.at(&overlap.method, overlap.witness.as_bytes()).map(|found| found.route().template());
            prop_assert_eq!(found.as_ref(), Ok(&overlap.winner));
            for template in [&overlap.winner, &overlap.loser] {
                prop_assert!(naive_match(&Template::parse(template).unwrap(), &overlap.witness).is_some());
            }
        }
    }
}
