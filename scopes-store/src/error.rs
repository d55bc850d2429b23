//! Why a call of the store failed.

use std::fmt;

use scopes::Scope;
use scopes::tokens::{EntropyError, IssueError};

/// Why a call failed.
///
/// | error | usual answer of a handler |
/// |---|---|
/// | [`NotFound`](Self::NotFound) | 404 |
/// | [`NotYours`](Self::NotYours), [`NotToGive`](Self::NotToGive) | 403, with the text |
/// | [`LimitReached`](Self::LimitReached) | 403, with the text |
/// | [`Invalid`](Self::Invalid) | 400, with the text |
/// | `Database`, `Corrupt`, `Entropy` | 503 or 500, and a line in the log |
///
/// No text of an error (`Display`) has a token or a value that the caller sent, except the names of
/// scopes and tenants in `NotToGive`. The database's own error, in `source()` and `Debug`, may name
/// a digest.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// use scopes_store::Error;
///
/// let unknown = store.of_subject("user-7").revoke("no such id").await;
/// assert!(matches!(unknown, Err(Error::NotFound)));
/// # Ok(()) }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error<S: Scope> {
    /// The owner has no such token. The token may exist and belong to another owner.
    NotFound,
    /// The caller may not do this with this token.
    NotYours(NotYours),
    /// The caller asks for a token with more rights than it may pass on.
    NotToGive(IssueError<S>),
    /// The subject has as many tokens in use as [`Store::limit`](crate::Store::limit) allows.
    LimitReached(u32),
    /// A value does not fit into the tables, whatever the database.
    Invalid(Invalid),
    /// The database failed or cannot be reached.
    Database(sqlx::Error),
    /// The database holds a value that this version does not write.
    Corrupt(&'static str),
    /// The operating system gave no random bytes.
    Entropy(EntropyError),
}

/// Why the caller may not do this with a token.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// use scopes_store::{Error, NotYours};
///
/// // A session has no secret that could be replaced.
/// let refused = store.rotate(&session, std::time::Duration::ZERO).await;
/// assert!(matches!(refused, Err(Error::NotYours(NotYours::NoToken))));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotYours {
    /// The caller's own token was revoked, has expired or is not valid yet.
    Ended,
    /// The secret of the caller's own token was replaced. The old secret still opens routes for
    /// some time, but neither issues nor rotates.
    Replaced,
    /// The caller has no token of this store, so it has no secret to rotate.
    NoToken,
    /// The token is also valid for other tenants, whose owners have not been asked.
    SharedWithOtherTenants,
    /// The caller has a token and asks to rotate another one. The new secret would give the caller
    /// the scopes and the lifetime of that token.
    OtherToken,
}

/// Why a value cannot be stored.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// use scopes_store::{Error, Invalid};
///
/// let refused = store.issue(&session, NewToken::named("x".repeat(256))).await;
/// assert!(matches!(refused, Err(Error::Invalid(Invalid::Name))));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Invalid {
    /// A name has at most 255 characters and no NUL.
    Name,
    /// A subject has 1 to 1024 bytes and no NUL.
    Subject,
    /// An id has 1 to 255 bytes and no NUL.
    Id,
    /// Another token has or had the id that was asked for.
    IdTaken,
    /// The application's data has at most 16 KiB of JSON, nested at most 100 deep.
    Data,
    /// The time of validity is empty, or too far in the future.
    Lifetime,
    /// An old secret stays valid for at most seven days.
    Grace,
    /// The text is not the cursor of a page.
    Cursor,
    /// The name of a scope is empty or has a blank in it.
    ScopeName,
    /// The issuer of an imported token was not imported before it.
    Issuer,
    /// A checksum has six ASCII letters and digits.
    Checksum,
    /// Revoking on PostgreSQL needs a transaction of the isolation level `READ COMMITTED`.
    IsolationLevel,
}

impl<S: Scope> fmt::Display for Error<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("the token does not exist"),
            Self::NotYours(reason) => reason.fmt(f),
            Self::NotToGive(error) => error.fmt(f),
            Self::LimitReached(limit) => write!(f, "the limit of {limit} tokens in use is reached, revoke one first"),
            Self::Invalid(reason) => reason.fmt(f),
            Self::Database(_) => f.write_str("the database failed"),
            Self::Corrupt(what) => write!(f, "the database holds {what}"),
            Self::Entropy(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for NotYours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ended => "the token that asks was revoked, has expired or is not valid yet",
            Self::Replaced => "the secret of the token that asks was replaced, use the new one",
            Self::NoToken => "the caller has no token of this store",
            Self::SharedWithOtherTenants => "the token is also valid for other tenants",
            Self::OtherToken => "a caller with a token can rotate this token only",
        })
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "a token's name has at most 255 characters and no NUL",
            Self::Subject => "a subject has 1 to 1024 bytes and no NUL",
            Self::Id => "a token's id has 1 to 255 bytes and no NUL",
            Self::IdTaken => "another token has this id",
            Self::Data => "a token's data has at most 16 KiB of JSON, nested at most 100 deep",
            Self::Lifetime => "the token would never be valid, or for longer than can be stored",
            Self::Grace => "an old secret stays valid for at most seven days",
            Self::Cursor => "this is not the cursor of a page",
            Self::ScopeName => "the name of a scope is not empty and has no blank",
            Self::Issuer => "the issuer of the token was not imported before it",
            Self::Checksum => "a checksum has six ASCII letters and digits",
            Self::IsolationLevel => "revoke in a transaction of the isolation level `READ COMMITTED`",
        })
    }
}

impl<S: Scope> std::error::Error for Error<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotToGive(error) => Some(error),
            Self::Database(error) => Some(error),
            Self::Entropy(error) => Some(error),
            Self::NotYours(reason) => Some(reason),
            Self::Invalid(reason) => Some(reason),
            Self::NotFound | Self::LimitReached(_) | Self::Corrupt(_) => None,
        }
    }
}

impl std::error::Error for NotYours {}
impl std::error::Error for Invalid {}

impl<S: Scope> From<sqlx::Error> for Error<S> {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl<S: Scope> From<IssueError<S>> for Error<S> {
    fn from(error: IssueError<S>) -> Self {
        Self::NotToGive(error)
    }
}

impl<S: Scope> From<EntropyError> for Error<S> {
    fn from(error: EntropyError) -> Self {
        Self::Entropy(error)
    }
}

impl<S: Scope> From<Invalid> for Error<S> {
    fn from(reason: Invalid) -> Self {
        Self::Invalid(reason)
    }
}

impl<S: Scope> From<NotYours> for Error<S> {
    fn from(reason: NotYours) -> Self {
        Self::NotYours(reason)
    }
}

impl<S: Scope> Error<S> {
    /// Whether the database stopped this transaction in favour of another one. Then the same call
    /// may succeed now.
    pub(crate) fn is_conflict(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        // PostgreSQL's serialization failure and deadlock.
        matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }
}
