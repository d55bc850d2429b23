//! The routes of a catalogue, and which of them a method and a path refer to.

use scopes_core::method;
use scopes_core::template::Template;

use crate::requires::wire::routes::{Demand, RouteLine, RouteTable};

/// The routes of a catalogue.
pub(super) struct DeclaredRoutes {
    pub(super) base: Option<Template>,
    pub(super) routes: Vec<DeclaredRoute>,
}

/// One route of a catalogue.
pub(super) struct DeclaredRoute {
    pub(super) method: String,
    /// The template as it is in the catalogue, for messages.
    pub(super) text: String,
    /// The template with the base.
    pub(super) template: Template,
    pub(super) demand: Demand,
}

impl DeclaredRoutes {
    /// Reads a table. A route whose template cannot be read is left out.
    pub(super) fn read(text: &str) -> Self {
        let table = RouteTable::read(text);
        let parsed = |text: &str| Template::parse(text).ok();
        let route = |RouteLine { method, template: text, demand }| {
            Some(DeclaredRoute { method, template: parsed(&text)?, text, demand })
        };
        Self {
            base: table.base.as_deref().and_then(parsed),
            routes: table.routes.into_iter().filter_map(route).collect(),
        }
    }

    /// The routes that answer requests of this method: its own routes, and routes of its fallback,
    /// if no route of the same shape has the method itself.
    pub(super) fn of_method<'r>(&'r self, method: &str) -> impl Iterator<Item = &'r DeclaredRoute> + Clone {
        let own = method.to_owned();
        self.routes.iter().filter(move |route| {
            let has_own =
                || self.routes.iter().any(|other| other.method == own && other.template.same_shape(&route.template));
            route.method == own || method::answers(&route.method, &own) && !has_own()
        })
    }

    /// Whether this route has the path, written with or without the base.
    pub(super) fn is_at(&self, route: &DeclaredRoute, path: &Template) -> bool {
        let with_base = |base: &Template| base.join(path).same_shape(&route.template);
        route.template.same_shape(path) || self.base.as_ref().is_some_and(with_base)
    }
}

/// Whether a template ends in the path of a framework's attribute. Every template ends in `/`.
pub(super) fn is_suffix(path: &Template, template: &Template) -> bool {
    let (part, whole) = (path.segments(), template.segments());
    let Some(start) = whole.len().checked_sub(part.len()) else { return false };
    let same = part.iter().zip(&whole[start..]).all(|(a, b)| a.same_shape(b));
    same && (part.is_empty() || path.trailing_slash() == template.trailing_slash())
}
