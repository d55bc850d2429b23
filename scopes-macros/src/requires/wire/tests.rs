use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use quote::quote;

use super::names::{NameTable, ScopeLine, is_in_literal, position_in_literal};
use super::question::{HandlerRoute, NameQuestion, RouteQuestion, Segment, Text};
use super::routes::{Demand, RouteLine, RouteTable, base_in_literal, demand_in_literal};
use super::*;
use crate::requires::tokens::squeezed;

fn name_table(scopes: &[(&str, bool)], incomplete: bool) -> NameTable {
    let scope = |&(dotted, asks_for_tenant): &(&str, bool)| ScopeLine {
        dotted: dotted.to_owned(),
        asks_for_tenant,
        old_names: if asks_for_tenant { vec!["t".to_owned(), format!("old:{dotted}")] } else { Vec::new() },
    };
    NameTable { catalogue: "api".to_owned(), incomplete, scopes: scopes.iter().map(scope).collect() }
}

fn route_table(base: Option<&str>) -> RouteTable {
    let route = |(method, template, demand): (&str, &str, Demand)| RouteLine {
        method: method.to_owned(),
        template: format!("{}{template}", base.unwrap_or_default()),
        demand,
    };
    let routes = [
        ("GET", "/users", Demand::Scopes(vec![vec![0], vec![3]])),
        ("POST", "/users", Demand::Scopes(vec![vec![1, 2], vec![0]])),
        ("GET", "/users/{id}:replay", Demand::Scopes(vec![vec![12]])),
        ("PURGE", "/", Demand::Public),
        ("GET", "/me", Demand::Authenticated),
        ("POST", "/login", Demand::External),
    ];
    RouteTable { base: base.map(str::to_owned), routes: routes.into_iter().map(route).collect() }
}

#[test]
fn names_come_back() {
    for incomplete in [false, true] {
        for scopes in [&[][..], &[("a.b", true)], &[("users.read", true), ("users.write", false), ("all.2fa", true)]] {
            let table = name_table(scopes, incomplete);
            assert_eq!(NameTable::read(&table.write()), table);
        }
    }
    let table = name_table(&[("users.read", true), ("write", false)], true);
    assert_eq!(table.write(), "api -!\nusers.read t t old:users.read\nwrite ");
}

#[test]
fn names_in_a_literal() {
    let table = name_table(&[("users.read", true), ("users.write.all", false), ("all.read", false)], false);
    let literal = Literal::string(&table.write()).to_string();
    for (position, scope) in table.scopes.iter().enumerate() {
        assert!(is_in_literal(&literal, &scope.dotted), "{}", scope.dotted);
        assert_eq!(position_in_literal(&literal, &scope.dotted), Some(position), "{}", scope.dotted);
    }
    for dotted in ["users", "read", "api", "users.write.al", "users.write", ""] {
        assert!(!is_in_literal(&literal, dotted), "{dotted}");
        assert_eq!(position_in_literal(&literal, dotted), None, "{dotted}");
    }
}

#[test]
fn routes_come_back() {
    for base in [None, Some("/api")] {
        let table = route_table(base);
        assert_eq!(RouteTable::read(&table.write()), table);
    }
    assert_eq!(RouteTable::read(&RouteTable::default().write()), RouteTable::default());
    let text = route_table(Some("/v1")).write();
    assert!(text.starts_with("base /v1\nGET /v1/users 0;3\nPOST /v1/users 1,2;0\n"), "{text}");
}

/// A route without alternatives comes from a catalogue with mistakes. The macro then reads a demand
/// that no handler meets.
#[test]
fn what_no_grant_satisfies_no_handler_meets() {
    let never = RouteLine { method: "GET".to_owned(), template: "/x".to_owned(), demand: Demand::Scopes(Vec::new()) };
    let text = RouteTable { base: None, routes: vec![never] }.write();
    assert_eq!(text, "GET /x never");
    for text in [&*text, "GET /x", "GET /x ", "GET /x zero"] {
        let demand = &RouteTable::read(text).routes[0].demand;
        assert_eq!(*demand, Demand::Scopes(vec![vec![usize::MAX]]), "{text:?}");
    }
}

#[test]
fn routes_in_a_literal() {
    for base in [None, Some("/api")] {
        let table = route_table(base);
        let literal = Literal::string(&table.write()).to_string();
        assert_eq!(base_in_literal(&literal), base.unwrap_or_default());
        for RouteLine { method, template, demand } in &table.routes {
            let line = format!("{method} {template} {}", demand_in_literal(&literal, method, template).unwrap());
            assert_eq!(RouteTable::read(&line).routes[0].demand, *demand, "{line}");
        }
        let users = &table.routes[0].template;
        for (method, template) in [("ET", &**users), ("PUT", users), ("GET", "/use"), ("base", "/api"), ("PURGE", "")] {
            assert_eq!(demand_in_literal(&literal, method, template), None, "{method} {template}");
        }
    }
}

