//! The audit table: who has done what with which token. Triggers keep it append-only.

use std::time::SystemTime;

use scopes::Scope;

use crate::access::Access;
use crate::clock::to_time;
use crate::database::{AnyConnection, Row, Statement};
use crate::error::{Error, Invalid};
use crate::id;
use crate::page::MAX_PAGE;

/// Who makes a change.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Actor<'a> {
    subject: Option<&'a str>,
    token_id: Option<&'a str>,
}

impl<'a> Actor<'a> {
    /// Both texts must fit into the table.
    pub(crate) fn new(subject: Option<&'a str>, token_id: Option<&'a str>) -> Result<Self, Invalid> {
        subject.map_or(Ok(()), id::check_subject)?;
        token_id.map_or(Ok(()), id::check_id)?;
        Ok(Self { subject, token_id })
    }
}

/// An entry of the audit table.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let made = store.issue(&session, NewToken::named("n")).await?;
/// store.of_subject("user-7").by("admin-1").revoke(made.id()).await?;
///
/// let history = store.of_subject("user-7").audit(made.id()).await?;
/// let told: Vec<_> = history.iter().map(|entry| (entry.action(), entry.actor())).collect();
/// assert_eq!(told, [("issued", Some("user-7")), ("revoked", Some("admin-1"))]);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    seq: i64,
    at: i64,
    action: String,
    token_id: String,
    subject: Option<String>,
    actor: Option<String>,
    actor_token: Option<String>,
}

impl AuditEntry {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            seq: row.number("seq")?,
            at: row.number("at")?,
            action: row.text("action")?,
            token_id: row.text("token_id")?,
            subject: row.optional_text("subject")?,
            actor: row.optional_text("actor")?,
            actor_token: row.optional_text("actor_token")?,
        })
    }

    /// The number of the entry. Later entries have greater ones.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert!(entry.number() > 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn number(&self) -> i64 {
        self.seq
    }

    /// The time of the change, by the clock of the process that made it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert!(entry.at() <= std::time::SystemTime::now());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn at(&self) -> SystemTime {
        to_time(self.at)
    }

    /// What was done: `issued`, `imported`, `renamed`, `rotated`, `revoked` or `deleted`.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert_eq!(entry.action(), "issued");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn action(&self) -> &str {
        &self.action
    }

    /// The id of the token that was changed.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert_eq!(entry.token_id(), made.id());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn token_id(&self) -> &str {
        &self.token_id
    }

    /// The subject that the token acts for.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert_eq!(entry.subject(), Some("user-7"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Who made the change, as far as the application has said so: see
    /// [`Owner::by`](crate::Owner::by).
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert_eq!(entry.actor(), Some("user-7"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.actor.as_deref()
    }

    /// The id of the token with which the change was made.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let entry = &store.of_subject("user-7").audit(made.id()).await?[0];
    /// assert_eq!(entry.actor_token(), None, "a session");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn actor_token(&self) -> Option<&str> {
        self.actor_token.as_deref()
    }
}

/// Writes an entry for each of the tokens, in the transaction that changes them.
pub(crate) async fn write(
    connection: &mut AnyConnection<'_>,
    action: &'static str,
    token_ids: &str,
    actor: Actor<'_>,
    now: i64,
) -> sqlx::Result<()> {
    let statement = Statement::new(
        "INSERT INTO scopes_audit (at, action, token_id, subject, actor, actor_token) \
         SELECT $1, $2, t.id, t.subject, $3, $4 FROM scopes_tokens t WHERE t.id IN (",
    )
    .either(IDS_SQLITE, IDS_POSTGRES)
    .push(") ORDER BY t.created_at, t.id")
    .bind(now)
    .bind(action)
    .bind(actor.subject)
    .bind(actor.token_id)
    .bind(token_ids);
    connection.execute(statement).await.map(drop)
}

/// The ids in the JSON list that is the fifth value.
const IDS_SQLITE: &str = "SELECT value FROM json_each($5)";
const IDS_POSTGRES: &str = "SELECT json_array_elements_text(CAST($5 AS json))";

/// Whether a token with this id was ever issued or imported.
pub(crate) async fn knows(connection: &mut AnyConnection<'_>, token_id: &str) -> sqlx::Result<bool> {
    let statement = Statement::new("SELECT seq FROM scopes_audit WHERE token_id = $1 LIMIT 1").bind(token_id);
    Ok(connection.optional(statement).await?.is_some())
}

const COLUMNS: &str = "SELECT seq, at, action, token_id, subject, actor, actor_token FROM scopes_audit ";

pub(crate) async fn of_token<S: Scope>(
    connection: &mut AnyConnection<'_>,
    token_id: &str,
) -> Result<Vec<AuditEntry>, Error<S>> {
    let statement = Statement::new(COLUMNS).push("WHERE token_id = $1 ORDER BY seq DESC LIMIT 1000").bind(token_id);
    let rows = connection.all(statement).await?;
    Ok(rows.iter().rev().map(AuditEntry::from_row).collect::<sqlx::Result<_>>()?)
}

pub(crate) async fn page<S: Scope>(access: &Access<'_>, after: i64, count: u32) -> Result<Vec<AuditEntry>, Error<S>> {
    let mut held = access.hold().await?;
    let statement = Statement::new(COLUMNS)
        .push("WHERE seq > $1 ORDER BY seq LIMIT $2")
        .bind(after)
        .bind(i64::from(count.clamp(1, MAX_PAGE)));
    let rows = held.connection().all(statement).await?;
    Ok(rows.iter().map(AuditEntry::from_row).collect::<sqlx::Result<_>>()?)
}
