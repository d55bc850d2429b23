//! Overlaps where many routes demand the same: nothing is walked in vain, and nothing is passed over.

use std::collections::BTreeSet;
use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use crate::catalogue::Catalogue;
use crate::compile::compile;
use crate::declaration::{BlockKind, Declaration};

/// The routes, each demanding the scope that `scope` says, or nothing.
fn demanding(routes: &[(&'static str, String)], scope: impl Fn(usize) -> Option<usize>) -> Catalogue {
    let mut declaration = Declaration::new("test");
    for index in 0..routes.len().max(3) {
        declaration.scope(&format!("s{index}"));
    }
    for (index, (method, path)) in routes.iter().enumerate() {
        match scope(index) {
            Some(scope) => {
                let crate::declaration::Item::Scope(scope) = &mut declaration.items[scope] else {
                    unreachable!("scopes come first")
                };
                scope.route(method, path);
            }
            None => _ = declaration.block(BlockKind::Public("open".into())).route(method, path),
        }
    }
    // Two routes of one shape are a mistake, of which the first stays.
    compile(&declaration).catalogue
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(&["a", "b", "{p}", "{p}", "v{p}", "va"][..]);
    (prop::collection::vec(segment, 1..4), any::<bool>()).prop_map(|(segments, rest)| {
        let segments = segments.iter().enumerate();
        let path: String =
            segments.map(|(index, segment)| format!("/{}", segment.replace("{p}", &format!("{{p{index}}}")))).collect();
        if rest { path + "/{*rest}" } else { path }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn those_with_one_demand_are_left_out_and_no_others(
        routes in prop::collection::btree_set((prop::sample::select(&["GET", "POST"][..]), path()), 2..14),
        demands in prop::collection::vec(0_usize..4, 14),
    ) {
        let routes: Vec<(&str, String)> = routes.into_iter().collect();
        // Of one shape there is one route, whatever each demands.
        let mut shapes = BTreeSet::new();
        let routes: Vec<_> = routes.into_iter()
            .filter(|(method, path)| shapes.insert((*method, crate::shape::shape(path).collect::<Vec<u8>>())))
            .collect();
        let each = demanding(&routes, Some);
        let shared = demanding(&routes, |index| demands[index].checked_sub(1));
        let demand = |method: &str, path: &String| {
            let index = routes.iter().position(|route| route.0 == method && route.1 == *path);
            index.map(|index| demands[index])
        };
        let expected: Vec<_> = each.overlaps().into_iter()
            .filter(|overlap| demand(&overlap.method, &overlap.winner) != demand(&overlap.method, &overlap.loser))
            .collect();
        prop_assert_eq!(shared.overlaps(), expected);
    }
}
