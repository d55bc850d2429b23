//! One interface for both databases: SQLite in a file, or PostgreSQL by its URL.
//!
//! Most statements are the same for both. [`sql`] takes the text, with `$1` for the first value,
//! and [`Statement::either`] adds words that differ:
//!
//! ```
//! use dashboard::database::{Database, sql};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let database = Database::in_memory().await?;
//! database.migrate().await?;
//! let mut transaction = database.begin().await?;
//! let statement = sql("INSERT INTO environments (id, name, kind) VALUES ($1, $2, $3)");
//! transaction.execute(statement.bind("e1").bind("Example").bind("live")).await?;
//! let row = sql("SELECT name FROM environments WHERE id = $1").bind("e1").either("", " FOR UPDATE");
//! assert_eq!(transaction.one(row).await?.text("name")?, "Example");
//! transaction.commit().await?;
//! # Ok(()) }
//! ```

use std::time::Duration;

use scopes_store::{Connection, Pool};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgPool, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteError, SqlitePool, SqlitePoolOptions};

mod file;
mod location;
mod migrations;
mod server;
mod statement;
mod turns;

pub use location::{Location, LocationError};
pub use statement::{Row, Statement, Value, sql};
pub use turns::{Turn, Turns};

type Result<T> = sqlx::Result<T>;

/// How long a request waits for its turn to write, for a connection, and for a lock of the
/// database. Then it is answered 503.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A pool of connections to either database; clones share it.
#[derive(Clone, Debug)]
pub enum Database {
    /// A file, or memory.
    Sqlite(SqlitePool, Turns),
    /// A server, which several instances of the dashboard may share.
    Postgres(PgPool, Turns),
}

impl Database {
    /// Connects, and creates the file of a SQLite database that does not exist.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or the server does not answer.
    pub async fn connect(location: &Location) -> Result<Self> {
        match location {
            Location::File(file) => Ok(file::open(file).await?.into()),
            Location::Server(options) => Ok(Self::Postgres(server::open(options).await?, Turns::new(server::WRITERS))),
        }
    }

    /// Opens a SQLite database in memory, for tests. It is dropped with its last handle.
    ///
    /// # Errors
    ///
    /// If `SQLite` fails, for lack of memory.
    pub async fn in_memory() -> Result<Self> {
        // Each connection to `:memory:` is a database of its own, so the pool must keep exactly one
        // open.
        let pool = SqlitePoolOptions::new().min_connections(1).max_connections(1).idle_timeout(None).max_lifetime(None);
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        Ok(pool.connect_with(options).await?.into())
    }

    /// The pool for the token store.
    #[must_use]
    pub fn pool(&self) -> Pool {
        match self {
            Self::Sqlite(pool, _) => pool.into(),
            Self::Postgres(pool, _) => pool.into(),
        }
    }

    /// Begins a transaction that may write, and that belongs to no environment.
    ///
    /// On SQLite, another writer waits until it ends. On PostgreSQL, other transactions may change
    /// rows that this one has read, unless the statement ends with `FOR UPDATE`.
    ///
    /// # Errors
    ///
    /// If the database fails, or another writer takes too long.
    pub async fn begin(&self) -> Result<Transaction> {
        self.begin_with(None).await
    }

    /// Begins a transaction that may write, and that changes this environment. However many of them
    /// begin, other environments can write too.
    ///
    /// # Errors
    ///
    /// If the database fails, or other writers take too long.
    pub async fn begin_in(&self, environment_id: &str) -> Result<Transaction> {
        self.begin_with(Some(environment_id)).await
    }

