//! The pages of a small catalogue with every kind of declaration.

use alloc::{format, vec};

use super::*;
use crate::declaration::{At, BlockKind, Declaration, Place, RouteDeclaration, TenancyDeclaration};

fn declaration() -> Declaration {
    let mut declaration = Declaration::new("api");
    declaration.base = Some("/api".into());
    declaration.tenant = Some("env".into());
    let read = declaration.scope("env.users.read").route("GET", "/envs/{env}/users");
    read.description = "Read users | and <b>their</b>\nwallets.\n\nMore of that.".into();
    read.routes[0].description = "All of *them*\n\n    code".into();
    let mut old = RouteDeclaration::new("GET", "/users/{user}");
    old.deprecated = Some("see https://example.com/a|b".into());
    old.tenancy = Some(At::new(TenancyDeclaration::Unbound("a user has one `env`".into()), Place::default()));
    read.routes.push(old);
    declaration.scope("env.users.type").deprecated = Some("".into());
    declaration.scope("legacy:`x|y`").dotted = Some("legacy.x".into());
    declaration.scope("status").route("GET", "/status").tenancy =
        Some(At::new(TenancyDeclaration::Global("the same for all".into()), Place::default()));
    declaration.scope("all.read").including("*.read").including("status");
    declaration.scope("all.admin").including("all.read").description = "Everything.".into();
    let both = vec!["env.users.read".into(), "env.users.type".into()];
    declaration.block(BlockKind::All(both)).route("POST", "/envs/{env}/users");
    declaration.block(BlockKind::Public("liveness probe".into())).route("GET", "/health").route("GET", "/ready");
    declaration.block(BlockKind::Authenticated("who am I".into())).route("GET", "/me");
    declaration.block(BlockKind::External("signed by the sender".into())).route("POST", "/hooks");
    declaration
}

#[test]
fn the_page_of_a_catalogue() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration()).unwrap();
    let page = Reference::new(&catalogue).catalogue("api::");
    assert_eq!(
        page,
        r"6 scopes, 8 routes below `/api`. The parameter `env` of a path names the tenant.

# Scopes

| Scope | Purpose | Routes |
|---|---|---|
| [`env.users.read`](const@api::env::users::read) | Read users \| and \<b>their\</b> wallets. | 3 |
| [`env.users.type`](const@api::env::users::type) | **Deprecated.** | 1 |
| [`` legacy:`x\|y` ``](const@api::legacy::x) |  | 0 |
| [`status`](api::Scope::Status) |  | 1 |
| [`all.read`](const@api::all::read) | Includes `*.read`, `status`: 2 scopes. | 0 of its own |
| [`all.admin`](const@api::all::admin) | Everything. Includes `all.read`: 3 scopes. | 0 of its own |

# Routes outside of groups

Needs [`status`](api::Scope::Status).

- `GET /api/status`: **Global**, about no tenant: the same for all.

**Public**, without credentials: liveness probe.

- `GET /api/health`
- `GET /api/ready`

**Authenticated**, any valid grant, no scope: who am I.

- `GET /api/me`

**External**, checked outside of this catalogue: signed by the sender.

- `POST /api/hooks`"
    );
}

#[test]
fn the_page_of_a_group() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration()).unwrap();
    let reference = Reference::new(&catalogue);
    assert_eq!(reference.group_summary("env"), "2 scopes under `env`: 3 routes.");
    assert_eq!(reference.group("env", ""), "");
    assert_eq!(
        reference.group("env.users", "super::"),
        r"# Scopes

| Scope | Purpose | Routes |
|---|---|---|
| [`env.users.read`](const@super::env::users::read) | Read users \| and \<b>their\</b> wallets. | 3 |
| [`env.users.type`](const@super::env::users::type) | **Deprecated.** | 1 |

# Routes

Where the path has `env`, the grant must cover that tenant.

Needs [`env.users.read`](const@super::env::users::read).

- `GET /api/envs/{env}/users`: All of \*them\*.
- `GET /api/users/{user}`: **Unbound**, the handler compares the tenant: a user has one `env`. **Deprecated:** see <https://example.com/a>|b.

Needs [`env.users.read`](const@super::env::users::read) and [`env.users.type`](const@super::env::users::type).

- `POST /api/envs/{env}/users`"
    );
}

