//! One run of the verifier is shared by all who ask for the caller, a cancelled one does not lose it,
//! a panic in it fails this request only, and a client that goes away ends it. axum has tests of its
//! own, in `axum/lazy.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use scopes::{Verifier, VerifyError};
use tokio::sync::Semaphore;

mod in_actix_web;
mod in_poem;
mod in_rocket;
mod in_salvo;
mod in_tower;

/// The API of all servers here.
pub mod shop {
    scopes::scopes! {
        pub mod api;
        orders.read { GET "/orders"; }
        public("knows its customers") { GET "/greeting"; }
    }
}

use shop::api::{self, Grant};

/// A verifier that answers when it is let, and counts.
#[derive(Clone, Debug)]
struct Probe(Arc<Counts>);

#[derive(Debug)]
struct Counts {
    asked: AtomicUsize,
    ended: AtomicUsize,
    let_go: Semaphore,
}

/// Counts the runs that came to an end, finished or dropped.
struct Running(Arc<Counts>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl Probe {
    fn new() -> Self {
        let (asked, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self(Arc::new(Counts { asked, ended, let_go: Semaphore::new(0) }))
    }

    fn let_one_go(&self) {
        self.0.let_go.add_permits(1);
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn ended(&self) -> usize {
        self.0.ended.load(Ordering::SeqCst)
    }
}

impl Verifier<api::Scope> for Probe {
    async fn verify(&self, token: &str) -> Result<Option<Grant>, VerifyError> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let _running = Running(Arc::clone(&self.0));
        self.0.let_go.acquire().await?.forget();
        assert_ne!(token, "panic", "as it was asked to");
        Ok((token == "reader").then(|| Grant::new(api::Scope::OrdersRead)))
    }
}

/// Three ask for the caller of one request. The one that has polled the verifier last is cancelled;
/// the others still get the answer. Says what they got.
async fn three_ask<F: Future<Output = bool>>(probe: &Probe, ask: impl Fn() -> F) -> String {
    let (mut first, mut second, third) = (Box::pin(ask()), Box::pin(ask()), Box::pin(ask()));
    assert!(poll(&mut second).is_pending() && poll(&mut first).is_pending());
    drop(first);
    probe.let_one_go();
    let (second, third) = tokio::join!(second, third);
    format!("{second} {third}")
}

/// What a handler answers in which three ask, and the token.
const THREE_ASK: [(&str, &str); 3] = [("reader", "true true"), ("unknown", "false false"), ("panic", "false false")];

/// Polls once, as a server does before it goes on with other connections.
fn poll<T>(future: &mut Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// The client goes away while the verifier runs.
fn dropped_while_it_runs<T>(probe: &Probe, response: impl Future<Output = T>) {
    let mut response = Box::pin(response);
    assert!(poll(&mut response).is_pending());
    assert_eq!(probe.asked(), probe.ended() + 1);
    drop(response);
    assert_eq!(probe.asked(), probe.ended());
}
