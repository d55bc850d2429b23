//! Credentials that were not verified, because the route needs no caller. The verifier runs when a
//! handler asks for the caller.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use scopes_core::Scope;

use super::kept_token::KeptToken;
use super::outcome::Authentication;
use super::verification::{Running, Verification};
use super::verifier::DynVerifier;

/// A token and its verifier. The verifier runs once, even if several extractors ask and some are
/// cancelled.
pub(crate) struct Unverified<S: Scope> {
    run: Mutex<Run<S>>,
    waiting: Arc<Waiting>,
}

enum Run<S: Scope> {
    NotStarted(Arc<dyn DynVerifier<S>>, KeptToken),
    Running(Running<S>),
    Ended,
}

/// The tasks that wait for the answer. The verifier wakes all of them, because the task that polled
/// it last may be cancelled.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl<S: Scope> Unverified<S> {
    pub(crate) fn new(verifier: Arc<dyn DynVerifier<S>>, token: KeptToken) -> Self {
        Self { run: Mutex::new(Run::NotStarted(verifier, token)), waiting: Arc::default() }
    }

    /// Asks the verifier, or continues a run that has begun. Returns the answer once.
    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<Authentication<S>> {
        self.waiting.add(context.waker());
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        let verification = match mem::replace(&mut *run, Run::Ended) {
            Run::NotStarted(verifier, token) => Verification::start_kept(&verifier, token),
            Run::Running(running) => Verification::Running(running),
            Run::Ended => return Poll::Pending,
        };
        let waker = Waker::from(Arc::clone(&self.waiting));
        match verification.polled(&mut Context::from_waker(&waker)) {
            Verification::Done(authentication) => Poll::Ready(authentication),
            Verification::Running(running) => {
                *run = Run::Running(running);
                Poll::Pending
            }
        }
    }

    /// Wakes all waiting tasks, once the answer can be read.
    pub(crate) fn wake(&self) {
        self.waiting.wake_all();
    }
}

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut wakers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !wakers.iter().any(|known| known.will_wake(waker)) {
            wakers.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let wakers = mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        wakers.into_iter().for_each(Waker::wake);
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_all();
    }
}
