//! The verifiers of the two kinds of credentials.
//!
//! Each route takes one kind and asks only the verifier of that kind: API tokens for the 128
//! routes, sessions for `/user/tokens`. A credential of the other kind is unknown there.

use scopes::tokens::{TokenDigest, TokenFormat};
use scopes::{Verifier, VerifyError};

use crate::catalogue::api;
use crate::session::Sessions;
use crate::session_catalogue::dashboard;
use crate::store::Store;

/// The format of API tokens: `dyn_` and 56 characters. The example in the documents has 36.
pub const TOKENS: TokenFormat = TokenFormat::new("dyn_").accepting(36);

/// Looks up API tokens.
#[derive(Clone, Debug)]
pub struct TokenVerifier {
    /// The database, which holds their digests.
    pub store: Store,
}

impl Verifier<api::Scope> for TokenVerifier {
    async fn verify(&self, token: &str) -> Result<Option<api::Grant>, VerifyError> {
        // A text without the format of API tokens, such as a session or a typing error, cannot be
        // in the database.
        let Ok(token) = TOKENS.parse(token) else { return Ok(None) };
        let digest = token.digest();
        let Some(found) = self.store.find_by_digest(digest.as_bytes()).await? else { return Ok(None) };
        // The index has compared the digests already, but not in constant time.
        if TokenDigest::from_bytes(found.digest) != digest {
            return Ok(None);
        }
        let scopes = known_scopes(found.scopes.iter().map(String::as_str), &found.id);
        let grant = api::Grant::new(scopes)
            .for_tenant(&found.environment_id)?
            .with_subject(found.created_by.id)
            .with_token_id(found.id);
        Ok(Some(grant))
    }
}

/// Checks sessions of the dashboard.
#[derive(Clone, Debug)]
pub struct SessionVerifier {
    /// Checks the JWT.
    pub sessions: Sessions,
    /// The database, which knows who may sign in.
    pub store: Store,
}

/// The data that a session's grant carries.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The environment of new tokens.
    pub environment_id: String,
    /// The scopes that the administrator may give to new tokens.
    pub may_give: api::Grant,
}

impl Verifier<dashboard::Scope> for SessionVerifier {
    async fn verify(&self, token: &str) -> Result<Option<dashboard::Grant>, VerifyError> {
        // An API token is never read as a session.
        if TOKENS.recognises(token) {
            return Ok(None);
        }
        let Ok(session) = self.sessions.verify(token) else { return Ok(None) };
        // The signature is valid, but the user may have left since.
        let Some(membership) = self.store.membership(&session.admin_id, &session.environment_id).await? else {
            return Ok(None);
        };
        let may_give = api::Grant::new(known_scopes(membership.scopes.split(' '), &session.admin_id))
            .for_tenant(&session.environment_id)?
            .with_subject(session.admin_id.as_str());
        let grant = dashboard::Grant::new(dashboard::Scopes::default())
            .with_subject(session.admin_id)
            .with_principal(SignedIn { environment_id: session.environment_id, may_give });
        Ok(Some(grant))
    }
}

/// Parses the stored names of scopes. A name that this version does not know grants nothing and is
/// logged.
fn known_scopes<'a>(names: impl Iterator<Item = &'a str>, holder_id: &str) -> api::Scopes {
    let read = api::Scopes::lossy(names.filter(|name| !name.is_empty()));
    for name in &read.unknown {
        eprintln!("{holder_id} is stored with the unknown scope {name:?}, which grants nothing");
    }
    read.known
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::seed::Seed;
    use crate::session::Session;
    use crate::store::{Membership, NewToken};

    const SAMPLE: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

    async fn store_of_sample(seed: &Seed, scopes: &[&str]) -> Store {
        let store = Store::in_memory().await.unwrap();
        store.populate(&seed.contents).await.unwrap();
        let token = TOKENS.parse(SAMPLE).unwrap();
        let new = NewToken {
            digest: *token.digest().as_bytes(),
            checksum: token.checksum().to_owned(),
            note: String::new(),
            created_by: seed.admin.clone(),
            environment_id: seed.live.clone(),
            issuer_token_id: None,
            scopes: scopes.iter().map(|&name| name.to_owned()).collect(),
        };
        store.insert(&new).await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_stored_token_is_good_for_its_scopes_in_its_environment() {
        let seed = Seed::new();
        let store = store_of_sample(&seed, &["all.read", "from.a.later.version"]).await;
        let verifier = TokenVerifier { store };
        let grant = verifier.verify(SAMPLE).await.unwrap().unwrap();
        assert_eq!(grant.scopes().to_string(), "all.read");
        assert!(grant.tenants().covers(&seed.live) && !grant.tenants().covers(&seed.sandbox));
        assert_eq!(grant.subject(), Some(seed.admin.as_str()));
        assert!(grant.token_id().is_some());

        let unknown = TOKENS.generate().unwrap();
        let wrong_checksum = format!("{}D", &SAMPLE[..SAMPLE.len() - 1]);
        for token in [unknown.reveal(), &wrong_checksum, "", "dyn_", &SAMPLE[4..], "eyJhbGciOiJIUzI1NiJ9.e30.x"] {
            assert!(verifier.verify(token).await.unwrap().is_none(), "{token}");
        }
        // Without a database, the verifier fails only for tokens of the right form.
        verifier.store.close().await;
        assert!(verifier.verify(SAMPLE).await.is_err());
        assert!(verifier.verify(&wrong_checksum).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_session_is_good_while_its_administrator_is_a_member() {
        let mut seed = Seed::new();
        let stranger = Session { admin_id: seed.admin.clone(), environment_id: "elsewhere".to_owned() };
        seed.contents.memberships = vec![Membership {
            admin_id: seed.admin.clone(),
            environment_id: seed.live.clone(),
            scopes: "flow.write no.such.scope".to_owned(),
        }];
        let store = store_of_sample(&seed, &[]).await;
        let verifier = SessionVerifier { sessions: Sessions::new(&[7; 32]), store };
        let jwt = |session: &Session| verifier.sessions.issue(session, Duration::from_secs(60)).unwrap();

        let member = Session { admin_id: seed.admin.clone(), environment_id: seed.live.clone() };
        let grant = verifier.verify(&jwt(&member)).await.unwrap().unwrap();
        let signed_in = grant.principal_as::<SignedIn>().unwrap();
        assert_eq!(signed_in.environment_id, seed.live);
        assert_eq!(signed_in.may_give.scopes().to_string(), "flow.write");
        assert!(!signed_in.may_give.tenants().covers(&seed.sandbox));

        let former = Session { environment_id: seed.sandbox.clone(), ..member };
        for token in [&jwt(&former), &jwt(&stranger), SAMPLE, "", "eyJhbGciOiJub25lIn0.e30."] {
            assert!(verifier.verify(token).await.unwrap().is_none(), "{token}");
        }
    }
}
