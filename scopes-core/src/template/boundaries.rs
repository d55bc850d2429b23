//! Where a parameter in braces ends, and where the path of a URL begins.

/// The brace that closes another one.
pub(super) struct Closing {
    pub(super) close: Option<usize>,
    pub(super) nested: bool,
}

/// Finds the brace that closes the one at the beginning of `text`. A slash before it counts as part
/// of the name, unless another brace is opened after the slash: then the user has probably
/// forgotten to close the first brace. In a pattern, both slashes and braces may occur.
pub(super) fn closing(text: &[u8]) -> Closing {
    let (mut depth, mut nested, mut crossed, mut pattern) = (0_usize, false, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'{' if crossed && !pattern => break,
            b'{' => {
                depth += 1;
                nested |= depth > 1;
            }
            b'}' if depth == 1 => {
                return Closing { close: Some(at), nested };
            }
            b'}' => depth -= 1,
            b'/' => crossed = true,
            b':' => pattern |= depth == 1 && !crossed && !nested,
            _ => {}
        }
    }
    Closing { close: None, nested }
}

/// The length of scheme and authority, if `text` is a URL.
pub(super) fn origin(text: &str) -> Option<usize> {
    let scheme =
        text.find("://").filter(|&end| end > 0 && text[..end].bytes().all(|byte| byte.is_ascii_alphanumeric()))?;
    let authority = scheme + "://".len();
    Some(text[authority..].find('/').map_or(text.len(), |length| authority + length))
}
