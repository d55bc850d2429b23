//! `Authorization: Basic` (RFC 7617): a user and a password in base64.

use std::future::Future;
use std::{fmt, mem};

use scopes_core::Scope;
use zeroize::{Zeroize, Zeroizing};

use super::authorization::{AfterScheme, after_scheme};
use crate::auth::credentials::{Credentials, MAX_CREDENTIAL_LENGTH};
use crate::auth::verifier::{Verifier, VerifyError};
use crate::grant::Grant;

/// The password of a user, as the client sent it with the scheme `Basic`.
///
/// It is overwritten when it is dropped, and `Debug` does not show it. It has no `PartialEq`:
/// compare it in constant time, or with a password hash.
///
/// ```
/// use scopes::Password;
///
/// /// Compares with a password hash; here a stand-in.
/// fn check(hash: &str, password: &Password) -> bool {
///     hash.strip_prefix("hash of ") == Some(password.expose())
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # scopes::scopes! { mod api; public("start page") { GET "/"; } }
/// # use scopes::{Authenticate, Authentication};
/// let authenticate = Authenticate::basic(async |_user: String, password: Password| {
///     assert!(!format!("{password:?}").contains("lovelace"));
///     Ok(check("hash of lovelace", &password).then(|| api::Grant::new(api::Scopes::new())))
/// });
/// # let credentials = "Basic YWRhOmxvdmVsYWNl";
/// # let request = http::Request::get("/").header("authorization", credentials).body(())?;
/// # let handler = async |request: http::Request<()>| {
/// #     let outcome = Authentication::<api::Scope>::of(request.extensions());
/// #     assert!(outcome.unwrap().grant().is_some());
/// #     Ok::<_, scopes::Denied>(http::Response::new(()))
/// # };
/// # authenticate.around(request, handler).await?;
/// # Ok(()) }
/// ```
pub struct Password(Zeroizing<String>);

impl Password {
    /// Returns the password itself, for the comparison with a stored hash.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Reads the value of an `Authorization` header. The token of this source is the base64 text, which
/// the verifier decodes.
pub(super) fn read(value: &[u8]) -> Credentials<'_> {
    let text = match after_scheme(value, b"basic") {
        AfterScheme::OtherScheme => return Credentials::OtherScheme,
        AfterScheme::Malformed => return Credentials::Malformed,
        AfterScheme::Text(text) => text,
    };
    match std::str::from_utf8(text) {
        Ok(text) if pair(text).is_some() => Credentials::borrowed(text),
        _ => Credentials::Malformed,
    }
}

/// Splits the text at the first colon into user and password. Neither may have control characters.
fn pair(text: &str) -> Option<(String, Password)> {
    let mut decoded = decoded(text.as_bytes())?;
    let mut pair = match String::from_utf8(mem::take(&mut *decoded)) {
        Ok(pair) => Zeroizing::new(pair),
        Err(error) => {
            error.into_bytes().zeroize();
            return None;
        }
    };
    if pair.chars().any(char::is_control) {
        return None;
    }
    let (user, password) = pair.split_once(':')?;
    let found = (user.to_owned(), Password(Zeroizing::new(password.to_owned())));
    pair.zeroize();
    Some(found)
}

/// Decodes canonical base64 with padding (RFC 4648, section 4). The bits after the last byte must
/// be zero, so that each text has one form only.
fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (fours, []) = text.as_chunks::<4>() else { return None };
    if fours.is_empty() || text.len() > MAX_CREDENTIAL_LENGTH {
        return None;
    }
    let mut out = Zeroizing::new(Vec::with_capacity(fours.len() * 3));
    for (index, four) in fours.iter().enumerate() {
        let is_last = index + 1 == fours.len();
        let padding = if is_last { four.iter().rev().take_while(|&&byte| byte == b'=').count() } else { 0 };
        let mut bits = 0;
        for &byte in &four[..4 - padding.min(2)] {
            bits = bits << 6 | sextet(byte)?;
        }
        bits <<= 6 * padding.min(2);
        let [_, bytes @ ..] = u32::to_be_bytes(bits);
        let (kept, spare) = bytes.split_at(3 - padding.min(2));
        if spare.iter().any(|&byte| byte != 0) {
            return None;
        }
        out.extend_from_slice(kept);
    }
    Some(out)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// The verifier of this source, made of the application's function.
pub(crate) struct BasicVerifier<F>(pub(crate) F);

