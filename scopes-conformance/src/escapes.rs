//! Percent-encoding, and lenient percent-decoding for predicting how other software reads a path.
//! Never use the decoding for access decisions.

/// Percent-encodes everything except letters, digits and `-._~`, for a path segment, a query or a
/// form.
pub(crate) fn escaped(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let encoded = |byte: u8| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02x}") };
    text.bytes().map(encoded).collect()
}

/// Decodes every valid escape and keeps the rest.
pub(crate) fn resolved(bytes: &[u8]) -> Vec<u8> {
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16)).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{escaped, resolved};

    #[test]
    fn what_is_escaped_is_resolved_to_itself() {
        for (text, expected) in
            [("E-1_a.b~", "E-1_a.b~"), ("a@b c", "a%40b%20c"), ("\u{fc}|", "%c3%bc%7c"), ("+/%", "%2b%2f%25")]
        {
            assert_eq!(escaped(text), expected);
            assert_eq!(resolved(expected.as_bytes()), text.as_bytes());
        }
    }

    #[test]
    fn an_incomplete_escape_stays() {
        for (text, expected) in
            [("", ""), ("/a%2fb", "/a/b"), ("%41%", "A%"), ("%4", "%4"), ("%zz%2E", "%zz."), ("%2541", "%41")]
        {
            assert_eq!(resolved(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