#[test]
fn what_is_said_of_a_scope() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration()).unwrap();
    let reference = Reference::new(&catalogue);
    let said = |name: &str| {
        let scope = catalogue.scope(catalogue.scope_named(name).unwrap()).unwrap();
        format!("{}\n\n{}", reference.summary(scope), reference.scope(scope, "super::"))
    };
    assert_eq!(
        said("env.users.read"),
        r"Read users | and \<b>their\</b> wallets.

Scope `env.users.read`.

Included in [`all.read`](const@super::all::read) and [`all.admin`](const@super::all::admin).

Where the path has `env`, the grant must cover that tenant.

- `GET /api/envs/{env}/users`: All of \*them\*.
- `GET /api/users/{user}`: **Unbound**, the handler compares the tenant: a user has one `env`. **Deprecated:** see <https://example.com/a>|b.
- `POST /api/envs/{env}/users`: Needs [`env.users.read`](const@super::env::users::read) and [`env.users.type`](const@super::env::users::type)."
    );
    assert_eq!(
        said("all.read"),
        r"

Scope `all.read`.

Includes `*.read`, `status`: [`env.users.read`](const@super::env::users::read) and [`status`](super::Scope::Status).

Included in [`all.admin`](const@super::all::admin)."
    );
    assert_eq!(said("legacy:`x|y`"), "\n\nScope `` legacy:`x|y` ``.");
}

#[test]
fn what_is_said_of_a_route() {
    let catalogue = UntypedCatalogue::from_declaration(&declaration()).unwrap();
    let reference = Reference::new(&catalogue);
    let said: Vec<_> = catalogue.routes().map(|route| reference.route(route, "")).collect();
    assert_eq!(
        said,
        [
            "Needs [`env.users.read`](const@env::users::read).",
            "Needs [`env.users.read`](const@env::users::read).\n\n**Unbound**, the handler compares the tenant: a user has one \
             `env`.\n\n**Deprecated:** see <https://example.com/a>|b.",
            "Needs [`status`](Scope::Status).\n\n**Global**, about no tenant: the same for all.",
            "Needs [`env.users.read`](const@env::users::read) and [`env.users.type`](const@env::users::type).",
            "**Public**, without credentials: liveness probe.",
            "**Public**, without credentials: liveness probe.",
            "**Authenticated**, any valid grant, no scope: who am I.",
            "**External**, checked outside of this catalogue: signed by the sender.",
        ]
    );
}

/// The pages grow only in proportion to the declaration, however many scopes a route names and
/// however many routes a scope has: long lists are cut.
#[test]
fn pages_grow_with_the_declaration() {
    let written = |scopes: usize, routes: usize| {
        let mut declaration = Declaration::new("api");
        let names: Vec<_> = (0..scopes).map(|index| format!("group{index}.read")).collect();
        for name in &names {
            declaration.scope(name);
        }
        declaration.scope("all.read").including("*.read");
        let names = names.iter().map(|name| name.as_str().into()).collect();
        let block = declaration.block(BlockKind::All(names));
        for index in 0..routes {
            block.route("GET", &format!("/things{index}"));
        }
        let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
        let reference = Reference::new(&catalogue);
        let mut length = reference.catalogue("api::").len();
        for scope in catalogue.scopes() {
            let group = scope.dotted().split_once('.').unwrap().0;
            length += reference.scope(scope, "super::").len() + reference.group(group, "").len();
        }
        length
    };
    let (small, large) = (written(20, 100), written(200, 1000));
    assert!(large < small * 15, "{small} {large}");
}

#[test]
fn many_scopes_have_a_table_for_each_group() {
    let mut declaration = Declaration::new("api");
    for index in 0..60 {
        declaration.scope(&format!("group{}.things{index}.read", index % 3));
    }
    declaration.scope("alone");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let page = Reference::new(&catalogue).catalogue("");
    assert_eq!(page.matches("\n|---").count(), 4);
    for group in ["group0", "group1", "group2"] {
        assert!(page.contains(&format!("\n\n## `{group}`\n\n| Scope")), "{page}");
    }
}
