//! Extractors, and the request as a carrier.

use std::fmt;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use scopes_core::Scope;

use super::facts::checked;
use super::outcomes::Outcomes;
use crate::auth::stored::Stored;
use crate::carrier::Carrier;
use crate::check;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Caller, Grant, Permit};

/// The permit is ready at once. actix-web polls all extractors of a handler together, so if this
/// one had to wait, the others could read the body meanwhile.
impl<R: Required> FromRequest for Permit<R> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Carrier::<R::Scope>::permit(request))
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<S: Scope> FromRequest for Grant<S> {
    type Error = Denied;
    type Future = CallerFuture<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        CallerFuture::of::<S>(request, |request| checked::<S, _>(request, check::grant))
    }
}

#[doc = include_str!("../docs/caller.md")]
impl<S: Scope> FromRequest for Caller<S> {
    type Error = Denied;
    type Future = CallerFuture<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        CallerFuture::of::<S>(request, |request| checked::<S, _>(request, check::caller))
    }
}

/// The future of the extractors [`Grant`] and [`Caller`]. On routes that need no caller, the
/// middleware has not asked the verifier, so this future waits for it.
pub struct CallerFuture<T>(State<T>);

enum State<T> {
    Ready(Ready<Result<T, Denied>>),
    Waiting(Pin<Box<dyn Future<Output = Result<T, Denied>>>>),
}

impl<T: 'static> CallerFuture<T> {
    fn of<S: Scope>(request: &HttpRequest, check: fn(&HttpRequest) -> Result<T, Denied>) -> Self {
        let unverified = {
            let extensions = request.extensions();
            extensions.get::<Outcomes>().and_then(|outcomes| Stored::<S>::unverified_in(&outcomes.0))
        };
        Self(match unverified {
            None => State::Ready(ready(check(request))),
            Some(state) => {
                let request = request.clone();
                State::Waiting(Box::pin(async move {
                    state.identity.verified().await;
                    check(&request)
                }))
            }
        })
    }
}

impl<T> Future for CallerFuture<T> {
    type Output = Result<T, Denied>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Ready(checked) => Pin::new(checked).poll(context),
            State::Waiting(checked) => checked.as_mut().poll(context),
        }
    }
}

impl<T> fmt::Debug for CallerFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallerFuture(..)")
    }
}

impl<S: Scope> Carrier<S> for HttpRequest {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        checked::<S, _>(self, check::permit)
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        checked::<S, _>(self, check::caller)
    }
}
