//! The database: environments, administrators, objects and tokens in `SQLite`.
//!
//! The queries of API tokens are in `tokens`. Queries are plain strings with bound values. The
//! compiler does not check them, so that a build needs no database. The tests beside them do.

use core::fmt;
use std::path::Path;
use std::time::Duration;

use scopes_store::Store as TokenStore;
use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

use crate::catalogue::api;
use crate::verifiers::TOKENS;

mod objects;
mod old_tokens;

pub use objects::{Admin, Contents, Environment, EnvironmentKind, Kind, Membership, Object};

const TABLES: &str = include_str!("../../migrations/0001_tables.sql");

/// The greatest number of tokens in use that may act for one administrator, including tokens issued
/// by tokens.
pub const TOKEN_LIMIT: u32 = 500;

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    pool: SqlitePool,
    /// The API tokens. The subject of a token is its administrator, the tenant its environment.
    pub tokens: TokenStore<api::Scope>,
}

impl Store {
    /// Opens the database in a file. Creates the file if it does not exist.
    ///
    /// # Errors
    ///
    /// If the file cannot be created or opened, or is not a database of this program.
    pub async fn open(file: &Path) -> Result<Self, StoreError> {
        keep_private(file).map_err(StoreError::File)?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(5));
        Self::prepare(SqlitePoolOptions::new().max_connections(4), options).await
    }

    /// Opens a database in memory, for tests. It is dropped with its last handle.
    ///
    /// # Errors
    ///
    /// If `SQLite` fails, for lack of memory.
    pub async fn in_memory() -> Result<Self, StoreError> {
        // Each connection to `:memory:` is a database of its own, so the pool must keep exactly one
        // open.
        let pool = SqlitePoolOptions::new().min_connections(1).max_connections(1).idle_timeout(None).max_lifetime(None);
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        Self::prepare(pool, options).await
    }

    async fn prepare(pool: SqlitePoolOptions, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        Self::with_pool(pool.connect_with(options).await?).await
    }

    /// Makes the tables, or updates the tables of an earlier version of the program.
    async fn with_pool(pool: SqlitePool) -> Result<Self, StoreError> {
        // If another process makes the tables at the same time, this fails once, because sqlx takes
        // no lock on SQLite.
        if Self::migrator().run(&pool).await.is_err() {
            Self::migrator().run(&pool).await?;
        }
        let tokens = TokenStore::new(&pool, TOKENS).limit(TOKEN_LIMIT);
        tokens.migrate().await?;
        old_tokens::adopt(&pool, &tokens).await?;
        Ok(Self { pool, tokens })
    }

    /// The token store has migrations of its own.
    fn migrator() -> Migrator {
        let migration = Migration::new(1, "tables".into(), MigrationType::Simple, TABLES.into_sql_str(), false);
        Migrator::with_migrations(vec![migration])
    }

    /// Writes pending changes and closes the file.
    pub async fn close(&self) {
        // Writing the times of last use may fail. That is not a reason to keep the server running.
        let _unwritten = self.tokens.write_last_used().await;
        self.pool.close().await;
    }

    /// Deletes tokens that ended more than this time ago. The audit table keeps their history.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clean_up(&self, ended_since: Duration) -> Result<u64, StoreError> {
        Ok(self.tokens.clean_up(ended_since).await?)
    }

    /// The stored names of scopes that this version does not know. They grant nothing.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn unknown_scopes(&self) -> Result<Vec<String>, StoreError> {
        let mut unknown: Vec<_> =
            self.tokens.unknown_scopes().await?.iter().map(|unknown| unknown.name().to_owned()).collect();
        let memberships: Vec<String> =
            sqlx::query_scalar("SELECT DISTINCT scopes FROM memberships").fetch_all(&self.pool).await?;
        unknown.extend(memberships.iter().flat_map(|names| api::Scopes::parse_lossy(names).unknown));
        unknown.sort_unstable();
        unknown.dedup();
        Ok(unknown)
    }

    /// Returns the key of this name. The first call makes it from random bytes of the system.
    ///
    /// # Errors
    ///
    /// If the database fails, or the system returns no random bytes.
    pub async fn secret(&self, name: &str) -> Result<[u8; 32], StoreError> {
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(StoreError::Randomness)?;
        // If two programs start at once, one inserts its key, and both read that key.
        sqlx::query("INSERT OR IGNORE INTO secrets (name, value) VALUES (?, ?)")
            .bind(name)
            .bind(fresh.as_slice())
            .execute(&self.pool)
            .await?;
        let stored: Vec<u8> =
            sqlx::query_scalar("SELECT value FROM secrets WHERE name = ?").bind(name).fetch_one(&self.pool).await?;
        stored.try_into().map_err(|_| StoreError::Corrupt("a secret that is not 32 bytes long"))
    }
}

/// Lets only its owner read a new file, because the file holds the key of the sessions.
fn keep_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Why an operation of the database failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The database file could not be made.
    File(std::io::Error),
    /// The tables could not be made.
    Tables(MigrateError),
    /// A query failed.
    Query(sqlx::Error),
    /// The system returned no random bytes.
    Randomness(getrandom::Error),
    /// A row has a value that this program never writes.
    Corrupt(&'static str),
    /// The token store refuses or fails.
    Tokens(scopes_store::Error<api::Scope>),
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(_) => f.write_str("the database file cannot be opened"),
            Self::Tables(_) => f.write_str("the tables cannot be made"),
            Self::Query(_) => f.write_str("the database failed"),
            Self::Randomness(_) => f.write_str("the system gave no random bytes"),
            Self::Corrupt(what) => write!(f, "the database holds {what}"),
            Self::Tokens(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::File(error) => Some(error),
            Self::Tables(error) => Some(error),
            Self::Query(error) => Some(error),
            Self::Randomness(error) => Some(error),
            Self::Tokens(error) => error.source(),
            Self::Corrupt(_) => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Query(error)
    }
}

impl From<scopes_store::Error<api::Scope>> for StoreError {
    fn from(error: scopes_store::Error<api::Scope>) -> Self {
        Self::Tokens(error)
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        Self::Tables(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_secret_is_made_once_and_kept() {
        let store = Store::in_memory().await.unwrap();
        let first = store.secret("sessions").await.unwrap();
        assert_ne!(first, [0; 32]);
        assert_eq!(store.secret("sessions").await.unwrap(), first);
        assert_ne!(store.secret("other").await.unwrap(), first);
    }

    #[tokio::test]
    async fn a_file_outlives_its_handle() {
        let file = std::env::temp_dir().join(format!("dashboard-{}.db", uuid::Uuid::new_v4()));
        let store = Store::open(&file).await.unwrap();
        let secret = store.secret("sessions").await.unwrap();
        store.close().await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
        }
        let again = Store::open(&file).await.unwrap();
        assert_eq!(again.secret("sessions").await.unwrap(), secret);
        again.close().await;
        for end in ["", "-shm", "-wal"] {
            let _absent = std::fs::remove_file(format!("{}{end}", file.display()));
        }
    }
}
