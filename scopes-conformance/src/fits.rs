//! Finds the routes that fit a path when each segment is decoded once. A router or a handler that
//! decodes may read the path as any of them, so a request must satisfy the most specific one.

use std::cmp::Ordering;

use scopes_core::Route;
use scopes_core::template::{Segment, Template, compare_segments};

use super::setup::Setup;
use crate::escapes;

/// Every route with its whole template, parsed once.
#[derive(Debug)]
pub(super) struct Templates(Vec<(Route<'static>, Template)>);

/// A route that fits a path.
#[derive(Clone, Debug)]
pub(super) struct Fit<'t> {
    pub(super) route: Route<'static>,
    pub(super) template: &'t Template,
    /// The decoded value of the tenant parameter, if the route has one.
    pub(super) tenant: Option<String>,
}

impl Setup {
    /// The templates of all routes, below the mount.
    pub(super) fn templates(&self) -> Templates {
        let parsed = |route| Some((route, self.template(route)?));
        Templates(self.catalogue.routes().filter_map(parsed).collect())
    }

    /// The template of a route below the mount.
    pub(super) fn template(&self, route: Route<'_>) -> Option<Template> {
        let is_mount = route.path() == "/" && !self.base.is_empty() && !route.has_trailing_slash();
        let path = if is_mount { "" } else { route.path() };
        Template::parse(&format!("{}{path}", self.base)).ok()
    }
}

impl Templates {
    /// The routes that answer this method and fit this path, the most specific one first.
    pub(super) fn fitting(&self, method: &str, path: &[u8]) -> Vec<Fit<'_>> {
        let has_head = |template: &Template| {
            self.0.iter().any(|(route, head)| route.method() == "HEAD" && head.same_shape(template))
        };
        // `HEAD` falls back to `GET` if no route of the same shape has `HEAD` itself.
        let answers = |route: Route<'_>, template: &Template| {
            route.method() == method || method == "HEAD" && route.method() == "GET" && !has_head(template)
        };
        let mut all: Vec<Fit<'_>> = Vec::new();
        for (route, template) in self.0.iter().filter(|(route, template)| answers(*route, template)) {
            let tenant = route.tenant_parameter().map(scopes_core::Parameter::name);
            all.extend(fits(template, path, tenant).map(|tenant| Fit { route: *route, template, tenant }));
        }
        all.sort_by(|a, b| precedence(a.template, b.template));
        all
    }
}

fn precedence(a: &Template, b: &Template) -> Ordering {
    let of_segments = a.segments().iter().zip(b.segments()).map(|(a, b)| compare_segments(a, b));
    of_segments.fold(Ordering::Equal, Ordering::then)
}

/// Returns `Some` if the template fits the path, with the tenant's value if it has one. A value
/// beside literal text may be empty.
fn fits(template: &Template, path: &[u8], tenant: Option<&str>) -> Option<Option<String>> {
    let mut segments = path.strip_prefix(b"/")?.split(|&byte| byte == b'/').map(escapes::resolved);
    let mut found = None;
    for expected in template.segments() {
        let segment = segments.next()?;
        match expected {
            Segment::Literal(literal) if literal.as_bytes() == segment => {}
            Segment::Literal(_) => return None,
            Segment::Parameter { prefix, name, suffix } => {
                let value = segment.strip_prefix(prefix.as_bytes())?.strip_suffix(suffix.as_bytes())?;
                if value.is_empty() && prefix.is_empty() && suffix.is_empty() {
                    return None;
                }
                if tenant == Some(name) {
                    found = Some(String::from_utf8_lossy(value).into_owned());
                }
            }
            Segment::Rest { .. } => return (!segment.is_empty()).then_some(found),
        }
    }
    let left: Vec<Vec<u8>> = segments.collect();
    let is_whole = match &*left {
        [] => !template.trailing_slash() && !template.segments().is_empty(),
        [last] => last.is_empty() && (template.trailing_slash() || template.segments().is_empty()),
        _ => false,
    };
    is_whole.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_decoded() {
        for (template, path, expected) in [
            ("/users/export", "/users/%65xport", true),
            ("/users/export", "/users/export/", false),
            ("/users/export", "/users/Export", false),
            ("/users/{id}", "/users/", false),
            ("/users/{id}", "/users/a%2Fb", true),
            ("/users/{id}", "/users/a/b", false),
            ("/users/{id}:cancel", "/users/7%3Acancel", true),
            ("/users/{id}:cancel", "/users/:cancel", true),
            ("/users/{id}:cancel", "/users/cancel", false),
            ("/v{n}", "/%76", true),
            ("/files/{*path}", "/files/a/b/", true),
            ("/files/{*path}", "/files/", false),
            ("/files/{*path}", "/files", false),
            ("/files/", "/files/", true),
            ("/files/", "/files", false),
            ("/", "/", true),
            ("/", "/a", false),
        ] {
            let found = fits(&Template::parse(template).unwrap(), path.as_bytes(), None).is_some();
            assert_eq!(found, expected, "{template}, {path}");
        }
        let template = Template::parse("/e/o-{tenant}/docs").unwrap();
        let tenant = fits(&template, b"/e/%6F-E%31/docs", Some("tenant")).flatten();
        assert_eq!(tenant.as_deref(), Some("E1"));
    }

    #[test]
    fn the_most_specific_one_is_first() {
        let order = ["/a/b/{*c}", "/a/{b}.orig/c", "/a/{b}.o/{*c}", "/a/{b}/c", "/a/{b}/{c}", "/{a}/b/c", "/{*rest}"];
        let templates: Vec<Template> = order.iter().map(|template| Template::parse(template).unwrap()).collect();
        for (index, less) in templates.iter().enumerate() {
            for more in templates.iter().skip(index + 1) {
                assert_eq!(precedence(less, more), Ordering::Less, "{less} before {more}");
            }
        }
    }
}
