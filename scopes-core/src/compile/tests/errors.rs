use std::string::{String, ToString};
use std::vec::Vec;

use crate::compile::compile;
use crate::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};

fn messages(declaration: &Declaration) -> Vec<String> {
    compile(declaration).errors.iter().map(ToString::to_string).collect()
}

pub(super) fn check(build: impl FnOnce(&mut Declaration), expected: &[&str]) {
    let mut declaration = Declaration::new("test");
    build(&mut declaration);
    let found = messages(&declaration);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "expected `{expected}` in `{found}`");
    }
}

fn all(names: &[&str]) -> BlockKind {
    BlockKind::All(names.iter().map(|name| (*name).into()).collect())
}

#[test]
fn names() {
    check(|d| _ = d.scope("a b"), &["`a b` is not a scope name"]);
    check(|d| _ = d.scope(":"), &["no letter or digit"]);
    check(
        |d| {
            d.scope("a.b");
            d.scope("a.b");
        },
        &["scope `a.b` is declared twice"],
    );
    check(
        |d| {
            d.scope("a.b");
            d.scope("a:b");
        },
        &["both have the dotted name `a.b`"],
    );
    check(
        |d| {
            d.scope("a.b_c");
            d.scope("a.b.c");
        },
        &["both make the Rust name `ABC`"],
    );
    for (wire, dotted) in [("ALL", None), ("a.LL", None), ("all", Some("ALL"))] {
        check(
            |d| d.scope(wire).dotted = dotted.map(Into::into),
            &["makes the Rust name `ALL`, which every catalogue has"],
        );
    }
    check(|d| _ = d.scope("all"), &[]);
    // Without the error, `includes a.b` and `#[requires(a.b)]` would mean different scopes.
    for [first, second] in [[("a.b", "x.y"), ("c.d", "a.b")], [("c.d", "a.b"), ("a.b", "x.y")]] {
        check(
            |d| {
                for (wire, dotted) in [first, second] {
                    d.scope(wire).dotted = Some(dotted.into());
                }
            },
            &["`a.b` means both scope"],
        );
    }
    check(|d| _ = d.scope("Scope.read"), &["`Scope.read` is not a scope name"]);
    check(|d| _ = d.scope("a.self"), &["`a.self` is not a scope name"]);
}

#[test]
fn routes() {
    check(|d| _ = d.scope("a").route("get", "/x"), &["`get` is not a method"]);
    check(|d| _ = d.scope("a").route("GET", "/x").route("GET", "/x"), &["is written twice"]);
    check(
        |d| _ = d.scope("a").route("GET", "/x/{a}").route("GET", "/x/{b}"),
        &["same route with other parameter names"],
    );
    check(|d| _ = d.scope("a").route("GET", "/x/{a}").route("POST", "/x/{b}"), &[]);
    check(|d| _ = d.scope("a").route("GET", "/x/"), &["ends in `/`"]);
    check(|d| _ = d.scope("a").route("GET", "/x//y?z"), &["path `/x//y?z`", "path `/x//y?z`"]);
    check(|d| d.base = Some("/api/".into()), &["base `/api/`"]);
    check(|d| d.base = Some("/{api}".into()), &["base `/{api}`"]);
    check(
        |d| {
            d.scope("a").routes.push(RouteDeclaration {
                method: "FETCH".into(),
                path: "/x".into(),
                ..Default::default()
            });
        },
        &["unknown method `FETCH`"],
    );
    check(
        |d| {
            let mut route = RouteDeclaration::new("GET", "/x");
            route.trailing_slash = Some(Place(3));
            route.raw = [At::from("idd")].into();
            d.scope("a").routes.push(route);
        },
        &["`/x` has no parameter `idd`", "which does not end in `/`"],
    );
    for method in ["ANY", "*", "all"] {
        let message = std::format!("`{method}` is not a method: write one route for each");
        check(|d| _ = d.scope("a").route(method, "/x"), &[&message]);
    }
}

#[test]
fn wrong_methods_are_said_once_for_each_route() {
    let listed = |scopes: usize, method: &'static str| {
        move |d: &mut Declaration| {
            for index in 0..scopes {
                let scope = d.scope(&std::format!("s{index}")).route(method, "/x").route(method, "/y");
                scope.routes.iter_mut().for_each(|route| route.method_quoted = false);
            }
        }
    };
    check(listed(3, "get"), &["write `GET` for `get` (written 3 times)"; 2]);
    check(listed(2, "PACTH"), &["unknown method `PACTH`, did you mean `PATCH`? (written 2 times)"; 2]);
    check(listed(1, "get"), &["write `GET` for `get`"; 2]);
}

