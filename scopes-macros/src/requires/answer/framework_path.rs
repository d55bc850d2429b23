//! Converts the paths of web frameworks to the grammar of the catalogue.

use scopes_core::template::Template;

/// Converts a framework's path to the grammar of the catalogue: parameters in braces and without
/// patterns, no query.
pub(super) fn translate(path: &str) -> Result<Template, String> {
    let mut text = String::new();
    for segment in segments(path) {
        text.push('/');
        text.push_str(&translate_segment(segment));
    }
    let slash = path.len() > 1 && cut_query(path).ends_with('/');
    if text.is_empty() || slash {
        text.push('/');
    }
    Template::parse(&text).map_err(|mistakes| mistakes.first().map(ToString::to_string).unwrap_or_default())
}

/// Cuts off `?<query>`, with which Rocket's routes may end.
fn cut_query(path: &str) -> &str {
    let mut depth = 0_usize;
    for (at, character) in path.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return &path[..at],
            _ => {}
        }
    }
    path
}

/// The non-empty texts between slashes; a slash in a pattern (`{tail:a/.*}`) does not separate
/// segments.
fn segments(path: &str) -> Vec<&str> {
    let path = cut_query(path);
    let (mut found, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (at, character) in path.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '/' if depth == 0 => {
                found.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&path[start..]);
    found.retain(|segment| !segment.is_empty());
    found
}

fn translate_segment(segment: &str) -> String {
    // rocket: `<id>`, `<path..>`; poem: `<id:regex>`
    if let Some(inner) = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
        return match inner.strip_suffix("..") {
            Some(rest) => format!("{{*{}}}", name_or(rest, "rest")),
            None => format!("{{{}}}", name_or(inner.split(':').next().unwrap_or_default(), "parameter")),
        };
    }
    // poem: `*rest`
    if let Some(rest) = segment.strip_prefix('*') {
        return format!("{{*{}}}", name_or(rest, "rest"));
    }
    let Some((before, rest)) = segment.split_once('{') else { return segment.to_owned() };
    let Some((inner, after)) = rest.rsplit_once('}') else { return segment.to_owned() };
    let (name, pattern) = match inner.split_once([':', '|']) {
        Some((name, pattern)) => (name, Some(pattern)),
        None => (inner, None),
    };
    // axum `{*rest}`, salvo `{**rest}`, actix-web `{tail:.*}`
    if let Some(rest) = name.strip_prefix('*') {
        return format!("{before}{{*{}}}{after}", name_or(rest.trim_start_matches(['*', '+', '?']), "rest"));
    }
    match pattern {
        Some(".*" | ".+") => format!("{before}{{*{name}}}{after}"),
        Some(_) => format!("{before}{{{name}}}{after}"),
        None => segment.to_owned(),
    }
}

/// The name, or `other` for `<_>` and `<_..>`, which have only `_` for a name.
fn name_or<'t>(name: &'t str, other: &'t str) -> &'t str {
    if name.is_empty() || name == "_" { other } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_all_frameworks() {
        for (path, expected) in [
            ("/users/{id}", "/users/{id}"),
            ("/users/:id", "/users/{id}"),
            ("/users/<id>", "/users/{id}"),
            ("/users/<_>", "/users/{parameter}"),
            ("/users/<id>?<page>&<q..>", "/users/{id}"),
            ("/files/<path..>", "/files/{*path}"),
            ("/files/<_..>", "/files/{*rest}"),
            ("/users/{id:[0-9]{1,9}}", "/users/{id}"),
            ("/users/{id:a/b?}/x", "/users/{id}/x"),
            ("/files/{tail:.*}", "/files/{*tail}"),
            ("/files/{*rest}", "/files/{*rest}"),
            ("/files/{**rest}", "/files/{*rest}"),
            ("/files/*rest", "/files/{*rest}"),
            ("/v{n}/x", "/v{n}/x"),
            ("/x/", "/x/"),
            ("users", "/users"),
            ("/", "/"),
            ("", "/"),
        ] {
            assert_eq!(translate(path).map(|template| template.to_string()), Ok(expected.to_owned()), "{path}");
        }
        assert!(translate("/{a}-{b}").is_err());
    }
}
