//! The facts of a request that poem's router has matched.

use std::borrow::Cow;

use http::Uri;
use poem::{PathPattern, Request};

use crate::request::byte_set::ByteSet;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;

/// The template of the innermost route, mounts included. `None` outside of all routes.
pub(super) struct Match<'r>(Option<Cow<'r, str>>);

impl<'r> Match<'r> {
    pub(super) fn of(request: &'r Request) -> Self {
        let Some(PathPattern(pattern)) = request.extensions().get() else { return Self(None) };
        let mut template = template(pattern);
        // `at("/", ..)` below a mount serves the mount itself, yet its pattern ends with a slash.
        if request.uri().path() == "/" && template.len() > 1 && template.ends_with('/') {
            template = Cow::Owned(template.trim_end_matches('/').to_owned());
        }
        Self(Some(template))
    }

    /// The facts of a request. Below a mount, the request's own target is only the rest of the
    /// target that the client sent.
    pub(super) fn facts<'a>(&'a self, request: &'a Request) -> Facts<'a> {
        let method = judged_method(request.method(), request.extensions());
        let facts = Facts::of_uri(method, sent_uri(request)).with_local_path(request.uri().path());
        let Some(template) = &self.0 else { return facts };
        let facts = facts.with_template(template);
        // A layer may have stripped more than the mount prefix, and a catch-all would hide that.
        if !facts.is_stripped() || !facts.ends_in_rest() {
            return facts;
        }
        match request.path_params::<Vec<String>>() {
            Ok(values) => facts.with_values(values.iter().map(String::as_str)),
            Err(_) => facts.misread(),
        }
    }

    pub(super) fn template(&self) -> Option<&str> {
        self.0.as_deref()
    }

    pub(super) const fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

/// The target of a request that no server has read. Requests of poem's `TestClient` have no
/// `original_uri`.
#[derive(Clone)]
struct BuiltTarget(Uri);

/// Keeps the whole target. The authentication calls this, because it lies outside of the mounts.
pub(super) fn keep_target(request: &mut Request) {
    let uri = request.uri();
    if is_unset(request.original_uri()) && !is_unset(uri) {
        let built = BuiltTarget(uri.clone());
        request.extensions_mut().insert(built);
    }
}

/// The URI as the client sent it, before any mount prefix was cut.
pub(super) fn sent_uri(request: &Request) -> &Uri {
    let original = request.original_uri();
    let built = if is_unset(original) { request.extensions().get() } else { None };
    built.map_or(original, |BuiltTarget(uri)| uri)
}

/// Whether this is `Uri::default()`, which `original_uri` is in a request that no server has read.
fn is_unset(uri: &Uri) -> bool {
    uri.authority().is_none() && uri.path_and_query().is_some_and(|target| target.as_str() == "/")
}

/// Converts poem's `:name`, `:name<regex>`, `<regex>` and `*rest` to braces. Braces are literal
/// text in poem. No catalogue has such text.
pub(super) fn template(pattern: &str) -> Cow<'_, str> {
    static SIGNS: ByteSet<5> = ByteSet::new(b":*<{}");
    static ENDS_OF_NAMES: ByteSet<3> = ByteSet::new(b"/<*");
    let Some(mut at) = SIGNS.find(pattern.as_bytes()) else { return Cow::Borrowed(pattern) };
    // Each parameter grows by one byte.
    let mut template = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    loop {
        template.push_str(&rest[..at]);
        let (kind, after) = (rest.as_bytes()[at], &rest[at + 1..]);
        rest = match kind {
            b':' => {
                let end = ENDS_OF_NAMES.find(after.as_bytes()).unwrap_or(after.len());
                push_parameter(&mut template, &after[..end]);
                after[end..].strip_prefix('<').map_or(&after[end..], after_regex)
            }
            b'<' => {
                // poem keeps no value of a parameter without a name.
                template.push_str("{}");
                after_regex(after)
            }
            b'*' => {
                template.push('{');
                template.push('*');
                // Unlike a pattern, a catch-all without a name has a value: poem calls it `*`.
                template.push_str(if after.is_empty() { "*" } else { after });
                template.push('}');
                ""
            }
            // The grammar of catalogues does not allow `?`, so no route has the template.
            _ => {
                template.push('?');
                after
            }
        };
        match SIGNS.find(rest.as_bytes()) {
            Some(next) => at = next,
            None => break,
        }
    }
    template.push_str(rest);
    Cow::Owned(template)
}

fn push_parameter(template: &mut String, name: &str) {
    template.push('{');
    template.push_str(name);
    template.push('}');
}

fn after_regex(text: &str) -> &str {
    text.split_once('>').map_or("", |(_, after)| after)
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn patterns() {
        for (pattern, expected) in [
            ("/users", "/users"),
            ("/", "/"),
            ("/users/:id", "/users/{id}"),
            ("/e/:id/u/:id", "/e/{id}/u/{id}"),
            ("/users/:id<\\d+>", "/users/{id}"),
            ("/users/:id<\\d+>:replay", "/users/{id}{replay}"),
            ("/users/<\\d+>/x", "/users/{}/x"),
            ("/users/<[a/b]{2}>/x", "/users/{}/x"),
            ("/v:n/x", "/v{n}/x"),
            ("/files/*rest", "/files/{*rest}"),
            ("/files/*", "/files/{**}"),
            ("/{id}/x", "/?id?/x"),
        ] {
            assert_eq!(template(pattern), expected, "{pattern}");
        }
    }
}
