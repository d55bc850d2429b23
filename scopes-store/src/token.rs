//! A stored token, without its text.

use std::fmt;
use std::time::SystemTime;

use scopes::tokens::RawToken;
use scopes::{Scope, ScopeSet, Tenants};
use serde_json::Value;

use crate::clock::to_time;
use crate::database::Row;
use crate::error::Error;

/// The columns of a [`Token`], of the tables `t` (tokens), `s` (the current secret) and `u` (uses).
pub(crate) const COLUMNS: &str = "t.id, t.subject, t.name, t.scopes, t.tenants, t.data, t.created_at, t.not_before, \
    t.expires_at, t.revoked_at, t.issuer_id, s.checksum, u.last_used_at";

/// The tables beside `scopes_tokens t`.
pub(crate) const JOINS: &str = " JOIN scopes_secrets s ON s.token = t.number AND s.is_current = 1 \
    LEFT JOIN scopes_uses u ON u.token_id = t.id";

/// A token of the store, as lists show it. Its text is not stored.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let new = NewToken::named("ci job").scopes(api::Scope::UsersRead).tenant("E1")?;
/// let id = store.issue(&session, new).await?.id().to_owned();
///
/// let token = store.of_subject("user-7").get(&id).await?;
/// assert_eq!(token.name(), "ci job");
/// assert_eq!(token.scopes().to_string(), "users.read");
/// assert!(token.tenants().covers("E1"));
/// assert_eq!(token.last_used(), None);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Token<S: Scope> {
    id: String,
    subject: Option<String>,
    name: String,
    scopes: ScopeSet<S>,
    names: String,
    tenants: Tenants,
    data: Option<Value>,
    created_at: i64,
    not_before: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    issuer_id: Option<String>,
    checksum: String,
    last_used_at: Option<i64>,
}

impl<S: Scope> Token<S> {
    pub(crate) fn from_row(row: &Row) -> Result<Self, Error<S>> {
        let names = row.text("scopes")?;
        Ok(Self {
            id: row.text("id")?,
            subject: row.optional_text("subject")?,
            name: row.text("name")?,
            scopes: known_scopes(&names),
            names,
            tenants: tenants_from(&row.text("tenants")?).ok_or(Error::Corrupt("tenants that are not a list"))?,
            data: match row.optional_text("data")? {
                Some(text) => Some(serde_json::from_str(&text).map_err(|_| Error::Corrupt("data that is not JSON"))?),
                None => None,
            },
            created_at: row.number("created_at")?,
            not_before: row.optional_number("not_before")?,
            expires_at: row.optional_number("expires_at")?,
            revoked_at: row.optional_number("revoked_at")?,
            issuer_id: row.optional_text("issuer_id")?,
            checksum: row.text("checksum")?,
            last_used_at: row.optional_number("last_used_at")?,
        })
    }

