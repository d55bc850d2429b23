//! The text of a `$ref`: a path of a file, and a pointer into it.

/// The path of a file relative to the folder of the document. `from` is the path of the file that
/// has the reference.
pub(super) fn path(from: &str, reference: &str) -> Result<String, String> {
    if has_scheme(reference) {
        return Err("references to URLs are not followed: put a copy of the file beside the document".to_owned());
    }
    if reference.starts_with('/') {
        return Err("an absolute path is not followed: write it relative to this file".to_owned());
    }
    if reference.contains(['\\', '?']) {
        return Err("a path has no `\\` and no `?`".to_owned());
    }
    let mut parts: Vec<String> = from.split('/').map(str::to_owned).collect();
    // The name of the file itself.
    parts.pop();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or("it leads out of the document's folder")?;
            }
            part => parts.push(decoded(part)?),
        }
    }
    if parts.is_empty() { Err("it names a folder".to_owned()) } else { Ok(parts.join("/")) }
}

/// Whether the text begins with `https:`, `file:`, `C:` and the like.
fn has_scheme(text: &str) -> bool {
    let is_scheme = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    text.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme)) || text.starts_with("//")
}

/// A part of a path without its escapes. An escape must not hide a dot or a slash.
fn decoded(part: &str) -> Result<String, String> {
    let text = percent_decoded(part)?;
    let is_hidden = text.len() < part.len() && (text.contains(['/', '\\']) || text.starts_with('.'));
    if is_hidden || text.contains(char::is_control) {
        return Err("an escape hides a dot, a slash or a control character".to_owned());
    }
    Ok(text)
}

fn percent_decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        let code = digit().zip(digit()).map(|(high, low)| high * 16 + low).and_then(|code| u8::try_from(code).ok());
        bytes.push(code.ok_or("`%` needs two hexadecimal digits")?);
    }
    String::from_utf8(bytes).map_err(|_| "its escapes are not UTF-8".to_owned())
}

/// The names of a JSON pointer (RFC 6901) in the fragment of a URI.
pub(super) fn pointer(fragment: &str) -> Result<Vec<String>, String> {
    let fragment = percent_decoded(fragment)?;
    if fragment.is_empty() {
        return Ok(Vec::new());
    }
    let names = fragment.strip_prefix('/').ok_or("only JSON pointers such as `#/components/x` are followed")?;
    Ok(names.split('/').map(|name| name.replace("~1", "/").replace("~0", "~")).collect())
}

#[cfg(test)]
mod tests {
    use super::{path, pointer};

    #[test]
    fn references_stay_below_the_folder() {
        for (from, reference, expected) in [
            ("api.yaml", "a.yaml", Some("a.yaml")),
            ("api.yaml", "./paths//a%20b.yaml", Some("paths/a b.yaml")),
            ("paths/a.yaml", "../x/b.yaml", Some("x/b.yaml")),
            ("paths/a.yaml", "../../b.yaml", None),
            ("api.yaml", "../b.yaml", None),
            ("api.yaml", "%2e%2e/b.yaml", None),
            ("api.yaml", "%2E./b.yaml", None),
            ("api.yaml", ".%2e/b.yaml", None),
            ("api.yaml", "a%2fb.yaml", None),
            ("api.yaml", "a%5cb.yaml", None),
            ("api.yaml", "a%00.yaml", None),
            ("api.yaml", "a%zz.yaml", None),
            ("api.yaml", "a%", None),
            ("api.yaml", "/etc/passwd", None),
            ("api.yaml", "//host/b.yaml", None),
            ("api.yaml", "..\\b.yaml", None),
            ("api.yaml", "C:\\b.yaml", None),
            ("api.yaml", "file:b.yaml", None),
            ("api.yaml", "https://example.com/b.yaml", None),
            ("paths/a.yaml", "..", None),
            ("paths/a.yaml", ".", Some("paths")),
        ] {
            assert_eq!(path(from, reference).ok().as_deref(), expected, "{from} {reference}");
        }
    }

    #[test]
    fn pointers() {
        assert_eq!(pointer("/paths/~1users~1%7Bid%7D/~01").unwrap(), ["paths", "/users/{id}", "~1"]);
        assert!(pointer("").unwrap().is_empty());
        assert!(pointer("anchor").is_err());
    }
}
