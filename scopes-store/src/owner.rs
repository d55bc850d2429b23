//! The tokens of one owner: listed and managed.

use std::fmt;
use std::time::Duration;

use scopes::Scope;
use serde_json::Value;

use crate::access::{Access, Within};
use crate::audit::{self, Actor, AuditEntry};
use crate::database::{AnyConnection, Statement};
use crate::error::{Error, Invalid, NotYours};
use crate::page::{Page, TokenPage};
use crate::store::Store;
use crate::token::{COLUMNS, JOINS, Made, Token};
use crate::{id, revoke, rotate};

/// The tokens of a subject, of a tenant, or of a subject in a tenant. Every call finds these only;
/// the id of another owner's token is [`Error::NotFound`].
///
/// [`Store::of_subject`], [`Store::of_tenant`] and [`Store::of_all_owners`] return it.
///
/// A token may be valid for several tenants. Each of these tenants sees it and may revoke it, but
/// may neither rename nor rotate it ([`NotYours::SharedWithOtherTenants`]), because the new secret
/// would also open the other tenants.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let new = NewToken::named("ci job").scopes(api::Scope::UsersRead).tenant("E1")?;
/// let made = store.issue(&session, new).await?;
///
/// let mine = store.of_subject("user-7");
/// for token in mine.list(Page::first(50)).await? {
///     println!("{} {:?}", token.name(), token.last_used());
/// }
/// mine.rename(made.id(), "nightly job").await?;
/// mine.revoke(made.id()).await?;
/// # Ok(()) }
/// ```
pub struct Owner<'c, S: Scope> {
    store: Store<S>,
    access: Access<'c>,
    subject: Option<String>,
    tenant: Option<String>,
    actor: Option<String>,
    actor_token: Option<String>,
    /// The version of the secret that the caller has presented; -1 without one.
    actor_version: i64,
}

impl<'c, S: Scope> Owner<'c, S> {
    pub(crate) fn new(within: Within<'c, S>, subject: Option<String>, tenant: Option<String>) -> Self {
        let Within { store, access } = within;
        Self { store, access, subject, tenant, actor: None, actor_token: None, actor_version: -1 }
    }