    /// The token's id, with which it is managed. It is not secret.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().id(), made.id());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// On whose behalf the token acts: the subject of the grant that issued it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().subject(), Some("user-7"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The name for people, which can be changed.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().name(), "n");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The declared scopes that the catalogue has.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let new = NewToken::named("n").scopes(api::Scope::UsersRead);
    /// let made = store.issue(&session, new).await?;
    /// assert!(made.token().scopes().contains(api::Scope::UsersRead));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn scopes(&self) -> ScopeSet<S> {
        self.scopes
    }

    /// The stored names of the scopes, in the order in which they were asked for. A name that the
    /// catalogue no longer has grants nothing.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let new = NewToken::named("n").scopes(api::Scope::UsersWrite).scopes(api::Scope::UsersRead);
    /// let made = store.issue(&session, new).await?;
    /// let names: Vec<&str> = made.token().scope_names().collect();
    /// assert_eq!(names, ["users.write", "users.read"]);
    /// # Ok(()) }
    /// ```
    pub fn scope_names(&self) -> impl Iterator<Item = &str> {
        self.names.split(' ').filter(|name| !name.is_empty())
    }

    /// The tenants that the token is valid for.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert!(made.token().tenants().covers("E1"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn tenants(&self) -> &Tenants {
        &self.tenants
    }

    /// The application's own data.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().data(), None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn data(&self) -> Option<&Value> {
        self.data.as_ref()
    }

    /// The time at which the token was issued.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert!(made.token().created_at() <= std::time::SystemTime::now());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn created_at(&self) -> SystemTime {
        to_time(self.created_at)
    }

    /// The time before which the token is not valid, if there is one.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().not_before(), None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn not_before(&self) -> Option<SystemTime> {
        self.not_before.map(to_time)
    }

    /// The end of the token's lifetime, if it has one.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().expires_at(), None);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.expires_at.map(to_time)
    }

    /// The time at which the token was revoked, directly or together with the token that issued it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let mine = store.of_subject("user-7");
    /// mine.revoke(made.id()).await?;
    /// assert!(mine.get(made.id()).await?.revoked_at().is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn revoked_at(&self) -> Option<SystemTime> {
        self.revoked_at.map(to_time)
    }

    /// The token with which this one was issued, or `None` if a session issued it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    ///
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// let holder = store.verify(made.secret().reveal()).await.unwrap().expect("it is good");
    /// let child = store.issue(&holder, NewToken::named("child")).await?;
    /// assert_eq!(child.token().issuer_id(), Some(made.id()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn issuer_id(&self) -> Option<&str> {
        self.issuer_id.as_deref()
    }

    /// The last six characters of the token's text, with which its owner recognises it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// assert!(made.secret().reveal().ends_with(made.token().checksum()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// The last time at which the verifier accepted the token. It is written every few seconds.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    ///
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// assert!(store.verify(made.secret().reveal()).await.is_ok_and(|grant| grant.is_some()));
    /// store.write_last_used().await?;
    /// assert!(store.of_subject("user-7").get(made.id()).await?.last_used().is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn last_used(&self) -> Option<SystemTime> {
        self.last_used_at.map(to_time)
    }

    /// Whether the token is in use at a time: neither revoked nor expired. It may not be valid yet.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use std::time::{Duration, SystemTime};
    ///
    /// let minute = NewToken::named("n").expires_in(Duration::from_secs(60));
    /// let made = store.issue(&session, minute).await?;
    /// let now = SystemTime::now();
    /// assert!(made.token().is_in_use_at(now));
    /// assert!(!made.token().is_in_use_at(now + Duration::from_secs(61)));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_in_use_at(&self, time: SystemTime) -> bool {
        self.revoked_at.is_none() && self.expires_at().is_none_or(|end| time < end)
    }

    pub(crate) const fn created_at_micros(&self) -> i64 {
        self.created_at
    }
}

/// The scopes that the catalogue knows. Unknown names are not logged here, because every request
/// calls this.
pub(crate) fn known_scopes<S: Scope>(names: &str) -> ScopeSet<S> {
    ScopeSet::parse_lossy(names).known
}

pub(crate) fn tenants_from(text: &str) -> Option<Tenants> {
    let names: Vec<String> = serde_json::from_str(text).ok()?;
    Tenants::only(names).ok()
}

pub(crate) fn tenants_text(tenants: &Tenants) -> String {
    Value::from_iter(tenants.iter()).to_string()
}

/// Shows the same as lists, without the application's data.
impl<S: Scope> fmt::Debug for Token<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("id", &self.id)
            .field("subject", &self.subject)
            .field("name", &self.name)
            .field("scopes", &self.names)
            .field("tenants", &self.tenants)
            .field("revoked", &self.revoked_at.is_some())
            .finish_non_exhaustive()
    }
}

/// A token that was just issued or rotated, with its text.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let made = store.issue(&session, NewToken::named("ci job")).await?;
/// println!("Your token, shown once: {}", made.secret().reveal());
/// assert!(!format!("{made:?}").contains(made.secret().reveal()));
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Made<S: Scope> {
    token: Token<S>,
    secret: RawToken,
}

impl<S: Scope> Made<S> {
    pub(crate) const fn new(token: Token<S>, secret: RawToken) -> Self {
        Self { token, secret }
    }

    /// The token's id, the same as [`token().id()`](Token::id).
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert!(store.of_subject("user-7").get(made.id()).await.is_ok());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        self.token.id()
    }

    /// The stored token, without its text.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert_eq!(made.token().name(), "n");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn token(&self) -> &Token<S> {
        &self.token
    }

    /// The token's text. Show it to its owner now, because it cannot be shown again.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert!(made.secret().reveal().starts_with("acme_"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn secret(&self) -> &RawToken {
        &self.secret
    }

    /// Takes both apart.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let (token, secret) = store.issue(&session, NewToken::named("n")).await?.into_parts();
    /// assert!(secret.reveal().ends_with(token.checksum()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn into_parts(self) -> (Token<S>, RawToken) {
        (self.token, self.secret)
    }
}
