//! What axum's router has matched, in the catalogue's words.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::extract::{FromRequestParts, MatchedPath, OriginalUri, RawPathParams};
use http::{Extensions, Method, Uri};

use super::allow::Dispatched;
use crate::request::facts::{Facts, raw_target};

/// The facts of a request that may have passed routers of axum, one in the other.
pub(crate) fn facts<'a>(method: &'a Method, uri: &'a Uri, extensions: &'a Extensions) -> Facts<'a> {
    let facts = match extensions.get::<OriginalUri>() {
        Some(original) => Facts::new(method, raw_target(&original.0)).with_local_path(uri.path()),
        None => Facts::new(method, raw_target(uri)),
    };
    let dispatched = extensions.get::<Dispatched>();
    let facts = match dispatched {
        Some(dispatched) if dispatched.method != *method => facts.misread(),
        _ => facts,
    };
    let Some(matched) = extensions.get::<MatchedPath>() else { return facts };
    let facts = Facts { dispatch_unknown: dispatched.is_none(), ..facts.with_template(matched.as_str()) };
    // What was stripped may have been more than the mounts, and a rest hides it.
    if !facts.is_stripped() || !facts.ends_in_rest() {
        return facts;
    }
    match parameters(extensions) {
        Some(parameters) => facts.with_values(parameters.iter().map(|(_, value)| value)),
        None => facts.misread(),
    }
}

/// axum gives its values to extractors only. This one has nothing to wait for.
fn parameters(extensions: &Extensions) -> Option<RawPathParams> {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.extensions = extensions.clone();
    let mut extracted = pin!(RawPathParams::from_request_parts(&mut parts, &()));
    match extracted.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(parameters) => parameters.ok(),
        Poll::Pending => None,
    }
}
