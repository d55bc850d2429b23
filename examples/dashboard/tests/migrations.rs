//! Several processes may make the tables of one database at once, and fill it.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[path = "common/database.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod database;

use dashboard::database::{Location, sql};
use dashboard::seed::Seed;
use dashboard::store::{Store, StoreError};
use tokio::task::JoinSet;

/// Opens the database eight times at once, with a pool for each, and fills it. All must see the
/// same secret.
async fn open_at_once(location: &Location) {
    let mut opening = JoinSet::new();
    for _ in 0..8 {
        let location = location.clone();
        opening.spawn(async move {
            let store = Store::open(&location).await.unwrap();
            let secret = store.secret("sessions").await.unwrap();
            let filled = store.populate(&Seed::new().contents, Vec::new()).await;
            assert!(matches!(filled, Ok(_) | Err(StoreError::NotEmpty)), "{filled:?}");
            store.close().await;
            (secret, filled.is_ok())
        });
    }
    let opened = opening.join_all().await;
    assert!(opened.iter().all(|(secret, _)| *secret == opened[0].0));
    assert_eq!(opened.iter().filter(|(_, has_filled)| *has_filled).count(), 1, "one of them fills the database");

    let database = dashboard::database::Database::connect(location).await.unwrap();
    let count = sql("SELECT COUNT(*) AS count FROM secrets");
    assert_eq!(database.one(count).await.unwrap().number("count").unwrap(), 1);
    // A database of a newer version is refused, and is not changed.
    let newer = sql("UPDATE _sqlx_migrations SET version = 999 WHERE version = 1");
    assert_eq!(database.execute(newer).await.unwrap(), 1);
    database.close().await;
    assert!(Store::open(location).await.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_sqlite() {
    let folder = std::env::temp_dir().join(format!("dashboard-migrations-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    open_at_once(&Location::File(folder.join("a.db"))).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn on_postgresql() {
    let Some(url) = database::postgres_url().await else { return };
    open_at_once(&url.parse().unwrap()).await;
}

#[tokio::test]
async fn a_connection_that_must_be_encrypted_is_never_plain() {
    let Some(url) = database::postgres_url().await else { return };
    // The server of the tests has no certificate.
    let error = Store::open(&format!("{url}?sslmode=require").parse().unwrap()).await.unwrap_err();
    let cause = format!("{:?}", std::error::Error::source(&error).map(ToString::to_string));
    assert!(cause.contains("TLS") && !cause.contains("not compiled"), "{cause}");
}
