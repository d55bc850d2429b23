//! The facts of a request that axum's router has matched.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::extract::{FromRequestParts, MatchedPath, OriginalUri, RawPathParams};
use http::{Extensions, Method, Uri};

use super::allow::Dispatched;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;

/// The facts of a request that may have passed nested routers of axum.
#[inline]
pub(crate) fn facts<'a>(method: &'a Method, uri: &'a Uri, extensions: &'a Extensions) -> Facts<'a> {
    let dispatched = extensions.get::<Dispatched>();
    let facts = facts_by_this_method(method, uri, extensions);
    match dispatched {
        Some(dispatched) if dispatched.method != *method => facts.misread(),
        Some(_) => facts,
        None => Facts { dispatch_unknown: facts.matched_template.is_some(), ..facts },
    }
}

/// The facts of a request for which axum is known to have chosen the handler by the request's
/// present method.
#[inline]
pub(super) fn facts_by_this_method<'a>(method: &'a Method, uri: &'a Uri, extensions: &'a Extensions) -> Facts<'a> {
    let original = extensions.get::<OriginalUri>().map(|OriginalUri(original)| original);
    let matched = extensions.get::<MatchedPath>();
    let method = judged_method(method, extensions);
    let facts = Facts::of_match(method, original.unwrap_or(uri), original.map(|_| uri.path()), matched);
    // A layer may have stripped more than the mount prefix, and a catch-all would hide that.
    if matched.is_none() || !facts.is_stripped() || !facts.ends_in_rest() {
        return facts;
    }
    match parameters(extensions) {
        Some(parameters) => facts.with_values(parameters.iter().map(|(_, value)| value)),
        None => facts.misread(),
    }
}

/// axum gives the values of parameters only to extractors. This extractor never has to wait.
fn parameters(extensions: &Extensions) -> Option<RawPathParams> {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.extensions = extensions.clone();
    let mut extracted = pin!(RawPathParams::from_request_parts(&mut parts, &()));
    match extracted.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parameters) => parameters.ok(),
        Poll::Pending => None,
    }
}
