//! The store: its settings and its calls.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use scopes::tokens::TokenFormat;
use scopes::{Grant, Scope};
use tokio::sync::{Mutex, Semaphore};

use crate::access::{Access, Within};
use crate::audit::AuditEntry;
use crate::cache::Cache;
use crate::clock::Clock;
use crate::database::{AnyPool, Connection, Pool};
use crate::error::Error;
use crate::import::ImportedToken;
use crate::new_token::NewToken;
use crate::owner::Owner;
use crate::token::Made;
use crate::unknown::UnknownName;
use crate::uses::Uses;

/// The longest time that a cached answer is used.
pub const MAX_CACHE_TIME: Duration = Duration::from_secs(10);

/// API tokens in a database. It is a [`Verifier`](scopes::Verifier); clones share everything.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// use scopes::Verifier;
///
/// let new = NewToken::named("ci job").scopes(api::Scope::UsersRead).tenant("E1")?;
/// let made = store.issue(&session, new).await?;
/// let grant = store.verify(made.secret().reveal()).await.unwrap().expect("it was just issued");
/// assert_eq!((grant.subject(), grant.token_id()), (Some("user-7"), Some(made.id())));
///
/// store.of_subject("user-7").revoke(made.id()).await?;
/// assert!(store.verify(made.secret().reveal()).await.is_ok_and(|grant| grant.is_none()));
/// # Ok(()) }
/// ```
pub struct Store<S: Scope> {
    pub(crate) pool: AnyPool,
    pub(crate) format: TokenFormat,
    pub(crate) settings: Arc<Settings>,
    pub(crate) shared: Arc<Shared<S>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) clock: Clock,
    pub(crate) limit: u32,
    pub(crate) timeout: Duration,
    pub(crate) uses_interval: Duration,
}

/// What clones of a store share.
pub(crate) struct Shared<S: Scope> {
    pub(crate) cache: Option<Cache<S>>,
    /// One permit for each look-up that waits for the database.
    pub(crate) waiting: Semaphore,
    /// How many look-ups may wait.
    bound: usize,
    pub(crate) uses: Uses,
}

