//! The state that every handler can reach.

use std::sync::Arc;

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use scopes_store::NewToken;

use crate::catalogue::api;
use crate::database::Transaction;
use crate::failure::Failure;
use crate::kinds::events::TOKEN_CREATED;
use crate::metrics::Metrics;
use crate::objects::Change;
use crate::page::form::FormKey;
use crate::session::Sessions;
use crate::settings::Settings;
use crate::store::{Store, StoreError};
use crate::usage::UsageFile;
use crate::verifiers::{SessionVerifier, TokenVerifier};
use crate::webhooks::{Deliveries, Signer};
use crate::wire::{CreateToken, CreatedToken, admin_of};

/// The server's state; clones share it.
#[derive(Clone, Debug)]
pub struct App {
    /// The database.
    pub store: Store,
    /// Makes and checks sessions.
    pub sessions: Sessions,
    /// Signs the forms of the pages.
    pub forms: FormKey,
    /// What the operator sets.
    pub settings: Arc<Settings>,
    /// What the server counts.
    pub metrics: Metrics,
    /// Records the use of API tokens.
    pub(crate) usage: Option<UsageFile>,
    /// Sends events to webhooks.
    pub(crate) deliveries: Deliveries,
}

impl App {
    /// Makes the state for a database, with the session key that the database keeps.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn new(store: Store, settings: Settings) -> Result<Self, StoreError> {
        let key = store.secret("sessions").await?;
        let forms = FormKey::new(&store.secret("forms").await?);
        let signer = Signer::new(store.secret("webhooks").await?);
        Ok(Self {
            sessions: Sessions::new(&key),
            forms,
            deliveries: Deliveries::start(&store, signer, settings.webhooks),
            store,
            usage: settings.usage.clone().map(UsageFile::new),
            settings: Arc::new(settings),
            metrics: Metrics::new(),
        })
    }

    pub(crate) fn token_verifier(&self) -> TokenVerifier {
        TokenVerifier { store: self.store.clone() }
    }

    pub(crate) fn session_verifier(&self) -> SessionVerifier {
        SessionVerifier { sessions: self.sessions.clone(), store: self.store.clone() }
    }

    /// Ends a transaction that has changed a token, together with the event that tells of it. On an
    /// error, the token is as before.
    pub(crate) async fn commit_token(
        &self,
        mut transaction: Transaction,
        event: &'static str,
        environment_id: &str,
        token_id: &str,
    ) -> Result<(), StoreError> {
        let mut change = Change::new();
        change.event(event, "apiToken", token_id);
        let messages = change.write(environment_id, &mut transaction).await.map_err(StoreError::from)?;
        transaction.commit().await?;
        // The log outlives a database that is restored from a backup. A token that is deleted takes
        // along those that it has issued.
        tracing::info!(token_id, event, "a token was changed");
        self.deliveries.send(messages);
        Ok(())
    }

    /// Makes a new token of an environment. It has no more scopes than its issuer may pass on.
    pub(crate) async fn issue_token(
        &self,
        issuer: &api::Grant,
        environment_id: &str,
        body: CreateToken,
    ) -> Result<impl IntoResponse + use<>, Failure> {
        let new = NewToken::named(body.note).tenant(environment_id).map_err(|_| Failure::NotFound)?;
        // Scopes are added one at a time, because the answer has them in the order of the request.
        let new = body.scopes.into_iter().fold(new, NewToken::scopes);
        // Nothing may fail after the commit, because only this answer has the token's text.
        let admin = admin_of(issuer.subject(), &self.store).await?;
        let mut transaction = self.store.begin_in(environment_id).await?;
        let tokens = self.store.tokens.within(transaction.connection());
        let made = tokens.issue(issuer, new).await.map_err(StoreError::from)?;
        let created = CreatedToken::new(&made, &admin)?;
        self.commit_token(transaction, TOKEN_CREATED, environment_id, made.id()).await?;
        let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
        Ok((StatusCode::CREATED, no_store, Json(created)))
    }
}
