//! Lenient percent-decoding: decodes valid escapes and keeps the rest. For predicting how other
//! software reads a path, never for access decisions.

/// Decodes every valid escape and keeps all other bytes.
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
    use super::resolved;

    #[test]
    fn an_incomplete_escape_stays() {
        for (text, expected) in
            [("", ""), ("/a%2fb", "/a/b"), ("%41%", "A%"), ("%4", "%4"), ("%zz%2E", "%zz."), ("%2541", "%41")]
        {
            assert_eq!(resolved(text.as_bytes()), expected.as_bytes(), "{text}");
        }
    }
}