#[test]
fn an_unknown_scope_is_suggested_as_the_declaration_must_name_it() {
    let declared = |d: &mut Declaration| {
        _ = d.scope("users:read");
        _ = d.scope("all").including("users.reed");
        _ = d.block(all(&["users.reed", "all"])).route("GET", "/x");
    };
    let suggested = "unknown scope `users.reed`, did you mean `users.read`?";
    check(declared, &[suggested, suggested]);
}

#[test]
fn wrong_paths_are_said_once() {
    let listed = |scopes: usize, path: &'static str| {
        move |d: &mut Declaration| {
            for index in 0..scopes {
                d.scope(&std::format!("s{index}")).route("GET", path);
            }
        }
    };
    check(listed(3, "/x//y/{a}{b}"), &["single `/` (written 3 times)", "takes both (written 3 times)"]);
    check(listed(2, "/x/"), &["if it is meant (written 2 times)"]);
    check(
        |d| {
            listed(2, "/x y")(d);
            d.block(BlockKind::Public("why".into())).route("GET", "/y z");
        },
        &["for the whole segment (written 2 times)", "for the whole segment"],
    );
    // Two equal paths count as one text, even if only the `under` before them makes them wrong.
    check(
        |d| {
            for name in ["a", "b"] {
                let scope = d.scope(name).route("GET", "/x/{id}");
                scope.routes[0].under = Some("/{id}".into());
            }
        },
        &["path `/{id}/x/{id}`: the path has a parameter `id` already, write another name (written 2 times)"],
    );
    let mut declaration = Declaration::new("test");
    for place in 1..4 {
        let mut route = RouteDeclaration::new("GET", "/x//y");
        route.path.place = Place(place);
        declaration.scope(&std::format!("s{place}")).routes.push(route);
    }
    let compiled = compile(&declaration);
    assert_eq!(compiled.errors.iter().map(|error| (error.place().0, error.times())).collect::<Vec<_>>(), [(1, 3)]);
}

#[test]
fn demands() {
    check(
        |d| {
            d.scope("a").route("GET", "/x");
            d.scope("b");
            d.block(all(&["a", "b"])).route("GET", "/x");
        },
        &["`a` alone suffices, so `all(a, b)` would never count"],
    );
    for (wider, narrower, expected) in [
        (["b", "c"], ["c", "a", "b"], &["`all(b, c)` alone suffices, so `all(a, b, c)` would never count"][..]),
        (["c", "a"], ["a", "b", "c"], &["`all(a, c)` alone suffices, so `all(a, b, c)` would never count"]),
        (["a", "d"], ["a", "b", "c"], &[]),
    ] {
        check(
            |d| {
                for name in ["a", "b", "c", "d"] {
                    d.scope(name);
                }
                d.block(all(&narrower)).route("GET", "/x");
                d.block(all(&wider)).route("GET", "/x");
            },
            expected,
        );
    }
    check(
        |d| {
            d.scope("a").route("GET", "/x");
            d.block(BlockKind::Public("why".into())).route("GET", "/x");
        },
        &["is public here and scoped elsewhere"],
    );
    check(|d| _ = d.block(BlockKind::Public(" ".into())).route("GET", "/x"), &["`public` needs a reason"]);
    check(|d| _ = d.block(all(&[])).route("GET", "/x"), &["`all()` names no scope"]);
    check(
        |d| {
            d.scope("a");
            d.block(all(&["a"])).route("GET", "/x");
        },
        &["`all(a)` names one scope"],
    );
    check(
        |d| {
            d.scope("users.read");
            d.scope("b");
            d.block(all(&["users.reed", "b"])).route("GET", "/x");
        },
        &["unknown scope `users.reed`, did you mean `users.read`?"],
    );
}

