//! What a strict catalogue refuses, and what its routes accept.

use super::errors::check;
use crate::declaration::{At, Declaration, Item, Place};

#[test]
fn overlaps_are_errors_only_when_strict() {
    let build = |d: &mut Declaration| {
        d.scope("a").route("GET", "/a/{x}/c");
        d.scope("b").route("GET", "/a/b/{y}");
    };
    check(build, &[]);
    check(
        |d| {
            d.strict = true;
            build(d);
        },
        &["`GET /a/b/{y}` and `GET /a/{x}/c` both match `/a/b/c`: the first wins and needs b, the second needs a; \
           `#![strict]` refuses that, change one of the paths or write `#[overlaps(\"why\")]` on the second"],
    );
}

/// Puts `times` `#[overlaps]` on one of the routes of [`two_overlaps`].
fn accepted(route: usize, times: usize) -> impl FnOnce(&mut Declaration) {
    move |d| {
        d.strict = true;
        two_overlaps(d);
        let routes = d.items.iter_mut().flat_map(|item| match item {
            Item::Scope(scope) => &mut scope.routes,
            Item::Block(block) => &mut block.routes,
        });
        let Some(route) = routes.into_iter().nth(route) else { unreachable!("there are so many") };
        route.overlaps = (1..=times).map(|place| At::new("known".into(), Place(place as u32))).collect();
    }
}

/// Two routes that win over a third, and one route without overlaps.
fn two_overlaps(d: &mut Declaration) {
    d.base = Some("/api".into());
    d.scope("a").route("GET", "/a/{x}/c");
    d.scope("b").route("GET", "/a/b/{y}");
    d.scope("c").route("GET", "/a/d/{y}");
    d.scope("d").route("GET", "/z");
}

#[test]
fn each_known_overlap_is_accepted_where_it_is_needed() {
    let first = "`GET /api/a/b/{y}` and `GET /api/a/{x}/c` both match";
    let second = "`GET /api/a/d/{y}` and `GET /api/a/{x}/c` both match";
    let unneeded = "`#[overlaps]` on `GET /a/{x}/c` accepts nothing, because no route that crosses this one wins over it, remove it";
    check(accepted(0, 0), &[first, second]);
    check(accepted(0, 1), &["or write one more `#[overlaps(\"why\")]` on the second"]);
    check(accepted(0, 1), &[second]);
    check(accepted(0, 2), &[]);
    check(accepted(0, 3), &[unneeded]);
    // The winning route has nothing to accept, and neither has a route without overlaps. The
    // compiler reports that only in the absence of other mistakes, because a mistake may remove the
    // other route of an overlap.
    check(
        |d| {
            accepted(0, 2)(d);
            let Item::Scope(scope) = &mut d.items[1] else { unreachable!("a scope") };
            scope.routes[0].overlaps.push("known".into());
        },
        &["`#[overlaps]` on `GET /a/b/{y}`"],
    );
    check(
        |d| {
            accepted(0, 2)(d);
            d.scope("e").route("GET", "/x//y");
            let Item::Scope(scope) = &mut d.items[2] else { unreachable!("a scope") };
            scope.routes[0].path = "/a/d//{y}".into();
        },
        &["path `/a/d//{y}`", "path `/x//y`"],
    );
    check(
        |d| {
            accepted(0, 1)(d);
            d.strict = false;
        },
        &["`#[overlaps]` accepts what only a strict catalogue refuses, remove it, or write `#![strict]`"],
    );
    check(
        |d| {
            accepted(0, 2)(d);
            let Item::Scope(scope) = &mut d.items[0] else { unreachable!("a scope") };
            scope.routes[0].overlaps[1].value = " ".into();
        },
        &["`overlaps` needs a reason"],
    );
}
