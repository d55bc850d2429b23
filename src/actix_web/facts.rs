//! The facts that actix-web knows about a request: its patterns as templates, and whether a match
//! agrees with its template.

use std::borrow::Cow;

use actix_web::{HttpMessage, HttpRequest};
use http::{Extensions, Method};
use scopes_core::Scope;

use super::outcomes::Outcomes;
use crate::auth::stored::Stored;
use crate::denial::request::converted;
use crate::denial::{Denied, default_settings};
use crate::request::byte_set::ByteSet;
use crate::request::facts::{Facts, UNROUTED};
use crate::request::plain_values::stand_plainly;

/// Calls a check with the facts that actix-web knows about the request.
pub(super) fn checked<S: Scope, T>(
    request: &HttpRequest,
    check: impl FnOnce(&Extensions, Facts<'_>) -> Result<T, Denied>,
) -> Result<T, Denied> {
    let method = method(request);
    let matched = request.match_info();
    // Until the whole path is matched, actix-web only guesses the pattern by the raw path.
    let is_routed = matched.unprocessed().is_empty();
    let pattern = if is_routed { request.match_pattern() } else { None };
    let template = pattern.as_deref().map(template);
    let facts = Facts::new(&method, raw_target(matched.get_ref().uri()));
    let facts = match template.as_deref() {
        None => facts.with_template(UNROUTED),
        Some(template) => {
            let values = matched.iter().map(|(_, value)| value);
            let facts = facts.with_template(template);
            let path = matched.as_str();
            let is_alike = stand_plainly(template, path, matched.iter()) || is_read_alike(template, path, values);
            if is_alike { facts } else { facts.misread() }
        }
    };
    let extensions = request.extensions();
    if facts.misread
        && let Some(pattern) = &pattern
    {
        tell_of_pattern::<S>(extensions.get(), pattern);
    }
    let checked = match extensions.get::<Outcomes>() {
        Some(outcomes) => check(&outcomes.0, facts),
        None => check(&Extensions::new(), facts),
    };
    checked.map_err(|denied| with_request(denied, request))
}

/// Adds the request to the denial, for the renderer.
pub(super) fn with_request(denied: Denied, request: &HttpRequest) -> Denied {
    let headers = || request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    denied.seen_by_renderer(&method(request), || converted(headers()))
}

/// Logs, once for each pattern, that it does not fit a request. A client cannot cause this for a
/// single pattern of plain parameters, because actix-web does not decode `%2F`.
#[cold]
fn tell_of_pattern<S: Scope>(outcomes: Option<&Outcomes>, pattern: &str) {
    let stored = outcomes.and_then(|outcomes| outcomes.0.get::<Stored<S>>());
    let settings = stored.map_or(default_settings(), |stored| &stored.state().identity.settings);
    settings.told.error(format_args!(
        "actix-web says that it matched a request by `{pattern}`, but the path does not fit this pattern, so the answer is 404: if a \
         resource has several patterns, actix-web names only the first, so register a resource for each; a regular expression in \
         a pattern may match one segment, or with `.*` the rest of the path"
    ));
}

/// Converts the method to the type of the newer `http`. Standard methods need no allocation. The
/// conversion succeeds for every method that actix-web accepts.
pub(super) fn method(request: &HttpRequest) -> Method {
    match request.method().as_str() {
        // Nearly every request has one of these.
        "GET" => Method::GET,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "DELETE" => Method::DELETE,
        "PATCH" => Method::PATCH,
        other => Method::from_bytes(other.as_bytes()).unwrap_or(Method::CONNECT),
    }
}

/// Like [`facts::raw_target`](crate::request::facts::raw_target), for the older `http` of
/// actix-web.
pub(super) fn raw_target(uri: &actix_web::http::Uri) -> &str {
    match uri.path_and_query().map(actix_web::http::uri::PathAndQuery::as_str) {
        Some(target) if target.starts_with('?') => "/",
        Some(target) => target,
        None => "",
    }
}

/// Writes a pattern in the grammar of the catalogue: `{name:regex}` becomes `{name}`; `{name:.*}`,
/// `{name:.+}` and `{name}*` at the end become `{*name}`.
///
/// Other regular expressions may match several segments, or none. Then [`is_read_alike`] refuses
/// the match.
fn template(pattern: &str) -> Cow<'_, str> {
    static SIGNS: ByteSet<2> = ByteSet::new(b":*");
    if SIGNS.find(pattern.as_bytes()).is_none() {
        return Cow::Borrowed(pattern);
    }
    let mut template = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(start) = rest.find('{') {
        let Some(length) = closing(&rest[start..]) else { break };
        let (before, parameter, after) =
            (&rest[..start], &rest[start + 1..start + length], &rest[start + length + 1..]);
        let (name, regex) = match parameter.split_once(':') {
            Some((name, regex)) => (name, Some(regex)),
            None => (parameter, None),
        };
        let takes_the_rest = matches!((regex, after), (Some(".*" | ".+"), "") | (None, "*"));
        template.push_str(before);
        template.push_str(if takes_the_rest { "{*" } else { "{" });
        template.push_str(name);
        template.push('}');
        rest = if takes_the_rest { "" } else { after };
    }
    template.push_str(rest);
    Cow::Owned(template)
}

