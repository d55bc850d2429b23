//! The values of a template's parameters in a path, to compare them with those that a router has
//! found.

use std::borrow::Cow;

use scopes_core::template::{Piece, pieces};

use super::lenient;

/// The parameters of a template and their values in a raw path, decoded like in routers: once,
/// leniently, and after the path was split. `None` if the path does not have the form of the
/// template.
pub(crate) fn values<'t, 'p>(template: &'t str, path: &'p str) -> Option<Vec<(&'t str, Cow<'p, str>)>> {
    let mut values = Vec::new();
    let mut left = Some(path.strip_prefix('/')?);
    for piece in pieces(template) {
        let path = left?;
        if let Piece::Rest(name) = piece {
            values.push((name, decoded(path)));
            return Some(values);
        }
        let (segment, after) = path.split_once('/').map_or((path, None), |(segment, after)| (segment, Some(after)));
        if let Piece::Parameter { prefix, name, suffix } = piece {
            // Clients mostly send the text beside a parameter without escapes. If it has escapes,
            // the beginning of the parameter is unknown.
            let is_fit = piece.takes(segment.as_bytes());
            let value = segment.get(prefix.len()..segment.len().saturating_sub(suffix.len())).filter(|_| is_fit)?;
            values.push((name, decoded(value)));
        }
        left = after;
    }
    left.is_none().then_some(values)
}

fn decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    Cow::Owned(String::from_utf8_lossy(&lenient::resolved(value.as_bytes())).into_owned())
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_of_paths() {
        for (template, path, expected) in [
            ("/", "/", Some("")),
            ("/users", "/users", Some("")),
            // Literals are compared elsewhere.
            ("/users", "/other", Some("")),
            ("/users", "/users/7", None),
            ("/users/{id}", "/users", None),
            ("/users/{id}", "/users/7", Some("id=7")),
            ("/users/{id}", "/users/%37%2F%zz", Some("id=7/%zz")),
            ("/users/{id}", "/users/", None),
            ("/users/{id}:replay", "/users/7:replay", Some("id=7")),
            ("/users/{id}:replay", "/users/7:cancel", None),
            ("/v{n}/{id}", "/v1/x", Some("n=1 id=x")),
            ("/e/{id}/u/{id}", "/e/1/u/2", Some("id=1 id=2")),
            ("/e/{id}/u/{id}", "/e/1//2", Some("id=1 id=2")),
            ("/e/{id}/u/{id}", "/e/1//u/2", None),
            ("/files/{*rest}", "/files/a/b%20c", Some("rest=a/b c")),
            ("/files/{*rest}", "/files/", Some("rest=")),
            ("/files/{*rest}", "/files", None),
            ("/users", "*", None),
        ] {
            let found = values(template, path);
            let found = found
                .map(|found| found.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expected, "{template} {path}");
        }
    }
}
