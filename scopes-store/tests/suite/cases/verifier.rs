//! The verifier: 503 while the database is down, bounded waiting, and the cache.

use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::get;
use scopes::Verifier as _;
use scopes_store::{Error, ImportedToken, NotYours, Store};
use sqlx::pool::PoolConnection;
use tower::ServiceExt as _;

use crate::database::{Database, FORMAT};
use crate::{api, grant_of, named, session};

const HOUR: Duration = Duration::from_secs(3600);

/// The status of a request for this path on a gated server whose verifier is the store.
async fn status(store: &Store<api::Scope>, path: &str, token: Option<&str>) -> StatusCode {
    let users = Router::new().route("/accounts/{account}/users", get(|| async { "users" }));
    let app = api::gate(users.route("/accounts/{account}/tokens", get(|| async { "" }))).authenticate(store.clone());
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
}

const USERS: &str = "/accounts/E1/users";

/// Holds all connections of the pool, so that look-ups wait.
async fn busy(database: &Database) -> Busy {
    let mut busy = Busy::default();
    for _ in 0..5 {
        match database {
            Database::Sqlite(pool, _) => busy.sqlite.push(pool.acquire().await.unwrap()),
            Database::Postgres(pool, _) => busy.postgres.push(pool.acquire().await.unwrap()),
        }
    }
    busy
}

#[derive(Default)]
struct Busy {
    sqlite: Vec<PoolConnection<sqlx::Sqlite>>,
    postgres: Vec<PoolConnection<sqlx::Postgres>>,
}

pub(crate) async fn a_request_is_answered_by_what_the_token_may(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let secret = made.secret().reveal();
    assert_eq!(status(&store, USERS, Some(secret)).await, StatusCode::OK);
    assert_eq!(status(&store, "/accounts/E2/users", Some(secret)).await, StatusCode::FORBIDDEN);
    assert_eq!(status(&store, USERS, None).await, StatusCode::UNAUTHORIZED);
    let unknown = FORMAT.generate().unwrap();
    for token in [unknown.reveal(), "acme_typo", "x", &secret[1..], &secret.to_lowercase(), made.id()] {
        assert_eq!(status(&store, USERS, Some(token)).await, StatusCode::UNAUTHORIZED, "{token}");
    }
    store.of_subject("u").revoke(made.id()).await.unwrap();
    assert_eq!(status(&store, USERS, Some(secret)).await, StatusCode::UNAUTHORIZED);
}

pub(crate) async fn a_database_that_is_down_is_503(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let revoked = store.issue(&session("u"), named("n")).await.unwrap();
    store.of_subject("u").revoke(revoked.id()).await.unwrap();
    database.close().await;
    let unknown = FORMAT.generate().unwrap();
    for token in [made.secret(), revoked.secret(), &unknown] {
        for path in [USERS, "/accounts/E2/users", "/nowhere"] {
            let status = status(&store, path, Some(token.reveal())).await;
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        }
        let error = store.verify(token.reveal()).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(token.reveal()));
        assert!(error.to_string().contains("closed pool"), "the log has the cause: {error}");
    }
    // Neither a request without a token nor a text without a token's form needs a look-up.
    assert_eq!(status(&store, USERS, None).await, StatusCode::UNAUTHORIZED);
    assert_eq!(status(&store, USERS, Some("acme_typo")).await, StatusCode::UNAUTHORIZED);
    assert!(matches!(store.issue(&session("u"), named("n")).await, Err(Error::Database(_))));
    assert!(matches!(store.of_subject("u").revoke(made.id()).await, Err(Error::Database(_))));
}