impl<S, F, Verdict> Verifier<S> for BasicVerifier<F>
where
    S: Scope,
    F: Fn(String, Password) -> Verdict + Send + Sync + 'static,
    Verdict: Future<Output = Result<Option<Grant<S>>, VerifyError>> + Send,
{
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        // The source has decoded this text already, so this does not fail.
        let Some((user, password)) = pair(token) else { return Ok(None) };
        (self.0)(user, password).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `user|password`, or the kind of credentials.
    fn found(value: &[u8]) -> String {
        match read(value) {
            Credentials::Token(text) => {
                let (user, password) = pair(&text).unwrap();
                format!("{user}|{}", password.expose())
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn pairs() {
        for (value, expected) in [
            // The examples of RFC 7617.
            (&b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="[..], "Aladdin|open sesame"),
            (b"Basic dGVzdDoxMjPCow==", "test|123\u{a3}"),
            (b"basic dTpw", "u|p"),
            (b"BASIC   dTpw", "u|p"),
            // The text is split at the first colon. Both sides may be empty.
            (b"Basic dTpwOnE6", "u|p:q:"),
            (b"Basic dTo=", "u|"),
            (b"Basic OnA=", "|p"),
            (b"Basic Og==", "|"),
            // No colon; no text.
            (b"Basic dXA=", "Malformed"),
            (b"Basic ", "Malformed"),
            (b"Basic", "Malformed"),
            (b"Basic\tdTpw", "Malformed"),
            // Control characters: NUL, line feed, DEL, NEL.
            (b"Basic dTpwAA==", "Malformed"),
            (b"Basic dTpwCg==", "Malformed"),
            (b"Basic dTpwfw==", "Malformed"),
            (b"Basic dTpwwoU=", "Malformed"),
            // Not UTF-8.
            (b"Basic dTr/", "Malformed"),
            (b"Basic dToK/w==", "Malformed"),
            // Not in the canonical form of base64.
            (b"Basic dTo", "Malformed"),
            (b"Basic dTp=", "Malformed"),
            (b"Basic dTp", "Malformed"),
            (b"Basic dTpw=", "Malformed"),
            (b"Basic dTpw====", "Malformed"),
            (b"Basic dTpx======", "Malformed"),
            (b"Basic =dTpw", "Malformed"),
            (b"Basic dTo=dTpw", "Malformed"),
            (b"Basic d===", "Malformed"),
            (b"Basic ====", "Malformed"),
            (b"Basic dTo=\t", "Malformed"),
            (b"Basic dTpw dTpw", "Malformed"),
            (b"Basic dT pw", "Malformed"),
            (b"Basic dTpw, Basic dTpw", "Malformed"),
            (b"Basic dTo_", "Malformed"),
            (b"Basic dTo-", "Malformed"),
            (b"Basic dTo%3D", "Malformed"),
            // Other schemes.
            (b"Bearer dTpw", "OtherScheme"),
            (b"Basic2 dTpw", "OtherScheme"),
            (b"dTpw", "OtherScheme"),
            (b"", "OtherScheme"),
        ] {
            assert_eq!(found(value), expected, "{}", value.escape_ascii());
        }
    }

    /// Each text has one form: encoding it again gives the same base64.
    #[test]
    fn base64_is_canonical() {
        let alphabet = b"ABgh+/9=";
        for number in 0..alphabet.len().pow(4) {
            let four: Vec<u8> =
                (0..4).map(|place| alphabet[number / alphabet.len().pow(place) % alphabet.len()]).collect();
            if let Some(bytes) = decoded(&four) {
                assert_eq!(encoded(&bytes).as_bytes(), four, "{}", four.escape_ascii());
            }
        }
        for length in 0..70_u8 {
            let bytes: Vec<u8> = (0..length).map(|byte| byte.wrapping_mul(37)).collect();
            let expected = if bytes.is_empty() { None } else { Some(bytes.clone()) };
            assert_eq!(decoded(encoded(&bytes).as_bytes()).map(|found| found.to_vec()), expected);
        }
    }

    fn encoded(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0_u32, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - three.len()));
            for place in 0..4 {
                let letter = char::from(ALPHABET[(bits >> (18 - 6 * place) & 63) as usize]);
                out.push(if place <= three.len() { letter } else { '=' });
            }
        }
        out
    }

    #[test]
    fn long_credentials_are_refused() {
        for (length, good) in [(8192, true), (8196, false)] {
            let value = [b"Basic ".as_slice(), &b"dTpw".repeat(length / 4)].concat();
            assert_eq!(matches!(read(&value), Credentials::Token(_)), good, "{length}");
        }
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(format!("{:?}", pair("dTpw").unwrap()), "(\"u\", Password(..))");
    }
}
