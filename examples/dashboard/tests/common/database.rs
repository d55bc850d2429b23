//! Which database the tests use: SQLite in memory or, if the variable `DASHBOARD_TESTS` is
//! `postgresql`, a fresh database of a server that this run starts.

#[path = "../../../../scopes-store/tests/suite/postgres.rs"]
mod postgres;

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _};

/// The URL of the database for one test, or `None` for SQLite in memory.
pub(crate) async fn url() -> Option<String> {
    let chosen = std::env::var("DASHBOARD_TESTS").unwrap_or_default();
    match chosen.as_str() {
        "" | "sqlite" => None,
        "postgresql" => Some(postgres_url().await.expect("PostgreSQL is not installed")),
        other => panic!("DASHBOARD_TESTS is {other}, and may be `sqlite` or `postgresql`"),
    }
}

/// The URL of a fresh database, or `None` after a message if PostgreSQL is not installed.
pub(crate) async fn postgres_url() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let port = postgres::server()?.port;
    let name = format!("dashboard_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(port).username("postgres");
    let mut admin = PgConnection::connect_with(&options.database("postgres")).await.unwrap();
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    admin.close().await.unwrap();
    Some(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
}
