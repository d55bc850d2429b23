//! Two processes serve requests while a third revokes the tokens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use tower::ServiceExt as _;

use crate::database::Database;
use crate::worker::{Worker, tell};
use crate::{api, named, now, random, session, store};

const TOKENS: usize = 40;
const STALENESS: Duration = Duration::from_millis(800);
/// The last token ends the load: a worker stops when the server refuses this token.
const LAST: usize = TOKENS - 1;
/// The time after which a worker stops in any case.
const LIMIT: Duration = Duration::from_secs(120);

pub(crate) async fn no_request_is_served_after_a_revocation(database: &Database) {
    let store = store(database);
    store.migrate().await.unwrap();
    let mut tokens = Vec::new();
    for at in 0..TOKENS {
        tokens.push(store.issue(&session(), named(&at.to_string())).await.unwrap());
    }
    let secrets: Vec<_> = tokens.iter().map(|made| made.secret().reveal()).collect();
    let secrets = secrets.join("\n");
    // The test reads the output while the workers run, because a full pipe would block them.
    let direct = tokio::spawn(Worker::start("serve 0", database, &secrets).await.finish());
    let cached = Worker::start(&format!("serve {}", STALENESS.as_millis()), database, &secrets).await;
    let cached = tokio::spawn(cached.finish());
    tokio::time::sleep(Duration::from_millis(1000)).await;
    // The moment at which each revocation was certainly committed. One token stays.
    let mut committed = vec![None; TOKENS];
    for at in 0..TOKENS - 2 {
        if at % 2 == 0 {
            store.of_subject("u").revoke(tokens[at].id()).await.unwrap();
        } else {
            store.of_subject("u").rotate(tokens[at].id(), Duration::ZERO).await.unwrap();
        }
        committed[at] = Some(now());
        tokio::time::sleep(Duration::from_millis(20 + u64::try_from(random(120)).unwrap())).await;
    }
    tokio::time::sleep(2 * STALENESS).await;
    store.of_subject("u").revoke(tokens[LAST].id()).await.unwrap();
    committed[LAST] = Some(now());
    for (worker, staleness) in [(direct, Duration::ZERO), (cached, STALENESS)] {
        let lines = worker.await.unwrap();
        let (mut served, mut refused) = (vec![0; TOKENS], vec![0; TOKENS]);
        for line in lines.iter().filter(|line| !line.is_empty()) {
            let parts: Vec<_> = line.split(' ').collect();
            let (token, began, status): (usize, u128, u16) =
                (parts[0].parse().unwrap(), parts[1].parse().unwrap(), parts[2].parse().unwrap());
            match status {
                200 => {
                    served[token] += 1;
                    if let Some(committed) = committed[token] {
                        let late = began.saturating_sub(committed + staleness.as_micros());
                        assert_eq!(late, 0, "token {token} was served {late} microseconds too late");
                    }
                }
                401 => refused[token] += 1,
                other => panic!("{other}"),
            }
        }
        println!("staleness {staleness:?}: {} served, {} refused", sum(&served), sum(&refused));
        for token in 0..TOKENS {
            assert!(served[token] > 0, "token {token} was never served");
            assert_eq!(refused[token] > 0, committed[token].is_some(), "token {token}: {}", refused[token]);
        }
    }
}

fn sum(counts: &[u32]) -> u32 {
    counts.iter().sum()
}

/// Serves requests with each of the tokens in turn, at a bounded rate, and tells when each began
/// and how it was answered.
pub(crate) async fn serve(database: &Database, secrets: &str, staleness: u64) {
    let store = store(database);
    let store = if staleness == 0 { store } else { store.cached(Duration::from_millis(staleness)) };
    let router = Router::new()
        .route("/accounts/{account}/users", get(|| async { "users" }))
        .route("/accounts/{account}/tokens", get(|| async { "" }));
    let app = api::gate(router).authenticate(store);
    let (began, is_over) = (Instant::now(), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (app, secrets, is_over) = (app.clone(), secrets.to_owned(), Arc::clone(&is_over));
            tokio::spawn(async move {
                let secrets: Vec<_> = secrets.lines().enumerate().collect();
                let mut next = client * secrets.len() / 4;
                while began.elapsed() < LIMIT && !is_over.load(Ordering::Relaxed) {
                    let (token, secret) = secrets[next % secrets.len()];
                    next += 1;
                    let request =
                        Request::get("/accounts/E1/users").header("authorization", format!("Bearer {secret}"));
                    let request = request.body(Body::empty()).unwrap();
                    let started = now();
                    let response = app.clone().oneshot(request).await.unwrap();
                    tell(&format!("{token} {started} {}", response.status().as_u16()));
                    if token == LAST && !response.status().is_success() {
                        is_over.store(true, Ordering::Relaxed);
                    }
                    tokio::time::sleep(Duration::from_millis(4)).await;
                }
            })
        })
        .collect();
    for client in clients {
        client.await.unwrap();
    }
}
