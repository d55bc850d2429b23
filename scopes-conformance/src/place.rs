//! The places where a request can carry its token, and every form of a token there.

use super::escapes::escaped;

/// Where the server looks for a token.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users/{id}"; } }
/// # let address = ([127, 0, 0, 1], 9).into();
/// # let grant = || api::Grant::new(api::Scope::UsersRead);
/// use scopes_conformance::{Conformance, TokenPlace};
///
/// let conformance = Conformance::new(address, &api::CATALOGUE)
///     .tokens_in(TokenPlace::Header("X-Api-Key".to_owned()))
///     .token("key-1", grant())
///     // A session of the same server.
///     .token_in(TokenPlace::Cookie("session".to_owned()), "s-7", grant());
/// ```
///
/// ```
/// use scopes_conformance::TokenPlace;
///
/// assert_eq!(TokenPlace::default(), TokenPlace::Bearer);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenPlace {
    /// `Authorization: Bearer <token>` (RFC 6750, section 2.1).
    #[default]
    Bearer,
    /// A header of this name that holds the token alone.
    Header(String),
    /// A cookie of this name that holds the token alone.
    Cookie(String),
    /// `Authorization: Basic <user:password in base64>` (RFC 7617). The token is `user:password`.
    Basic,
}

impl TokenPlace {
    /// The header line of a token.
    pub(super) fn line(&self, raw: &str) -> String {
        match self {
            Self::Basic => self.written(&base64(raw)),
            _ => self.written(raw),
        }
    }

    /// The header line that has this text where the token belongs.
    pub(super) fn written(&self, text: &str) -> String {
        match self {
            Self::Bearer => format!("Authorization: Bearer {text}"),
            Self::Header(name) => format!("{name}: {text}"),
            Self::Cookie(name) => format!("Cookie: {name}={text}"),
            Self::Basic => format!("Authorization: Basic {text}"),
        }
    }

    /// Whether browsers send the token by themselves, whatever page causes the request.
    pub(super) const fn is_sent_by_browsers(&self) -> bool {
        matches!(self, Self::Cookie(_) | Self::Basic)
    }

    /// Header lines of requests that pages of other sites cause. Empty if browsers do not send the
    /// token by themselves, and for methods that change nothing.
    pub(super) fn other_sites(&self, method: &str) -> &'static [&'static str] {
        if !self.is_sent_by_browsers() || matches!(method, "GET" | "HEAD") {
            return &[];
        }
        &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: https://elsewhere.test", "Origin: null"]
    }

    /// Header lines of tokens that no server knows.
    pub(super) fn unknown(&self) -> [String; 2] {
        match self {
            Self::Basic => ["unknown:0123456789", "x:x"].map(|raw| self.line(raw)),
            _ => ["unknown-0123456789", "x"].map(|raw| self.line(raw)),
        }
    }

    /// Header lines whose text has the wrong form for credentials.
    pub(super) fn malformed(&self) -> [String; 4] {
        match self {
            Self::Bearer => ["Bearer", "Bearer a b", "Bearer ,", "="].map(|value| format!("Authorization: {value}")),
            Self::Basic => ["Basic", "Basic !", "Basic Og==", "="].map(|value| format!("Authorization: {value}")),
            Self::Header(_) => ["", "a b", ",", "="].map(|text| self.written(text)),
            Self::Cookie(name) => ["=", "==", "=\"\"", ""].map(|rest| format!("Cookie: {name}{rest}")),
        }
    }

    /// Texts for the right place that are made from a good token, but differ from it.
    pub(super) fn almost(&self, raw: &str) -> Vec<String> {
        let shorter = without_last(raw);
        if matches!(self, Self::Basic) {
            let (user, password) = raw.split_once(':').unwrap_or((raw, ""));
            let encoded = base64(raw);
            let pairs =
                [format!("{raw}x"), shorter.to_owned(), format!("{user}:"), user.to_owned(), format!(":{password}")];
            let mut all = vec![raw.to_owned(), format!("{encoded}, Basic {encoded}"), format!("{encoded} {encoded}")];
            all.extend(pairs.iter().map(|pair| base64(pair)));
            return all;
        }
        let joined =
            if matches!(self, Self::Bearer) { format!("{raw}, Bearer {raw}") } else { format!("{raw}, {raw}") };
        vec![joined, format!("{raw} {raw}"), format!("{raw}x"), shorter.to_owned(), format!("{raw}%00")]
    }

    /// Header lines with the token in another case. User names stay unchanged.
    pub(super) fn in_another_case(&self, raw: &str) -> Vec<String> {
        let (user, rest) = match (self, raw.find(':')) {
            (Self::Basic, Some(colon)) => raw.split_at(colon),
            _ => ("", raw),
        };
        let mut others = vec![rest.to_ascii_uppercase(), rest.to_ascii_lowercase()];
        others.retain(|other| other != rest);
        others.into_iter().map(|other| self.line(&format!("{user}{other}"))).collect()
    }

    /// Every text of a request that reveals the token, or all of it except its end.
    pub(super) fn revealing(&self, raw: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let password = raw.split_once(':').map(|(_, password)| password).filter(|_| matches!(self, Self::Basic));
        for secret in [Some(raw), password].into_iter().flatten() {
            all.extend([secret.to_owned(), escaped(secret), in_json(secret)]);
            all.extend([secret.to_ascii_uppercase(), secret.to_ascii_lowercase()]);
            // The beginning of a short token may be a part of other words.
            all.extend(Some(without_last(secret).to_owned()).filter(|most| most.len() >= 4));
        }
        if matches!(self, Self::Basic) {
            let lines = self.in_another_case(raw).into_iter().chain([self.line(raw)]);
            all.extend(lines.filter_map(|line| Some(line.rsplit_once("Basic ")?.1.to_owned())));
            all.extend(self.almost(raw));
        }
        all
    }
}

