//! Both catalogues, and their routes by shape and path.

use std::collections::BTreeMap;

use scopes_core::{Access, Route, RouteId, UntypedCatalogue};

/// A route's method and shape: its template without the names of parameters.
pub(super) type Shape = (String, String);

pub(super) fn shape(route: Route<'_>) -> Shape {
    let mut shape = String::new();
    let mut inside = false;
    for character in route.template().chars() {
        match character {
            '{' => (inside, _) = (true, shape.push('{')),
            '}' => (inside, _) = (false, shape.push('}')),
            '*' if inside => shape.push('*'),
            _ if inside => {}
            _ => shape.push(character),
        }
    }
    (route.method().to_owned(), shape)
}

/// The two catalogues and their routes by shape.
pub(super) struct Both<'c> {
    pub(super) old: &'c UntypedCatalogue,
    pub(super) new: &'c UntypedCatalogue,
    pub(super) old_shapes: BTreeMap<Shape, RouteId>,
    pub(super) new_shapes: BTreeMap<Shape, RouteId>,
    pub(super) old_routes: Index<'c>,
    pub(super) new_routes: Index<'c>,
}

/// The routes of a catalogue by method and path below the base, and those that the other catalogue
/// does not have, by method and template.
pub(super) struct Index<'c> {
    by_path: BTreeMap<(&'c str, &'c str), RouteId>,
    only_here: BTreeMap<(&'c str, String), Route<'c>>,
}

/// The greatest number of routes among which the route that replaces another one is looked for.
const MOST_CANDIDATES: usize = 64;

impl<'c> Index<'c> {
    fn of(catalogue: &'c UntypedCatalogue, other: &BTreeMap<Shape, RouteId>) -> Self {
        Self {
            by_path: catalogue.routes().map(|route| ((route.method(), route.path()), route.id())).collect(),
            only_here: catalogue
                .routes()
                .filter(|route| !other.contains_key(&shape(*route)))
                .map(|route| ((route.method(), route.template()), route))
                .collect(),
        }
    }

    /// Finds a route that only this catalogue has. Its template begins with the same text as
    /// `route`'s, and `is_it` returns `true` for it.
    pub(super) fn only_here(&self, route: Route<'_>, is_it: impl Fn(Route<'c>) -> bool) -> Option<Route<'c>> {
        let template = route.template();
        let literal = template.split('{').next().unwrap_or_default();
        self.only_here
            .range((route.method(), literal.to_owned())..)
            .take_while(|((method, template), _)| *method == route.method() && template.starts_with(literal))
            .take(MOST_CANDIDATES)
            .map(|(_, route)| *route)
            .find(|route| is_it(*route))
    }
}

impl<'c> Both<'c> {
    pub(super) fn of(old: &'c UntypedCatalogue, new: &'c UntypedCatalogue) -> Self {
        let shapes = |catalogue: &UntypedCatalogue| -> BTreeMap<Shape, RouteId> {
            catalogue.routes().map(|route| (shape(route), route.id())).collect()
        };
        let (old_shapes, new_shapes) = (shapes(old), shapes(new));
        let (old_routes, new_routes) = (Index::of(old, &new_shapes), Index::of(new, &old_shapes));
        Self { old, new, old_shapes, new_shapes, old_routes, new_routes }
    }

    pub(super) fn is_old(&self, route: Route<'_>) -> bool {
        self.old_shapes.contains_key(&shape(route))
    }

    pub(super) fn is_new(&self, route: Route<'_>) -> bool {
        self.new_shapes.contains_key(&shape(route))
    }

    /// Whether the other catalogue has the same route below its own base.
    pub(super) fn has_moved(&self, route: Route<'_>, other: &Index<'_>) -> bool {
        self.old.base() != self.new.base() && other.by_path.contains_key(&(route.method(), route.path()))
    }
}

pub(super) fn needs(route: Route<'_>) -> String {
    match route.access() {
        Access::Scoped => format!("needs `{}`", route.requirement().display(route.catalogue())),
        Access::Public(_) => "is public".to_owned(),
        Access::Authenticated(_) => "needs good credentials".to_owned(),
        Access::External(_) => "is checked elsewhere".to_owned(),
    }
}

pub(super) fn needed(route: Route<'_>) -> String {
    match route.access() {
        Access::Scoped => format!("needed `{}`", route.requirement().display(route.catalogue())),
        Access::Public(_) => "was public".to_owned(),
        Access::Authenticated(_) => "needed good credentials".to_owned(),
        Access::External(_) => "was checked elsewhere".to_owned(),
    }
}