    async fn begin_with(&self, environment_id: Option<&str>) -> Result<Transaction> {
        let turn = self.turns().take(environment_id, PATIENCE).await?;
        Ok(match self {
            // A plain `BEGIN` would read first and fail when it writes after another writer.
            Self::Sqlite(pool, _) => Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?, turn),
            // The token store's calls need this isolation, and a database may have another default.
            Self::Postgres(pool, _) => {
                Transaction::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?, turn)
            }
        })
    }

    /// Makes or updates the tables. Several processes may call this at once.
    ///
    /// # Errors
    ///
    /// If the database fails, or has tables of a newer version of the program.
    pub async fn migrate(&self) -> core::result::Result<(), sqlx::migrate::MigrateError> {
        migrations::run(self).await
    }

    /// Runs a statement that may write, and returns the number of rows that it changed.
    ///
    /// # Errors
    ///
    /// If the database fails, a constraint is violated, or other writers take too long.
    pub async fn execute(&self, statement: Statement) -> Result<u64> {
        let _turn = self.turns().take(None, PATIENCE).await?;
        match self.acquire().await? {
            Acquired::Sqlite(mut connection) => statement.execute_sqlite(&mut connection).await,
            Acquired::Postgres(mut connection) => statement.execute_postgres(&mut connection).await,
        }
    }

    /// Returns all rows that a statement finds.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn all(&self, statement: Statement) -> Result<Vec<Row>> {
        match self.acquire().await? {
            Acquired::Sqlite(mut connection) => statement.all_sqlite(&mut connection).await,
            Acquired::Postgres(mut connection) => statement.all_postgres(&mut connection).await,
        }
    }

    /// Returns the first row, or `None` if the statement finds nothing.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn optional(&self, statement: Statement) -> Result<Option<Row>> {
        match self.acquire().await? {
            Acquired::Sqlite(mut connection) => statement.optional_sqlite(&mut connection).await,
            Acquired::Postgres(mut connection) => statement.optional_postgres(&mut connection).await,
        }
    }

    /// Returns the first row of a statement that always finds one, such as `SELECT COUNT(*)`.
    ///
    /// # Errors
    ///
    /// If the database fails, or the statement finds nothing.
    pub async fn one(&self, statement: Statement) -> Result<Row> {
        self.optional(statement).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Asks the database for a row. Waits this long for the row and, without one, for a connection.
    ///
    /// # Errors
    ///
    /// If it does not answer. The error has the cause, such as a refused connection.
    pub async fn answers(&self, patience: Duration) -> Result<()> {
        // A table of the program, so that a database without tables does not count as one.
        let asked = self.optional(sql("SELECT name FROM secrets LIMIT 1"));
        match tokio::time::timeout(patience, asked).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) if !matches!(error, sqlx::Error::PoolTimedOut) => return Err(error),
            Ok(Err(_)) | Err(_) => {}
        }
        if let Self::Postgres(pool, _) = self {
            server::reach(&pool.connect_options(), patience).await?;
        }
        // A server takes connections, or this is a file: so all connections of the pool wait for
        // something.
        Err(sqlx::Error::PoolTimedOut)
    }

    const fn turns(&self) -> &Turns {
        match self {
            Self::Sqlite(_, turns) | Self::Postgres(_, turns) => turns,
        }
    }

    async fn acquire(&self) -> Result<Acquired> {
        Ok(match self {
            Self::Sqlite(pool, _) => Acquired::Sqlite(pool.acquire().await?),
            Self::Postgres(pool, _) => Acquired::Postgres(pool.acquire().await?),
        })
    }

    /// Waits for the running statements and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }
}

/// A file has one writer at a time.
impl From<SqlitePool> for Database {
    fn from(pool: SqlitePool) -> Self {
        Self::Sqlite(pool, Turns::new(1))
    }
}

/// Whether an operation was given up because others took too long. It may be tried again later.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    if matches!(error, sqlx::Error::PoolTimedOut) {
        return true;
    }
    let Some(found) = error.as_database_error() else { return false };
    match found.try_downcast_ref::<SqliteError>() {
        Some(_) => file::is_busy(error),
        // `lock_not_available`.
        None => found.code().as_deref() == Some("55P03"),
    }
}

/// A connection of the pool for one statement.
enum Acquired {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// An open transaction, which ends without effect if it is dropped.
#[derive(Debug)]
pub enum Transaction {
    /// On SQLite.
    Sqlite(sqlx::Transaction<'static, Sqlite>, Turn),
    /// On PostgreSQL.
    Postgres(sqlx::Transaction<'static, Postgres>, Turn),
}

impl Transaction {
    /// The transaction for the token store:
    /// `store.tokens.within(transaction.connection())`.
    pub fn connection(&mut self) -> Connection<'_> {
        match self {
            Self::Sqlite(transaction, _) => transaction.into(),
            Self::Postgres(transaction, _) => transaction.into(),
        }
    }

    /// Waits for other transactions that called this with the same number, until they end.
    ///
    /// On SQLite nothing is left to do, because a transaction is alone from its begin.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn wait_for_others(&mut self, number: i64) -> Result<()> {
        if matches!(self, Self::Postgres(..)) {
            self.execute(sql("SELECT pg_advisory_xact_lock($1)").bind(number)).await?;
        }
        Ok(())
    }