    /// Finds only tokens that are also valid for this tenant. Use it for a person who works for
    /// several tenants.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let here = store.of_subject("user-7").in_tenant("E1");
    /// assert_eq!(here.list(Page::first(50)).await?.tokens().len(), 1);
    /// let there = store.of_subject("user-7").in_tenant("E2");
    /// assert!(there.list(Page::first(50)).await?.tokens().is_empty());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn in_tenant(self, tenant: impl Into<String>) -> Self {
        Self { tenant: Some(tenant.into()), ..self }
    }

    /// Names who makes the changes, for the audit table.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// store.of_tenant("E1").by("admin-1").revoke_all().await?;
    /// store.of_subject("user-7").by("user-7").revoke(made.id()).await?;
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn by(self, actor: impl Into<String>) -> Self {
        Self { actor: Some(actor.into()), actor_token: None, ..self }
    }

    /// Like [`by`](Self::by), for a caller with a token of this store: its subject and its id. Such
    /// a caller can rotate its own token only ([`NotYours::OtherToken`]).
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let caller = session.clone().with_token_id("t-1");
    /// let here = store.of_tenant("E1").by_holder(&caller);
    /// here.revoke(made.id()).await?;
    /// assert_eq!(here.audit(made.id()).await?[1].actor_token(), Some("t-1"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn by_holder(self, caller: &scopes::Grant<S>) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let actor_version = caller.token_version().map_or(-1, i64::from);
        Self { actor: owned(caller.subject()), actor_token: owned(caller.token_id()), actor_version, ..self }
    }

    /// Lists the owner's tokens in use, the oldest first.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// store.issue(&session, NewToken::named("n")).await?;
    /// let page = store.of_subject("user-7").list(Page::first(50)).await?;
    /// assert_eq!(page.tokens()[0].name(), "n");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn list(&self, page: Page) -> Result<TokenPage<S>, Error<S>> {
        // PostgreSQL refuses such texts, and no token has them.
        if [&self.subject, &self.tenant].into_iter().flatten().any(|text| text.contains('\0')) {
            return Ok(TokenPage::of(Vec::new(), page.count));
        }
        let mut held = self.access.hold().await?;
        let (time, last) = page.after.unwrap_or((i64::MIN, String::new()));
        let statement = Statement::new("SELECT ").push(COLUMNS).push(" FROM ");
        // The table of tenants has the columns of the order, so that one index finds the page.
        let (statement, order) = match &self.tenant {
            Some(tenant) => (
                statement
                    .push("scopes_token_tenants x JOIN scopes_tokens t ON t.id = x.token_id")
                    .push(JOINS)
                    .push(" WHERE x.tenant = ")
                    .value(tenant.as_str())
                    .push(" AND "),
                "x.created_at, x.token_id",
            ),
            None => (statement.push("scopes_tokens t").push(JOINS).push(" WHERE "), "t.created_at, t.id"),
        };
        let statement = match &self.subject {
            Some(subject) => statement.push("t.subject = ").value(subject.as_str()).push(" AND "),
            None => statement,
        };
        let statement = if page.with_ended {
            statement
        } else {
            let now = self.store.settings.clock.now();
            statement
                .push("t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > ")
                .value(now)
                .push(") AND ")
        };
        let statement = statement.push("(").push(order).push(") > (").value(time).push(", ").value(last.as_str());
        let statement = statement.push(") ORDER BY ").push(order).push(" LIMIT ").value(i64::from(page.count) + 1);
        let rows = held.connection().all(statement).await?;
        let tokens = rows.iter().map(Token::from_row).collect::<Result<_, _>>()?;
        Ok(TokenPage::of(tokens, page.count))
    }

    /// Finds one of the owner's tokens, also one that has ended and is not cleaned up.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// assert_eq!(store.of_subject("user-7").get(made.id()).await?.name(), "n");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`], or if the database fails.
    pub async fn get(&self, id: &str) -> Result<Token<S>, Error<S>> {
        let mut held = self.access.hold().await?;
        self.find(&mut held.connection(), id).await
    }

    /// Changes the name of a token in use.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// store.of_subject("user-7").rename(made.id(), "laptop").await?;
    /// assert_eq!(store.of_subject("user-7").get(made.id()).await?.name(), "laptop");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] also for a token that has ended, [`Error::NotYours`],
    /// [`Error::Invalid`], or if the database fails.
    pub async fn rename(&self, id: &str, name: &str) -> Result<(), Error<S>> {
        id::check_name(name)?;
        let actor = self.acting()?;
        let now = self.store.settings.clock.now();
        let mut held = self.access.hold().await?;
        let mut begun = held.begin().await?;
        let mut connection = begun.connection();
        let token = self.find(&mut connection, id).await?;
        self.must_own_whole(&token)?;
        let statement = Statement::new(
            "UPDATE scopes_tokens SET name = $1 WHERE id = $2 AND revoked_at IS NULL \
             AND (expires_at IS NULL OR expires_at > $3)",
        );
        if connection.execute(statement.bind(name).bind(id).bind(now)).await? == 0 {
            return Err(Error::NotFound);
        }
        audit::write(&mut connection, "renamed", &id_list([id]), actor, now).await?;
        Ok(begun.commit().await?)
    }

    /// Revokes a token and every token that was issued with it, and returns their number. They end
    /// when this returns; a [cache](Store::cached) of another process may accept them for its time.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// let mine = store.of_subject("user-7");
    /// assert_eq!(mine.revoke(made.id()).await?, 1);
    /// assert!(mine.revoke(made.id()).await.is_err(), "it is revoked already");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] also for a token that is revoked already, or if the database fails. Then
    /// no token is revoked.
    pub async fn revoke(&self, id: &str) -> Result<u64, Error<S>> {
        let revoked = revoke::revoke(&self.store, &self.access, &self.roots(Some(id)), self.acting()?).await?;
        if revoked == 0 { Err(Error::NotFound) } else { Ok(revoked) }
    }

    /// Revokes all tokens of the owner, and every token that was issued with them, and returns
    /// their number.
    ///
    /// A session may issue a new token at the same time. End the sessions first.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// for name in ["a", "b"] {
    ///     store.issue(&session, NewToken::named(name)).await?;
    /// }
    /// assert_eq!(store.of_subject("user-7").revoke_all().await?, 2);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails. Then no token is revoked.
    pub async fn revoke_all(&self) -> Result<u64, Error<S>> {
        revoke::revoke(&self.store, &self.access, &self.roots(None), self.acting()?).await
    }

    /// Replaces the secret of a token in use. The token keeps its id, scopes and lifetime.
    ///
    /// For the time `grace`, at most seven days, the old secret still opens routes, but it can
    /// neither issue nor rotate. A secret that was replaced earlier ends now. Revoking the token
    /// ends all of its secrets.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    /// use std::time::Duration;
    ///
    /// let old = store.issue(&session, NewToken::named("n")).await?;
    /// let new = store.of_subject("user-7").rotate(old.id(), Duration::from_secs(3600)).await?;
    /// for secret in [old.secret(), new.secret()] {
    ///     assert!(store.verify(secret.reveal()).await.is_ok_and(|grant| grant.is_some()));
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] also for a token that has ended, [`Error::NotYours`],
    /// [`Error::Invalid`] for a longer grace, or if the database fails.
    pub async fn rotate(&self, id: &str, grace: Duration) -> Result<Made<S>, Error<S>> {
        rotate::rotate_of(self, id, grace).await
    }

    /// The latest thousand entries of the audit table about one of the owner's tokens, the oldest
    /// first.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// assert_eq!(store.of_subject("user-7").audit(made.id()).await?[0].action(), "issued");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] also after the token was cleaned up, or if the database fails.
    pub async fn audit(&self, id: &str) -> Result<Vec<AuditEntry>, Error<S>> {
        let mut held = self.access.hold().await?;
        let mut connection = held.connection();
        self.find(&mut connection, id).await?;
        audit::of_token(&mut connection, id).await
    }

    pub(crate) async fn find(&self, connection: &mut AnyConnection<'_>, id: &str) -> Result<Token<S>, Error<S>> {
        let found = find(connection, self.subject.as_deref(), self.tenant.as_deref(), id).await?;
        found.ok_or(Error::NotFound)
    }

    /// Whether the token's tenants are the owner's, if the owner is a tenant.
    pub(crate) fn must_own_whole(&self, token: &Token<S>) -> Result<(), NotYours> {
        let Some(tenant) = &self.tenant else { return Ok(()) };
        if token.tenants().iter().all(|other| other == tenant) { Ok(()) } else { Err(NotYours::SharedWithOtherTenants) }
    }

    pub(crate) fn parts(&self) -> (&Store<S>, &Access<'c>) {
        (&self.store, &self.access)
    }

    /// The token that the caller has presented, and the version of its secret.
    pub(crate) fn holder(&self) -> Option<(&str, i64)> {
        Some((self.actor_token.as_deref()?, self.actor_version))
    }

    pub(crate) fn acting(&self) -> Result<Actor<'_>, Invalid> {
        Actor::new(self.actor.as_deref(), self.actor_token.as_deref())
    }

    fn roots(&self, id: Option<&str>) -> revoke::Roots {
        revoke::Roots { subject: self.subject.clone(), tenant: self.tenant.clone(), id: id.map(str::to_owned) }
    }
}

