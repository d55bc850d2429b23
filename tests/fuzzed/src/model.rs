//! The meaning of a declaration, implemented directly: every route, its demand, the verdict on a
//! request.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::declaration::{BlockKind, Declaration, Item, RouteDeclaration, ScopeDeclaration, TenancyDeclaration};
use scopes_core::{
    Access, CallerStatus, Decision, Denial, Holder, NoRoute, Route, ScopeInfo, Tenancy, Tenants, UntypedCatalogue,
};

use crate::oracle::{self, Answer};

/// What a route demands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    /// `scoped`, `public`, `authenticated`, `external`.
    access: &'static str,
    /// The alternatives, as sets of wire names. A caller needs all names of one set.
    terms: BTreeSet<BTreeSet<String>>,
    /// `none`, `bound`, `global`, `unbound`.
    tenancy: &'static str,
}

pub(crate) struct Model {
    pub(crate) routes: Vec<oracle::Route>,
    demands: Vec<Demand>,
    tenant: Option<String>,
    /// The scopes that each scope includes, directly and indirectly.
    closures: BTreeMap<String, BTreeSet<String>>,
}

/// Writes `:name` as `{name}`.
fn braced(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The path of a route below the base.
pub(crate) fn path(route: &RouteDeclaration) -> String {
    let own = braced(&route.path.value);
    match route.under.as_ref().map(|under| braced(&under.value)) {
        None => own,
        Some(under) if own == "/" => under,
        Some(under) if under == "/" => own,
        Some(under) => under + &own,
    }
}

/// The path without the names of its parameters.
fn shape(path: &str) -> String {
    let piece = |piece: &str| match piece.split_once('}') {
        Some((name, rest)) if name.starts_with('*') => format!("*}}{rest}"),
        Some((_, rest)) => format!("}}{rest}"),
        None => piece.to_owned(),
    };
    path.split('{').map(piece).collect::<Vec<_>>().join("{")
}

fn has_parameter(path: &str, name: &str) -> bool {
    path.contains(&format!("{{{name}}}")) || path.contains(&format!("{{*{name}}}"))
}

impl Model {
    /// The model of a declaration without mistakes. Only the dotted names come from the catalogue.
    pub(crate) fn of(declaration: &Declaration, catalogue: &UntypedCatalogue) -> Self {
        let mut model = Self {
            routes: Vec::new(),
            demands: Vec::new(),
            tenant: declaration.tenant.as_ref().map(|tenant| tenant.value.clone()),
            closures: closures(declaration, catalogue),
        };
        for item in &declaration.items {
            let (access, term, tenancy, routes) = match item {
                Item::Scope(scope) => {
                    ("scoped", BTreeSet::from([scope.name.value.clone()]), &scope.tenancy, &scope.routes)
                }
                Item::Block(block) => {
                    let (access, names) = match &block.kind {
                        BlockKind::All(names) => ("scoped", names.as_slice()),
                        BlockKind::Public(_) => ("public", [].as_slice()),
                        BlockKind::Authenticated(_) => ("authenticated", [].as_slice()),
                        BlockKind::External(_) => ("external", [].as_slice()),
                        other => panic!("the model does not know {other:?}"),
                    };
                    let wire =
                        |name: &str| named(catalogue, name).map_or(String::new(), |scope| scope.name().to_owned());
                    (access, names.iter().map(|name| wire(&name.value)).collect(), &block.tenancy, &block.routes)
                }
                other => panic!("the model does not know {other:?}"),
            };
            for route in routes {
                let said = route.tenancy.as_ref().or(tenancy.as_ref()).map(|tenancy| match tenancy.value {
                    TenancyDeclaration::Global(_) => "global",
                    TenancyDeclaration::Unbound(_) => "unbound",
                    ref other => panic!("the model does not know {other:?}"),
                });
                model.add(route, access, term.clone(), said);
            }
        }
        model
    }

    /// The model of a catalogue's routes, for a declaration with mistakes: the routes that the
    /// catalogue has must be found.
    pub(crate) fn of_routes(catalogue: &UntypedCatalogue) -> Self {
        let routes = catalogue.routes().map(|route| oracle::Route {
            method: route.method().to_owned(),
            path: route.path().to_owned(),
            raw: route
                .parameters()
                .filter(|parameter| parameter.is_raw())
                .map(|parameter| parameter.name().to_owned())
                .collect(),
        });
        Self { routes: routes.collect(), demands: Vec::new(), tenant: None, closures: BTreeMap::new() }
    }

    fn add(
        &mut self,
        route: &RouteDeclaration,
        access: &'static str,
        term: BTreeSet<String>,
        said: Option<&'static str>,
    ) {
        let path = path(route);
        let raw = route.raw.iter().map(|name| name.value.clone());
        let same = |known: &oracle::Route| known.method == route.method.value && shape(&known.path) == shape(&path);
        let index = self.routes.iter().position(same).unwrap_or_else(|| {
            self.routes.push(oracle::Route { method: route.method.value.clone(), path: path.clone(), raw: Vec::new() });
            self.demands.push(Demand::default());
            self.routes.len() - 1
        });
        self.routes[index].raw.extend(raw);
        let demand = &mut self.demands[index];
        demand.access = access;
        if access == "scoped" {
            demand.terms.insert(term);
        }
        demand.tenancy = match &self.tenant {
            Some(tenant) if matches!(access, "scoped" | "authenticated") => {
                if has_parameter(&path, tenant) {
                    "bound"
                } else {
                    // If several scopes list the route, only one of them needs to declare this.
                    let open = if access == "authenticated" { "global" } else { demand.tenancy };
                    said.unwrap_or(if open.is_empty() { "none" } else { open })
                }
            }
            _ => "none",
        };
    }

    /// Checks that the tables say about each route what the declaration says.
    pub(crate) fn assert_routes(&self, catalogue: &UntypedCatalogue) {
        assert_eq!(catalogue.routes().len(), self.routes.len(), "as many routes as were declared");
        for (route, (expected, demand)) in catalogue.routes().zip(self.routes.iter().zip(&self.demands)) {
            assert_eq!((route.method(), route.path()), (expected.method.as_str(), expected.path.as_str()));
            let access = match route.access() {
                Access::Scoped => "scoped",
                Access::Public(_) => "public",
                Access::Authenticated(_) => "authenticated",
                Access::External(_) => "external",
            };
            assert_eq!(access, demand.access, "{route}");
            assert_eq!(terms(route), demand.terms, "{route}");
            let tenancy = match route.tenancy() {
                Tenancy::NotApplicable => "none",
                Tenancy::Bound => "bound",
                Tenancy::Global(_) => "global",
                Tenancy::Unbound(_) => "unbound",
            };
            assert_eq!(tenancy, demand.tenancy, "{route}");
        }
        for scope in catalogue.scopes() {
            let members: BTreeSet<String> =
                scope.members().filter_map(|id| catalogue.scope(id)).map(|scope| scope.name().to_owned()).collect();
            assert_eq!(members, self.closures[scope.name()], "what {scope} includes");
        }
    }

    /// The verdict as text: `200`, a status, `403 scope` or `403 tenant`.
    pub(crate) fn verdict(&self, answer: &Answer, caller: Option<(&BTreeSet<String>, &Tenants)>) -> &'static str {
        let demand = match answer {
            Answer::Malformed => return "400",
            Answer::TooLong => return "414",
            Answer::Route(index, _) => Some(&self.demands[*index]),
            Answer::NotFound | Answer::NotAllowed(_) => None,
        };
        if demand.is_some_and(|demand| matches!(demand.access, "public" | "external")) {
            return "200";
        }
        let Some((holds, tenants)) = caller else { return "401" };
        let (demand, captures) = match (answer, demand) {
            (Answer::Route(_, captures), Some(demand)) => (demand, captures),
            (Answer::NotAllowed(_), _) => return "405",
            _ => return "404",
        };
        let mut effective = holds.clone();
        effective.extend(holds.iter().flat_map(|scope| &self.closures[scope]).cloned());
        if demand.access == "scoped" && !demand.terms.iter().any(|term| term.is_subset(&effective)) {
            return "403 scope";
        }
        let value = captures.iter().find(|(name, _)| Some(name) == self.tenant.as_ref()).map(|(_, value)| value);
        let covered = match tenants {
            Tenants::None => false,
            Tenants::Any => value.is_some_and(|value| is_tenant(&decoded(value))),
            Tenants::Only(_) => {
                value.is_some_and(|value| tenants.iter().any(|tenant| tenant.as_bytes() == decoded(value)))
            }
        };
        if demand.tenancy == "bound" && !covered { "403 tenant" } else { "200" }
    }
}

