//! What salvo's router has matched, in the catalogue's words.

use salvo_core::Request;

use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;
use crate::request::plain_values::stand_plainly;
use crate::request::values::values;

/// The template that salvo has matched, its parents' parts included, as a path.
pub(super) struct Match {
    template: String,
    is_some: bool,
}

impl Match {
    pub(super) fn of(request: &Request) -> Self {
        let matched = request.matched_path();
        // Without a match salvo says the same as at the root.
        let is_some = !matched.is_empty() || request.uri().path() == "/";
        Self { template: template(matched), is_some }
    }

    /// For a permit: it is asked for by a handler, so that there is a match.
    ///
    /// salvo routes before any hoop runs, and a hoop may change the target: the handler gets the
    /// values that were found then.
    pub(super) fn facts<'a>(&'a self, request: &'a Request) -> Facts<'a> {
        let facts = of_target(request).with_template(&self.template);
        if has_values(&self.template, facts.path(), request) { facts } else { facts.misread() }
    }

    /// For the gate, which requests pass as well that no router has taken and no handler will see.
    pub(super) fn facts_if_any<'a>(&'a self, request: &'a Request) -> Facts<'a> {
        if self.is_some { self.facts(request) } else { of_target(request) }
    }
}

fn of_target(request: &Request) -> Facts<'_> {
    Facts::of_uri(judged_method(request.method(), request.extensions()), request.uri())
}

/// Whether the values that salvo has found are those that stand in the path. Of parameters of one
/// name it keeps the last.
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

/// salvo leaves out the leading slash and calls what is left of a path `{**rest}`, `{*+rest}` or
/// `{*?rest}`. Text beside a wildcard is the caller's own, so that nothing unprintable may get into
/// a log.
fn template(matched: &str) -> String {
    let mut template = String::with_capacity(matched.len() + 1);
    template.push('/');
    if matched.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'*') {
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
