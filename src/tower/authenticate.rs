//! Authentication as a layer.

use std::mem;
use std::task::{Context, Poll};

use http::{Request, Response};
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use super::{ResponseFuture, outcome};
use crate::auth::authenticate::{Authenticate, report};

impl<S: Scope, I> Layer<I> for Authenticate<S> {
    type Service = AuthenticateService<S, I>;

    fn layer(&self, inner: I) -> Self::Service {
        AuthenticateService { inner, authenticate: self.clone() }
    }
}

/// The service that [`Authenticate`] makes as a layer.
#[derive(Clone, Debug)]
pub struct AuthenticateService<S: Scope, I> {
    inner: I,
    authenticate: Authenticate<S>,
}

impl<S, I, B, R> Service<Request<B>> for AuthenticateService<S, I>
where
    S: Scope,
    I: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    I::Future: Send,
    B: Send + 'static,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = ResponseFuture<R, I::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // The service that was polled ready is the one to call; the fresh clone stays behind.
        let fresh = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, fresh);
        let authentication = self.authenticate.read(&mut request);
        #[cfg(feature = "tonic")]
        crate::tonic::keep_target(&mut request);
        Box::pin(async move {
            let owner_check = authentication.await.insert(request.extensions_mut());
            let response = inner.call(request).await?;
            report(&owner_check, outcome(&response));
            Ok(response)
        })
    }
}