fn without_last(text: &str) -> &str {
    text.char_indices().next_back().map_or("", |(end, _)| &text[..end])
}

/// Encodes as base64 with padding (RFC 4648, section 4).
pub(super) fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(text.len().div_ceil(3) * 4);
    for piece in text.as_bytes().chunks(3) {
        let at = |index: usize| u32::from(piece.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * index) & 63) as usize];
            out.push(if index <= piece.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Escapes the token for the inside of a JSON string.
pub(super) fn in_json(token: &str) -> String {
    token.replace('\\', "\\\\").replace('"', "\\\"")
}

/// Whether two header lines are the same. Header names are compared without regard to case.
pub(super) fn is_same_line(a: &str, b: &str) -> bool {
    match (a.split_once(':'), b.split_once(':')) {
        (Some((name, value)), Some((other, found))) => name.eq_ignore_ascii_case(other) && value.trim() == found.trim(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (text, expected) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text), expected);
        }
        assert_eq!(base64("Aladdin:open sesame"), "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert_eq!(base64("test:123\u{a3}"), "dGVzdDoxMjPCow==");
    }

    #[test]
    fn another_case_is_another_token() {
        let lines = |place: TokenPlace, raw: &str| place.in_another_case(raw);
        assert_eq!(lines(TokenPlace::Bearer, "aB"), ["Authorization: Bearer AB", "Authorization: Bearer ab"]);
        assert_eq!(lines(TokenPlace::Header("X-Key".into()), "a1"), ["X-Key: A1"]);
        assert_eq!(lines(TokenPlace::Cookie("s".into()), "A"), ["Cookie: s=a"]);
        assert_eq!(lines(TokenPlace::Bearer, "17").len(), 0);
        // A server may compare user names without regard to case.
        assert_eq!(lines(TokenPlace::Basic, "Ann:17").len(), 0);
        assert_eq!(lines(TokenPlace::Basic, "Ann:x"), [format!("Authorization: Basic {}", base64("Ann:X"))]);
    }

    /// None of the texts of `almost` is the token itself.
    #[test]
    fn almost_is_not_quite() {
        let names = [TokenPlace::Header("X-Key".into()), TokenPlace::Cookie("s".into())];
        for place in [TokenPlace::Bearer, TokenPlace::Basic].into_iter().chain(names) {
            for raw in ["user:password", "u:p", "\u{e9}:\u{e9}"] {
                let right = place.line(raw);
                let made = place.almost(raw).iter().map(|text| place.written(text)).collect::<Vec<_>>();
                let all = made.into_iter().chain(place.unknown()).chain(place.malformed());
                assert!(all.chain(place.in_another_case(raw)).all(|line| line != right), "{place:?}, {raw}");
                assert!(place.malformed().iter().all(|line| line.contains(':')), "{place:?}");
            }
        }
    }
}
