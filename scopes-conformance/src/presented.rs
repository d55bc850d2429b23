//! The sender of a request, as a correct server sees it: the holder of a token, a caller with
//! another text where a token belongs, or a caller without credentials.

use super::place::TokenPlace;
use super::plan::Planned;
use super::setup::{Setup, Token};

impl Setup {
    /// The caller's token, or the anonymous grant if the caller presents nothing.
    pub(super) fn holder(&self, planned: &Planned) -> Option<&Token> {
        let is_refused = planned.caller.is_none() && self.presents(planned);
        if is_refused { None } else { self.sender(planned.caller) }
    }

    /// Whether a request without a good token has a text where a token belongs. A server must
    /// refuse it, even if it has an anonymous grant.
    pub(super) fn presents(&self, planned: &Planned) -> bool {
        let is_credential = |line: &str| {
            let Some((name, value)) = line.split_once(':') else { return false };
            name.eq_ignore_ascii_case("authorization")
                || self.places().iter().any(|place| match place {
                    TokenPlace::Header(header) => name.eq_ignore_ascii_case(header),
                    TokenPlace::Cookie(cookie) => name.eq_ignore_ascii_case("cookie") && has_cookie(value, cookie),
                    TokenPlace::Bearer | TokenPlace::Basic => false,
                })
        };
        planned.trick.headers.iter().any(|line| is_credential(line))
    }
}

/// Whether a `Cookie` header has a value for this name. An empty value is a cookie that was
/// cleared.
fn has_cookie(header: &str, name: &str) -> bool {
    let pairs = header.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().any(|(found, value)| found.trim_end() == name && !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cleared_cookie_is_none() {
        for (header, expected) in [
            ("session=7", true),
            ("a=1; session=7", true),
            ("session==", true),
            ("session=", false),
            ("session", false),
            ("a=session; sessions=7", false),
        ] {
            assert_eq!(has_cookie(header, "session"), expected, "{header}");
        }
    }
}
