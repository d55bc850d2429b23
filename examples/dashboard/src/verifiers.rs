//! The verifiers of the two kinds of credentials.
//!
//! Each route takes one kind and asks only the verifier of that kind: API tokens for the 128
//! routes, sessions for `/user/tokens`. A credential of the other kind is unknown there.

use scopes::tokens::TokenFormat;
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
        let Some(grant) = self.store.tokens.verify(token).await? else { return Ok(None) };
        // A token acts for its administrator, who must still be a member of its environment.
        let (Some(admin_id), Some(environment_id)) = (grant.subject(), grant.tenants().iter().next()) else {
            return Ok(None);
        };
        let membership = self.store.membership(admin_id, environment_id).await?;
        Ok(membership.is_some().then_some(grant))
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
        let may_give = may_give(&self.store, &session.admin_id, &session.environment_id).await?;
        let Some(may_give) = may_give else { return Ok(None) };
        let grant = dashboard::Grant::new(dashboard::Scopes::default())
            .with_subject(session.admin_id)
            .with_principal(SignedIn { environment_id: session.environment_id, may_give });
        Ok(Some(grant))
    }
}

/// What an administrator may give to tokens of an environment. `None` if the administrator is not a
/// member of it.
pub(crate) async fn may_give(
    store: &Store,
    admin_id: &str,
    environment_id: &str,
) -> Result<Option<api::Grant>, VerifyError> {
    let Some(membership) = store.membership(admin_id, environment_id).await? else { return Ok(None) };
    // Unknown names grant nothing. They are logged at the start of the program.
    let known = api::Scopes::parse_lossy(&membership.scopes).known;
    Ok(Some(api::Grant::new(known).for_tenant(environment_id)?.with_subject(admin_id)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::seed::Seed;
    use crate::session::Session;
    use crate::store::Membership;
    use crate::testing;
    use scopes_store::{ImportedToken, NewToken};

    const SAMPLE: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

    async fn store_of_sample(seed: &Seed, scopes: &str) -> Store {
        let store = testing::store().await;
        store.populate(&seed.contents, Vec::new()).await.unwrap();
        let token = ImportedToken::of_text("sample", SAMPLE, &TOKENS).unwrap();
        let token = token.subject(&seed.admin).tenant(&seed.live).unwrap().scope_names(scopes);
        store.tokens.import(token).await.unwrap();
        store
    }

    #[tokio::test]
    async fn a_stored_token_is_good_for_its_scopes_in_its_environment() {
        let seed = Seed::new();
        let store = store_of_sample(&seed, "all.read from.a.later.version").await;
        let verifier = TokenVerifier { store };
        let grant = verifier.verify(SAMPLE).await.unwrap().unwrap();
        assert_eq!(grant.scopes().to_string(), "all.read");
        assert!(grant.tenants().covers(&seed.live) && !grant.tenants().covers(&seed.sandbox));
        assert_eq!(grant.subject(), Some(seed.admin.as_str()));
        assert_eq!(grant.token_id(), Some("sample"));
        assert_eq!(verifier.store.unknown_scopes().await.unwrap(), ["from.a.later.version"]);

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
    async fn a_token_ends_with_its_makers_membership() {
        let seed = Seed::new();
        let store = store_of_sample(&seed, "environment.apiTokens.write").await;
        let verifier = TokenVerifier { store: store.clone() };
        let grant = verifier.verify(SAMPLE).await.unwrap().unwrap();
        let child = store.tokens.issue(&grant, NewToken::named("n").tenant(&seed.live).unwrap()).await.unwrap();
        assert!(verifier.verify(child.secret().reveal()).await.unwrap().is_some());
        store.end_membership(&seed.admin, &seed.sandbox).await.unwrap();
        assert!(verifier.verify(SAMPLE).await.unwrap().is_some(), "another environment");
        store.end_membership(&seed.admin, &seed.live).await.unwrap();
        for token in [SAMPLE, child.secret().reveal()] {
            assert!(verifier.verify(token).await.unwrap().is_none());
        }
        assert!(store.tokens.issue(&grant, NewToken::named("n")).await.is_err(), "it issues nothing either");

        // This holds even if another program has ended the membership.
        let mut seed = Seed::new();
        seed.contents.memberships.retain(|membership| membership.environment_id != seed.live);
        let verifier = TokenVerifier { store: store_of_sample(&seed, "all.read").await };
        assert!(verifier.store.tokens.verify(SAMPLE).await.unwrap().is_some());
        assert!(verifier.verify(SAMPLE).await.unwrap().is_none());
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
        let store = store_of_sample(&seed, "").await;
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
