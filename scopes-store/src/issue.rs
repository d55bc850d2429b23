//! Issuing a token.

use scopes::tokens::{IssueRequest, RawToken, issue as decide};
use scopes::{Grant, Scope, Tenants};

use crate::access::Access;
use crate::audit::{self, Actor};
use crate::clock::Clock;
use crate::database::{AnyConnection, Statement};
use crate::error::{Error, Invalid, NotYours};
use crate::id;
use crate::new_token::{NewToken, data_text};
use crate::owner;
use crate::store::Store;
use crate::token::{Made, tenants_text};

pub(crate) async fn issue<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    issuer: &Grant<S>,
    new: NewToken<S>,
) -> Result<Made<S>, Error<S>> {
    let now = store.settings.clock.now();
    let issued = decide(issuer, IssueRequest::new(new.scope_set(), new.tenants.clone()))?;
    let mut validity = new.checked(now)?;
    let actor = Actor::new(issuer.subject(), issuer.token_id())?;
    let secret = store.format.generate()?;
    let row = TokenRow {
        id: match &new.id {
            Some(id) => id.clone(),
            None => id::new_id(&store.format)?,
        },
        subject: issued.subject.as_deref(),
        name: &new.name,
        scopes: new.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
        tenants: &issued.tenants,
        data: data_text(new.data.as_ref())?,
        created_at: now,
        not_before: validity.not_before,
        expires_at: None,
        revoked_at: None,
        issuer_id: issued.issuer_token_id.as_deref(),
    };

    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    if let Some(issuer_id) = row.issuer_id {
        let end = lock_issuer(&mut connection, issuer_id, issuer.token_version(), &store.settings.clock).await?;
        validity.expires_at = match (validity.expires_at, end) {
            (Some(asked), Some(end)) => Some(asked.min(end)),
            (asked, end) => asked.or(end),
        };
        validity.check(now)?;
    }
    if let Some(subject) = row.subject {
        check_limit(&mut connection, subject, store.settings.limit, now).await?;
    }
    let row = TokenRow { expires_at: validity.expires_at, ..row };
    insert(&mut connection, &row, new.id.is_some()).await?;
    insert_secret(&mut connection, &row.id, &secret).await?;
    audit::write(&mut connection, "issued", &owner::id_list([row.id.as_str()]), actor, now).await?;
    let token = owner::find(&mut connection, None, None, &row.id).await?.ok_or(Error::NotFound)?;
    begun.commit().await?;
    Ok(Made::new(token, secret))
}

/// Waits for a revocation or rotation of the issuer, and keeps others from beginning until this
/// transaction ends. Returns the end of the issuer's lifetime.
async fn lock_issuer<S: Scope>(
    connection: &mut AnyConnection<'_>,
    issuer_id: &str,
    version: Option<u32>,
    clock: &Clock,
) -> Result<Option<i64>, Error<S>> {
    // On SQLite, the transaction is the only one that writes.
    let statement =
        Statement::new("SELECT version, not_before, expires_at, revoked_at FROM scopes_tokens WHERE id = $1")
            .either("", " FOR SHARE")
            .bind(issuer_id);
    let row = connection.optional(statement).await?.ok_or(NotYours::Ended)?;
    // The clock is read after the wait.
    let now = clock.now();
    let end = row.optional_number("expires_at")?;
    let is_valid = row.optional_number("revoked_at")?.is_none()
        && end.is_none_or(|end| now < end)
        && row.optional_number("not_before")?.is_none_or(|begin| begin <= now);
    if !is_valid {
        return Err(NotYours::Ended.into());
    }
    if version.map(i64::from) != Some(row.number("version")?) {
        return Err(NotYours::Replaced.into());
    }
    Ok(end)
}

async fn check_limit<S: Scope>(
    connection: &mut AnyConnection<'_>,
    subject: &str,
    limit: u32,
    now: i64,
) -> Result<(), Error<S>> {
    if connection.is_postgres() {
        // Two transactions of one subject must not both take the last place.
        let lock = Statement::new("SELECT pg_advisory_xact_lock(hashtextextended($1, 6207081347905))").bind(subject);
        connection.execute(lock).await?;
    }
    let statement = Statement::new(
        "SELECT COUNT(*) AS found FROM (SELECT 1 FROM scopes_tokens WHERE subject = $1 AND revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $2) LIMIT $3) AS in_use",
    )
    .bind(subject)
    .bind(now)
    .bind(i64::from(limit));
    let found = connection.optional(statement).await?.map_or(Ok(0), |row| row.number("found"))?;
    if found >= i64::from(limit) { Err(Error::LimitReached(limit)) } else { Ok(()) }
}

/// A row of `scopes_tokens`.
pub(crate) struct TokenRow<'a> {
    pub(crate) id: String,
    pub(crate) subject: Option<&'a str>,
    pub(crate) name: &'a str,
    pub(crate) scopes: String,
    pub(crate) tenants: &'a Tenants,
    pub(crate) data: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) not_before: Option<i64>,
    pub(crate) expires_at: Option<i64>,
    pub(crate) revoked_at: Option<i64>,
    pub(crate) issuer_id: Option<&'a str>,
}

pub(crate) async fn insert<S: Scope>(
    connection: &mut AnyConnection<'_>,
    row: &TokenRow<'_>,
    is_own_id: bool,
) -> Result<(), Error<S>> {
    // The audit table keeps the history of an id, and grants of the deleted token may still be in
    // use.
    if is_own_id && audit::knows(connection, &row.id).await? {
        return Err(Invalid::IdTaken.into());
    }
    let statement = Statement::new(
        "INSERT INTO scopes_tokens (id, subject, name, scopes, tenants, data, created_at, not_before, expires_at, \
         revoked_at, issuer_id, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
    )
    .bind(row.id.as_str())
    .bind(row.subject)
    .bind(row.name)
    .bind(row.scopes.as_str())
    .bind(tenants_text(row.tenants).as_str())
    .bind(row.data.as_deref())
    .bind(row.created_at)
    .bind(row.not_before)
    .bind(row.expires_at)
    .bind(row.revoked_at)
    .bind(row.issuer_id);
    match connection.execute(statement).await {
        Err(sqlx::Error::Database(error)) if is_own_id && error.is_unique_violation() => {
            return Err(Invalid::IdTaken.into());
        }
        inserted => inserted.map(drop)?,
    }
    for tenant in row.tenants.iter() {
        let statement =
            Statement::new("INSERT INTO scopes_token_tenants (tenant, created_at, token_id) VALUES ($1, $2, $3)");
        connection.execute(statement.bind(tenant).bind(row.created_at).bind(row.id.as_str())).await?;
    }
    Ok(())
}

/// Stores the current secret of a token.
pub(crate) async fn insert_secret(
    connection: &mut AnyConnection<'_>,
    token_id: &str,
    secret: &RawToken,
) -> sqlx::Result<()> {
    insert_digest(connection, token_id, secret.digest().as_bytes(), secret.checksum()).await
}

pub(crate) async fn insert_digest(
    connection: &mut AnyConnection<'_>,
    token_id: &str,
    digest: &[u8; 32],
    checksum: &str,
) -> sqlx::Result<()> {
    let statement = Statement::new(
        "INSERT INTO scopes_secrets (digest, token, checksum, is_current) \
         SELECT $1, number, $3, 1 FROM scopes_tokens WHERE id = $2",
    );
    let statement = statement.bind(digest.as_slice()).bind(token_id).bind(checksum);
    connection.execute(statement).await.map(drop)
}