    /// Runs a statement, and returns the number of rows that it changed.
    ///
    /// # Errors
    ///
    /// If the database fails or a constraint is violated. On PostgreSQL, the transaction can only
    /// be dropped then.
    pub async fn execute(&mut self, statement: Statement) -> Result<u64> {
        match self {
            Self::Sqlite(transaction, _) => statement.execute_sqlite(transaction).await,
            Self::Postgres(transaction, _) => statement.execute_postgres(transaction).await,
        }
    }

    /// Returns all rows that a statement finds.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn all(&mut self, statement: Statement) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(transaction, _) => statement.all_sqlite(transaction).await,
            Self::Postgres(transaction, _) => statement.all_postgres(transaction).await,
        }
    }

    /// Returns the first row, or `None` if the statement finds nothing.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn optional(&mut self, statement: Statement) -> Result<Option<Row>> {
        match self {
            Self::Sqlite(transaction, _) => statement.optional_sqlite(transaction).await,
            Self::Postgres(transaction, _) => statement.optional_postgres(transaction).await,
        }
    }

    /// Returns the first row of a statement that always finds one.
    ///
    /// # Errors
    ///
    /// If the database fails, or the statement finds nothing.
    pub async fn one(&mut self, statement: Statement) -> Result<Row> {
        self.optional(statement).await?.ok_or(sqlx::Error::RowNotFound)
    }

    /// Makes the changes permanent.
    ///
    /// # Errors
    ///
    /// If the database fails. The changes are lost then, unless the connection broke while the
    /// server committed them.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(transaction, _turn) => transaction.commit().await,
            Self::Postgres(transaction, _turn) => transaction.commit().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    async fn samples() -> Database {
        let database = testing::store().await.database;
        let table = sql("CREATE TABLE samples (name TEXT PRIMARY KEY, amount ").either("INTEGER", "BIGINT");
        let table = table.and(", bytes ").either("BLOB", "BYTEA").and(")");
        database.execute(table).await.unwrap();
        database
    }

    const INSERT: &str = "INSERT INTO samples (name, amount, bytes) VALUES ($1, $2, $3)";

    #[tokio::test]
    async fn values_come_back() {
        let database = samples().await;
        let full = sql(INSERT).bind("'; DROP TABLE samples; --").bind(i64::MIN).bind(&b"\0\xff"[..]);
        assert_eq!(database.execute(full).await.unwrap(), 1);
        let empty = sql(INSERT).bind("b").bind(None::<i64>).bind(None::<Vec<u8>>);
        assert_eq!(database.execute(empty).await.unwrap(), 1);
        let flag = sql(INSERT).bind("c").bind(true).bind(Vec::new());
        assert_eq!(database.execute(flag).await.unwrap(), 1);

        let rows = database.all(sql("SELECT * FROM samples ORDER BY name")).await.unwrap();
        let [full, empty, flag] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!(full.text("name").unwrap(), "'; DROP TABLE samples; --");
        assert_eq!((full.number("amount").unwrap(), full.bytes("bytes").unwrap()), (i64::MIN, b"\0\xff".to_vec()));
        assert_eq!(full.optional_text("name").unwrap().as_deref(), Some("'; DROP TABLE samples; --"));
        assert_eq!(empty.optional_number("amount").unwrap(), None);
        assert!(empty.number("amount").is_err() && empty.text("no such column").is_err());
        assert!(flag.flag("amount").unwrap());

        let named = sql("SELECT amount FROM samples WHERE name = ").value("c").and(" AND amount < ").value(2_i64);
        assert_eq!(database.one(named).await.unwrap().number("amount").unwrap(), 1);
        assert!(database.optional(sql("SELECT 1 FROM samples WHERE name = $1").bind("z")).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_transaction_that_is_dropped_has_no_effect() {
        let database = samples().await;
        let row = |name: &str| sql(INSERT).bind(name).bind(1_i64).bind(Vec::new());
        let count = async || {
            let count = sql("SELECT COUNT(*) AS count FROM samples");
            database.one(count).await.unwrap().number("count").unwrap()
        };
        let mut transaction = database.begin().await.unwrap();
        transaction.execute(row("a")).await.unwrap();
        drop(transaction);
        assert_eq!(count().await, 0);

        let mut transaction = database.begin().await.unwrap();
        transaction.execute(row("a")).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(count().await, 1);
        let error = crate::store::StoreError::from(database.execute(row("a")).await.unwrap_err());
        assert!(error.is_duplicate(), "{error:?}");
    }
}
