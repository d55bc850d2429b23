//! One run of the application's verifier. A panic fails this request only.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
#[cfg(feature = "tower")]
use std::task::Waker;
use std::task::{Context, Poll};

use scopes_core::Scope;

use super::guarded::{Guarded, Panicked, caught};
use super::kept_token::KeptToken;
use super::outcome::Authentication;
use super::verifier::{DynVerifier, VerifyError};
use crate::grant::Grant;
use crate::log;

/// The verifier has been asked about a token.
#[must_use = "a verification that nothing waits for never ends"]
pub(crate) enum Verification<S: Scope> {
    /// It has answered.
    Done(Authentication<S>),
    /// It has to wait.
    Running(Running<S>),
}

/// A verifier that has not answered yet. It is dropped if the client closes the connection.
pub(crate) struct Running<S: Scope>(Guarded<Pin<Box<dyn Future<Output = Verdict<S>> + Send>>>);

type Verdict<S> = Result<Option<Grant<S>>, VerifyError>;

impl<S: Scope> Verification<S> {
    /// Asks the verifier. A panic in the verifier, its future or its errors fails only this
    /// request. Calls `keep` if the token must outlive the request.
    pub(crate) fn start(verifier: &Arc<dyn DynVerifier<S>>, token: &str, keep: impl FnOnce() -> KeptToken) -> Self {
        match now(verifier, token) {
            Some(authentication) => Self::Done(authentication),
            None => Self::later(verifier, keep()),
        }
    }

    /// Like [`start`](Self::start), but for a token that is kept already.
    #[cfg(feature = "_late")]
    pub(crate) fn start_kept(verifier: &Arc<dyn DynVerifier<S>>, token: KeptToken) -> Self {
        match now(verifier, token.as_str()) {
            Some(authentication) => Self::Done(authentication),
            None => Self::later(verifier, token),
        }
    }

    fn later(verifier: &Arc<dyn DynVerifier<S>>, token: KeptToken) -> Self {
        let verifier = Arc::clone(verifier);
        match caught(|| verifier.verify_owned(token)) {
            Ok(future) => Self::Running(Running(Guarded::new(future))),
            Err(panicked) => Self::Done(authentication(Err(panicked))),
        }
    }

    /// Polls the verifier once, so that a verifier that does not have to wait answers at once. This
    /// poll may use any waker, because code that awaits a [`Running`] polls it again with the
    /// task's own waker.
    #[cfg(feature = "tower")]
    pub(crate) fn or_poll_once(self) -> Self {
        self.polled(&mut Context::from_waker(Waker::noop()))
    }

    /// Polls the verifier if it has not answered.
    #[cfg(any(feature = "tower", feature = "_late"))]
    pub(crate) fn polled(self, context: &mut Context<'_>) -> Self {
        let Self::Running(mut running) = self else { return self };
        match Pin::new(&mut running).poll(context) {
            Poll::Ready(authentication) => Self::Done(authentication),
            Poll::Pending => Self::Running(running),
        }
    }
}

impl<S: Scope> Future for Running<S> {
    type Output = Authentication<S>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Authentication<S>> {
        Pin::new(&mut self.0).poll(context).map(authentication)
    }
}

/// The answer of a verifier that does not need to wait.
fn now<S: Scope>(verifier: &Arc<dyn DynVerifier<S>>, token: &str) -> Option<Authentication<S>> {
    match caught(|| DynVerifier::verify_now_dyn(&**verifier, token)) {
        Ok(verdict) => verdict.map(|verdict| authentication(Ok(verdict))),
        Err(panicked) => Some(authentication(Err(panicked))),
    }
}

fn authentication<S: Scope>(verdict: Result<Verdict<S>, Panicked>) -> Authentication<S> {
    match verdict {
        Ok(Ok(Some(grant))) => Authentication::of_grant(grant),
        Ok(Ok(None)) => Authentication::Invalid,
        Ok(Err(error)) => unavailable::<S>(error),
        Err(Panicked) => failed::<S>(),
    }
}

#[cold]
fn unavailable<S: Scope>(error: VerifyError) -> Authentication<S> {
    // Formatted first: a panic must not come in the middle of writing a line.
    let text = caught(|| {
        let text = error.to_string();
        drop(error);
        text
    });
    match text {
        Ok(text) => {
            log::error(format_args!("the verifier cannot check a token: {text}"));
            Authentication::Unavailable
        }
        Err(Panicked) => failed::<S>(),
    }
}

#[cold]
fn failed<S: Scope>() -> Authentication<S> {
    // The panic's message is left out, because it may hold the token.
    log::error(format_args!("the verifier of `{}` panicked; the request is answered with 500", S::catalogue().name()));
    Authentication::Failed
}
