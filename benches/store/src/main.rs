//! Look-ups of tokens a second, and how long the slowest hundredth takes, with 1, 1,000 and
//! 1,000,000 tokens, on both databases, with and without the cache. Prints a table.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails ends the benchmark")]

#[path = "../../../scopes-store/tests/suite/postgres.rs"]
mod postgres;

use std::path::PathBuf;
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
            Self::Postgres(_) => {
                (format!("WITH g (n) AS (SELECT generate_series(1, {tokens}))"), "sha256(CAST(id AS bytea))")
            }
        };
        for insert in [
            "INSERT INTO scopes_tokens (id, subject, name, scopes, tenants, created_at, version) {g} \
             SELECT 'filling ' || n, 'user ' || (n % 10000), 'filling', 'users.read users.write', '[\"E1\"]', n, 0 FROM g",
            "INSERT INTO scopes_secrets (digest, token, checksum, is_current) \
             SELECT {d}, number, 'abcdef', 1 FROM scopes_tokens WHERE name = 'filling'",
            "INSERT INTO scopes_token_tenants (tenant, created_at, token_id) {g} SELECT 'E1', n, 'filling ' || n FROM g",
            "ANALYZE",
        ] {
            self.execute(&insert.replace("{g}", &numbers).replace("{d}", digest)).await;
        }
    }
}

/// A database with this number of tokens.
struct Prepared {
    name: &'static str,
    tokens: u32,
    database: Database,
    file: PathBuf,
    secrets: Arc<Vec<String>>,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let number = |name: &str, default| std::env::var(name).map_or(default, |value| value.parse().unwrap());
    let (rounds, seconds) = (number("ROUNDS", 7), number("SECONDS_EACH", 1));
    let mut prepared = Vec::new();
    for name in ["SQLite", "PostgreSQL"] {
        for tokens in [1, 1000, 1_000_000] {
            prepared.extend(prepare(name, tokens).await);
        }
    }
    let mut runs = Vec::new();
    for prepared in &prepared {
        for is_cached in [false, true] {
            let store = Store::<api::Scope>::new(prepared.database.pool(), FORMAT);
            let store = if is_cached { store.cached(Duration::from_secs(10)) } else { store };
            runs.push((prepared, is_cached, store, Vec::new()));
        }
    }
    // By turns, so that the load of the machine is the same for all. The first round warms up.
    for round in 0..=rounds {
        for (prepared, _, store, results) in &mut runs {
            let mut times = measure(store, &prepared.secrets, Duration::from_secs(seconds)).await;
            times.sort_unstable();
            let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e6;
            if round != 0 {
                results.push([times.len() as f64 / seconds as f64, at(50), at(99)]);
            }
        }
    }
    println!("| database | tokens | cache | look-ups a second | p50 | p99 |\n|---|---|---|---|---|---|");
    for (prepared, is_cached, _, results) in &mut runs {
        let mut median = |column: usize| {
            results.sort_by(|one, other| one[column].total_cmp(&other[column]));
            results[results.len() / 2][column]
        };
        let (rate, p50, p99) = (median(0), median(1), median(2));
        let cache = if *is_cached { "10 s" } else { "off" };
        println!("| {} | {} | {cache} | {rate:.0} | {p50:.1} µs | {p99:.1} µs |", prepared.name, prepared.tokens);
    }
    for prepared in prepared {
        match prepared.database {
            Database::Sqlite(pool) => pool.close().await,
            Database::Postgres(pool) => pool.close().await,
        }
        for end in ["", "-wal", "-shm"] {
            let _absent = std::fs::remove_file(format!("{}{end}", prepared.file.display()));
        }
    }
}

/// Makes a database with its tokens. `None` if PostgreSQL is not installed.
async fn prepare(name: &'static str, tokens: u32) -> Option<Prepared> {
    let file = std::env::temp_dir().join(format!("scopes-bench-{}-{tokens}.db", std::process::id()));
    let database = if name == "SQLite" {
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        // Without these, SQLite reads pages of a large file again and again.
        let options = options.journal_mode(SqliteJournalMode::Wal).pragma("cache_size", "-65536");
        Database::Sqlite(SqlitePoolOptions::new().max_connections(4).connect_with(options).await.unwrap())
    } else {
        let server = postgres::server()?;
        let options = PgConnectOptions::new_without_pgpass().host("127.0.0.1").port(server.port).username("postgres");
        let admin = PgPool::connect_with(options.clone().database("postgres")).await.unwrap();
        let name = format!("bench_{tokens}");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&admin).await.unwrap();
        admin.close().await;
        let pool = PgPoolOptions::new().max_connections(8);
        Database::Postgres(pool.connect_with(options.database(&name)).await.unwrap())
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
    Some(Prepared { name, tokens, database, file, secrets: Arc::new(secrets) })
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
