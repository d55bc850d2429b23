//! Templates as they stand, segment by segment, without a copy.

/// What stands between two `/` of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'t> {
    Literal(&'t str),
    Parameter { before: &'t str, name: &'t str, after: &'t str },
    Rest(&'t str),
}

/// The segments of a template in brace form; a trailing slash is an empty literal.
pub(crate) fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    template.split('/').skip(1).map(|segment| {
        let Some((before, parameter)) = segment.split_once('{') else { return Piece::Literal(segment) };
        let (name, after) = parameter.split_once('}').unwrap_or((parameter, ""));
        match name.strip_prefix('*') {
            Some(name) => Piece::Rest(name),
            None => Piece::Parameter { before, name, after },
        }
    })
}

/// Whether a segment has literal text around its parameter, and something between.
pub(crate) fn is_between(before: &str, after: &str, segment: &[u8]) -> bool {
    segment.len() > before.len() + after.len()
        && segment.starts_with(before.as_bytes())
        && segment.ends_with(after.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments() {
        let parameter = |before, name, after| Piece::Parameter { before, name, after };
        for (template, expected) in [
            ("/", vec![Piece::Literal("")]),
            ("/users/", vec![Piece::Literal("users"), Piece::Literal("")]),
            ("/users/{id}", vec![Piece::Literal("users"), parameter("", "id", "")]),
            ("/v{n}/{id}:replay", vec![parameter("v", "n", ""), parameter("", "id", ":replay")]),
            ("/files/{*rest}", vec![Piece::Literal("files"), Piece::Rest("rest")]),
        ] {
            assert_eq!(pieces(template).collect::<Vec<_>>(), expected, "{template}");
        }
    }
}
