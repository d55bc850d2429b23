//! Random catalogues that are small enough to enumerate all their requests.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use scopes_core::UntypedCatalogue;
use scopes_core::declaration::{
    At, BlockKind, Declaration, Item, Place, RouteDeclaration, ScopeDeclaration, TenancyDeclaration,
};

pub(crate) const SCOPES: [&str; 4] = ["a", "b", "c", "d"];
pub(crate) const METHODS: [&str; 3] = ["GET", "HEAD", "POST"];

/// What a route demands.
const DEMANDS: [&[&[usize]]; 8] =
    [&[&[0]], &[&[1]], &[&[2]], &[&[3]], &[&[0, 1]], &[&[0], &[1]], &[&[0], &[1, 2]], &[&[0, 1], &[2, 3]]];
const KINDS: usize = DEMANDS.len() + 3;

#[derive(Clone, Debug)]
pub(crate) struct RouteSpec {
    method: usize,
    segments: Vec<u8>,
    slash: bool,
    raw: bool,
    demand: usize,
    unbound: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Spec {
    base: u8,
    tenant: bool,
    /// Whether the last scope has another name, and whether it then still accepts the old one.
    renamed: u8,
    includes: Vec<(usize, usize)>,
    pub(crate) routes: Vec<RouteSpec>,
}

pub(crate) fn route() -> impl Strategy<Value = RouteSpec> {
    (0..METHODS.len(), prop::collection::vec(0_u8..12, 0..4), 0_u8..8, 0_u8..6, 0..KINDS, any::<bool>()).prop_map(
        |(method, segments, slash, raw, demand, unbound)| RouteSpec {
            method,
            segments,
            slash: slash == 0,
            raw: raw == 0,
            demand,
            unbound,
        },
    )
}

pub(crate) fn spec() -> impl Strategy<Value = Spec> {
    (0_u8..6, any::<bool>(), 0_u8..6, includes(), prop::collection::vec(route(), 0..7))
        .prop_map(|(base, tenant, renamed, includes, routes)| Spec { base, tenant, renamed, includes, routes })
}

fn includes() -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0..SCOPES.len(), 0..SCOPES.len()), 0..3)
}

/// Two catalogues that have much in common.
pub(crate) fn pair() -> impl Strategy<Value = (Spec, Spec)> {
    let changes = (prop::collection::vec((0_usize..7, route(), 0_u8..4), 0..4), 0_u8..12, any::<bool>(), includes());
    (spec(), changes).prop_map(|(old, (changes, base, tenancy, includes))| {
        let mut new = old.clone();
        for (index, route, kind) in changes {
            let Some(changed) = new.routes.get_mut(index) else {
                new.routes.push(route);
                continue;
            };
            match kind {
                0 => changed.demand = route.demand,
                1 => *changed = route,
                2 => (changed.raw, changed.unbound) = (route.raw, route.unbound),
                _ => drop(new.routes.remove(index)),
            }
        }
        if base < 2 {
            new.base = base;
        }
        if base == 3 {
            new.tenant = tenancy;
        }
        if base > 7 {
            new.includes = includes;
        }
        if base > 8 {
            new.renamed = base - 9;
        }
        (old, new)
    })
}

impl RouteSpec {
    fn path(&self, tenant: bool) -> String {
        let mut path = String::new();
        let mut has_tenant = false;
        for (index, kind) in self.segments.iter().enumerate() {
            let is_last = index + 1 == self.segments.len();
            let segment = match kind {
                0 => "a".to_owned(),
                1 => "b".to_owned(),
                2 => "ab".to_owned(),
                3 | 4 if tenant && !has_tenant => {
                    has_tenant = true;
                    if *kind == 3 { "{t}".to_owned() } else { "a{t}".to_owned() }
                }
                4 | 5 => format!("a{{p{index}}}"),
                6 => format!("{{p{index}}}b"),
                7 => format!("a{{p{index}}}b"),
                8 if is_last && !self.slash => "{*r}".to_owned(),
                _ => format!("{{p{index}}}"),
            };
            path.push('/');
            path.push_str(&segment);
        }
        if path.is_empty() || self.slash {
            path.push('/');
        }
        path
    }
}

