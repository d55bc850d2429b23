//! What a token source finds in a request.

use std::borrow::Cow;
use std::fmt;

/// The longest credentials that a [`TokenSource`](crate::TokenSource) reads, in bytes. The tokens
/// of the feature `tokens` are shorter.
pub const MAX_CREDENTIAL_LENGTH: usize = 8192;

/// The credentials that a request carries.
///
/// Exhaustive on purpose: code that reads credentials by itself must handle every case.
///
/// ```
/// use scopes::{Credentials, TokenSource, bearer};
///
/// let mut headers = http::HeaderMap::new();
/// headers.append("x-api-key", http::HeaderValue::from_static("k-1"));
/// let source = TokenSource::header("x-api-key")?;
/// assert_eq!(bearer(&headers, &source), Credentials::Token("k-1".into()));
/// headers.append("x-api-key", http::HeaderValue::from_static("k-2"));
/// assert_eq!(bearer(&headers, &source), Credentials::Malformed);
/// # Ok::<(), scopes::SettingsError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum Credentials<'h> {
    /// No credentials: neither a header or cookie that this source reads, nor an `Authorization`
    /// header.
    Absent,
    /// An `Authorization` header that this source does not read, such as one of another scheme. The
    /// client has presented something, so it is not an anonymous caller.
    OtherScheme,
    /// More than one header or token, or a text that is not a valid token.
    Malformed,
    /// A token. The verifier decides whether it is valid.
    Token(Cow<'h, str>),
}

impl<'h> Credentials<'h> {
    /// A token that the request holds in exactly this form.
    #[inline]
    pub(crate) const fn borrowed(token: &'h str) -> Self {
        Self::Token(Cow::Borrowed(token))
    }
}

/// Never shows the token.
impl fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::OtherScheme => "OtherScheme",
            Self::Malformed => "Malformed",
            Self::Token(_) => "Token(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_not_shown() {
        assert_eq!(format!("{:?}", Credentials::borrowed("secret")), "Token(..)");
    }
}
