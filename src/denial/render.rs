//! Bodies of denials.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::Denied;
use super::challenge::ACCEPTED_SCOPES;

/// Makes the body of a denial, and headers of its own.
///
/// It has no say in the status, nor in the headers that say what the caller may do about it
/// (`WWW-Authenticate`, `Allow`, `Accepted-Scopes`), nor in whether a cache may keep the answer,
/// nor in the framing of the message: these headers are set, or removed, after it.
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use scopes::{Denied, Rendered, Renderer};
///
/// struct Plain;
/// impl Renderer for Plain {
///     fn render(&self, denied: &Denied) -> Rendered {
///         Rendered::new(denied.to_string(), HeaderValue::from_static("text/plain; charset=utf-8"))
///     }
/// }
/// let settings = scopes::Settings::new().renderer(Plain);
/// # let _ = (settings, HeaderMap::<HeaderValue>::new());
/// ```
pub trait Renderer: Send + Sync + 'static {
    /// The body for a denial. [`Denied`]'s `Display` is the text that may be shown to the caller.
    fn render(&self, denied: &Denied) -> Rendered;
}

/// What a [`Renderer`] made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rendered {
    /// The body.
    pub body: String,
    /// Its `Content-Type`.
    pub content_type: HeaderValue,
    /// More headers.
    pub headers: HeaderMap,
}

impl Rendered {
    /// A body without headers of its own.
    #[must_use]
    pub fn new(body: String, content_type: HeaderValue) -> Self {
        Self { body, content_type, headers: HeaderMap::new() }
    }
}

/// `{"error": "missing scope `users.read`"}`: the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct JsonRenderer;

impl Renderer for JsonRenderer {
    fn render(&self, denied: &Denied) -> Rendered {
        let mut body = String::from("{\"error\":");
        push_json_string(&mut body, &denied.to_string());
        body.push('}');
        Rendered::new(body, HeaderValue::from_static("application/json"))
    }
}

/// `application/problem+json` (RFC 9457): the same text as `detail`, the status line's as `title`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProblemRenderer;

impl Renderer for ProblemRenderer {
    fn render(&self, denied: &Denied) -> Rendered {
        let status = denied.status();
        let mut body = String::from("{\"type\":\"about:blank\",\"title\":");
        push_json_string(&mut body, status.canonical_reason().unwrap_or("Error"));
        body.push_str(",\"status\":");
        body.push_str(status.as_str());
        body.push_str(",\"detail\":");
        push_json_string(&mut body, &denied.to_string());
        body.push('}');
        Rendered::new(body, HeaderValue::from_static("application/problem+json"))
    }
}

/// Removes the headers that no renderer may set.
pub(crate) fn keep_out_of_headers(headers: &mut HeaderMap) {
    for name in &NOT_THE_RENDERERS {
        headers.remove(name);
    }
    // `CDN-Cache-Control` (RFC 9213) and its kin at single vendors come before `Cache-Control`
    // where a cache knows them.
    let targeted: Vec<_> = headers.keys().filter(|name| name.as_str().ends_with("-cache-control")).cloned().collect();
    for name in &targeted {
        headers.remove(name);
    }
}

/// Headers that no renderer may set: the denial's own, those that say what caches may do, and those
/// by which the message is delimited.
const NOT_THE_RENDERERS: [HeaderName; 9] = [
    header::WWW_AUTHENTICATE,
    header::ALLOW,
    ACCEPTED_SCOPES,
    header::CACHE_CONTROL,
    HeaderName::from_static("surrogate-control"),
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::CONNECTION,
];

/// A JSON string (RFC 8259, section 7), without a JSON library.
fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{0}'..='\u{1f}' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_strings() {
        for (text, expected) in [
            ("a", r#""a""#),
            ("missing scope `a.b`", r#""missing scope `a.b`""#),
            ("\"\\\n\u{1f}é", r#""\"\\\u000a\u001fé""#),
        ] {
            let mut json = String::new();
            push_json_string(&mut json, text);
            assert_eq!(json, expected);
        }
    }
}
