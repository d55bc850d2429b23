//! One interface for both databases: pools, connections and transactions, and in `statement` what
//! they run and return.

use std::fmt;

#[cfg(feature = "postgres")]
use sqlx::postgres::{PgConnection, PgPool, Postgres};
#[cfg(feature = "sqlite")]
use sqlx::sqlite::{Sqlite, SqliteConnection, SqlitePool};
use sqlx::{AssertSqlSafe, Connection as Connect, Transaction, pool::PoolConnection};
use tokio::sync::MutexGuard;

mod statement;

pub(crate) use statement::{Row, Statement};

type Result<T> = sqlx::Result<T>;

/// The pool of a database, made of sqlx's `SqlitePool` or `PgPool`.
///
/// ```
/// use scopes_store::Pool;
/// use sqlx::SqlitePool;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sqlx::Error> {
/// let pool = Pool::from(SqlitePool::connect("sqlite::memory:").await?);
/// assert_eq!(format!("{pool:?}"), "Pool(Sqlite)");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Pool(pub(crate) AnyPool);

#[derive(Clone)]
pub(crate) enum AnyPool {
    #[cfg(feature = "sqlite")]
    Sqlite(SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(PgPool),
}

impl AnyPool {
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(pool) => pool.is_closed(),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => pool.is_closed(),
        }
    }

    pub(crate) async fn hold<'h, 'c: 'h>(&self) -> Result<Held<'h, 'c>> {
        Ok(match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(pool) => Held::Sqlite(pool.acquire().await?),
            #[cfg(feature = "postgres")]
            Self::Postgres(pool) => Held::Postgres(pool.acquire().await?),
        })
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            #[cfg(feature = "sqlite")]
            AnyPool::Sqlite(_) => "Pool(Sqlite)",
            #[cfg(feature = "postgres")]
            AnyPool::Postgres(_) => "Pool(Postgres)",
        })
    }
}

/// A connection of the application, usually one with an open transaction.
///
/// Made of `&mut transaction`, `&mut connection` and the like: see
/// [`Store::within`](crate::Store::within).
pub struct Connection<'c>(pub(crate) AnyConnection<'c>);

impl fmt::Debug for Connection<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection(..)")
    }
}

/// A borrowed connection of either database.
pub(crate) enum AnyConnection<'c> {
    #[cfg(feature = "sqlite")]
    Sqlite(&'c mut SqliteConnection),
    #[cfg(feature = "postgres")]
    Postgres(&'c mut PgConnection),
}

macro_rules! conversions {
    ($feature:literal, $variant:ident, $database:ty, $pool:ty, $connection:ty) => {
        #[cfg(feature = $feature)]
        impl From<$pool> for Pool {
            fn from(pool: $pool) -> Self {
                Self(AnyPool::$variant(pool))
            }
        }

        #[cfg(feature = $feature)]
        impl From<&$pool> for Pool {
            fn from(pool: &$pool) -> Self {
                Self(AnyPool::$variant(pool.clone()))
            }
        }

        #[cfg(feature = $feature)]
        impl<'c> From<&'c mut $connection> for Connection<'c> {
            fn from(connection: &'c mut $connection) -> Self {
                Self(AnyConnection::$variant(connection))
            }
        }

        #[cfg(feature = $feature)]
        impl<'c> From<&'c mut Transaction<'_, $database>> for Connection<'c> {
            fn from(transaction: &'c mut Transaction<'_, $database>) -> Self {
                Self(AnyConnection::$variant(transaction))
            }
        }

        #[cfg(feature = $feature)]
        impl<'c> From<&'c mut PoolConnection<$database>> for Connection<'c> {
            fn from(connection: &'c mut PoolConnection<$database>) -> Self {
                Self(AnyConnection::$variant(connection))
            }
        }
    };
}

conversions!("sqlite", Sqlite, Sqlite, SqlitePool, SqliteConnection);
conversions!("postgres", Postgres, Postgres, PgPool, PgConnection);

