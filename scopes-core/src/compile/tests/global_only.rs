//! Which scopes need the tenant when a grant is checked without a request.

use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use crate::Tenancy;
use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};

const BOUND: &str = "bound";
const GLOBAL: &str = "global";
const UNBOUND: &str = "unbound";

fn route(tenancy: &str, number: usize) -> RouteDeclaration {
    let path = if tenancy == BOUND { format!("/{{t}}/r{number}") } else { format!("/r{number}") };
    let said = match tenancy {
        GLOBAL => Some(TenancyDeclaration::Global("the same for all".into())),
        UNBOUND => Some(TenancyDeclaration::Unbound("compared".into())),
        _ => None,
    };
    let tenancy = said.map(|said| At::new(said, Place::default()));
    RouteDeclaration { tenancy, ..RouteDeclaration::new("GET", &path) }
}

/// Declares scopes, each with the tenancy of its routes and with what it includes. One more scope
/// has a route with the tenant.
fn declared(scopes: &[(&str, &[&str], &[&str])]) -> Declaration {
    let mut declaration = Declaration::new("test");
    declaration.tenant = Some("t".into());
    let mut number = 0;
    for (name, routes, includes) in scopes {
        let scope = declaration.scope(name);
        for tenancy in *routes {
            scope.routes.push(route(tenancy, number));
            number += 1;
        }
        for pattern in *includes {
            scope.including(pattern);
        }
    }
    declaration.scope("other").route("GET", "/{t}/other");
    declaration
}

fn compiled(declaration: &Declaration) -> UntypedCatalogue {
    UntypedCatalogue::from_declaration(declaration).unwrap_or_else(|errors| panic!("{errors}"))
}

fn asks(catalogue: &UntypedCatalogue, name: &str) -> bool {
    catalogue.scopes().find(|scope| scope.name() == name).is_some_and(ScopeInfo::asks_for_tenant)
}

#[test]
fn only_global_routes_need_no_tenant() {
    for (scopes, expected) in [
        (&[("a", &[GLOBAL][..], &[][..])][..], false),
        (&[("a", &[GLOBAL, GLOBAL], &[])], false),
        (&[("a", &[], &[])], true),
        (&[("a", &[UNBOUND], &[])], true),
        (&[("a", &[BOUND], &[])], true),
        (&[("a", &[GLOBAL, UNBOUND], &[])], true),
        (&[("a", &[GLOBAL, BOUND], &[])], true),
        // A scope also opens the routes of the scopes that it includes.
        (&[("a", &[], &["b"]), ("b", &[GLOBAL], &[])], false),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[GLOBAL], &[])], false),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[UNBOUND], &[])], true),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[BOUND], &[])], true),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[], &[])], true),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[], &["c"]), ("c", &[GLOBAL], &[])], false),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[GLOBAL], &["c"]), ("c", &[UNBOUND], &[])], true),
        (&[("a", &[GLOBAL], &["b"]), ("b", &[GLOBAL], &["c"]), ("c", &[], &[])], true),
    ] {
        let catalogue = compiled(&declared(scopes));
        assert_eq!(asks(&catalogue, "a"), expected, "{scopes:?}");
    }
}

#[test]
fn without_a_tenant_no_scope_asks() {
    let mut declaration = Declaration::new("test");
    declaration.scope("a");
    declaration.scope("b").route("GET", "/b");
    let catalogue = compiled(&declaration);
    assert!(!asks(&catalogue, "a") && !asks(&catalogue, "b"));
}

/// Routes that are not scoped are open to callers without the scope, so they do not show what the
/// scope is about.
#[test]
fn routes_that_are_not_scoped_do_not_count() {
    for kind in [BlockKind::Public("x".into()), BlockKind::External("x".into()), BlockKind::Authenticated("x".into())] {
        let mut declaration = declared(&[("a", &[], &[]), ("b", &[GLOBAL], &[])]);
        let global = if matches!(kind, BlockKind::Authenticated(_)) { GLOBAL } else { "" };
        declaration.block(kind).routes.push(route(global, 9));
        let catalogue = compiled(&declaration);
        assert!(asks(&catalogue, "a") && !asks(&catalogue, "b"));
    }
}

/// A route that demands several scopes counts for each of them.
#[test]
fn combined_scopes() {
    for (tenancy, expected) in [(GLOBAL, false), (UNBOUND, true), (BOUND, true)] {
        let mut declaration = declared(&[("a", &[], &[]), ("b", &[GLOBAL], &[])]);
        let both = BlockKind::All(std::vec!["a".into(), "b".into()]);
        declaration.block(both).routes.push(route(tenancy, 9));
        let catalogue = compiled(&declaration);
        assert_eq!((asks(&catalogue, "a"), asks(&catalogue, "b")), (expected, expected), "{tenancy}");
    }
}

/// Computes the rule directly from the views of the catalogue.
fn by_hand(scope: ScopeInfo<'_>, catalogue: &UntypedCatalogue) -> bool {
    let itself_and_members = || scope.members().chain([scope.id()]).filter_map(|id| catalogue.scope(id));
    let opens_global_only = |scope: ScopeInfo<'_>| {
        let opened = scope.members().chain([scope.id()]).filter_map(|id| catalogue.scope(id));
        let routes: Vec<_> = opened.flat_map(ScopeInfo::routes).collect();
        !routes.is_empty() && routes.iter().all(|route| matches!(route.tenancy(), Tenancy::Global(_)))
    };
    !itself_and_members().all(opens_global_only)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_catalogue(
        routes in prop::collection::vec(prop::collection::vec(prop::sample::select(&[GLOBAL, GLOBAL, GLOBAL, UNBOUND, BOUND][..]), 0..3), 1..6),
        includes in prop::collection::vec((0_usize..6, 0_usize..6), 0..6),
    ) {
        let names: Vec<String> = (0..routes.len()).map(|index| format!("s{index}")).collect();
        // Edges lead only from earlier to later scopes, so that the scopes form no cycle.
        let of = |index: usize| -> Vec<&str> {
            let pairs = includes.iter().filter(|&&(from, to)| from == index && from < to && to < names.len());
            let mut to: Vec<&str> = pairs.map(|&(_, to)| names[to].as_str()).collect();
            to.sort_unstable();
            to.dedup();
            to
        };
        let includes: Vec<Vec<&str>> = (0..names.len()).map(of).collect();
        let scopes: Vec<(&str, &[&str], &[&str])> =
            names.iter().zip(&routes).zip(&includes).map(|((name, routes), to)| (name.as_str(), &**routes, &**to)).collect();
        let catalogue = compiled(&declared(&scopes));
        for scope in catalogue.scopes() {
            prop_assert_eq!(scope.asks_for_tenant(), by_hand(scope, &catalogue), "{}: {:?}", scope, scopes);
        }
    }
}
