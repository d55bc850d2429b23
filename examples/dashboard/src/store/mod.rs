//! What the database holds: environments, administrators, objects and tokens.
//!
//! Statements are plain texts with bound values, the same for both databases. The compiler does not
//! check them, so that a build needs no database. The tests beside them do.

use core::fmt;
use std::time::Duration;

use jiff::Timestamp;
use scopes_store::Store as TokenStore;
use sqlx::migrate::MigrateError;

use crate::catalogue::api;
use crate::database::{self, Database, Location, sql};
use crate::kinds::Kind as _;
use crate::kinds::events::Event;
use crate::kinds::exports::Export;
use crate::kinds::webhooks::Message;
use crate::verifiers::TOKENS;

mod messages;
mod object_rows;
mod objects;
mod old_tokens;
mod writes;

pub use object_rows::{Cursor, CursorError, DueObject, ObjectRow, Part, Tally};
pub use objects::{Admin, Contents, Environment, EnvironmentKind, Membership};
pub use writes::{Limit, Write, WriteError};

/// The greatest number of tokens in use that may act for one administrator, including tokens issued
/// by tokens.
pub const TOKEN_LIMIT: u32 = 500;

/// A handle on the database; clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    /// The connections.
    pub database: Database,
    /// The API tokens. The subject of a token is its administrator, the tenant its environment.
    pub tokens: TokenStore<api::Scope>,
}

impl Store {
    /// Opens a database. Creates the file of a SQLite database if it does not exist.
    ///
    /// # Errors
    ///
    /// If the file cannot be created or opened, the server does not answer, or the database has
    /// tables of another program.
    pub async fn open(location: &Location) -> Result<Self, StoreError> {
        let unreachable = |error| StoreError::Unreachable { location: location.clone(), error };
        Self::prepare(Database::connect(location).await.map_err(unreachable)?).await
    }

    /// Opens a SQLite database in memory, for tests. It is dropped with its last handle.
    ///
    /// # Errors
    ///
    /// If `SQLite` fails, for lack of memory.
    pub async fn in_memory() -> Result<Self, StoreError> {
        Self::prepare(Database::in_memory().await?).await
    }

    /// Makes the tables, or updates the tables of an earlier version of the program.
    async fn prepare(database: Database) -> Result<Self, StoreError> {
        database.migrate().await?;
        let tokens = TokenStore::new(database.pool(), TOKENS).limit(TOKEN_LIMIT);
        tokens.migrate().await?;
        if let Database::Sqlite(pool, _) = &database {
            old_tokens::adopt(pool, &tokens).await?;
        }
        Ok(Self { database, tokens })
    }

    /// Writes pending changes and closes all connections.
    pub async fn close(&self) {
        // Writing the times of last use may fail. That is not a reason to keep the server running.
        let _unwritten = self.tokens.write_last_used().await;
        self.database.close().await;
    }

    /// Deletes tokens that ended more than this time ago, and events, messages and exports that are
    /// as old. The audit table keeps the history of tokens.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn clean_up(&self, ended_since: Duration) -> Result<u64, StoreError> {
        let before = Timestamp::now().as_microsecond();
        let before = before.saturating_sub(i64::try_from(ended_since.as_micros()).unwrap_or(i64::MAX));
        for kind in [Event::KIND, Message::KIND, Export::KIND] {
            self.delete_objects_before(None, kind, before).await?;
        }
        Ok(self.tokens.clean_up(ended_since).await?)
    }

    /// Revokes all tokens of all administrators, and returns their number. Ends the sessions of the
    /// pages before, because a person who has one makes tokens.
    ///
    /// # Errors
    ///
    /// If the database fails. Then no token is revoked.
    pub async fn revoke_all_tokens(&self) -> Result<u64, StoreError> {
        self.database.execute(sql("DELETE FROM page_state WHERE kind <> 'form'")).await?;
        Ok(self.tokens.of_all_owners().by("operator").revoke_all().await?)
    }

    /// The stored names of scopes that this version does not know. They grant nothing.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn unknown_scopes(&self) -> Result<Vec<String>, StoreError> {
        let mut unknown: Vec<_> =
            self.tokens.unknown_scopes().await?.iter().map(|unknown| unknown.name().to_owned()).collect();
        for row in self.database.all(sql("SELECT DISTINCT scopes FROM memberships")).await? {
            unknown.extend(api::Scopes::parse_lossy(&row.text("scopes")?).unknown);
        }
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
        let insert = sql("INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        self.database.execute(insert.bind(name).bind(fresh.as_slice())).await?;
        let stored = self.database.one(sql("SELECT value FROM secrets WHERE name = $1").bind(name)).await?;
        stored.bytes("value")?.try_into().map_err(|_| StoreError::Corrupt("a secret that is not 32 bytes long"))
    }
}

/// Why an operation of the database failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be opened.
    Unreachable {
        /// The place, which is shown without the password.
        location: Location,
        /// Why it cannot be opened.
        error: sqlx::Error,
    },
    /// The tables could not be made.
    Tables(MigrateError),
    /// A query failed.
    Query(sqlx::Error),
    /// The database is not empty, and only an empty one is filled.
    NotEmpty,
    /// The system returned no random bytes.
    Randomness(getrandom::Error),
    /// A row has a value that this program never writes.
    Corrupt(&'static str),
    /// The token store refuses or fails.
    Tokens(scopes_store::Error<api::Scope>),
}

impl StoreError {
    /// Whether it was given up because others took too long. It may be tried again later.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Query(error) | Self::Tokens(scopes_store::Error::Database(error)) => database::is_busy(error),
            _ => false,
        }
    }

    /// Whether a row with the same key exists already.
    #[must_use]
    pub fn is_duplicate(&self) -> bool {
        let Self::Query(error) = self else { return false };
        error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable { location, .. } => write!(f, "the database {location} cannot be opened"),
            Self::Tables(_) => f.write_str("the tables cannot be made"),
            Self::Query(_) => f.write_str("the database failed"),
            Self::NotEmpty => f.write_str("the database is not empty"),
            Self::Randomness(_) => f.write_str("the system gave no random bytes"),
            Self::Corrupt(what) => write!(f, "the database holds {what}"),
            Self::Tokens(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Tables(error) => Some(error),
            Self::Unreachable { error, .. } | Self::Query(error) => Some(error),
            Self::Randomness(error) => Some(error),
            Self::Tokens(error) => error.source(),
            Self::NotEmpty | Self::Corrupt(_) => None,
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
    use crate::testing;

    #[tokio::test]
    async fn a_secret_is_made_once_and_kept() {
        let store = testing::store().await;
        let first = store.secret("sessions").await.unwrap();
        assert_ne!(first, [0; 32]);
        assert_eq!(store.secret("sessions").await.unwrap(), first);
        assert_ne!(store.secret("other").await.unwrap(), first);
    }

    #[tokio::test]
    async fn a_file_outlives_its_handle() {
        let file = std::env::temp_dir().join(format!("dashboard-{}.db", uuid::Uuid::new_v4()));
        let location = Location::File(file.clone());
        let store = Store::open(&location).await.unwrap();
        let secret = store.secret("sessions").await.unwrap();
        store.close().await;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0);
        }
        let again = Store::open(&location).await.unwrap();
        assert_eq!(again.secret("sessions").await.unwrap(), secret);
        again.close().await;
        for end in ["", "-shm", "-wal"] {
            let _absent = std::fs::remove_file(format!("{}{end}", file.display()));
        }
    }
}
