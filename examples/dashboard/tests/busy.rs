//! Writers that wait: however many an environment has, others are served.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::time::{Duration, Instant};

use common::{Request, Server, database};
use dashboard::database::{Database, Location, sql};
use dashboard::seed::Seed;
use dashboard::store::Store;
use serde_json::json;
use tokio::task::JoinSet;

/// More than the server has connections to any database.
const WRITERS: usize = 40;

/// Writers of one environment wait for a transaction of another program, while readers of another
/// environment ask.
async fn readers_are_served(location: &Location) {
    let server = Server::start_on(Store::open(location).await.unwrap(), Seed::new(), |_| {}).await;
    let writing = server.token(&["environment.users.write"], &server.seed.live).await.raw;
    let reading = server.token(&["environment.users.read"], &server.seed.sandbox).await.raw;

    let foreign = Database::connect(location).await.unwrap();
    let mut blocking = foreign.begin().await.unwrap();
    // On SQLite, the transaction alone blocks writers.
    for step in ["SET LOCAL idle_in_transaction_session_timeout = 0", "LOCK TABLE objects IN EXCLUSIVE MODE"] {
        blocking.execute(sql("").either("SELECT 1", step)).await.unwrap();
    }

    let mut writers = JoinSet::new();
    for at in 0..WRITERS {
        let users: Vec<_> = (0..10).map(|user| json!({"email": format!("u{at}.{user}@example.com")})).collect();
        let target = format!("/api/v0/environments/{}/users/bulk", server.seed.live);
        let request = Request::new("POST", &target).bearer(&writing).json(&json!({"users": users}));
        let address = server.address;
        writers.spawn(async move {
            let sent = common::Client::patient(address, Duration::from_secs(30)).send(request).await;
            (sent.status, sent.error())
        });
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut client = server.client();
    let users = format!("/api/v0/environments/{}/users", server.seed.sandbox);
    for _ in 0..5 {
        let started = Instant::now();
        assert_eq!(client.send(Request::new("GET", &users).bearer(&reading)).await.status, 200);
        assert_eq!(client.send(Request::new("GET", "/ready")).await.status, 200);
        // They do not wait until writers give up, which takes five seconds.
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // The lock is held longer than anything waits.
    for (status, error) in writers.join_all().await {
        assert_eq!((status, error.as_str()), (503, "the database is busy; try again"));
    }
    blocking.commit().await.unwrap();
    foreign.close().await;
    let target = format!("/api/v0/environments/{}/users", server.seed.live);
    let one = Request::new("POST", &target).bearer(&writing).json(&json!({"email": "later@example.com"}));
    // The server has closed the other connection, if nothing was sent on it for long.
    assert_eq!(server.client().send(one).await.status, 201);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_sqlite() {
    let folder = std::env::temp_dir().join(format!("dashboard-busy-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&folder).unwrap();
    readers_are_served(&Location::File(folder.join("a.db"))).await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql() {
    let Some(url) = database::postgres_url().await else { return };
    readers_are_served(&url.parse().unwrap()).await;
}