pub(crate) async fn tables_that_are_missing_are_503(database: Database) {
    let store = database.store().await;
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    database.execute("ALTER TABLE scopes_secrets RENAME TO elsewhere").await.unwrap();
    assert_eq!(status(&store, USERS, Some(made.secret().reveal())).await, StatusCode::SERVICE_UNAVAILABLE);
    database.execute("ALTER TABLE elsewhere RENAME TO scopes_secrets").await.unwrap();
    assert_eq!(status(&store, USERS, Some(made.secret().reveal())).await, StatusCode::OK);
    database.execute("UPDATE scopes_tokens SET tenants = 'E1'").await.unwrap();
    assert_eq!(status(&store, USERS, Some(made.secret().reveal())).await, StatusCode::SERVICE_UNAVAILABLE);
}

pub(crate) async fn waiting_is_bounded_in_time_and_number(database: Database) {
    let time = Duration::from_millis(700);
    let store = database.store().await.lookups(time, 2);
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let held = busy(&database).await;
    let began = Instant::now();
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let (store, secret) = (store.clone(), made.secret().reveal().to_owned());
            tokio::spawn(async move { status(&store, USERS, Some(&secret)).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(200)).await;
    // Two wait, so the third is answered at once.
    let third = Instant::now();
    assert_eq!(status(&store, USERS, Some(made.secret().reveal())).await, StatusCode::SERVICE_UNAVAILABLE);
    assert!(third.elapsed() < time, "{:?}", third.elapsed());
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), StatusCode::SERVICE_UNAVAILABLE);
    }
    assert!(began.elapsed() >= time && began.elapsed() < 20 * time, "{:?}", began.elapsed());
    // A client that goes away gives its place back.
    for _ in 0..5 {
        let lost = tokio::time::timeout(Duration::from_millis(20), store.verify(made.secret().reveal()));
        assert!(lost.await.is_err());
    }
    drop(held);
    assert_eq!(status(&store, USERS, Some(made.secret().reveal())).await, StatusCode::OK);
}