#[test]
fn alternatives_come_back() {
    for terms in [vec![vec!["a.b"]], vec![vec!["a.b", "c.d"], vec!["e.f"]], vec![vec!["a"], vec!["b"], vec!["c", "d"]]]
    {
        let mut text = String::new();
        write_alternatives(&mut text, &terms);
        let read = read_alternatives(&text, |name| Some(name.to_owned()));
        assert_eq!(read.unwrap(), terms, "{text}");
    }
    assert_eq!(read_alternatives("a;b", |name| (name == "a").then_some(())), None);
}

fn tokens(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

#[test]
fn questions_about_names_come_back() {
    for (root, name, open, from, expected) in [
        (quote!(api::), &["users", "read"][..], false, false, "[api::]\"users.read\"[..][]"),
        (quote!(), &["users", "type"], false, false, "[]\"users.type\"[..][]"),
        (quote!(::a::api::), &["users"], true, true, "[::a::api::]\"users.\"[..][from]"),
        (quote!(api::), &[], true, false, "[api::]\"\"[.][]"),
    ] {
        let segment = |text: &&str| Segment { text: (*text).to_owned(), span: Span::call_site() };
        let question = NameQuestion {
            root: tokens(root),
            segments: name.iter().map(segment).collect(),
            open: open.then(Span::call_site),
            seat: Span::call_site(),
            from: from.then(Span::call_site),
        };
        let written = question.write();
        assert_eq!(squeezed(&written.to_string()), expected);
        // The length does not depend on the name.
        let length = |written: &TokenStream| tokens(written.clone())[1].to_string().len();
        assert_eq!(length(&written), 130);
        let read = NameQuestion::read(&tokens(written)).unwrap();
        assert_eq!(squeezed(&read.write().to_string()), expected);
        let texts = |question: &NameQuestion| -> Vec<String> {
            question.segments.iter().map(|segment| segment.text.clone()).collect()
        };
        assert_eq!(texts(&read), name);
        assert_eq!(read.open.is_some(), question.open.is_some());
        assert_eq!(read.from.is_some(), from);
    }
    assert!(NameQuestion::read(&tokens(quote!([api::] [. .] []))).is_none());
    for text in ["a b", "a.2fa", "a.\u{b2}", "*"] {
        assert!(NameQuestion::read(&tokens(quote!([api::] #text [. .] []))).is_none(), "{text}");
    }
}

#[test]
fn questions_about_routes_come_back() {
    let text = |value: &str| Text { value: value.to_owned(), span: Span::call_site() };
    let route = |method: &str, path: &str, prefix: Option<&str>| HandlerRoute {
        method: text(method),
        path: text(path),
        prefix: prefix.map(text),
    };
    let values = |route: &HandlerRoute| {
        let prefix = route.prefix.as_ref().map(|prefix| prefix.value.clone());
        (route.method.value.clone(), route.path.value.clone(), prefix)
    };
    for (stricter, argument, attributes, expected) in [
        (false, None, vec![], "\"a.b;c.d\"[][][]"),
        (true, Some(route("GET", "/x", None)), vec![], "\"a.b;c.d\"[stricter][\"GET\"\"/x\"][]"),
        (
            false,
            None,
            vec![route("GET", "/x", Some("/v1")), route("HEAD", "/\"", None)],
            "\"a.b;c.d\"[][][(\"GET\"\"/x\"\"/v1\")(\"HEAD\"\"/\\\"\")]",
        ),
    ] {
        let stricter = stricter.then(Span::call_site);
        let question = RouteQuestion { alternatives: text("a.b;c.d"), stricter, argument, attributes };
        let written = question.write();
        assert_eq!(squeezed(&written.to_string()), expected);
        let read = RouteQuestion::read(&tokens(written)).unwrap();
        assert_eq!(read.alternatives.value, question.alternatives.value);
        assert_eq!(read.stricter.is_some(), question.stricter.is_some());
        assert_eq!(read.argument.as_ref().map(values), question.argument.as_ref().map(values));
        assert_eq!(
            read.attributes.iter().map(values).collect::<Vec<_>>(),
            question.attributes.iter().map(values).collect::<Vec<_>>()
        );
    }
    assert!(RouteQuestion::read(&tokens(quote!("a.b" [] []))).is_none());
}
