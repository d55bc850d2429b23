//! Paths of OpenAPI as templates of the catalogue.

use scopes_core::template::Template;

/// A template, and what was changed to make it.
#[derive(Debug)]
pub(super) struct Converted {
    pub(super) template: String,
    pub(super) has_trailing_slash: bool,
    /// The parameter that takes the rest of the path, if the document says so.
    pub(super) rest: Option<String>,
    /// Whether parameters have other names.
    pub(super) is_renamed: bool,
}

/// Converts a path. `several` are the parameters that may hold several segments.
pub(super) fn convert(path: &str, several: &[String]) -> Result<Converted, String> {
    let (path, is_renamed) = renamed(path);
    let (mut path, mut rest) = greedy(path);
    for name in several {
        let whole = format!("/{{{name}}}");
        if let Some(before) = path.strip_suffix(&whole) {
            path = format!("{before}/{{*{name}}}");
            rest = Some(name.clone());
        } else if path.contains(&format!("{{{name}}}")) {
            return Err(format!("`{{{name}}}` holds several segments, and only the last segment of a path can"));
        }
    }
    match Template::parse(&path) {
        Ok(template) => {
            let has_trailing_slash = template.trailing_slash();
            Ok(Converted { template: path, has_trailing_slash, rest, is_renamed })
        }
        Err(errors) => Err(errors.first().map_or_else(String::new, ToString::to_string)),
    }
}

/// Whether two templates differ only in the names and the kinds of their parameters.
pub(super) fn differ_in_names(one: &str, other: &str) -> bool {
    let shape = |text: &str| {
        let mut shape = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, (_, after))) = group(rest) {
            shape.extend([before, "{}"]);
            rest = after;
        }
        shape + rest
    };
    shape(one) == shape(other)
}

/// A path below a base.
pub(super) fn below(base: &str, path: &str) -> String {
    if path == "/" && !base.is_empty() { base.to_owned() } else { format!("{base}{path}") }
}

/// The path below a base that it begins with.
pub(super) fn without_base<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    match path.strip_prefix(base)? {
        "" => Some("/"),
        rest => Some(rest).filter(|rest| rest.starts_with('/')),
    }
}

/// A path with a value for each parameter.
pub(super) fn example(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, (_, after))) = group(rest) {
        text.extend([before, "x"]);
        rest = after;
    }
    text + rest
}

/// The text before the next pair of braces, the text within, and the text after it.
pub(super) fn group(text: &str) -> Option<(&str, (&str, &str))> {
    let (before, after) = text.split_once('{')?;
    let (within, after) = after.split_once('}')?;
    (!within.contains(['{', '/'])).then_some((before, (within, after)))
}

/// Replaces characters that the name of a parameter cannot have. Requests do not contain the names.
fn renamed(path: &str) -> (String, bool) {
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, (name, after))) = group(rest) {
        let (opening, inner, closing) = operators(name);
        let is_odd = |character: char| !character.is_ascii_alphanumeric() && !"_-.".contains(character);
        let words: Vec<&str> = inner.split(is_odd).filter(|word| !word.is_empty()).collect();
        let is_pattern = inner.contains([':', '(', '[', '<', '=', ',', '?']);
        let name = if is_pattern || words.is_empty() { inner.to_owned() } else { words.join("_") };
        text.extend([before, "{", opening, &name, closing, "}"]);
        rest = after;
    }
    text.push_str(rest);
    let is_renamed = text != path;
    (text, is_renamed)
}

/// The signs around the name of a parameter that takes the rest of the path.
fn operators(name: &str) -> (&str, &str, &str) {
    let (opening, inner) = match name.strip_prefix(['+', '*']) {
        Some(inner) => (name.get(..1).unwrap_or_default(), inner),
        None => ("", name),
    };
    for closing in ["+", "*", "..."] {
        if let Some(inner) = inner.strip_suffix(closing) {
            return (opening, inner, closing);
        }
    }
    (opening, inner, "")
}

/// Other notations of a parameter that takes the rest of the path: `{+path}` (RFC 6570), `{path+}`
/// (AWS), `{path*}`.
fn greedy(path: String) -> (String, Option<String>) {
    let Some((before, last)) = path.rsplit_once('/') else { return (path, None) };
    let Some(within) = last.strip_prefix('{').and_then(|last| last.strip_suffix('}')) else { return (path, None) };
    let (opening, name, closing) = operators(within);
    if name.is_empty() || name.contains('{') || (opening.is_empty() && closing.is_empty()) {
        return (path, None);
    }
    let name = name.to_owned();
    (format!("{before}/{{*{name}}}"), Some(name))
}

#[cfg(test)]
mod tests {
    use super::{convert, differ_in_names};

    #[test]
    fn notations() {
        for (path, several, expected) in [
            ("/users/{id}", "", Some("/users/{id}")),
            ("/users/{user-id}:cancel", "", Some("/users/{user-id}:cancel")),
            ("/users/{user id}", "", Some("/users/{user_id}")),
            ("/users/{$id}", "", Some("/users/{id}")),
            ("/files/{proxy+}", "", Some("/files/{*proxy}")),
            ("/files/{+path}", "", Some("/files/{*path}")),
            ("/files/{path*}", "", Some("/files/{*path}")),
            ("/files/{path}", "path", Some("/files/{*path}")),
            ("/files/{path}/raw", "path", None),
            ("/files/{proxy+}/raw", "", None),
            ("/a/{b}-{c}", "", None),
            ("/a/{b}/{b}", "", None),
            ("/a/{b}}", "", None),
            ("/a/{b", "", None),
            ("/a/{}", "", None),
            ("/a?b=c", "", None),
            ("/#X-Amz-Target", "", None),
            ("a", "", None),
            ("", "", None),
            ("/", "", Some("/")),
            ("/a/", "", Some("/a/")),
        ] {
            let several: Vec<String> = several.split_whitespace().map(str::to_owned).collect();
            let converted = convert(path, &several).map(|converted| converted.template);
            assert_eq!(converted.as_deref().ok(), expected, "{path}: {converted:?}");
            assert!(converted.as_ref().err().is_none_or(|message| !message.is_empty()));
        }
    }

    #[test]
    fn names_of_parameters() {
        assert!(differ_in_names("/a/{b}", "/a/{*c}"));
        assert!(!differ_in_names("/a/{b}", "/b/{b}"));
        assert!(!differ_in_names("/a/{b}", "/a/{b}/"));
    }
}