pub(crate) async fn a_cached_answer_ends(database: Database) {
    let time = Duration::from_millis(1500);
    database.store().await;
    let cached = Store::<api::Scope>::new(database.pool(), FORMAT).cached(time);
    let other = Store::<api::Scope>::new(database.pool(), FORMAT);
    let issue = async |name: &str| other.issue(&session("u"), named(name)).await.unwrap();
    let (here, there, rotated) = (issue("here").await, issue("there").await, issue("rotated").await);
    for made in [&here, &there, &rotated] {
        assert!(cached.verify_now(made.secret().reveal()).is_none(), "not yet");
        assert!(grant_of(&cached, made).await.is_some());
        assert!(cached.verify_now(made.secret().reveal()).unwrap().unwrap().is_some());
    }
    assert!(cached.verify_now("acme_typo").unwrap().unwrap().is_none());

    // A revocation by another process is seen when the time of the cache has passed.
    other.of_subject("u").revoke(there.id()).await.unwrap();
    let new = other.of_subject("u").rotate(rotated.id(), Duration::ZERO).await.unwrap();
    let revoked = Instant::now();
    let stale = grant_of(&cached, &rotated).await;
    // A grant from the cache can neither issue nor rotate if its secret was replaced.
    if let Some(stale) = stale {
        assert!(matches!(cached.issue(&stale, named("x")).await, Err(Error::NotYours(NotYours::Replaced))));
        assert!(matches!(cached.rotate(&stale, HOUR).await, Err(Error::NotYours(NotYours::Replaced))));
    }
    while revoked.elapsed() < time {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(grant_of(&cached, &there).await.is_none());
    assert!(grant_of(&cached, &rotated).await.is_none() && grant_of(&cached, &new).await.is_some());

    // A revocation by this process is seen at once.
    assert!(grant_of(&cached, &here).await.is_some());
    cached.of_subject("u").revoke(here.id()).await.unwrap();
    assert!(grant_of(&cached, &here).await.is_none());

    // A revocation within a transaction is seen after the commit and `forget_cached`, or after the
    // time of the cache.
    let last = issue("last").await;
    let mut begun = database.begin().await;
    cached.within(begun.connection()).of_subject("u").revoke(last.id()).await.unwrap();
    assert!(grant_of(&cached, &last).await.is_some(), "not committed");
    begun.commit().await;
    cached.forget_cached();
    assert!(grant_of(&cached, &last).await.is_none());
}

pub(crate) async fn the_cache_survives_a_database_that_is_down_for_its_time_only(database: Database) {
    let time = Duration::from_millis(800);
    let cached = database.store().await.cached(time);
    let made = cached.issue(&session("u"), named("n")).await.unwrap();
    let began = Instant::now();
    assert!(grant_of(&cached, &made).await.is_some());
    database.close().await;
    if began.elapsed() < time / 2 {
        assert_eq!(status(&cached, USERS, Some(made.secret().reveal())).await, StatusCode::OK);
    }
    while began.elapsed() < time + Duration::from_millis(100) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(status(&cached, USERS, Some(made.secret().reveal())).await, StatusCode::SERVICE_UNAVAILABLE);
}

pub(crate) async fn unknown_tokens_are_never_cached(database: Database) {
    let store = database.store().await.cached(Duration::from_secs(10));
    let token = FORMAT.generate().unwrap();
    assert!(store.verify(token.reveal()).await.unwrap().is_none());
    assert!(store.verify_now(token.reveal()).is_none());
    let now = SystemTime::now();
    let later = ImportedToken::of_digest("1", token.digest(), token.checksum()).not_before(now + HOUR);
    store.import(later).await.unwrap();
    assert!(store.verify(token.reveal()).await.unwrap().is_none(), "not valid yet");
    assert!(store.verify_now(token.reveal()).is_none());
    let store = store.clock(move || now + 2 * HOUR);
    assert!(store.verify(token.reveal()).await.unwrap().is_some());
    assert!(store.verify_now(token.reveal()).is_some());
}

pub(crate) async fn a_look_up_uses_the_indexes(database: Database) {
    let store = database.store().await.limit(u32::MAX);
    let made = store.issue(&session("u"), named("n")).await.unwrap();
    let Database::Postgres(..) = &database else {
        // The library's own test asks SQLite for its plan.
        return;
    };
    for statement in [
        "INSERT INTO scopes_tokens (id, name, scopes, tenants, created_at, version) \
         SELECT 'many ' || n, '', '', '[]', n, 0 FROM generate_series(1, 20000) n",
        "INSERT INTO scopes_secrets (digest, token, checksum, is_current) \
         SELECT sha256(CAST(id AS bytea)), number, 'abcdef', 1 FROM scopes_tokens WHERE scopes = ''",
        "ANALYZE",
    ] {
        database.execute(statement).await.unwrap();
    }
    // The inserts above have read the tables to check foreign keys, and each connection reports its
    // counts with a delay. So the test uses a new connection for the look-ups.
    let fresh = Database::from_text(&database.to_text()).await;
    let looking = Store::<api::Scope>::new(fresh.pool(), FORMAT);
    let scans = async |kind: &str| {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let statement = format!(
            "SELECT CAST(SUM({kind}) AS BIGINT) FROM pg_stat_user_tables WHERE relname IN ('scopes_tokens', 'scopes_secrets')"
        );
        database.number(&statement).await
    };
    // Waits until the counts are stable, because a connection may report them only when it ends.
    for _ in 0..10 {
        if scans("seq_scan").await == scans("seq_scan").await {
            break;
        }
    }
    let (sequential, indexed) = (scans("seq_scan").await, scans("idx_scan").await);
    for _ in 0..50 {
        assert!(grant_of(&looking, &made).await.is_some());
        assert!(looking.verify(FORMAT.generate().unwrap().reveal()).await.unwrap().is_none());
    }
    fresh.close().await;
    assert_eq!(scans("seq_scan").await, sequential, "a table was read as a whole");
    assert!(scans("idx_scan").await >= indexed + 100);
}