/// A connection for one call: of the pool, or the application's own.
pub(crate) enum Held<'h, 'c> {
    #[cfg(feature = "sqlite")]
    Sqlite(PoolConnection<Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(PoolConnection<Postgres>),
    Own(MutexGuard<'h, AnyConnection<'c>>),
}

impl Held<'_, '_> {
    pub(crate) fn connection(&mut self) -> AnyConnection<'_> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => AnyConnection::Sqlite(connection),
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => AnyConnection::Postgres(connection),
            Self::Own(connection) => connection.reborrow(),
        }
    }

    /// Begins a transaction that may write or, within the application's transaction, a savepoint.
    pub(crate) async fn begin(&mut self) -> Result<Begun<'_>> {
        Ok(match self.connection() {
            #[cfg(feature = "sqlite")]
            AnyConnection::Sqlite(connection) => Begun::Sqlite(if connection.is_in_transaction() {
                Connect::begin(connection).await?
            } else {
                // A plain `BEGIN` would read first and fail when it writes after another writer.
                Connect::begin_with(connection, "BEGIN IMMEDIATE").await?
            }),
            #[cfg(feature = "postgres")]
            AnyConnection::Postgres(connection) => Begun::Postgres(if connection.is_in_transaction() {
                Connect::begin(connection).await?
            } else {
                // The default of a database or user may be another one: see `revoke.rs`.
                Connect::begin_with(connection, "BEGIN ISOLATION LEVEL READ COMMITTED").await?
            }),
        })
    }
}

/// A transaction or savepoint, which ends without effect if it is dropped.
pub(crate) enum Begun<'t> {
    #[cfg(feature = "sqlite")]
    Sqlite(Transaction<'t, Sqlite>),
    #[cfg(feature = "postgres")]
    Postgres(Transaction<'t, Postgres>),
}

impl Begun<'_> {
    pub(crate) fn connection(&mut self) -> AnyConnection<'_> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(transaction) => AnyConnection::Sqlite(transaction),
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => AnyConnection::Postgres(transaction),
        }
    }

    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(transaction) => transaction.commit().await,
            #[cfg(feature = "postgres")]
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
}

impl AnyConnection<'_> {
    pub(crate) fn reborrow(&mut self) -> AnyConnection<'_> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => AnyConnection::Sqlite(connection),
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => AnyConnection::Postgres(connection),
        }
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
        }
    }

    /// Runs a statement and returns the number of rows that it changed.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                let (text, arguments) = statement.sqlite()?;
                let done = sqlx::query_with(AssertSqlSafe(text), arguments).execute(&mut **connection).await?;
                Ok(done.rows_affected())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => {
                let (text, arguments) = statement.postgres()?;
                let done = sqlx::query_with(AssertSqlSafe(text), arguments).execute(&mut **connection).await?;
                Ok(done.rows_affected())
            }
        }
    }

    pub(crate) async fn all(&mut self, statement: Statement) -> Result<Vec<Row>> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                let (text, arguments) = statement.sqlite()?;
                let rows = sqlx::query_with(AssertSqlSafe(text), arguments).fetch_all(&mut **connection).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => {
                let (text, arguments) = statement.postgres()?;
                let rows = sqlx::query_with(AssertSqlSafe(text), arguments).fetch_all(&mut **connection).await?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    pub(crate) async fn optional(&mut self, statement: Statement) -> Result<Option<Row>> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => {
                let (text, arguments) = statement.sqlite()?;
                let row = sqlx::query_with(AssertSqlSafe(text), arguments).fetch_optional(&mut **connection).await?;
                Ok(row.map(Row::Sqlite))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => {
                let (text, arguments) = statement.postgres()?;
                let row = sqlx::query_with(AssertSqlSafe(text), arguments).fetch_optional(&mut **connection).await?;
                Ok(row.map(Row::Postgres))
            }
        }
    }

    /// Runs several statements without values.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<()> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(connection) => sqlx::raw_sql(text).execute(&mut **connection).await.map(drop),
            #[cfg(feature = "postgres")]
            Self::Postgres(connection) => sqlx::raw_sql(text).execute(&mut **connection).await.map(drop),
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn null_is_not_read_as_a_value() {
        let pool = Pool::from(SqlitePool::connect("sqlite::memory:").await.unwrap());
        let mut held = pool.0.hold().await.unwrap();
        let statement = Statement::new("SELECT NULL AS none, 'a' AS text, 7 AS number");
        let row = held.connection().optional(statement).await.unwrap().unwrap();
        assert!(row.text("none").is_err() && row.number("none").is_err());
        assert_eq!((row.optional_text("none").unwrap(), row.optional_number("none").unwrap()), (None, None));
        assert_eq!((row.text("text").unwrap().as_str(), row.number("number").unwrap()), ("a", 7));
        assert!(row.text("number").is_err() && row.number("absent").is_err());
    }
}