/// The verdict of the code under test in the same words.
pub(crate) fn decided(
    catalogue: &UntypedCatalogue,
    base: &str,
    limit: usize,
    method: &str,
    target: &[u8],
    caller: Option<(&BTreeSet<String>, &Tenants)>,
) -> &'static str {
    let mut words = vec![0_u64; catalogue.scopes().len().div_ceil(64)];
    let found = catalogue.at_mounted(base, limit, method, target);
    let verdict = match caller {
        None => Decision::new(found, &CallerStatus::Absent).verdict(),
        Some((holds, tenants)) => {
            for id in holds.iter().filter_map(|name| catalogue.scope_named(name)) {
                words[id.index() / 64] |= 1 << (id.index() % 64);
            }
            catalogue.close(&mut words);
            Decision::new(found, &CallerStatus::Granted(Holder::new(&words, tenants))).verdict()
        }
    };
    match verdict {
        Ok(()) => "200",
        Err(Denial::TargetMalformed(_)) => "400",
        Err(Denial::TargetTooLong) => "414",
        Err(Denial::CredentialsAbsent) => "401",
        Err(Denial::RouteNotFound) => "404",
        Err(Denial::MethodNotAllowed(_)) => "405",
        Err(Denial::ScopeMissing) => "403 scope",
        Err(Denial::OtherTenant) => "403 tenant",
        Err(other) => panic!("the model does not know {other}"),
    }
}

