//! Sessions of the dashboard: JWTs signed with a key that only this server's database holds.

use core::fmt;
use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "dashboard";
const AUDIENCE: &str = "dashboard-api";
/// The number of seconds by which clocks may differ.
const LEEWAY: u64 = 5;

/// The administrator who is signed in, and the environment of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The administrator.
    pub admin_id: String,
    /// The environment that the dashboard shows.
    pub environment_id: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: String,
    iat: i64,
    exp: i64,
    #[serde(rename = "environmentId")]
    environment_id: String,
}

/// Makes sessions and checks them.
#[derive(Clone)]
pub struct Sessions {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

impl Sessions {
    /// Uses the key that [`Store::secret`](crate::store::Store::secret) keeps.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // Without this, a token that merely lacks `iss` or `aud` would pass.
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key), validation }
    }

    /// Makes a JWT for this session. It is valid from now on, for the given time.
    ///
    /// # Errors
    ///
    /// If the JWT cannot be signed.
    pub fn issue(&self, session: &Session, lifetime: Duration) -> Result<String, SessionError> {
        let now = Timestamp::now().as_second();
        let lifetime = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        self.sign(&Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: session.admin_id.clone(),
            iat: now,
            exp: now.saturating_add(lifetime),
            environment_id: session.environment_id.clone(),
        })
    }

    fn sign(&self, claims: &impl Serialize) -> Result<String, SessionError> {
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &self.signing).map_err(|_| SessionError::Unsigned)
    }

    /// Reads the session from a JWT that [`issue`](Self::issue) has made.
    ///
    /// # Errors
    ///
    /// If the signature, the algorithm, the issuer or the audience is wrong, a claim is missing, or
    /// the JWT has expired.
    pub fn verify(&self, token: &str) -> Result<Session, SessionError> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.checking, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::ExpiredSignature => SessionError::Expired,
                _ => SessionError::Invalid,
            })?
            .claims;
        if claims.sub.is_empty() || claims.environment_id.is_empty() {
            return Err(SessionError::Invalid);
        }
        Ok(Session { admin_id: claims.sub, environment_id: claims.environment_id })
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}

/// Why a request has no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionError {
    /// The text is not a JWT of this server.
    Invalid,
    /// The session has expired.
    Expired,
    /// The session could not be signed.
    Unsigned,
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "not a session of this dashboard",
            Self::Expired => "the session has expired",
            Self::Unsigned => "the session cannot be signed",
        })
    }
}

impl core::error::Error for SessionError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn session() -> Session {
        Session { admin_id: "x".to_owned(), environment_id: "a".to_owned() }
    }

    #[test]
    fn an_issued_session_verifies() {
        let sessions = Sessions::new(&[7; 32]);
        let token = sessions.issue(&session(), Duration::from_secs(60)).unwrap();
        assert_eq!(sessions.verify(&token), Ok(session()));
        assert_eq!(Sessions::new(&[8; 32]).verify(&token), Err(SessionError::Invalid), "another key");
        assert!(!format!("{sessions:?}").contains('7'));
    }

    #[test]
    fn each_claim_is_demanded_and_compared() {
        let sessions = Sessions::new(&[7; 32]);
        let now = Timestamp::now().as_second();
        let sound = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "x", "iat": now, "exp": now + 60, "environmentId": "a",
        });
        assert_eq!(sessions.verify(&sessions.sign(&sound).unwrap()), Ok(session()));
        for claim in ["iss", "aud", "sub", "exp", "environmentId"] {
            let mut lacking = sound.clone();
            lacking.as_object_mut().unwrap().remove(claim);
            assert_eq!(sessions.verify(&sessions.sign(&lacking).unwrap()), Err(SessionError::Invalid), "no {claim}");
        }
        for (claim, value, error) in [
            ("iss", json!("elsewhere"), SessionError::Invalid),
            ("aud", json!("elsewhere"), SessionError::Invalid),
            ("sub", json!(""), SessionError::Invalid),
            ("environmentId", json!(""), SessionError::Invalid),
            ("environmentId", Value::Null, SessionError::Invalid),
            ("exp", json!("tomorrow"), SessionError::Invalid),
            ("exp", json!(now - 10), SessionError::Expired),
            ("nbf", json!(now + 60), SessionError::Invalid),
        ] {
            let mut other = sound.clone();
            other[claim] = value;
            assert_eq!(sessions.verify(&sessions.sign(&other).unwrap()), Err(error), "{other}");
        }
    }

    #[test]
    fn another_algorithm_is_refused() {
        let sessions = Sessions::new(&[7; 32]);
        let token = sessions.issue(&session(), Duration::from_secs(60)).unwrap();
        let claims: Value =
            json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "iat": 0, "exp": i64::MAX, "environmentId": "a"});
        let stronger = jsonwebtoken::encode(&Header::new(Algorithm::HS512), &claims, &sessions.signing).unwrap();
        let payload = token.split('.').nth(1).unwrap();
        for (name, token) in [
            ("HS512 with the right key", stronger),
            ("none", format!("eyJhbGciOiJub25lIn0.{payload}.")),
            ("no signature", token[..=token.rfind('.').unwrap()].to_owned()),
            ("an API token", "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC".to_owned()),
            ("nothing", String::new()),
        ] {
            assert_eq!(sessions.verify(&token), Err(SessionError::Invalid), "{name}");
        }
    }
}
