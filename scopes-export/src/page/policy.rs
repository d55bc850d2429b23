//! The script, the style, and the policy that allows nothing else.

use sha2::{Digest as _, Sha256};

/// The style of the HTML page.
pub(super) const STYLE: &str = include_str!("style.css");

const TEMPLATE: &str = include_str!("template.js");
const MATCHER: &str = include_str!("matcher.js");
const REQUEST: &str = include_str!("request.js");
const SCRIPT: &str = include_str!("page.js");

/// The script of the HTML page. Its parts share one scope of names, which no other script sees.
pub(super) fn script() -> String {
    format!("(() => {{\n'use strict';\n{TEMPLATE}\n{MATCHER}\n{REQUEST}\n{SCRIPT}}})();\n")
}

/// The policy within the page: this script and this style, no requests, no forms.
pub(super) fn policy() -> String {
    let (script, style) = (digest(&script()), digest(STYLE));
    format!(
        "default-src 'none'; script-src 'sha256-{script}'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'"
    )
}

fn digest(text: &str) -> String {
    base64(&Sha256::digest(text.as_bytes()))
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0_usize, |bits, at| bits << 8 | usize::from(chunk.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = ALPHABET.get(bits >> (18 - 6 * at) & 63).copied().unwrap_or(b'=');
            text.push(char::from(if at > chunk.len() { b'=' } else { digit }));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648, section 10, and the digest of an empty text.
    #[test]
    fn known_values() {
        for (bytes, expected) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        assert_eq!(digest(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
