//! A fresh database for each test, of either kind.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use scopes_store::{Connection, Pool, Store, TokenFormat};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, Postgres};
use sqlx::sqlite::{Sqlite, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Transaction};

use crate::api;
use crate::postgres::server;

pub(crate) const FORMAT: TokenFormat = TokenFormat::new("acme_");

/// A database with a pool of at most five connections.
#[derive(Clone)]
pub(crate) enum Database {
    Sqlite(SqlitePool, PathBuf),
    Postgres(PgPool, Box<PgConnectOptions>),
}

fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Database {
    pub(crate) async fn sqlite() -> Self {
        let name = format!("scopes-store-{}-{}.db", std::process::id(), number());
        let file = std::env::temp_dir().join(name);
        Self::sqlite_in(file).await
    }

    pub(crate) async fn sqlite_in(file: PathBuf) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_secs(30));
        let pool = SqlitePoolOptions::new().max_connections(5).connect_with(options).await.unwrap();
        Self::Sqlite(pool, file)
    }

    /// `None` if PostgreSQL is not installed.
    pub(crate) async fn postgres() -> Option<Self> {
        let server = server()?;
        let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(server.port).username("postgres");
        let name = format!("test_{}", number());
        let admin = PgPoolOptions::new().max_connections(1).connect_with(options.clone().database("postgres")).await;
        let admin = admin.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
        admin.close().await;
        Some(Self::postgres_with(options.database(&name)).await)
    }

    pub(crate) async fn postgres_with(options: PgConnectOptions) -> Self {
        let pool = PgPoolOptions::new().max_connections(5).connect_with(options.clone()).await.unwrap();
        Self::Postgres(pool, Box::new(options))
    }

    /// Writes the database's address for the environment of another process: see
    /// [`from_text`](Self::from_text).
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Sqlite(_, file) => format!("sqlite {}", file.display()),
            Self::Postgres(_, options) => {
                format!("postgres {} {}", options.get_port(), options.get_database().unwrap())
            }
        }
    }

    pub(crate) async fn from_text(text: &str) -> Self {
        match text.split_once(' ').unwrap() {
            ("sqlite", file) => Self::sqlite_in(file.into()).await,
            (_, rest) => {
                let (port, name) = rest.split_once(' ').unwrap();
                let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").username("postgres");
                Self::postgres_with(options.port(port.parse().unwrap()).database(name)).await
            }
        }
    }

    pub(crate) fn pool(&self) -> Pool {
        match self {
            Self::Sqlite(pool, _) => pool.into(),
            Self::Postgres(pool, _) => pool.into(),
        }
    }

    /// A store with its tables.
    pub(crate) async fn store(&self) -> Store<api::Scope> {
        let store = Store::new(self.pool(), FORMAT);
        store.migrate().await.unwrap();
        store
    }

    pub(crate) async fn execute(&self, statement: &str) -> sqlx::Result<u64> {
        let statement = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(pool, _) => sqlx::query(statement).execute(pool).await.map(|done| done.rows_affected()),
            Self::Postgres(pool, _) => sqlx::query(statement).execute(pool).await.map(|done| done.rows_affected()),
        }
    }

    pub(crate) async fn number(&self, statement: &str) -> i64 {
        let statement = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(pool, _) => sqlx::query_scalar(statement).fetch_one(pool).await.unwrap(),
            Self::Postgres(pool, _) => sqlx::query_scalar(statement).fetch_one(pool).await.unwrap(),
        }
    }

    pub(crate) async fn texts(&self, statement: &str) -> Vec<String> {
        let statement = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(pool, _) => sqlx::query_scalar(statement).fetch_all(pool).await.unwrap(),
            Self::Postgres(pool, _) => sqlx::query_scalar(statement).fetch_all(pool).await.unwrap(),
        }
    }

    pub(crate) async fn begin(&self) -> Begun {
        match self {
            Self::Sqlite(pool, _) => Begun::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await.unwrap()),
            Self::Postgres(pool, _) => Begun::Postgres(pool.begin().await.unwrap()),
        }
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(..))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool, _) => pool.close().await,
            Self::Postgres(pool, _) => pool.close().await,
        }
    }

    /// Closes the database, and deletes its file.
    pub(crate) async fn end(self) {
        self.close().await;
        if let Self::Sqlite(_, file) = &self {
            for end in ["", "-wal", "-shm"] {
                let _absent = std::fs::remove_file(format!("{}{end}", file.display()));
            }
        }
    }
}

/// A transaction of the application.
pub(crate) enum Begun {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Begun {
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        match self {
            Self::Sqlite(transaction) => transaction.into(),
            Self::Postgres(transaction) => transaction.into(),
        }
    }

    pub(crate) async fn commit(self) {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await.unwrap(),
            Self::Postgres(transaction) => transaction.commit().await.unwrap(),
        }
    }

    pub(crate) async fn rollback(self) {
        match self {
            Self::Sqlite(transaction) => transaction.rollback().await.unwrap(),
            Self::Postgres(transaction) => transaction.rollback().await.unwrap(),
        }
    }
}
