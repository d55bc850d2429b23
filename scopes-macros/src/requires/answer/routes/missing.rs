//! The messages for a route that the catalogue does not have.

use scopes_core::suggest::nearest;
use scopes_core::template::{Segment, Template};

use super::declared::{DeclaredRoute, DeclaredRoutes, is_suffix};
use crate::requires::answer::listed;
use crate::requires::wire::question::HandlerRoute;

impl DeclaredRoutes {
    /// The message for a route in the arguments: no route has this method and path.
    pub(super) fn no_such_route(&self, argument: &HandlerRoute, path: &Template) -> String {
        let (method, text) = (&argument.method.value, &argument.path.value);
        let mut methods: Vec<String> =
            self.routes.iter().filter(|route| self.is_at(route, path)).map(|route| route.method.clone()).collect();
        methods.dedup();
        if !methods.is_empty() {
            return format!("`{text}` has no `{method}` in this catalogue, it has: {}", listed(&methods));
        }
        let base = self.base.as_ref();
        let whole = |route: &DeclaredRoute| {
            vec![shape(&route.template), base.map(|base| shape(&without(&route.template, base))).unwrap_or_default()]
        };
        format!("no route `{method} {text}` in this catalogue{}", self.suggestion(method, &shape(path), whole))
    }

    /// The message for an attribute of a framework: no route of this method ends in this path.
    pub(super) fn no_route_ends_so(&self, attribute: &HandlerRoute, path: &Template) -> String {
        let (method, text) = (&attribute.method.value, &attribute.path.value);
        if let Some(prefix) = &attribute.prefix {
            return format!(
                "no route `{method} {}{text}` in this catalogue{}",
                prefix.value,
                self.suggestion(method, &shape(path), |route| vec![shape(&route.template)])
            );
        }
        let mut methods: Vec<String> = self
            .routes
            .iter()
            .filter(|route| is_suffix(path, &route.template))
            .map(|route| route.method.clone())
            .collect();
        methods.sort_unstable();
        methods.dedup();
        if !methods.is_empty() {
            return format!("no route of `{method}` ends in `{text}`, routes with this end have: {}", listed(&methods));
        }
        // One segment too many or too few may be the mistake.
        let length = path.segments().len();
        let ends = |route: &DeclaredRoute| {
            let all = route.template.segments();
            let tails = [length, length + 1, length.saturating_sub(1)].map(|length| all.len().saturating_sub(length));
            tails.map(|start| shape_of(&all[start..], route.template.trailing_slash())).to_vec()
        };
        format!("no route of `{method}` ends in `{text}`{}", self.suggestion(method, &shape(path), ends))
    }

    /// A suggestion, `, did you mean ..?`, or the list of what exists.
    fn suggestion(&self, method: &str, wanted: &str, texts: impl Fn(&DeclaredRoute) -> Vec<String>) -> String {
        let routes: Vec<&DeclaredRoute> = self.of_method(method).collect();
        let texts: Vec<Vec<String>> = routes.iter().map(|route| texts(route)).collect();
        let near = nearest(wanted, texts.iter().flatten().map(String::as_str));
        if let Some(at) = near.and_then(|near| texts.iter().position(|texts| texts.iter().any(|text| text == near))) {
            return format!(", did you mean `{} {}`?", routes[at].method, routes[at].text);
        }
        if routes.is_empty() {
            let mut methods: Vec<String> = self.routes.iter().map(|route| route.method.clone()).collect();
            methods.sort_unstable();
            methods.dedup();
            return format!("\nits methods are: {}", listed(&methods));
        }
        format!(
            "\nits routes of `{method}` are: {}",
            listed(&routes.iter().map(|route| route.text.clone()).collect::<Vec<_>>())
        )
    }
}

/// The template below the base.
fn without(template: &Template, base: &Template) -> Template {
    let text =
        shape_of(template.segments().get(base.segments().len()..).unwrap_or_default(), template.trailing_slash());
    Template::parse(&text).unwrap_or_else(|_| template.clone())
}

/// A template as text that does not depend on the names of parameters; it can be parsed again.
fn shape(template: &Template) -> String {
    shape_of(template.segments(), template.trailing_slash())
}

fn shape_of(segments: &[Segment], trailing_slash: bool) -> String {
    let mut text = String::new();
    for (index, segment) in segments.iter().enumerate() {
        text.push('/');
        match segment {
            Segment::Literal(literal) => text.push_str(literal),
            Segment::Parameter { prefix, suffix, .. } => text.push_str(&format!("{prefix}{{{index}}}{suffix}")),
            Segment::Rest { .. } => text.push_str(&format!("{{*{index}}}")),
        }
    }
    if trailing_slash || text.is_empty() {
        text.push('/');
    }
    text
}
