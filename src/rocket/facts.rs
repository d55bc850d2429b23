//! rocket's route URIs as templates.

/// The path of a route in the grammar of the catalogue: `<name>` is `{name}`, `<name..>` is `{*name}`.
///
/// `None` for what cannot be said there, such as a brace, which stands for itself in rocket.
pub(super) fn template(path: &str) -> Option<String> {
    let mut template = String::with_capacity(path.len());
    for segment in path.strip_prefix('/')?.split('/') {
        template.push('/');
        match segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) {
            Some(parameter) if parameter.contains(['<', '>', '{', '}']) => return None,
            Some(parameter) => {
                let (asterisk, name) = parameter.strip_suffix("..").map_or(("", parameter), |name| ("*", name));
                template.extend(["{", asterisk, name, "}"]);
            }
            None if segment.contains(['<', '>', '{', '}']) => return None,
            None => template.push_str(segment),
        }
    }
    Some(template)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("/users/<a{b>", None),
            ("users", None),
            ("", None),
        ] {
            assert_eq!(template(path).as_deref(), expected, "{path}");
        }
    }
}
