//! Whether a response keeps the `Allow` that axum's router has put into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use http::header::ALLOW;
use http::{Extensions, Method, Response, StatusCode};

/// What `Gated` puts into a request before axum's router gets it.
#[derive(Clone)]
pub(super) struct Dispatched {
    /// The method by which axum chooses the handler: it does so before any layer runs, so a layer
    /// that changes the method would have the gate judge another route than the one that runs.
    pub(super) method: Method,
    gates: GateRecord,
}

impl Dispatched {
    /// Whether a gated router around this one has put it there.
    pub(super) fn is_in(extensions: &Extensions) -> bool {
        extensions.get::<Self>().is_some()
    }

    /// Begins a dispatch. Where one `Gated` serves a route of another, both share the record, so
    /// that the outer one knows what the inner one has hidden.
    pub(super) fn begin(method: Method, extensions: &mut Extensions) -> GateRecord {
        let gates = match extensions.get::<Self>() {
            Some(outer) => outer.gates.clone(),
            None => GateRecord(Some(Arc::default())),
        };
        gates.store(NOT_REACHED);
        extensions.insert(Self { method, gates: gates.clone() });
        gates
    }
}

/// What the gates have done with one request; the last of them counts.
///
/// It travels with the request and not with the response, because a layer outside of the gate may
/// replace a response.
#[derive(Clone, Default)]
pub(crate) struct GateRecord(Option<Arc<AtomicU8>>);

const NOT_REACHED: u8 = 0;
const PASSED: u8 = 1;
const REFUSED: u8 = 2;
const REFUSED_METHOD: u8 = 3;

impl GateRecord {
    /// The record that a request carries; without one nothing is recorded.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Dispatched>().map(|dispatched| dispatched.gates.clone()).unwrap_or_default()
    }

    /// A gate has let the request through: what comes back is a handler's or the router's own.
    pub(crate) fn passed(&self) {
        self.store(PASSED);
    }

    /// A gate has answered with this status.
    pub(crate) fn refused(&self, status: StatusCode) {
        self.store(if status == StatusCode::METHOD_NOT_ALLOWED { REFUSED_METHOD } else { REFUSED });
    }

    /// Removes `Allow`, unless a gate has let the request through, or has itself told this caller
    /// that the method is wrong.
    ///
    /// axum's router adds it to *any* response for a known path and another method, outside of all
    /// its layers: to a gate's 401 and 404, and to what a layer outside of the gate answers by
    /// itself. It would say which paths there are.
    pub(super) fn restrict<B>(&self, response: &mut Response<B>) {
        restrict(response, self.0.as_ref().map_or(NOT_REACHED, |state| state.load(Ordering::Acquire)));
    }

    /// Marks the response of a request that an inner gate has refused, for the outer gated router.
    pub(super) fn mark<B>(&self, response: &mut Response<B>) {
        let Some(gates) = &self.0 else { return };
        match gates.load(Ordering::Acquire) {
            PASSED => {}
            state => drop(response.extensions_mut().insert(Refused { is_for_method: state == REFUSED_METHOD })),
        }
    }

    fn store(&self, state: u8) {
        if let Some(gates) = &self.0 {
            gates.store(state, Ordering::Release);
        }
    }
}

/// Stands in a response by which a gate has refused a request. It replaces the record where no
/// layer lies outside of the gate, so that nothing can have replaced the response.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    /// A gate has told this caller that the method is wrong.
    is_for_method: bool,
}

impl Refused {
    pub(super) fn mark<B>(response: &mut Response<B>) {
        let is_for_method = response.status() == StatusCode::METHOD_NOT_ALLOWED;
        response.extensions_mut().insert(Self { is_for_method });
    }

    /// Tells the record of an outer gated router what the gates of this one have done.
    pub(super) fn tell<B>(response: &Response<B>, gates: &GateRecord) {
        gates.store(Self::state_of(response));
    }

    /// Removes `Allow` from the answer of a gate, unless the gate itself has told this caller that
    /// the method is wrong.
    pub(super) fn restrict<B>(response: &mut Response<B>) {
        restrict(response, Self::state_of(response));
    }

    /// What the record would say.
    #[inline]
    fn state_of<B>(response: &Response<B>) -> u8 {
        match response.extensions().get() {
            Some(Self { is_for_method: true }) => REFUSED_METHOD,
            Some(Self { is_for_method: false }) => REFUSED,
            None => PASSED,
        }
    }
}

/// Removes `Allow`, unless the gates have let the request through or have themselves told this
/// caller that the method is wrong.
#[inline]
fn restrict<B>(response: &mut Response<B>, state: u8) {
    let keeps = match state {
        PASSED => true,
        REFUSED_METHOD => response.status() == StatusCode::METHOD_NOT_ALLOWED,
        _ => false,
    };
    if !keeps {
        response.headers_mut().remove(ALLOW);
    }
}
