//! Look-ups of tokens a second, and how long the slowest hundredth takes, with 1, 1,000 and
//! 1,000,000 tokens, on both databases, with and without the cache. Prints a table.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails ends the benchmark")]

#[path = "../../../scopes-store/tests/suite/postgres.rs"]
mod postgres;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use scopes::Verifier as _;
use scopes_store::{NewToken, Pool, Store, TokenFormat};
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions};

scopes::scopes! {
    mod api;
    tenant account;
    users.read { GET "/accounts/{account}/users"; }
    users.write { POST "/accounts/{account}/users"; }
}

const FORMAT: TokenFormat = TokenFormat::new("bench_");

/// How many look-ups run at once.
const CLIENTS: usize = 16;

/// How many different tokens are presented, if there are as many.
const PRESENTED: u32 = 1000;

enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Database {
    fn pool(&self) -> Pool {
        match self {
            Self::Sqlite(pool) => pool.into(),
            Self::Postgres(pool) => pool.into(),
        }
    }

    async fn execute(&self, statement: &str) {
        let statement = AssertSqlSafe(statement);
        match self {
            Self::Sqlite(pool) => drop(sqlx::query(statement).execute(pool).await.unwrap()),
            Self::Postgres(pool) => drop(sqlx::query(statement).execute(pool).await.unwrap()),
        }
    }

    /// Adds tokens that are not presented, as many as it takes.
    async fn fill(&self, tokens: u32) {
        let (numbers, digest) = match self {
            Self::Sqlite(_) => (
                format!("WITH RECURSIVE g (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < {tokens})"),
                "randomblob(32)",
            ),
            Self::Postgres(_) => (
                format!("WITH g (n) AS (SELECT generate_series(1, {tokens}))"),
                "sha256(CAST('filling ' || n AS bytea))",
            ),
        };
        for insert in [
            "INSERT INTO scopes_tokens (id, subject, name, scopes, tenants, created_at, version) {g} \
             SELECT 'filling ' || n, 'user ' || (n % 10000), 'filling', 'users.read users.write', '[\"E1\"]', n, 0 FROM g",
            "INSERT INTO scopes_secrets (digest, token_id, checksum, is_current) {g} \
             SELECT {d}, 'filling ' || n, 'abcdef', 1 FROM g",
            "INSERT INTO scopes_token_tenants (tenant, created_at, token_id) {g} SELECT 'E1', n, 'filling ' || n FROM g",
            "ANALYZE",
        ] {
            self.execute(&insert.replace("{g}", &numbers).replace("{d}", digest)).await;
        }
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let seconds = std::env::var("SECONDS_EACH").map_or(5, |seconds| seconds.parse().unwrap());
    println!("| database | tokens | cache | look-ups a second | p50 | p99 |\n|---|---|---|---|---|---|");
    for name in ["SQLite", "PostgreSQL"] {
        for tokens in [1, 1000, 1_000_000] {
            let file = std::env::temp_dir().join(format!("scopes-bench-{}-{tokens}.db", std::process::id()));
            let database = match name {
                "SQLite" => {
                    let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
                    let options = options.journal_mode(SqliteJournalMode::Wal);
                    let pool = SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap();
                    Database::Sqlite(pool)
                }
                _ => {
                    let Some(server) = postgres::server() else { continue };
                    let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(server.port);
                    let options = options.username("postgres");
                    let name = format!("bench_{tokens}");
                    let admin = PgPool::connect_with(options.clone().database("postgres")).await.unwrap();
                    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
                    let pool = PgPoolOptions::new().max_connections(8);
                    Database::Postgres(pool.connect_with(options.database(&name)).await.unwrap())
                }
            };
            let store = Store::<api::Scope>::new(database.pool(), FORMAT).limit(u32::MAX);
            store.migrate().await.unwrap();
            let presented = tokens.min(PRESENTED);
            let session = api::Grant::new(api::Scopes::all()).for_tenant("E1").unwrap().with_subject("user 1");
            let mut secrets = Vec::new();
            for _ in 0..presented {
                let new = NewToken::named("presented").scopes(api::Scopes::all()).tenant("E1").unwrap();
                secrets.push(store.issue(&session, new).await.unwrap().secret().reveal().to_owned());
            }
            if tokens > presented {
                database.fill(tokens - presented).await;
            }
            let secrets = Arc::new(secrets);
            for is_cached in [false, true] {
                let store = Store::<api::Scope>::new(database.pool(), FORMAT);
                let store = if is_cached { store.cached(Duration::from_secs(10)) } else { store };
                measure(&store, &secrets, Duration::from_secs(1)).await;
                let mut times = measure(&store, &secrets, Duration::from_secs(seconds)).await;
                times.sort_unstable();
                let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e6;
                println!(
                    "| {name} | {tokens} | {} | {:.0} | {:.0} µs | {:.0} µs |",
                    if is_cached { "10 s" } else { "off" },
                    times.len() as f64 / seconds as f64,
                    at(50),
                    at(99),
                );
            }
            match database {
                Database::Sqlite(pool) => pool.close().await,
                Database::Postgres(pool) => pool.close().await,
            }
            for end in ["", "-wal", "-shm"] {
                let _absent = std::fs::remove_file(format!("{}{end}", file.display()));
            }
        }
    }
}

/// Presents the tokens in turn, and returns how long each look-up took.
async fn measure(store: &Store<api::Scope>, secrets: &Arc<Vec<String>>, time: Duration) -> Vec<Duration> {
    let (next, began) = (Arc::new(AtomicUsize::new(0)), Instant::now());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (store, secrets, next) = (store.clone(), Arc::clone(secrets), Arc::clone(&next));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < time {
                    let secret = &secrets[next.fetch_add(1, Ordering::Relaxed) % secrets.len()];
                    let started = Instant::now();
                    // Like the layers: the cache first, which does not wait.
                    let grant = match store.verify_now(secret) {
                        Some(answer) => answer,
                        None => store.verify(secret).await,
                    };
                    times.push(started.elapsed());
                    assert!(grant.unwrap().is_some());
                    if times.len() % 64 == 0 {
                        tokio::task::yield_now().await;
                    }
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for client in clients {
        times.extend(client.await.unwrap());
    }
    times
}
