//! The pages of a small catalogue with every kind of declaration.

use alloc::{format, vec};

use super::*;
use crate::declaration::{
    At, BlockKind, Declaration, DeprecationDeclaration, Place, RouteDeclaration, TenancyDeclaration,
};

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
        r#"6 scopes, 8 routes below `/api`. The parameter `env` of a path names the tenant.

# Scopes

| Scope | Purpose | Routes |
|---|---|---|
| <a id="scope-env.users.read"></a>[`env.users.read`](const@api::env::users::read) | Read users \| and \<b>their\</b> wallets. | 3 |
| <a id="scope-env.users.type"></a>[`env.users.type`](const@api::env::users::type) | **Deprecated.** | 1 |
| <a id="scope-legacy:%60x%7Cy%60"></a>[`` legacy:`x\|y` ``](const@api::legacy::x) |  | 0 |
| <a id="scope-status"></a>[`status`](api::Scope::Status) |  | 1 |
| <a id="scope-all.read"></a>[`all.read`](const@api::all::read) | Includes `*.read`, `status`: 2 scopes. | 0 of its own |
| <a id="scope-all.admin"></a>[`all.admin`](const@api::all::admin) | Everything. Includes `all.read`: 3 scopes. | 0 of its own |

# Routes outside of groups

Needs [`status`](api::Scope::Status).

- <a id="GET-/api/status"></a>`GET /api/status`: **Global**, about no tenant: the same for all.

**Public**, without credentials: liveness probe.

- <a id="GET-/api/health"></a>`GET /api/health`
- <a id="GET-/api/ready"></a>`GET /api/ready`

**Authenticated**, any valid grant, no scope: who am I.

- <a id="GET-/api/me"></a>`GET /api/me`

**External**, checked outside of this catalogue: signed by the sender.

- <a id="POST-/api/hooks"></a>`POST /api/hooks`"#
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
        r#"# Scopes

| Scope | Purpose | Routes |
|---|---|---|
| <a id="scope-env.users.read"></a>[`env.users.read`](const@super::env::users::read) | Read users \| and \<b>their\</b> wallets. | 3 |
| <a id="scope-env.users.type"></a>[`env.users.type`](const@super::env::users::type) | **Deprecated.** | 1 |

# Routes

Where the path has `env`, the grant must cover that tenant.

Needs [`env.users.read`](const@super::env::users::read).

- <a id="GET-/api/envs/%7Benv%7D/users"></a>`GET /api/envs/{env}/users`: All of \*them\*.
- <a id="GET-/api/users/%7Buser%7D"></a>`GET /api/users/{user}`: **Unbound**, the handler compares the tenant: a user has one `env`. **Deprecated:** see <https://example.com/a>|b.

Needs [`env.users.read`](const@super::env::users::read) and [`env.users.type`](const@super::env::users::type).

- <a id="POST-/api/envs/%7Benv%7D/users"></a>`POST /api/envs/{env}/users`"#
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

/// Titles, old names, dates and the scope to use instead.
#[test]
fn what_changes_is_said() {
    let mut declaration = declaration();
    let dated = |since: &str, sunset: &str, successor: &str, why: &str| {
        let written = |text: &str| (!text.is_empty()).then(|| text.into());
        let mut deprecated = DeprecationDeclaration::from(why);
        deprecated.since = written(since);
        deprecated.sunset = written(sunset);
        deprecated.successor = written(successor);
        Some(deprecated)
    };
    let people = declaration.scope("people.list");
    people.title = Some("List | people".into());
    people.was.extend(["people:list".into(), "a|b".into()]);
    people.deprecated = dated("2026-11-01", "2027-05-01", "env.users.read", "one name | is enough");
    let old = people.route("GET", "/people").route("GET", "/folk");
    old.tenancy = Some(At::new(TenancyDeclaration::Global("all".into()), Place::default()));
    old.routes[0].deprecated = dated("", "2027-05-01", "status", "");
    old.routes[1].deprecated = dated("2026-11-01", "", "", "");
    declaration.scope("people.find").deprecated = dated("", "", "status", "why");
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let reference = Reference::new(&catalogue);
    let scope = catalogue.scope(catalogue.scope_named("people.list").unwrap()).unwrap();
    assert_eq!(
        reference.scope(scope, "super::"),
        r"Scope `people.list`: List | people.

**Deprecated** since 2026-11-01, works until 2027-05-01, use [`env.users.read`](const@super::env::users::read): one name | is enough.

Tokens with an old name still hold it: `people:list`, `a|b`.

- `GET /api/people`: **Global**, about no tenant: all. **Deprecated**, works until 2027-05-01, use `status`.
- `GET /api/folk`: **Global**, about no tenant: all. **Deprecated** since 2026-11-01."
    );
    let note = reference.deprecation_note(scope).unwrap();
    assert_eq!(note, "since 2026-11-01, works until 2027-05-01, use `env.users.read`: one name | is enough");
    assert_eq!(
        reference.group("people", ""),
        r#"# Scopes

| Scope | Purpose | Routes |
|---|---|---|
| <a id="scope-people.list"></a>[`people.list`](const@people::list) | List \| people. **Deprecated** since 2026-11-01, works until 2027-05-01, use [`env.users.read`](const@env::users::read): one name \| is enough. | 2 |
| <a id="scope-people.find"></a>[`people.find`](const@people::find) | **Deprecated**, use [`status`](Scope::Status): why. | 0 |

# Routes

Needs [`people.list`](const@people::list).

- <a id="GET-/api/people"></a>`GET /api/people`: **Global**, about no tenant: all. **Deprecated**, works until 2027-05-01, use `status`.
- <a id="GET-/api/folk"></a>`GET /api/folk`: **Global**, about no tenant: all. **Deprecated** since 2026-11-01."#
    );
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
