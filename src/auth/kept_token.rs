//! A token that outlives its request, for a verifier that has to wait.

use std::fmt;
use std::ops::Range;

use http::HeaderValue;
use zeroize::Zeroizing;

/// A token as the client sent it. It is never shown.
///
/// It shares the memory of the header if possible. If it has a copy of its own, the copy is
/// overwritten when it is dropped.
pub struct KeptToken(Source);

enum Source {
    Header(HeaderValue, Range<usize>),
    Copy(Zeroizing<String>),
}

impl KeptToken {
    /// Keeps a token that is part of this header value. Any other token is copied.
    pub(crate) fn in_header(token: &str, value: &HeaderValue) -> Self {
        let end = value.len();
        let start = end.saturating_sub(token.len());
        if value.as_bytes().get(start..) == Some(token.as_bytes()) {
            return Self(Source::Header(value.clone(), start..end));
        }
        Self::copied(token)
    }

    pub(crate) fn copied(token: &str) -> Self {
        Self(Source::Copy(Zeroizing::new(token.to_owned())))
    }

    pub(crate) fn as_str(&self) -> &str {
        match &self.0 {
            Source::Header(value, range) => {
                let bytes = value.as_bytes().get(range.clone()).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
            Source::Copy(token) => token,
        }
    }
}

impl fmt::Debug for KeptToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_token_is_the_one_that_was_sent() {
        for (value, token) in [("Bearer dyn_7", "dyn_7"), ("dyn_7", "dyn_7"), ("a=1; token=dyn_7; b=2", "dyn_7")] {
            let header = HeaderValue::from_str(value).unwrap();
            assert_eq!(KeptToken::in_header(token, &header).as_str(), token, "{value}");
        }
        assert_eq!(KeptToken::copied("dyn_7").as_str(), "dyn_7");
    }
}