/// Finds a token by its id, if it belongs to the owner.
pub(crate) async fn find<S: Scope>(
    connection: &mut AnyConnection<'_>,
    subject: Option<&str>,
    tenant: Option<&str>,
    id: &str,
) -> Result<Option<Token<S>>, Error<S>> {
    // PostgreSQL refuses such texts.
    if id::check_id(id).is_err() || [subject, tenant].into_iter().flatten().any(|text| text.contains('\0')) {
        return Ok(None);
    }
    let statement = Statement::new("SELECT ").push(COLUMNS).push(" FROM scopes_tokens t").push(JOINS);
    let mut statement = statement.push(" WHERE t.id = $1").bind(id);
    // An unreadable row of another owner must not answer otherwise than one that does not exist.
    if let Some(subject) = subject {
        statement = statement.push(" AND t.subject = $2").bind(subject);
    }
    if let Some(tenant) = tenant {
        let is_of = " AND EXISTS (SELECT 1 FROM scopes_token_tenants o WHERE o.token_id = t.id AND o.tenant = ";
        let place = if subject.is_some() { "$3)" } else { "$2)" };
        statement = statement.push(is_of).push(place).bind(tenant);
    }
    let Some(row) = connection.optional(statement).await? else { return Ok(None) };
    let token = Token::from_row(&row)?;
    let is_owned = subject.is_none_or(|subject| token.subject() == Some(subject))
        && tenant.is_none_or(|tenant| token.tenants().iter().any(|other| other == tenant));
    Ok(is_owned.then_some(token))
}

/// A JSON list of ids, which both databases can read.
pub(crate) fn id_list<'a>(ids: impl IntoIterator<Item = &'a str>) -> String {
    Value::from_iter(ids).to_string()
}

impl<S: Scope> fmt::Debug for Owner<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Owner").field("subject", &self.subject).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
