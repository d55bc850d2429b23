//! Second step: the routes. Each method and shape has one entry, with every block that lists it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::mem;

use super::deprecations;
use super::limits::{MAX_ALTERNATIVES, MAX_ENTRIES, MAX_METHODS};
use super::{AccessDraft, DeprecationDraft, Draft, Listing, RouteDraft, TenancyDraft};
use crate::declaration::{At, BlockDeclaration, BlockKind, Item, Place, RouteDeclaration, TenancyDeclaration};
use crate::error::{CatalogueErrorKind, SCOPES_IN_ALL};
use crate::method;
use crate::suggest;
use crate::template::Template;
use crate::template::shape::shape;

/// A route's identity: column of its method, shape of its template.
type Key = (usize, Vec<u8>);

struct Collector<'a, 'd> {
    draft: &'a mut Draft<'d>,
    known: BTreeMap<Key, usize>,
    /// The `under` prefixes that are parsed already: the errors of each are reported once, however
    /// many routes it has.
    prefixes: BTreeMap<(Place, String), Option<Template>>,
    /// For each method and path that is wrong, the index of its error: it is reported once, however
    /// many scopes list the route.
    wrong_methods: BTreeMap<(&'d str, Option<&'d str>, &'d str), usize>,
    /// The mistakes in deprecations that are reported already.
    deprecations: deprecations::Reported,
    /// The place where the last of the methods was first written.
    last_method: Place,
    /// Whether the error about too many routes was reported.
    overflowed: bool,
}

/// What a block declares for all its routes.
struct Block {
    item: usize,
    access: AccessDraft,
    scopes: Vec<u16>,
    tenancy: Option<At<TenancyDraft>>,
}

/// What one listing of a route adds to the route.
struct Extras {
    raw: Vec<String>,
    deprecated: Option<DeprecationDraft>,
}

pub(super) fn collect(draft: &mut Draft<'_>) {
    settings(draft);
    let declaration = draft.declaration;
    let mut collector = Collector {
        draft,
        known: BTreeMap::new(),
        prefixes: BTreeMap::new(),
        wrong_methods: BTreeMap::new(),
        deprecations: deprecations::Reported::new(),
        last_method: Place::default(),
        overflowed: false,
    };
    for (item, declared) in declaration.items.iter().enumerate() {
        match declared {
            Item::Scope(scope) => {
                let scopes = collector.draft.scope_of(&scope.name.value).into_iter().collect();
                let tenancy = collector.tenancy(scope.tenancy.as_ref());
                let block = Block { item, access: AccessDraft::Scoped, scopes, tenancy };
                collector.add_all(&block, &scope.routes);
            }
            Item::Block(declared) => {
                let (access, scopes) = collector.demand(declared);
                let tenancy = collector.tenancy(declared.tenancy.as_ref());
                collector.add_all(&Block { item, access, scopes, tenancy }, &declared.routes);
            }
        }
    }
    // `HEAD` has a column wherever `GET` has one: the rows decide which template answers it.
    for method in method::STANDARD {
        if let Some(fallback) = method::fallback(method)
            && collector.draft.methods.iter().any(|method| method == fallback)
        {
            let what = "methods, with the `HEAD` that comes with `GET`";
            collector.column(method, collector.last_method, what);
        }
    }
}

fn settings(draft: &mut Draft<'_>) {
    if let Some(base) = &draft.declaration.base {
        match Template::parse(&base.value) {
            Ok(template) if template.is_literal() && !template.trailing_slash() => {
                draft.base = if template.segments().is_empty() { String::new() } else { template.to_string() };
            }
            Ok(_) => draft.error(base.place, CatalogueErrorKind::Base { base: base.value.clone() }),
            Err(errors) => {
                for error in errors {
                    draft.error(base.place, CatalogueErrorKind::Path { path: base.value.clone(), error });
                }
            }
        }
    }
    draft.tenant.clone_from(&draft.declaration.tenant);
}

impl<'d> Collector<'_, 'd> {
    /// The access and scopes that a block demands. If a scope does not exist, it is reported, and
    /// no grant satisfies the demand.
    fn demand(&mut self, block: &BlockDeclaration) -> (AccessDraft, Vec<u16>) {
        let mut reason = |given: &At<String>, of: &'static str| {
            if given.value.trim().is_empty() {
                self.draft.error(given.place, CatalogueErrorKind::EmptyReason { of });
            }
            given.value.clone()
        };
        match &block.kind {
            BlockKind::Public(given) => (AccessDraft::Public(reason(given, "public")), Vec::new()),
            BlockKind::Authenticated(given) => (AccessDraft::Authenticated(reason(given, "authenticated")), Vec::new()),
            BlockKind::External(given) => (AccessDraft::External(reason(given, "external")), Vec::new()),
            BlockKind::All(names) => (AccessDraft::Scoped, self.all(block.place, names)),
        }
    }

    fn all(&mut self, place: Place, names: &[At<String>]) -> Vec<u16> {
        let mut scopes = Vec::new();
        let mut sound = true;
        if let Some(name) = names.get(MAX_ALTERNATIVES) {
            let kind = CatalogueErrorKind::TooMany { what: SCOPES_IN_ALL, limit: MAX_ALTERNATIVES };
            self.draft.error(name.place, kind);
        }
        for name in names.iter().take(MAX_ALTERNATIVES) {
            match self.draft.scope_of(&name.value) {
                Some(scope) if scopes.contains(&scope) => {
                    self.draft.error(name.place, CatalogueErrorKind::RepeatedInAll { name: name.value.clone() });
                }
                Some(scope) => scopes.push(scope),
                None => {
                    sound = false;
                    let kind = self.draft.unknown_scope(&name.value);
                    self.draft.error(name.place, kind);
                }
            }
        }
        match names {
            [] => self.draft.error(place, CatalogueErrorKind::EmptyAll),
            [only] => self.draft.error(only.place, CatalogueErrorKind::LonelyAll { name: only.value.clone() }),
            _ => {}
        }
        if !sound {
            scopes.clear();
        }
        scopes
    }

    fn tenancy(&mut self, declared: Option<&At<TenancyDeclaration>>) -> Option<At<TenancyDraft>> {
        let declared = declared?;
        let (draft, reason) = match &declared.value {
            TenancyDeclaration::Global(reason) => (TenancyDraft::Global(reason.clone()), reason),
            TenancyDeclaration::Unbound(reason) => (TenancyDraft::Unbound(reason.clone()), reason),
        };
        if reason.trim().is_empty() {
            self.draft.error(declared.place, CatalogueErrorKind::EmptyReason { of: draft.attribute() });
        }
        Some(At::new(draft, declared.place))
    }

    fn add_all(&mut self, block: &Block, routes: &'d [RouteDeclaration]) {
        let mut lacking = false;
        for route in routes {
            lacking |= self.add(block, route).unwrap_or(true);
        }
        if let Some(tenancy) = &block.tenancy {
            let attribute = tenancy.value.attribute();
            match &self.draft.tenant {
                Some(tenant) if block.access.needs_grant() && !lacking => {
                    let kind = CatalogueErrorKind::TenancyUnneeded { tenant: tenant.value.clone(), attribute };
                    self.draft.error(tenancy.place, kind);
                }
                Some(_) if block.access.needs_grant() => {}
                _ => self.draft.error(tenancy.place, CatalogueErrorKind::TenancyWithoutTenant { attribute }),
            }
        }
    }

    /// Adds a route; returns whether it lacks the tenant's parameter.
    fn add(&mut self, block: &Block, route: &'d RouteDeclaration) -> Option<bool> {
        let column = self.method(route);
        let template = self.template(route)?;
        let path = template.to_string();
        self.trailing_slash(route, &template, &path);
        let mut raw = Vec::new();
        for name in &route.raw {
            self.raw(name, &template, &path, &mut raw);
        }
        for reason in route.overlaps.iter().filter(|reason| reason.value.trim().is_empty()) {
            self.draft.error(reason.place, CatalogueErrorKind::EmptyReason { of: "overlaps" });
        }
        let declared = route.deprecated.as_ref();
        let deprecated =
            declared.map(|declared| deprecations::settled(self.draft, declared, None, &mut self.deprecations));
        let tenancy = self.tenancy(route.tenancy.as_ref());
        let lacking = self.draft.tenant.as_ref().is_some_and(|tenant| !template.has_parameter(&tenant.value));
        if let Some(tenancy) = &tenancy {
            self.misplaced_tenancy(block, tenancy, lacking, &path);
        }
        let inherited = if lacking { block.tenancy.clone() } else { None };
        let listing = Listing {
            item: block.item,
            place: route.path.place,
            access: block.access.clone(),
            scopes: block.scopes.clone(),
            tenancy: tenancy.filter(|_| lacking).or(inherited),
        };
        let column = column?;
        let key = (column, shape(&path).collect());
        match self.known.get(&key) {
            Some(&index) => self.repeat(index, listing, route, &path, Extras { raw, deprecated }),
            None => {
                if self.draft.routes.len() >= MAX_ENTRIES {
                    if !mem::replace(&mut self.overflowed, true) {
                        let kind = CatalogueErrorKind::TooMany { what: "routes", limit: MAX_ENTRIES };
                        self.draft.error(route.path.place, kind);
                    }
                    return Some(lacking);
                }
                self.known.insert(key, self.draft.routes.len());
                self.draft.routes.push(RouteDraft {
                    method: column,
                    template,
                    path,
                    place: route.path.place,
                    listed: [listing].into(),
                    name: route.name.clone(),
                    description: route.description.clone(),
                    deprecated,
                    raw,
                    overlaps: route.overlaps.clone(),
                    alternatives: Vec::new(),
                    access: AccessDraft::Scoped,
                    tenancy: TenancyDraft::NotApplicable,
                    final_name: String::new(),
                });
            }
        }
        Some(lacking)
    }

    /// Adds another listing of a route. A listing in another block is an alternative; a second one
    /// in the same block is a mistake.
    fn repeat(&mut self, index: usize, listing: Listing, route: &RouteDeclaration, path: &str, extras: Extras) {
        let Some(first) = self.draft.routes.get(index) else { return };
        let method = self.draft.method_of(first);
        // Items are visited in order, so a listing of the current block is always the last one.
        let earlier = first.listed.last().filter(|earlier| earlier.item == listing.item);
        if first.path != path {
            let one_block = earlier.is_some();
            let kind =
                CatalogueErrorKind::SameShape { method, path: path.into(), other: first.path.clone(), one_block };
            let twin = first.place;
            return self.draft.conflict(listing.place, kind, twin, "the same route is first written here");
        }
        if let Some(earlier) = earlier {
            let (kind, twin) = (CatalogueErrorKind::DuplicateRoute { method, path: path.into() }, earlier.place);
            return self.draft.conflict(listing.place, kind, twin, "first written here");
        }
        if let (Some(name), Some(other)) = (&route.name, &first.name)
            && name.value != other.value
        {
            let kind = CatalogueErrorKind::RouteNamedTwice {
                method,
                path: path.into(),
                name: name.value.clone(),
                other: other.value.clone(),
            };
            let twin = other.place;
            return self.draft.conflict(name.place, kind, twin, "the route's other name");
        }
        let Some(first) = self.draft.routes.get_mut(index) else { return };
        first.listed.push(listing);
        first.name = first.name.take().or_else(|| route.name.clone());
        first.deprecated = first.deprecated.take().or(extras.deprecated);
        if first.description.is_empty() {
            first.description.clone_from(&route.description);
        }
        for name in extras.raw {
            if !first.raw.contains(&name) {
                first.raw.push(name);
            }
        }
        // A reason that was copied from another listing has the same place and is not added twice.
        for reason in &route.overlaps {
            if !first.overlaps.contains(reason) {
                first.overlaps.push(reason.clone());
            }
        }
    }

    fn method(&mut self, route: &'d RouteDeclaration) -> Option<usize> {
        let written = &route.method.value;
        let wrong = if let Err(error) = method::check(written) {
            CatalogueErrorKind::Method { method: written.clone(), error }
        } else if !route.method_quoted && !method::is_standard(written) {
            let nearest = method::nearest_standard(written).map(String::from);
            CatalogueErrorKind::UnquotedMethod { method: written.clone(), nearest }
        } else {
            return self.column(written, route.method.place, "methods");
        };
        let listed =
            (written.as_str(), route.under.as_ref().map(|under| under.value.as_str()), route.path.value.as_str());
        let said = *self.wrong_methods.entry(listed).or_insert(self.draft.errors.len());
        match self.draft.errors.get_mut(said) {
            Some(earlier) => earlier.times += 1,
            None => self.draft.error(route.method.place, wrong),
        }
        None
    }

    fn column(&mut self, method: &str, place: Place, what: &'static str) -> Option<usize> {
        if let Some(column) = self.draft.methods.iter().position(|known| known == method) {
            return Some(column);
        }
        if self.draft.methods.len() >= MAX_METHODS {
            self.draft.error(place, CatalogueErrorKind::TooMany { what, limit: MAX_METHODS });
            return None;
        }
        self.last_method = place;
        self.draft.methods.push(method.into());
        Some(self.draft.methods.len() - 1)
    }

    fn template(&mut self, route: &RouteDeclaration) -> Option<Template> {
        let own = self.parse(&route.path);
        let Some(under) = &route.under else { return own };
        let key = (under.place, under.value.clone());
        let prefix = match self.prefixes.get(&key) {
            Some(prefix) => prefix.clone(),
            None => {
                let mut prefix = self.parse(under);
                if prefix.as_ref().is_some_and(Template::trailing_slash) {
                    self.draft.error(under.place, CatalogueErrorKind::TrailingSlash { path: under.value.clone() });
                    prefix = None;
                }
                self.prefixes.insert(key, prefix.clone());
                prefix
            }
        };
        let joined = prefix?.join(&own?);
        match joined.validate() {
            Ok(()) => Some(joined),
            Err(errors) => {
                for error in errors {
                    self.draft.error(route.path.place, CatalogueErrorKind::Path { path: joined.to_string(), error });
                }
                None
            }
        }
    }

    fn parse(&mut self, path: &At<String>) -> Option<Template> {
        match Template::parse(&path.value) {
            Ok(template) => Some(template),
            Err(errors) => {
                for error in errors {
                    self.draft.error(path.place, CatalogueErrorKind::Path { path: path.value.clone(), error });
                }
                None
            }
        }
    }

    fn trailing_slash(&mut self, route: &RouteDeclaration, template: &Template, path: &str) {
        match (template.trailing_slash(), route.trailing_slash) {
            (true, None) => self.draft.error(route.path.place, CatalogueErrorKind::TrailingSlash { path: path.into() }),
            (false, Some(place)) => self.draft.error(place, CatalogueErrorKind::NoTrailingSlash { path: path.into() }),
            _ => {}
        }
    }

    fn raw(&mut self, name: &At<String>, template: &Template, path: &str, raw: &mut Vec<String>) {
        if !template.has_parameter(&name.value) {
            let names: BTreeSet<&str> = template.parameters().map(|parameter| parameter.name).collect();
            let nearest = suggest::nearest(&name.value, names).map(String::from);
            let kind = CatalogueErrorKind::UnknownParameter { name: name.value.clone(), path: path.into(), nearest };
            self.draft.error(name.place, kind);
        } else if self.draft.tenant.as_ref().is_some_and(|tenant| tenant.value == name.value) {
            self.draft.error(name.place, CatalogueErrorKind::RawTenant { name: name.value.clone() });
        } else if raw.contains(&name.value) {
            self.draft.error(name.place, CatalogueErrorKind::Repeated { what: "parameter", name: name.value.clone() });
        } else {
            raw.push(name.value.clone());
        }
    }

    fn misplaced_tenancy(&mut self, block: &Block, tenancy: &At<TenancyDraft>, lacking: bool, path: &str) {
        let attribute = tenancy.value.attribute();
        match &self.draft.tenant {
            Some(tenant) if block.access.needs_grant() && !lacking => {
                let kind = CatalogueErrorKind::TenancyOnBoundRoute {
                    path: path.into(),
                    tenant: tenant.value.clone(),
                    attribute,
                };
                self.draft.error(tenancy.place, kind);
            }
            Some(_) if block.access.needs_grant() => {}
            _ => self.draft.error(tenancy.place, CatalogueErrorKind::TenancyWithoutTenant { attribute }),
        }
    }
}