#[test]
fn tenants() {
    let with_tenant = |d: &mut Declaration| d.tenant = Some("tenantId".into());
    check(
        |d| {
            with_tenant(d);
            d.scope("a").route("GET", "/t/{tenantId}").route("GET", "/x");
        },
        &["`GET /x` has no `tenantId`"],
    );
    check(
        |d| {
            with_tenant(d);
            d.scope("a").route("GET", "/t/{tenant_id}");
        },
        &["no route has the tenant's parameter `tenantId`, did you mean `tenant_id`?"],
    );
    check(
        |d| {
            with_tenant(d);
            let scope = d.scope("a").route("GET", "/t/{tenantId}");
            scope.routes[0].tenancy = Some(At::new(TenancyDeclaration::Global("why".into()), Place(1)));
        },
        &["`#[global]` on `/t/{tenantId}`"],
    );
    check(
        |d| {
            let scope = d.scope("a").route("GET", "/x");
            scope.routes[0].tenancy = Some(At::new(TenancyDeclaration::Unbound("why".into()), Place(1)));
        },
        &["`#[unbound]` has no meaning here"],
    );
    check(
        |d| {
            with_tenant(d);
            let scope = d.scope("a").route("GET", "/t/{tenantId}").route("GET", "/x");
            scope.tenancy = Some(At::new(TenancyDeclaration::Unbound(String::new()), Place(1)));
        },
        &["`unbound` needs a reason"],
    );
    check(
        |d| {
            with_tenant(d);
            d.scope("a").route("GET", "/t/{tenantId}");
            d.block(BlockKind::Public("probe".into())).route("GET", "/health");
            let block = d.block(BlockKind::Authenticated("me".into())).route("GET", "/me");
            block.tenancy = Some(At::new(TenancyDeclaration::Global("self".into()), Place(1)));
        },
        &[],
    );
}

#[test]
fn what_is_said_twice() {
    check(
        |d| {
            d.block(BlockKind::Public("one".into())).route("GET", "/x");
            d.block(BlockKind::Public("two".into())).route("GET", "/x");
        },
        &["route `GET /x` is written twice"],
    );
    check(
        |d| {
            d.scope("a");
            d.scope("b");
            d.block(all(&["a", "b"])).route("GET", "/x");
            d.block(all(&["b", "a"])).route("GET", "/x");
        },
        &["route `GET /x` is written twice"],
    );
    check(
        |d| {
            d.scope("a.b");
            d.scope("all").including("a.b").including("a.b");
        },
        &["pattern `a.b` is named twice"],
    );
}

#[test]
fn misspelt_tenants_and_groups() {
    check(
        |d| {
            d.tenant = Some("environmentId".into());
            d.scope("a").route("GET", "/e/{environmentId}").route("GET", "/f/{environmentID}");
        },
        &["has no `environmentId`, did you mean that instead of `environmentID`?"],
    );
    check(
        |d| {
            d.tenant = Some("t".into());
            let scope = d.scope("a").route("GET", "/e/{t}");
            scope.tenancy = Some(At::new(TenancyDeclaration::Global("why".into()), Place(1)));
        },
        &["`#[global]` where every route has the tenant's parameter `t`"],
    );
    check(
        |d| {
            d.scope("users.read");
            d.scope("users.write");
            d.scope("all").including("users");
        },
        &["`users` is a group of scopes, name one of them: `users.read`, `users.write`"],
    );
}

#[test]
fn includes() {
    check(|d| _ = d.scope("all").including("*.read"), &["`includes *.read` matches no scope"]);
    check(
        |d| {
            d.scope("a.read");
            d.scope("all").including("*.reed");
        },
        &["matches no scope, did you mean `*.read`?"],
    );
    check(|d| _ = d.scope("all").including("x*"), &["`x*` is not a pattern"]);
    check(
        |d| {
            d.scope("a").including("b");
            d.scope("b").including("c");
            d.scope("c").including("a");
        },
        &["`a` -> `b` -> `c` -> `a`"],
    );
    check(|d| _ = d.scope("a").including("a"), &["`a` -> `a`"]);
}

#[test]
fn sound_items_survive() {
    let mut declaration = Declaration::new("test");
    declaration.scope("a").route("GET", "/x").route("BAD METHOD", "/y").route("GET", "z");
    declaration.scope("a b");
    let compiled = compile(&declaration);
    assert_eq!(compiled.errors.len(), 3);
    assert_eq!(compiled.catalogue.scopes().len(), 1);
    assert_eq!(compiled.catalogue.routes().len(), 1);
}
