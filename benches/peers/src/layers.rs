//! A layer that adds an extension to every request, for libraries that leave authentication to
//! their users.

use std::task::{Context, Poll};

use axum::extract::Request;
use http::{HeaderValue, header};
use tower::{Layer, Service};

use crate::TOKEN;

/// Adds a clone of the value to each request with the right token.
#[derive(Clone)]
pub(crate) struct Authenticated<T>(pub(crate) T);

#[derive(Clone)]
pub(crate) struct Authenticates<I, T>(I, T);

impl<I, T: Clone> Layer<I> for Authenticated<T> {
    type Service = Authenticates<I, T>;

    fn layer(&self, inner: I) -> Self::Service {
        Authenticates(inner, self.0.clone())
    }
}

impl<I: Service<Request>, T: Clone + Send + Sync + 'static> Service<Request> for Authenticates<I, T> {
    type Response = I::Response;
    type Error = I::Error;
    type Future = I::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if has_token(request.headers().get(header::AUTHORIZATION)) {
            request.extensions_mut().insert(self.1.clone());
        }
        self.0.call(request)
    }
}

pub(crate) fn has_token(value: Option<&HeaderValue>) -> bool {
    value.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer ")) == Some(TOKEN)
}
