//! The store as a verifier: one indexed look-up by the token's digest.

use std::fmt;

use scopes::tokens::{RawToken, TokenDigest};
use scopes::{Grant, Scope, Verifier, VerifyError};

use crate::cache::Cache;
use crate::database::{Row, Statement};
use crate::error::Error;
use crate::store::Store;
use crate::token::{known_scopes, tenants_from};
use crate::uses;

/// One step in the index of digests, and one in the index of ids.
const LOOK_UP: &str = "SELECT t.id, t.subject, t.scopes, t.tenants, t.not_before, t.expires_at, t.revoked_at, \
    t.version, s.is_current, s.valid_until FROM scopes_secrets s JOIN scopes_tokens t ON t.number = s.token \
    WHERE s.digest = $1";

/// A good token: its grant, and when it is valid.
pub(crate) struct Answer<S: Scope> {
    pub(crate) grant: Grant<S>,
    pub(crate) not_before: Option<i64>,
    pub(crate) until: Option<i64>,
}

impl<S: Scope> Answer<S> {
    pub(crate) fn is_valid_at(&self, now: i64) -> bool {
        self.not_before.is_none_or(|begin| begin <= now) && self.until.is_none_or(|end| now < end)
    }
}

/// The grant has the scopes, tenants and subject that the token was issued with, its id, and which
/// of its secrets was presented.
///
/// It returns an error, which is answered with 503, if the database fails or does not answer in
/// time, or if too many look-ups wait already ([`Store::lookups`]). Texts that are not of the
/// store's format are unknown without a look-up.
impl<S: Scope> Verifier<S> for Store<S> {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        let Ok(token) = self.format.parse(token) else { return Ok(None) };
        if let Some(grant) = self.cached_grant(&token) {
            return Ok(Some(grant));
        }
        let _permit = self.shared.waiting.try_acquire().map_err(|_| Unavailable::<S>::TooManyWait)?;
        let digest = token.digest();
        drop(token);
        let ticket = self.shared.cache.as_ref().map(Cache::begin);
        let answer = tokio::time::timeout(self.settings.timeout, self.look_up(&digest));
        let answer = answer.await.map_err(|_| Unavailable::<S>::TooSlow)?;
        let Some(answer) = answer.map_err(Unavailable::Failed)? else { return Ok(None) };
        // The clock is read after the wait.
        let now = self.settings.clock.now();
        if !answer.is_valid_at(now) {
            return Ok(None);
        }
        let grant = answer.grant.clone();
        if let (Some(cache), Some(ticket)) = (&self.shared.cache, ticket) {
            cache.keep(digest, ticket, answer);
        }
        self.record_use(&grant, now);
        Ok(Some(grant))
    }

    fn verify_now(&self, token: &str) -> Option<Result<Option<Grant<S>>, VerifyError>> {
        let Ok(token) = self.format.parse(token) else { return Some(Ok(None)) };
        self.cached_grant(&token).map(|grant| Ok(Some(grant)))
    }
}

impl<S: Scope> Store<S> {
    fn cached_grant(&self, token: &RawToken) -> Option<Grant<S>> {
        let cache = self.shared.cache.as_ref()?;
        let now = self.settings.clock.now();
        let grant = cache.get(&token.digest(), now)?;
        self.record_use(&grant, now);
        Some(grant)
    }

    fn record_use(&self, grant: &Grant<S>, now: i64) {
        if let Some(id) = grant.token_id() {
            uses::record(self, id, now);
        }
    }

    async fn look_up(&self, digest: &TokenDigest) -> Result<Option<Answer<S>>, Error<S>> {
        let mut held = self.pool.hold().await?;
        let row = held.connection().optional(Statement::new(LOOK_UP).bind(digest.as_bytes().as_slice())).await?;
        row.map_or(Ok(None), |row| answer_from(&row))
    }
}

fn answer_from<S: Scope>(row: &Row) -> Result<Option<Answer<S>>, Error<S>> {
    if row.optional_number("revoked_at")?.is_some() {
        return Ok(None);
    }
    let tenants = tenants_from(&row.text("tenants")?).ok_or(Error::Corrupt("tenants that are not a list"))?;
    // A replaced secret has the version before the current one.
    let replaced = if row.number("is_current")? == 1 { 0 } else { 1 };
    let version = row.number("version")?.checked_sub(replaced).and_then(|version| u32::try_from(version).ok());
    let version = version.ok_or(Error::Corrupt("a version that is not a number of 32 bits"))?;
    let grant = Grant::new(known_scopes(&row.text("scopes")?))
        .with_tenants(tenants)
        .with_token_id(row.text("id")?)
        .with_token_version(version);
    let grant = match row.optional_text("subject")? {
        Some(subject) => grant.with_subject(subject),
        None => grant,
    };
    let ends = [row.optional_number("expires_at")?, row.optional_number("valid_until")?];
    let answer =
        Answer { grant, not_before: row.optional_number("not_before")?, until: ends.into_iter().flatten().min() };
    Ok(Some(answer))
}

/// Why no answer could be given. The log shows the text, so it has the cause.
#[derive(Debug)]
enum Unavailable<S: Scope> {
    TooManyWait,
    TooSlow,
    Failed(Error<S>),
}

impl<S: Scope> fmt::Display for Unavailable<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyWait => f.write_str("too many look-ups of tokens wait for the database"),
            Self::TooSlow => f.write_str("the database did not answer the look-up of a token in time"),
            // Values that are bound to a statement, such as the digest, are not in its error.
            Self::Failed(Error::Database(error)) => write!(f, "the database failed: {error}"),
            Self::Failed(error) => error.fmt(f),
        }
    }
}

impl<S: Scope> std::error::Error for Unavailable<S> {}

#[cfg(all(test, feature = "sqlite"))]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;
    use scopes::tokens::TokenFormat;

    scopes::scopes! { mod api; users.read { GET "/users"; } }

    #[tokio::test]
    async fn a_look_up_uses_the_indexes() {
        let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
        let store = Store::<api::Scope>::new(options.connect("sqlite::memory:").await.unwrap(), TokenFormat::new("t_"));
        store.migrate().await.unwrap();
        let mut held = store.pool.hold().await.unwrap();
        let plan = Statement::new("EXPLAIN QUERY PLAN ").push(LOOK_UP).bind([7; 32].as_slice());
        let plan: Vec<_> =
            held.connection().all(plan).await.unwrap().iter().map(|row| row.text("detail").unwrap()).collect();
        assert_eq!(plan.len(), 2, "{plan:?}");
        assert!(plan.iter().all(|step| step.starts_with("SEARCH")), "{plan:?}");
    }
}
