//! A catalogue for this crate's unit tests, declared without the macro.

use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};

use http::{Extensions, Method};
use scopes_core::declaration::{BlockKind, Declaration, RouteDeclaration, ScopeDeclaration, TenancyDeclaration};
use scopes_core::{Route, Scope, ScopeId, ScopeSet};

use crate::auth::outcome::Authentication;
use crate::auth::stored::Judged;
use crate::request::facts::Facts;
use crate::request::kept::KeptMatch;
use crate::required::ScopeMarker;
use crate::settings::Settings;
use crate::{Catalogue, Grant, UntypedCatalogue};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct TestScope(u16);

const NAMES: [&str; 4] = ["users.read", "users.write", "events.read", "all.read"];
pub(crate) const USERS_READ: TestScope = TestScope(0);
pub(crate) const USERS_WRITE: TestScope = TestScope(1);
pub(crate) const EVENTS_READ: TestScope = TestScope(2);
pub(crate) const ALL_READ: TestScope = TestScope(3);

impl fmt::Display for TestScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Scope for TestScope {
    type Words = [u64; 1];

    fn id(self) -> ScopeId {
        ScopeId::new(self.0)
    }

    fn from_id(id: ScopeId) -> Option<Self> {
        (id.index() < NAMES.len()).then_some(Self(id.index() as u16))
    }

    fn as_str(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }

    fn catalogue() -> &'static UntypedCatalogue {
        static COMPILED: OnceLock<UntypedCatalogue> = OnceLock::new();
        COMPILED.get_or_init(|| UntypedCatalogue::from_declaration(&declaration()).unwrap())
    }
}

pub(crate) static CATALOGUE: LazyLock<Catalogue<TestScope>> =
    LazyLock::new(|| Catalogue::__new(TestScope::catalogue()));

fn declaration() -> Declaration {
    let mut declaration = Declaration::new("api");
    declaration.base = Some("/api".into());
    declaration.tenant = Some("environment".into());
    let users = declaration.scope("users.read");
    users
        .route("GET", "/environments/{environment}/users")
        .route("GET", "/environments/{environment}/users/{user}")
        .route("GET", "/environments/{environment}/files/{*path}")
        .route("GET", "/environments/{environment}/either");
    without_tenant(users, "GET", "/users/{user}", TenancyDeclaration::Unbound("compared".into()));
    without_tenant(users, "GET", "/raw/{key}", TenancyDeclaration::Global("test".into())).raw.push("key".into());
    let writing = declaration.scope("users.write");
    writing
        .route("POST", "/environments/{environment}/users")
        .route("POST", "/environments/{environment}/users/{user}:cancel");
    without_tenant(writing, "POST", "/jobs/{job}:run", TenancyDeclaration::Global("test".into()));
    let events = declaration.scope("events.read");
    events.route("GET", "/environments/{environment}/either");
    without_tenant(events, "GET", "/eventTypes", TenancyDeclaration::Global("the same for all".into()));
    declaration.scope("all.read").including("*.read");
    let both = BlockKind::All(vec!["users.write".into(), "events.read".into()]);
    declaration.block(both).route("POST", "/environments/{environment}/replay");
    declaration.block(BlockKind::Public("probe".into())).route("GET", "/health");
    let me = declaration.block(BlockKind::Authenticated("who am I".into()));
    me.route("GET", "/environments/{environment}/me").route("GET", "/me");
    me.routes[1].tenancy = Some(scopes_core::declaration::At::new(
        TenancyDeclaration::Global("the caller".into()),
        scopes_core::declaration::Place::default(),
    ));
    declaration.block(BlockKind::External("session".into())).route("POST", "/session");
    declaration
}

fn without_tenant<'s>(
    scope: &'s mut ScopeDeclaration,
    method: &str,
    path: &str,
    tenancy: TenancyDeclaration,
) -> &'s mut RouteDeclaration {
    scope.route(method, path);
    let route = scope.routes.last_mut().unwrap();
    route.tenancy = Some(scopes_core::declaration::At::new(tenancy, scopes_core::declaration::Place::default()));
    route
}

/// The scopes as types.
pub(crate) mod permits {
    use super::{ScopeId, ScopeMarker, TestScope};

    macro_rules! markers {
        ($($name:ident = $id:literal),*) => {$(
            #[derive(Debug)]
            pub(crate) enum $name {}
            impl ScopeMarker for $name {
                type Scope = TestScope;
                const ID: ScopeId = ScopeId::new($id);
            }
        )*};
    }
    markers!(UsersRead = 0, UsersWrite = 1, EventsRead = 2, AllRead = 3);
}

/// A grant of these scopes for tenant `e1`.
pub(crate) fn grant(scopes: &[TestScope]) -> Grant<TestScope> {
    Grant::new(scopes.iter().copied().collect::<ScopeSet<_>>()).for_tenant("e1").unwrap()
}

/// A request's extensions after the authentication layer.
pub(crate) fn authenticated(authentication: Authentication<TestScope>, settings: Settings) -> Extensions {
    let mut extensions = Extensions::new();
    authentication.store(&mut extensions, &Arc::new(settings));
    extensions
}

/// The findings of a gate that knows no template and only reports denials.
pub(crate) fn judged(route: Route<'static>, method: &Method, raw_target: &str) -> Judged {
    let matched = route.at_path(raw_target.strip_prefix("/api").unwrap().as_bytes()).unwrap();
    let found = KeptMatch::new(Facts::new(method, raw_target), &matched);
    Judged {
        found,
        method: method.clone(),
        #[cfg(feature = "_axum")]
        matched_path: None,
        is_routed: false,
        is_met: false,
        is_alone: true,
    }
}

/// The facts of a `GET` request with the template that the router reports.
pub(crate) fn get<'a>(raw_target: &'a str, template: &'a str) -> Facts<'a> {
    Facts::new(&Method::GET, raw_target).with_template(template)
}