/// The shape of a path: two routes of one shape cannot be declared.
fn shape(path: &str) -> String {
    let mut inside = false;
    path.chars()
        .filter(|character| {
            let keep = !inside || *character == '*' || *character == '}';
            inside = (inside || *character == '{') && *character != '}';
            keep
        })
        .collect()
}

impl Spec {
    pub(crate) fn compile(&self) -> UntypedCatalogue {
        let mut declaration = Declaration::new("api");
        declaration.base =
            [None, Some("/a"), Some("/a/b")].get(usize::from(self.base)).copied().flatten().map(Into::into);
        let mut names = SCOPES;
        if (1..3).contains(&self.renamed) {
            names[3] = "e";
        }
        let mut scopes: Vec<ScopeDeclaration> = names.map(ScopeDeclaration::new).into();
        if self.renamed == 1 {
            scopes[3].was.push(SCOPES[3].into());
        }
        for (scope, other) in &self.includes {
            // A scope includes only later scopes, so that they form no cycle.
            if scope < other && !scopes[*scope].includes.iter().any(|name| name.value == names[*other]) {
                scopes[*scope].including(names[*other]);
            }
        }
        let mut blocks = Vec::new();
        let mut shapes = BTreeSet::new();
        let routes: Vec<&RouteSpec> =
            self.routes.iter().filter(|spec| shapes.insert((spec.method, shape(&spec.path(false))))).collect();
        let tenant = self.tenant && routes.iter().any(|route| route.path(true).contains("{t}"));
        for spec in routes {
            let path = spec.path(tenant);
            let mut route = RouteDeclaration::new(METHODS[spec.method], &path);
            route.trailing_slash = (spec.slash && path != "/").then_some(Place::default());
            if spec.raw {
                let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
                let names = names.filter(|name| *name != "t" || !tenant);
                route.raw = names.map(|name| At::from(name.trim_start_matches('*'))).collect();
            }
            let is_scoped = spec.demand < DEMANDS.len();
            let needs_grant = is_scoped || spec.demand == DEMANDS.len();
            if tenant && needs_grant && !path.contains("{t}") {
                let tenancy = if spec.unbound { TenancyDeclaration::Unbound } else { TenancyDeclaration::Global };
                route.tenancy = Some(At::new(tenancy("why".to_owned()), Place::default()));
            }
            let Some(alternatives) = DEMANDS.get(spec.demand) else {
                let kinds: [fn(At<String>) -> BlockKind; 3] =
                    [BlockKind::Authenticated, BlockKind::Public, BlockKind::External];
                blocks.push((kinds[spec.demand - DEMANDS.len()]("why".into()), route));
                continue;
            };
            for alternative in *alternatives {
                match alternative {
                    [scope] => scopes[*scope].routes.push(route.clone()),
                    _ => {
                        let names = alternative.iter().map(|scope| names[*scope].into()).collect();
                        blocks.push((BlockKind::All(names), route.clone()));
                    }
                }
            }
        }
        declaration.tenant = tenant.then(|| "t".into());
        declaration.items = scopes.into_iter().map(Item::Scope).collect();
        for (kind, route) in blocks {
            declaration.block(kind).routes.push(route);
        }
        UntypedCatalogue::from_declaration(&declaration).unwrap_or_else(|errors| panic!("{errors}\n{declaration:#?}"))
    }
}

/// The catalogues beside the project, or `None` where they are missing.
pub(crate) fn shared_catalogues() -> Option<Vec<(String, String)>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let required = std::env::var_os("SCOPES_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "SCOPES_REQUIRE_ALL=1: {} is missing", folder.display());
        println!("skipped: the catalogues beside the project are missing");
        return None;
    };
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "json") && !path.ends_with("peer_matchit.json"))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    assert!(found.len() >= 6, "{} has only {} catalogues", folder.display(), found.len());
    Some(found)
}
