//! The facts that rocket knows about a request: the matched route, whose URI is read as a template.

use std::borrow::Cow;

use http::{Extensions, Method};
use rocket::Request;

use super::outcomes::Outcomes;
use crate::denial::Denied;
use crate::denial::request::converted;
use crate::request::byte_set::ByteSet;
use crate::request::facts::{Facts, UNROUTED};

/// Calls a check with the facts that rocket knows about the request.
pub(super) fn checked<T>(
    request: &Request<'_>,
    check: impl FnOnce(&Extensions, Facts<'_>) -> Result<T, Denied>,
) -> Result<T, Denied> {
    let uri = request.uri();
    let raw_target = raw_target(request);
    // A fairing may have changed the method after the routing.
    let route = request.route().filter(|route| route.method == request.method());
    let method = route.map_or(request.method(), |route| route.method);
    let method = self::method(method);
    let template = route.and_then(|route| template(route.uri.path()));
    let template = template.as_deref().unwrap_or(UNROUTED);
    let raw_target = with_slash_of(template, raw_target);
    let facts = Facts::new(&method, &raw_target).with_template(template);
    let facts = if drops_segments(uri.path().as_str(), template) { facts.misread() } else { facts };
    Outcomes::of(request, |outcomes| check(outcomes, facts)).map_err(|denied| with_request(denied, request))
}

/// Adds the request to the denial, for the renderer.
pub(super) fn with_request(denied: Denied, request: &Request<'_>) -> Denied {
    denied.seen_by_renderer(&method(request.method()), || {
        let headers: Vec<_> = request.headers().iter().collect();
        converted(headers.iter().map(|header| (header.name().as_str(), header.value().as_bytes())))
    })
}

/// The method in the type of the `http` crate.
pub(super) fn method(method: rocket::http::Method) -> Method {
    use rocket::http::Method as Rockets;
    match method {
        Rockets::Get => Method::GET,
        Rockets::Put => Method::PUT,
        Rockets::Post => Method::POST,
        Rockets::Delete => Method::DELETE,
        Rockets::Options => Method::OPTIONS,
        Rockets::Head => Method::HEAD,
        Rockets::Trace => Method::TRACE,
        Rockets::Connect => Method::CONNECT,
        Rockets::Patch => Method::PATCH,
    }
}

/// Path and query, as the client sent them.
pub(super) fn raw_target<'r>(request: &'r Request<'_>) -> Cow<'r, str> {
    let uri = request.uri();
    match uri.query() {
        None => Cow::Borrowed(uri.path().as_str()),
        Some(_) => Cow::Owned(uri.to_string()),
    }
}

/// The target with or without the slash at the end of its path, like the route's template, because
/// rocket serves both forms by one route. A catch-all keeps its slash.
pub(super) fn with_slash_of<'t>(template: &str, raw_target: Cow<'t, str>) -> Cow<'t, str> {
    static QUERY: ByteSet<1> = ByteSet::new(b"?");
    let path = QUERY.find(raw_target.as_bytes()).map_or(&*raw_target, |query| &raw_target[..query]);
    let has_slash = path.len() > 1 && path.ends_with('/');
    if has_slash == (template.len() > 1 && template.ends_with('/')) || path == "/" || ends_in_rest(template) {
        return raw_target;
    }
    let query = &raw_target[path.len()..];
    Cow::Owned(match path.strip_suffix('/') {
        Some(path) => format!("{path}{query}"),
        None => format!("{path}/{query}"),
    })
}

/// Whether rocket drops a part of the path: handlers get neither empty segments nor the slash at
/// the end of a catch-all.
fn drops_segments(path: &str, template: &str) -> bool {
    path.contains("//") || (path.len() > 1 && path.ends_with('/') && ends_in_rest(template))
}

fn ends_in_rest(template: &str) -> bool {
    template.rsplit('/').next().is_some_and(|last| last.starts_with("{*"))
}

/// The path of a route in the grammar of the catalogue: `<name>` is `{name}`, `<name..>` is
/// `{*name}`.
///
/// `None` for paths that this grammar cannot express, such as one with a brace, which is literal
/// text in rocket.
pub(super) fn template(path: &str) -> Option<String> {
    static SIGNS: ByteSet<4> = ByteSet::new(b"<>{}");
    static ENDS_OF_NAMES: ByteSet<5> = ByteSet::new(b"/<>{}");
    let mut rest = path.starts_with('/').then_some(path)?;
    let mut template = String::with_capacity(path.len());
    while let Some(start) = SIGNS.find(rest.as_bytes()) {
        let (before, parameter) = (&rest[..start], rest[start..].strip_prefix('<')?);
        let end = ENDS_OF_NAMES.find(parameter.as_bytes())?;
        let (name, after) = (&parameter[..end], parameter[end..].strip_prefix('>')?);
        if !before.ends_with('/') || !matches!(after.as_bytes().first(), None | Some(b'/')) {
            return None;
        }
        let (asterisk, name) = name.strip_suffix("..").map_or(("", name), |name| ("*", name));
        template.extend([before, "{", asterisk, name, "}"]);
        rest = after;
    }
    template.push_str(rest);
    Some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_is_the_templates() {
        for (template, target, expected) in [
            ("/users", "/users/", "/users"),
            ("/users", "/users/?a=/", "/users?a=/"),
            ("/users", "/users?a=/", "/users?a=/"),
            ("/users/", "/users", "/users/"),
            ("/users/", "/users?a", "/users/?a"),
            ("/users/", "/users/", "/users/"),
            ("/users/{id}", "/users/7/", "/users/7"),
            ("/", "/", "/"),
            ("/", "/?a", "/?a"),
            ("/files/{*path}", "/files/a/", "/files/a/"),
            ("/users", "/users//", "/users/"),
        ] {
            assert_eq!(with_slash_of(template, Cow::Borrowed(target)), expected, "{template} {target}");
        }
    }

    #[test]
    fn templates_of_routes() {
        for (path, expected) in [
            ("/", Some("/")),
            ("/users", Some("/users")),
            ("/users/", Some("/users/")),
            ("/users/<id>", Some("/users/{id}")),
            ("/<e>/users/<_>", Some("/{e}/users/{_}")),
            ("/files/<path..>", Some("/files/{*path}")),
            ("/files/<_..>", Some("/files/{*_}")),
            ("/users/{id}", None),
            ("/users/<id>x", None),
            ("/users/x<id>", None),
            ("/<a>/<b>/<c..>", Some("/{a}/{b}/{*c}")),
            ("/<a>/", Some("/{a}/")),
            ("/<>", Some("/{}")),
            ("/<a", None),
            ("/a>", None),
            ("/<a/b>", None),
            ("/<a><b>", None),
            ("/users/<a{b>", None),
            ("users", None),
            ("", None),
        ] {
            assert_eq!(template(path).as_deref(), expected, "{path}");
        }
    }
}
