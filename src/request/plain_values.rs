//! Quickly compares the values that a router has found with the text of an unescaped path.

use super::byte_set::ByteSet;

/// Whether a path has these values at the positions of a template's parameters. The test is quick
/// and may miss equal values: it returns `false` for literals that are spelled in another way, for
/// escapes in values, for text beside parameters and for catch-alls.
pub(crate) fn stand_plainly<'v>(
    template: &str,
    path: &str,
    mut found: impl Iterator<Item = (&'v str, &'v str)>,
) -> bool {
    static START: ByteSet<1> = ByteSet::new(b"{");
    static END: ByteSet<1> = ByteSet::new(b"}");
    static ENDS_OF_PLAIN_VALUES: ByteSet<2> = ByteSet::new(b"/%");
    let (mut template, mut path) = (template.as_bytes(), path.as_bytes());
    loop {
        let Some(start) = START.find(template) else { return template == path && found.next().is_none() };
        let Some(rest) = path.strip_prefix(&template[..start]) else { return false };
        let parameter = &template[start + 1..];
        let Some(end) = END.find(parameter) else { return false };
        let length = ENDS_OF_PLAIN_VALUES.find(rest).unwrap_or(rest.len());
        let (name, value) = (&parameter[..end], &rest[..length]);
        (template, path) = (&parameter[end + 1..], &rest[length..]);
        let is_segment = !value.is_empty() && template.first() == path.first() && !name.starts_with(b"*");
        if !is_segment || found.next().is_none_or(|it| it.0.as_bytes() != name || it.1.as_bytes() != value) {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::stand_plainly;

    #[test]
    fn plain_values_stand_there() {
        for (template, path, found, expected) in [
            ("/", "/", &[][..], true),
            ("/users", "/users", &[], true),
            ("/users", "/Users", &[], false),
            ("/users", "/users/", &[], false),
            ("/users", "/users", &[("id", "7")], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &[("e", "1"), ("u", "2")], true),
            ("/e/{e}/u/{u}", "/e/1/u/2", &[("u", "2"), ("e", "1")], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &[("e", "1"), ("u", "3")], false),
            ("/e/{e}/u/{u}", "/e/1/u/2", &[("e", "1")], false),
            ("/e/{e}/u/{u}", "/e/1/u", &[("e", "1")], false),
            ("/e/{e}/u", "/e//u", &[("e", "")], false),
            ("/e/{e}", "/e/%31", &[("e", "1")], false),
            ("/e/{e}", "/e/1%2F2", &[("e", "1/2")], false),
            ("/e/{e}", "/e/1/", &[("e", "1")], false),
            ("/e/{e}", "/e/{e}", &[("e", "{e}")], true),
            ("/e/{e}:x", "/e/1:x", &[("e", "1")], false),
            ("/v{n}/{id}", "/v1/x", &[("n", "1"), ("id", "x")], true),
            ("/files/{*rest}", "/files/a", &[("*rest", "a")], false),
            ("/e/{e", "/e/1", &[("e", "1")], false),
        ] {
            assert_eq!(stand_plainly(template, path, found.iter().copied()), expected, "{template} {path} {found:?}");
        }
    }
}
