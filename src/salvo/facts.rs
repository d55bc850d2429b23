//! The facts of a request that salvo's router has matched.

use salvo_core::Request;

use crate::request::all_bytes::all_bytes;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;
use crate::request::plain_values::stand_plainly;
use crate::request::values::values;

/// The template that salvo has matched as a path, with the parts of parent routers.
pub(super) struct Match {
    template: String,
    is_some: bool,
}

impl Match {
    pub(super) fn of(request: &Request) -> Self {
        let matched = request.matched_path();
        // Without a match, salvo returns an empty text, like for the root.
        let is_some = !matched.is_empty() || request.uri().path() == "/";
        Self { template: template(matched), is_some }
    }

    /// The facts for a permit. A handler asks for the permit, so the router has matched.
    ///
    /// salvo routes before any hoop runs, and a hoop may change the target afterwards. The handler
    /// gets the values of the original target.
    pub(super) fn facts<'a>(&'a self, request: &'a Request) -> Facts<'a> {
        let facts = of_target(request).with_template(&self.template);
        if has_values(&self.template, facts.path(), request) { facts } else { facts.misread() }
    }

    /// The facts for the gate, which also judges requests that no router has matched and no handler
    /// will get.
    pub(super) fn facts_if_any<'a>(&'a self, request: &'a Request) -> Facts<'a> {
        if self.is_some { self.facts(request) } else { of_target(request) }
    }
}

fn of_target(request: &Request) -> Facts<'_> {
    Facts::of_uri(judged_method(request.method(), request.extensions()), request.uri())
}

/// Whether the values that salvo has found are those in the path. If several parameters have one
/// name, salvo keeps the last.
fn has_values(template: &str, path: &str, request: &Request) -> bool {
    let found = request.params().iter().map(|(name, value)| (&**name, &**value));
    if stand_plainly(template, path, found) {
        return true;
    }
    let Some(expected) = values(template, path) else { return false };
    let is_last = |index: usize, name: &str| expected.iter().skip(index + 1).all(|(later, _)| *later != name);
    let mut named = expected.iter().enumerate();
    named.all(|(index, (name, value))| {
        !is_last(index, name) || request.params().get(*name).is_some_and(|found| *found == **value)
    })
}

/// Converts the matched text to a template. salvo leaves out the leading slash and writes
/// catch-alls as `{**rest}`, `{*+rest}` or `{*?rest}`. The client chooses the text beside a
/// wildcard, so unprintable characters must not get into a log.
fn template(matched: &str) -> String {
    let mut template = String::with_capacity(matched.len() + 1);
    template.push('/');
    if all_bytes(matched.as_bytes(), |byte| (byte.wrapping_sub(b' ') < 95) & (byte != b'*')) {
        template.push_str(matched);
        return template;
    }
    for character in matched.chars() {
        match character {
            '*' | '+' | '?' if template.ends_with("{*") => {}
            _ if character.is_control() => template.push('?'),
            _ => template.push(character),
        }
    }
    template
}

#[cfg(test)]
mod tests {
    use super::template;

    #[test]
    fn templates() {
        for (matched, expected) in [
            ("", "/"),
            ("users", "/users"),
            ("e/{id}/u/{id}", "/e/{id}/u/{id}"),
            ("users/{id}:replay", "/users/{id}:replay"),
            ("files/{**rest}", "/files/{*rest}"),
            ("files/{*+rest}", "/files/{*rest}"),
            ("files/{*?rest}", "/files/{*rest}"),
            ("files/{*rest}", "/files/{*rest}"),
            ("a{x}b\r\nc", "/a{x}b??c"),
        ] {
            assert_eq!(template(matched), expected, "{matched}");
        }
    }
}
