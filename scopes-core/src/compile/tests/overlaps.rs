//! Overlaps where many routes have the same demand: the walk skips them and still finds every
//! overlap.

use std::collections::BTreeSet;
use std::format;
use std::string::String;
use std::vec::Vec;

use proptest::prelude::*;

use crate::catalogue::UntypedCatalogue;
use crate::compile::compile;
use crate::declaration::{BlockKind, Declaration, Item, Place, RouteDeclaration};
use crate::error::{Note, Overlap};

/// A catalogue of these routes. Each demands the scope that `scope` returns for it, or is open.
fn demanding(routes: &[(&'static str, String)], scope: impl Fn(usize) -> Option<usize>) -> UntypedCatalogue {
    let mut declaration = Declaration::new("test");
    for index in 0..routes.len().max(3) {
        declaration.scope(&format!("s{index}"));
    }
    for (index, (method, path)) in routes.iter().enumerate() {
        let routes = match scope(index) {
            Some(scope) => match &mut declaration.items[scope] {
                Item::Scope(scope) => &mut scope.routes,
                Item::Block(_) => unreachable!("scopes come first"),
            },
            None => &mut declaration.block(BlockKind::Public("open".into())).routes,
        };
        let mut route = RouteDeclaration::new(method, path);
        route.trailing_slash = path.ends_with('/').then_some(Place::default());
        routes.push(route);
    }
    compile(&declaration).catalogue
}

fn path() -> impl Strategy<Value = String> {
    let segment = prop::sample::select(&["a", "b", "{p}", "{p}", "v{p}", "va"][..]);
    (prop::collection::vec(segment, 1..4), prop::sample::select(&["", "", "/", "/{*rest}"][..])).prop_map(
        |(segments, end)| {
            let segments = segments.iter().enumerate();
            let path: String = segments
                .map(|(index, segment)| format!("/{}", segment.replace("{p}", &format!("{{p{index}}}"))))
                .collect();
            path + end
        },
    )
}

#[test]
fn whatever_ends_a_template_counts() {
    for [first, second] in [
        ["/a/{x}", "/{y}/b"],
        ["/a/{x}/", "/{y}/b/"],
        ["/a/{x}/{*r}", "/{y}/b/{*r}"],
        ["/a/{x}/{*r}", "/{y}/b/c"],
        ["/a/v{x}", "/{y}/vb"],
        ["/a/{x}/c/d", "/{y}/b/{*r}"],
    ] {
        let routes = [("GET", first.into()), ("GET", second.into())];
        assert_eq!(demanding(&routes, Some).overlaps().len(), 1, "{first} {second}");
        assert_eq!(demanding(&routes, |_| Some(0)).overlaps(), [], "{first} {second}");
        assert_eq!(demanding(&routes, |index| index.checked_sub(1)).overlaps().len(), 1, "{first} {second}");
        let routes = [("GET", first.into()), ("POST", second.into())];
        assert_eq!(demanding(&routes, Some).overlaps(), [], "{first} {second}");
    }
}

#[test]
fn what_each_side_needs() {
    let needs = |first: BlockKind, second: BlockKind| {
        let mut declaration = Declaration::new("test");
        for name in ["a", "b", "c:d"] {
            declaration.scope(name);
        }
        declaration.block(first).route("GET", "/x/{id}");
        declaration.block(second).route("GET", "/{x}/y");
        let catalogue = compile(&declaration).catalogue;
        let overlaps = catalogue.overlaps();
        let [overlap] = overlaps.as_slice() else { panic!("{overlaps:?}") };
        (overlap.winner_needs.clone(), overlap.loser_needs.clone(), catalogue.notes())
    };
    let all = || BlockKind::All(["a", "c:d"].map(Into::into).into());
    let public = || BlockKind::Public("why".into());
    let wins = |needs: &str| Note::PublicWins {
        method: "GET".into(),
        public: "/x/{id}".into(),
        guarded: "/{x}/y".into(),
        needs: needs.into(),
        witness: "/x/y".into(),
    };
    let expected = |winner: &str, loser: &str, note: Option<Note>| (winner.into(), loser.into(), note);
    for (first, second, expected) in [
        (public(), all(), expected("no credentials", "a and c:d", Some(wins("a and c:d")))),
        (
            public(),
            BlockKind::Authenticated("why".into()),
            expected("no credentials", "a grant", Some(wins("a grant"))),
        ),
        (
            public(),
            BlockKind::External("why".into()),
            expected("no credentials", "a check outside of the catalogue", None),
        ),
        (all(), public(), expected("a and c:d", "no credentials", None)),
        (BlockKind::External("why".into()), all(), expected("a check outside of the catalogue", "a and c:d", None)),
    ] {
        let (winner, loser, notes) = needs(first, second);
        let note = notes.into_iter().find(|note| !matches!(note, Note::ScopeWithoutRoute { .. }));
        assert_eq!((winner, loser, note), expected);
    }
    let routes = [("GET", "/x/{id}".into()), ("GET", "/{x}/y".into())];
    let mut catalogue = demanding(&routes, Some);
    assert_eq!(catalogue.overlaps()[0].winner_needs(), "s0");
    let mut declaration = Declaration::new("test");
    declaration.scope("a").route("GET", "/x/{id}");
    declaration.scope("b").route("GET", "/x/{id}");
    declaration.scope("c").route("GET", "/{x}/y");
    catalogue = compile(&declaration).catalogue;
    assert_eq!(catalogue.overlaps()[0].winner_needs(), "a or b");
    declaration.scope("d");
    declaration.block(BlockKind::All(["c", "d"].map(Into::into).into())).route("GET", "/x/{id}");
    catalogue = compile(&declaration).catalogue;
    assert_eq!(catalogue.overlaps()[0].winner_needs(), "a, or b, or c and d");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn those_with_one_demand_are_left_out_and_no_others(
        routes in prop::collection::btree_set((prop::sample::select(&["GET", "POST"][..]), path()), 2..14),
        demands in prop::collection::vec(0_usize..4, 14),
    ) {
        let routes: Vec<(&str, String)> = routes.into_iter().collect();
        // The catalogue has one route for each shape, whatever the routes demand.
        let mut shapes = BTreeSet::new();
        let routes: Vec<_> = routes.into_iter()
            .filter(|(method, path)| shapes.insert((*method, crate::template::shape::shape(path).collect::<Vec<u8>>())))
            .collect();
        let each = demanding(&routes, Some);
        let shared = demanding(&routes, |index| demands[index].checked_sub(1));
        let demand = |method: &str, path: &String| {
            let index = routes.iter().position(|route| route.0 == method && route.1 == *path);
            index.map(|index| demands[index])
        };
        let expected = each.overlaps().into_iter()
            .filter(|overlap| demand(&overlap.method, &overlap.winner) != demand(&overlap.method, &overlap.loser));
        let paths = |overlap: Overlap| [overlap.method, overlap.winner, overlap.loser, overlap.witness];
        prop_assert!(shared.overlaps().into_iter().map(paths).eq(expected.map(paths)));
    }
}
