//! Targets that are refused for every caller, so that the verifier is not asked.

use scopes_core::{Denial, NoRoute, Scope, target};

use crate::request::all_bytes::all_bytes;
use crate::settings::Settings;

/// The denial of a target below the API's base that no route accepts, because it is malformed or
/// too long.
///
/// Called before the verifier. Most targets pass a quick test, without a search.
pub(super) fn refused_for_every_caller<S: Scope>(settings: &Settings, method: &str, target: &str) -> Option<Denial> {
    if target.len() <= settings.target_limit && is_plain(target) {
        return None;
    }
    let target = target.as_bytes();
    // A WebSocket over HTTP/2. Gate and permit refuse every other `CONNECT`.
    let method = if method == "CONNECT" { "GET" } else { method };
    let catalogue = S::catalogue();
    let base = settings.mounted_at.as_deref().unwrap_or(catalogue.base());
    let path = match target::path_of(target) {
        Ok(path) => target::below(path, base)?,
        // A target without a path lies below the root only.
        Err(_) if base.is_empty() => &[],
        Err(_) => return None,
    };
    match catalogue.at_mounted(base, settings.target_limit, method, target) {
        // The router may match another route, whose `#[raw]` parameter accepts the malformed
        // segment.
        Err(NoRoute::Malformed(malformation))
            if malformation.is_taken_raw() && catalogue.fits_raw_parameter(method, path) =>
        {
            None
        }
        Err(reason @ (NoRoute::Malformed(_) | NoRoute::TooLong)) => Some(reason.into()),
        _ => None,
    }
}

/// Whether the target's path has only letters, digits, slashes and other characters that no rule
/// refuses. Only a quick test: other targets are searched.
fn is_plain(target: &str) -> bool {
    let is_path = |path: &[u8]| path.first() == Some(&b'/') && all_bytes(path, is_plain_byte);
    // Most targets have no query, and `?` is not plain.
    is_path(target.as_bytes()) || target.split_once('?').is_some_and(|(path, _)| is_path(path.as_bytes()))
}

const fn is_plain_byte(byte: u8) -> bool {
    // Without branches: `/` is the byte before `0`, and capital and small letters differ in one
    // bit.
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_slash_or_digit = byte.wrapping_sub(b'/') < 11;
    is_letter | is_slash_or_digit | (byte == b'-') | (byte == b'_') | (byte == b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::TestScope;

    fn refused(settings: &Settings, target: &str) -> Option<u16> {
        refused_for_every_caller::<TestScope>(settings, "GET", target).map(Denial::status)
    }

    #[test]
    fn targets_that_no_route_takes() {
        let settings = Settings::new();
        let limited = Settings::new().target_limit(20).unwrap();
        let elsewhere = Settings::new().mounted_at("/v2").unwrap();
        for (settings, target, expected) in [
            (&settings, "/api/environments/e1/users", None),
            (&settings, "/api/environments/e1/users?x=%00;", None),
            (&settings, "/api/nothing", None),
            (&settings, "/api", None),
            (&settings, "/api/a.b/caf%C3%A9", None),
            (&settings, "/api/environments/a;b/users", Some(400)),
            (&settings, "/api/nothing/..", Some(400)),
            (&settings, "/api/%zz", Some(400)),
            (&settings, "http://h/api/%zz", Some(400)),
            // A `#[raw]` parameter accepts the first segment. No parameter accepts the second.
            (&settings, "/api/raw/a%2Fb", None),
            (&settings, "/api/raw/..", Some(400)),
            // Outside of the API.
            (&settings, "/site/a;b", None),
            (&settings, "/apis/a;b", None),
            (&settings, "*", None),
            (&settings, "", None),
            (&limited, "/api/environments/e1/users", Some(414)),
            (&limited, "/site/environments/e1/users", None),
            (&elsewhere, "/v2/a;b", Some(400)),
            (&elsewhere, "/api/a;b", None),
        ] {
            assert_eq!(refused(settings, target), expected, "{target}");
        }
    }

    /// The search does not refuse any target that passes the quick test.
    #[test]
    fn plain_targets_are_sound() {
        let bytes = b"/aZ0-_~.%;?*\\ \x7f\x80";
        let catalogue = TestScope::catalogue();
        let mut plain = 0;
        for number in 0..bytes.len().pow(4) {
            let digits = (0..4).map(|digit| bytes[number / bytes.len().pow(digit) % bytes.len()]);
            let target: Vec<u8> = b"/api/".iter().copied().chain(digits).collect();
            if std::str::from_utf8(&target).is_ok_and(is_plain) {
                plain += 1;
                let found = catalogue.at_mounted("/api", 8192, "GET", &target);
                assert!(!matches!(found, Err(NoRoute::Malformed(_) | NoRoute::TooLong)), "{target:?}");
            }
        }
        assert!(plain > 1000, "{plain}");
    }
}
