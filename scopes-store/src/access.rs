//! Where a call runs: on the pool, or inside the application's transaction.

use scopes::{Grant, Scope};
use tokio::sync::Mutex;

use crate::audit::AuditEntry;
use crate::database::{AnyConnection, AnyPool, Held};
use crate::error::Error;
use crate::import::ImportedToken;
use crate::new_token::NewToken;
use crate::owner::Owner;
use crate::store::Store;
use crate::token::Made;
use crate::unknown::UnknownName;

/// The pool, or a connection of the application.
pub(crate) enum Access<'c> {
    Pool(AnyPool),
    /// In a mutex, because a call needs the connection mutably, but takes only `&self`.
    Own(Mutex<AnyConnection<'c>>),
}

impl<'c> Access<'c> {
    pub(crate) async fn hold(&self) -> sqlx::Result<Held<'_, 'c>> {
        match self {
            Self::Pool(pool) => pool.hold().await,
            Self::Own(connection) => Ok(Held::Own(connection.lock().await)),
        }
    }

    /// Whether the call owns its transaction, and so may repeat it.
    pub(crate) const fn may_repeat(&self) -> bool {
        matches!(self, Self::Pool(_))
    }
}

/// The calls of a [`Store`], inside the application's transaction: see [`Store::within`].
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let mut transaction = pool.begin().await?;
/// let made = store.within(&mut transaction).issue(&session, NewToken::named("n")).await?;
/// // The application's own rows, in the same transaction.
/// sqlx::query("CREATE TABLE jobs (token_id TEXT)").execute(&mut *transaction).await?;
/// transaction.rollback().await?;
/// assert!(store.of_subject("user-7").get(made.id()).await.is_err());
/// # Ok(()) }
/// ```
pub struct Within<'c, S: Scope> {
    pub(crate) store: Store<S>,
    pub(crate) access: Access<'c>,
}

impl<'c, S: Scope> Within<'c, S> {
    /// Like [`Store::migrate`].
    ///
    /// # Errors
    ///
    /// If the database fails, or a newer version of this crate has made its tables.
    pub async fn migrate(self) -> Result<(), Error<S>> {
        crate::schema::migrate(&self.access, &self.store.settings.clock).await
    }

    /// Like [`Store::issue`]. The token is valid when the transaction is committed.
    ///
    /// # Errors
    ///
    /// Those of [`Store::issue`].
    pub async fn issue(self, issuer: &Grant<S>, new: NewToken<S>) -> Result<Made<S>, Error<S>> {
        crate::issue::issue(&self.store, &self.access, issuer, new).await
    }

    /// Like [`Store::rotate`].
    ///
    /// # Errors
    ///
    /// Those of [`Store::rotate`].
    pub async fn rotate(self, holder: &Grant<S>, grace: std::time::Duration) -> Result<Made<S>, Error<S>> {
        crate::rotate::rotate_own(&self.store, &self.access, holder, grace).await
    }

    /// Like [`Store::import`].
    ///
    /// # Errors
    ///
    /// Those of [`Store::import`].
    pub async fn import(self, token: ImportedToken) -> Result<(), Error<S>> {
        crate::import::import(&self.store, &self.access, token).await
    }

    /// Like [`Store::of_subject`], with the transaction for its calls.
    #[must_use]
    pub fn of_subject(self, subject: impl Into<String>) -> Owner<'c, S> {
        Owner::new(self, Some(subject.into()), None)
    }

    /// Like [`Store::of_tenant`], with the transaction for its calls.
    #[must_use]
    pub fn of_tenant(self, tenant: impl Into<String>) -> Owner<'c, S> {
        Owner::new(self, None, Some(tenant.into()))
    }

    /// Like [`Store::of_all_owners`], with the transaction for its calls.
    #[must_use]
    pub fn of_all_owners(self) -> Owner<'c, S> {
        Owner::new(self, None, None)
    }

    /// Like [`Store::unknown_scopes`].
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn unknown_scopes(self) -> Result<Vec<UnknownName>, Error<S>> {
        crate::unknown::unknown_scopes(&self.store, &self.access).await
    }

    /// Like [`Store::clean_up`].
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clean_up(self, ended_since: std::time::Duration) -> Result<u64, Error<S>> {
        crate::clean_up::clean_up(&self.store, &self.access, ended_since).await
    }

    /// Like [`Store::audit_of_all_owners`].
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn audit_of_all_owners(self, after: i64, count: u32) -> Result<Vec<AuditEntry>, Error<S>> {
        crate::audit::page(&self.access, after, count).await
    }
}

impl<S: Scope> std::fmt::Debug for Within<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Within").field("store", &self.store).finish_non_exhaustive()
    }
}