impl<S: Scope> Store<S> {
    /// Makes a store of tokens of this format, in this database. It does not connect yet.
    ///
    /// `pool` is sqlx's `SqlitePool` or `PgPool`, which the application configures.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes_store::{Store, TokenFormat};
    /// use sqlx::SqlitePool;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = SqlitePool::connect("sqlite::memory:").await?;
    /// let store = Store::<api::Scope>::new(pool, TokenFormat::new("acme_"));
    /// assert!(store.migrate().await.is_ok());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(pool: impl Into<Pool>, format: TokenFormat) -> Self {
        let settings = Settings {
            clock: Clock::default(),
            limit: 1000,
            timeout: Duration::from_secs(3),
            uses_interval: Duration::from_secs(10),
        };
        Self {
            pool: pool.into().0,
            format,
            settings: Arc::new(settings),
            shared: Arc::new(Shared { cache: None, waiting: Semaphore::new(512), bound: 512, uses: Uses::default() }),
        }
    }

    /// Keeps the verifier's answer about a good token for this time, at most ten seconds. Off by
    /// default.
    ///
    /// After a change, other processes may accept a revoked or rotated token for that long. So may
    /// this process after a change [within](Self::within) a transaction, or if the future of the
    /// call was dropped while it committed. Otherwise this process forgets all answers when it
    /// changes a token through this store or a clone that was made after this call. Unknown tokens
    /// are never kept, and lifetimes are compared for each request. The cache has at most 65,536
    /// answers.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use std::time::Duration;
    ///
    /// let fast = Store::<api::Scope>::new(&pool, TokenFormat::new("acme_"))
    ///     .cached(Duration::from_secs(5));
    /// assert!(fast.migrate().await.is_ok());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn cached(self, time: Duration) -> Self {
        let cache = Some(Cache::new(time.min(MAX_CACHE_TIME)));
        self.with_shared(|shared| Shared { cache, ..shared })
    }

    /// Sets how long a look-up of the verifier may take (3 seconds by default), and how many
    /// look-ups may wait at once (512 by default). A look-up beyond one of these limits is answered
    /// with 503.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let impatient = store.lookups(std::time::Duration::from_millis(500), 64);
    /// assert!(impatient.migrate().await.is_ok());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn lookups(mut self, timeout: Duration, waiting: usize) -> Self {
        Arc::make_mut(&mut self.settings).timeout = timeout;
        let bound = waiting.min(Semaphore::MAX_PERMITS);
        self.with_shared(|shared| Shared { waiting: Semaphore::new(bound), bound, ..shared })
    }

    /// How many tokens in use a subject may have, 1,000 by default. Tokens without a subject are
    /// not limited. Ended tokens do not count: delete them with [`clean_up`](Self::clean_up).
    ///
    /// On PostgreSQL, a transaction of the application with a higher isolation level than `READ
    /// COMMITTED` counts only the tokens that it sees, so it may exceed the limit.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes_store::Error;
    ///
    /// let store = store.limit(1);
    /// store.issue(&session, NewToken::named("one")).await?;
    /// let refused = store.issue(&session, NewToken::named("two")).await;
    /// assert!(matches!(refused, Err(Error::LimitReached(1))));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn limit(mut self, tokens: u32) -> Self {
        Arc::make_mut(&mut self.settings).limit = tokens;
        self
    }

    /// Uses another clock, such as one that a test sets.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let day = Duration::from_secs(24 * 60 * 60);
    /// let made = store.issue(&session, NewToken::named("n").expires_in(day)).await?;
    /// let tomorrow = store.clone().clock(move || SystemTime::now() + day);
    /// assert!(tomorrow.verify(made.secret().reveal()).await.is_ok_and(|grant| grant.is_none()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Arc::make_mut(&mut self.settings).clock = Clock::new(now);
        self
    }

    /// Replaces the parts that clones share. Earlier clones keep the old parts, so these settings
    /// come before the first clone.
    fn with_shared(self, change: impl FnOnce(Shared<S>) -> Shared<S>) -> Self {
        let fresh = || Shared { cache: None, waiting: Semaphore::new(512), bound: 512, uses: Uses::default() };
        let shared = Arc::try_unwrap(self.shared).unwrap_or_else(|shared| {
            let cache = shared.cache.as_ref().map(Cache::empty_copy);
            // Some permits of the old store may be taken.
            Shared { cache, waiting: Semaphore::new(shared.bound), bound: shared.bound, ..fresh() }
        });
        Self { shared: Arc::new(change(shared)), ..self }
    }

    /// Makes the tables, or updates the tables of an earlier version. Call it at the start of each
    /// process: several may do so at once.
    ///
    /// The names of the tables begin with `scopes_`; `scopes_migrations` lists the migrations that
    /// were made. The application's own migrations are not touched.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// assert!(store.migrate().await.is_ok(), "again: changes nothing");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails, or a newer version of this crate has made its tables.
    pub async fn migrate(&self) -> Result<(), Error<S>> {
        self.on_pool().migrate().await
    }

    /// Makes the next call inside the application's transaction: `store.within(&mut transaction)`.
    ///
    /// Nothing is valid or revoked before the application commits. If a call fails, its own changes
    /// are undone, and the transaction may go on. Begin the transaction with sqlx's `begin` or
    /// `begin_with`, and not with a query `BEGIN`, because sqlx would not know of that transaction.
    /// On SQLite, begin with `BEGIN IMMEDIATE` if it may write after it has read. On PostgreSQL,
    /// revoking needs the isolation level `READ COMMITTED`, which is the default; otherwise it
    /// fails.
    ///
    /// The connection must be of the same kind of database as the store's pool.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let mut transaction = pool.begin().await?;
    /// let made = store.within(&mut transaction).issue(&session, NewToken::named("n")).await?;
    /// store.within(&mut transaction).of_subject("user-7").rename(made.id(), "m").await?;
    /// transaction.commit().await?;
    /// assert_eq!(store.of_subject("user-7").get(made.id()).await?.name(), "m");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn within<'c>(&self, connection: impl Into<Connection<'c>>) -> Within<'c, S> {
        Within { store: self.clone(), access: Access::Own(Mutex::new(connection.into().0)) }
    }

    /// Issues a token to the holder of a grant, by the rules of
    /// [`scopes::tokens::issue`]: it has no scopes and tenants beyond the grant's.
    ///
    /// If a token issues another one, the new token acts for the same subject, never outlives its
    /// issuer, and is revoked with it. The grant of a signed-in session has no token id: a token
    /// that it issues has the lifetime that was asked for.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes_store::Error;
    ///
    /// let new = NewToken::named("ci job").scopes(api::Scope::UsersRead).tenant("E1")?;
    /// let made = store.issue(&session, new).await?;
    /// println!("{}", made.secret().reveal());
    ///
    /// let foreign = NewToken::named("too much").tenant("E2")?;
    /// assert!(matches!(store.issue(&session, foreign).await, Err(Error::NotToGive(_))));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotToGive`] if the grant lacks a scope or tenant, [`Error::NotYours`] if its token
    /// has ended or has another secret by now, [`Error::LimitReached`], [`Error::Invalid`], or if
    /// the database fails.
    pub async fn issue(&self, issuer: &Grant<S>, new: NewToken<S>) -> Result<Made<S>, Error<S>> {
        self.on_pool().issue(issuer, new).await
    }

    /// Replaces the secret of the holder's own token: like [`Owner::rotate`], for the token that
    /// the request came with.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    /// use scopes_store::{Error, NotYours};
    /// use std::time::Duration;
    ///
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// let old = store.verify(made.secret().reveal()).await.unwrap().expect("it is good");
    /// let renewed = store.rotate(&old, Duration::from_secs(3600)).await?;
    /// assert_eq!(renewed.id(), made.id());
    /// let again = store.rotate(&old, Duration::ZERO).await;
    /// assert!(matches!(again, Err(Error::NotYours(NotYours::Replaced))));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::NotYours`] if the grant has no token of this store, or its token has ended or has
    /// another secret by now; else those of [`Owner::rotate`].
    pub async fn rotate(&self, holder: &Grant<S>, grace: Duration) -> Result<Made<S>, Error<S>> {
        self.on_pool().rotate(holder, grace).await
    }

    /// Stores a token that another table had: see [`ImportedToken`].
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let format = TokenFormat::new("acme_");
    /// let token = format.generate()?;
    /// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
    /// store.import(old.name("ci job")).await?;
    /// assert_eq!(store.of_all_owners().get("17").await?.name(), "ci job");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] if a value cannot be stored, or if the database fails.
    pub async fn import(&self, token: ImportedToken) -> Result<(), Error<S>> {
        self.on_pool().import(token).await
    }

    /// The tokens that act for a subject, to list and manage them.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n")).await?;
    /// assert!(store.of_subject("user-7").get(made.id()).await.is_ok());
    /// assert!(store.of_subject("user-8").get(made.id()).await.is_err());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn of_subject(&self, subject: impl Into<String>) -> Owner<'static, S> {
        self.on_pool().of_subject(subject)
    }

    /// The tokens that are valid for a tenant, to list and manage them. A token may be valid for
    /// other tenants as well.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").tenant("E1")?).await?;
    /// assert!(store.of_tenant("E1").get(made.id()).await.is_ok());
    /// assert!(store.of_tenant("E2").get(made.id()).await.is_err());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn of_tenant(&self, tenant: impl Into<String>) -> Owner<'static, S> {
        self.on_pool().of_tenant(tenant)
    }

    /// All tokens of the store, for operators. Never pass an id that a caller of the API has chosen
    /// to a method of the result.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// store.issue(&session, NewToken::named("n")).await?;
    /// assert_eq!(store.of_all_owners().list(Page::first(50)).await?.tokens().len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn of_all_owners(&self) -> Owner<'static, S> {
        self.on_pool().of_all_owners()
    }

    /// The names of scopes that tokens in use were issued with, and that the catalogue no longer
    /// has. They grant nothing. Ask at the start of the program and log these names, because the
    /// verifier does not log them.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// for unknown in store.unknown_scopes().await? {
    ///     eprintln!("`{}` grants nothing, {} tokens have it", unknown.name(), unknown.tokens());
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn unknown_scopes(&self) -> Result<Vec<UnknownName>, Error<S>> {
        self.on_pool().unknown_scopes().await
    }

    /// Deletes tokens that were revoked or expired more than this time ago, and returns their
    /// number. Entries of the audit table stay.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let quarter = std::time::Duration::from_secs(90 * 24 * 60 * 60);
    /// assert_eq!(store.clean_up(quarter).await?, 0);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clean_up(&self, ended_since: Duration) -> Result<u64, Error<S>> {
        self.on_pool().clean_up(ended_since).await
    }

    /// The entries of the audit table after the one with the number `after`, for an export. Begin
    /// with 0.
    ///
    /// On PostgreSQL, transactions that run at the same time may commit in another order than their
    /// numbers, so an export must read the entries of the last few minutes again.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// store.issue(&session, NewToken::named("n")).await?;
    /// let entries = store.audit_of_all_owners(0, 100).await?;
    /// assert_eq!((entries[0].action(), entries[0].actor()), ("issued", Some("user-7")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn audit_of_all_owners(&self, after: i64, count: u32) -> Result<Vec<AuditEntry>, Error<S>> {
        self.on_pool().audit_of_all_owners(after, count).await
    }

    /// Writes when tokens were last used. The store does so every ten seconds; call it before the
    /// program ends.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// assert!(store.write_last_used().await.is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the database fails. The store tries again later.
    pub async fn write_last_used(&self) -> Result<(), Error<S>> {
        Ok(crate::uses::write(&self.pool, &self.shared.uses).await?)
    }

    /// Forgets all cached answers of this process, for example after a transaction that has revoked
    /// tokens was committed.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let mut transaction = pool.begin().await?;
    /// store.within(&mut transaction).of_subject("user-7").revoke_all().await?;
    /// transaction.commit().await?;
    /// store.forget_cached();
    /// # Ok(()) }
    /// ```
    pub fn forget_cached(&self) {
        if let Some(cache) = &self.shared.cache {
            cache.forget_all();
        }
    }

    fn on_pool(&self) -> Within<'static, S> {
        Within { store: self.clone(), access: Access::Pool(self.pool.clone()) }
    }
}

impl<S: Scope> Clone for Store<S> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            format: self.format,
            settings: Arc::clone(&self.settings),
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<S: Scope> fmt::Debug for Store<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("pool", &Pool(self.pool.clone()))
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// Forgets all cached answers when it is dropped, so that a call forgets them even if it is
/// cancelled after its commit.
pub(crate) struct ForgetOnDrop<'s, S: Scope>(pub(crate) &'s Store<S>);

impl<S: Scope> Drop for ForgetOnDrop<'_, S> {
    fn drop(&mut self) {
        self.0.forget_cached();
    }
}