/// Finds the brace that closes the one at the beginning of `text`. A regular expression may contain
/// pairs of its own.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Whether the path, as actix-web has decoded it, matches the template segment by segment, and
/// actix-web has found the values at the template's parameters. Only then do handler and check see
/// the same values.
fn is_read_alike<'v>(template: &str, path: &str, mut values: impl Iterator<Item = &'v str>) -> bool {
    let mut rest = Some(path);
    for expected in template.split('/') {
        let Some(path) = rest else { return false };
        if expected.starts_with("{*") {
            return values.next() == Some(path) && values.next().is_none();
        }
        let segment = match path.split_once('/') {
            Some((segment, after)) => {
                rest = Some(after);
                segment
            }
            None => {
                rest = None;
                path
            }
        };
        let alike = match (expected.find('{'), expected.rfind('}')) {
            (Some(start), Some(end)) => {
                let value =
                    segment.strip_prefix(&expected[..start]).and_then(|rest| rest.strip_suffix(&expected[end + 1..]));
                value.is_some_and(|value| !value.is_empty() && values.next() == Some(value))
            }
            _ => segment == expected,
        };
        if !alike {
            return false;
        }
    }
    rest.is_none() && values.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_of_patterns() {
        for (pattern, expected) in [
            ("/users", "/users"),
            ("/users/{id}", "/users/{id}"),
            ("/users/{id}:replay", "/users/{id}:replay"),
            ("/users/{id:[0-9]{1,9}}/x", "/users/{id}/x"),
            ("/users/{id:[0-9]{1,9}}:replay", "/users/{id}:replay"),
            ("/v{n:\\d+}/{id}", "/v{n}/{id}"),
            ("/files/{tail:.*}", "/files/{*tail}"),
            ("/files/{tail:.+}", "/files/{*tail}"),
            ("/files/{tail}*", "/files/{*tail}"),
            ("/files/{a:.*}/{tail:.*}", "/files/{a}/{*tail}"),
            ("/files/{tail:.*}/x", "/files/{tail}/x"),
            ("/files*", "/files*"),
            ("/a:b", "/a:b"),
            ("/{a:b", "/{a:b"),
        ] {
            assert_eq!(template(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn matches_that_are_what_their_template_says() {
        let cases: &[(&str, &str, &[&str], bool)] = &[
            ("/", "/", &[], true),
            ("/users", "/users", &[], true),
            ("/users", "/Users", &[], false),
            ("/users", "/users/", &[], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &["1", "2"], true),
            ("/e/{e}/u/{u}", "/e/1/u/2", &["2", "1"], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &["1"], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &["1", "2", "3"], false),
            ("/e/{e}/u", "/e//u", &[""], false),
            ("/u/{u}:replay", "/u/7:replay", &["7"], true),
            ("/u/{u}:replay", "/u/7:replay", &["7:replay"], false),
            ("/u/{u}:replay", "/u/:replay", &[""], false),
            ("/v{n}", "/v2", &["2"], true),
            ("/f/{*p}", "/f/a/b", &["a/b"], true),
            ("/f/{*p}", "/f/a", &["a"], true),
            ("/f/{*p}", "/f/a/b", &["b"], false),
            ("/f/{*p}", "/f/", &[""], true),
            ("/f/{*p}", "/f", &[""], false),
            // `{a:.+}/users/{b:.*}` matches as much as possible for `a`.
            ("/{a}/users/{*b}", "/x/users/users/z", &["x/users", "z"], false),
            // The path matches the second pattern of one resource: `["/{x:\\d+}/users", "/e/{x}"]`.
            ("/{x}/users", "/e/users", &["users"], false),
            ("/{a}-{b}", "/1-2", &["1", "2"], false),
        ];
        for &(template, path, values, expected) in cases {
            assert_eq!(is_read_alike(template, path, values.iter().copied()), expected, "{template} {path} {values:?}");
        }
    }
}