/// The answer of the catalogue, in the terms of the model.
pub(crate) fn answered(catalogue: &UntypedCatalogue, base: &str, limit: usize, method: &str, target: &[u8]) -> Answer {
    match catalogue.at_mounted(base, limit, method, target) {
        Ok(found) => {
            let raw = |name| found.raw_parameter(name).map(<[u8]>::to_vec).unwrap_or_default();
            let captures =
                found.route().parameters().map(|parameter| (parameter.name().to_owned(), raw(parameter.name())));
            Answer::Route(found.route().id().index(), captures.collect())
        }
        Err(NoRoute::Malformed(_)) => Answer::Malformed,
        Err(NoRoute::TooLong) => Answer::TooLong,
        Err(NoRoute::NotFound) => Answer::NotFound,
        Err(NoRoute::MethodNotAllowed(set)) => {
            Answer::NotAllowed(catalogue.method_names(set).map(str::to_owned).collect())
        }
        Err(other) => panic!("the model does not know {other}"),
    }
}

fn terms(route: Route<'_>) -> BTreeSet<BTreeSet<String>> {
    let name = |id| route.catalogue().scope(id).map_or(String::new(), |scope| scope.name().to_owned());
    route.requirement().iter().map(|term| term.ids().map(name).collect()).collect()
}

fn named<'c>(catalogue: &'c UntypedCatalogue, name: &str) -> Option<ScopeInfo<'c>> {
    catalogue
        .scopes()
        .find(|scope| scope.name() == name)
        .or_else(|| catalogue.scopes().find(|scope| scope.dotted() == name))
}

fn closures(declaration: &Declaration, catalogue: &UntypedCatalogue) -> BTreeMap<String, BTreeSet<String>> {
    let scopes: Vec<&ScopeDeclaration> = (declaration.items.iter())
        .filter_map(|item| if let Item::Scope(scope) = item { Some(scope) } else { None })
        .collect();
    let dotted =
        |scope: &ScopeDeclaration| named(catalogue, &scope.name.value).map_or("", ScopeInfo::dotted).to_owned();
    let means = |pattern: &str, including: &ScopeDeclaration, scope: &ScopeDeclaration| match pattern.strip_prefix('*')
    {
        None => scope.name.value == pattern || dotted(scope) == pattern,
        Some(ending) => {
            scope.name.value != including.name.value && scope.includes.is_empty() && dotted(scope).ends_with(ending)
        }
    };
    let mut closures: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for including in &scopes {
        let member = |scope: &&&ScopeDeclaration| {
            including.includes.iter().any(|pattern| means(&pattern.value, including, scope))
        };
        let direct = scopes.iter().filter(member).map(|scope| scope.name.value.clone());
        closures.insert(including.name.value.clone(), direct.collect());
    }
    loop {
        let before = closures.clone();
        for members in closures.values_mut() {
            let more: Vec<String> = members.iter().flat_map(|member| &before[member]).cloned().collect();
            members.extend(more);
        }
        if closures == before {
            return closures;
        }
    }
}

fn is_tenant(value: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(value) else { return false };
    let never = |character: char| character.is_control() || "/\\%;".contains(character);
    (1..=255).contains(&text.len()) && text != "." && text != ".." && text.trim() == text && !text.contains(never)
}

/// Decodes a value. An invalid escape is kept, because a tenant cannot contain `%`.
fn decoded(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = raw;
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()).filter(|hex| !hex.starts_with('+'));
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    bytes
}
