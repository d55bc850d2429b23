//! A verifier that waits for a test's permission to answer, and counts its runs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use scopes::{Grant, Scope, Verifier, VerifyError};
use tokio::sync::Semaphore;

/// Verifies a token.
type Verify<S> = fn(&str) -> Result<Option<Grant<S>>, VerifyError>;

/// A verifier that waits until the test lets it answer.
#[derive(Clone, Debug)]
pub struct Probe<S: Scope> {
    counts: Arc<Counts>,
    verify: Verify<S>,
}

#[derive(Debug)]
struct Counts {
    asked: AtomicUsize,
    ended: AtomicUsize,
    let_go: Semaphore,
}

/// Counts the runs that ended, finished or dropped.
struct Running<'a>(&'a Counts);

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.ended.fetch_add(1, Ordering::SeqCst);
    }
}

impl<S: Scope> Probe<S> {
    /// Makes a verifier that may give this number of answers at once.
    #[must_use]
    pub fn new(answers: usize, verify: Verify<S>) -> Self {
        let (asked, ended) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self { counts: Arc::new(Counts { asked, ended, let_go: Semaphore::new(answers) }), verify }
    }

    /// Permits one more answer.
    pub fn let_one_go(&self) {
        self.counts.let_go.add_permits(1);
    }

    /// How many runs have begun.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.counts.asked.load(Ordering::SeqCst)
    }

    /// How many runs have ended, finished or dropped.
    #[must_use]
    pub fn ended(&self) -> usize {
        self.counts.ended.load(Ordering::SeqCst)
    }
}

impl<S: Scope> Verifier<S> for Probe<S> {
    async fn verify(&self, token: &str) -> Result<Option<Grant<S>>, VerifyError> {
        self.counts.asked.fetch_add(1, Ordering::SeqCst);
        let _running = Running(&self.counts);
        self.counts.let_go.acquire().await?.forget();
        (self.verify)(token)
    }
}

/// Polls once, as a server does before it goes on with other connections.
fn poll<T>(future: &mut Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Three futures ask for the caller of one request. The one that polled the verifier last is
/// cancelled, and the others still get the answer. Returns what they got.
///
/// # Panics
/// If the verifier answers before the test permits it.
pub async fn three_ask<S: Scope, F: Future<Output = bool>>(probe: &Probe<S>, ask: impl Fn() -> F) -> String {
    let (mut first, mut second, third) = (Box::pin(ask()), Box::pin(ask()), Box::pin(ask()));
    assert!(poll(&mut second).is_pending() && poll(&mut first).is_pending());
    drop(first);
    probe.let_one_go();
    let (second, third) = tokio::join!(second, third);
    format!("{second} {third}")
}

/// The client goes away while the verifier runs.
///
/// # Panics
/// If the verifier does not run, or continues to run.
#[track_caller]
pub fn dropped_while_it_runs<S: Scope, T>(probe: &Probe<S>, response: impl Future<Output = T>) {
    let mut response = Box::pin(response);
    assert!(poll(&mut response).is_pending());
    assert_eq!(probe.asked(), probe.ended() + 1);
    drop(response);
    assert_eq!(probe.asked(), probe.ended());
}
