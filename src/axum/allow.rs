//! Decides whether a response keeps the `Allow` header that axum's router has added.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use http::header::ALLOW;
use http::{Extensions, Method, Response, StatusCode};

/// The record that `Gated` puts into a request before axum's router gets it.
#[derive(Clone)]
pub(super) struct Dispatched {
    /// The method by which axum chooses the handler. axum chooses before any layer runs. If a layer
    /// then changes the method, the gate would judge another route than the handler's.
    pub(super) method: Method,
    gates: GateRecord,
}

impl Dispatched {
    /// Whether a gated router around this one has put the record there.
    pub(super) fn is_in(extensions: &Extensions) -> bool {
        extensions.get::<Self>().is_some()
    }

    /// Begins a dispatch. If one `Gated` serves a route of another, both share the record, so that
    /// the outer one knows what the inner one has hidden.
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

/// The verdict of the gates on one request. The last gate counts.
///
/// It travels with the request, because a layer outside of the gate may replace the response.
#[derive(Clone, Default)]
pub(crate) struct GateRecord(Option<Arc<AtomicU8>>);

const NOT_REACHED: u8 = 0;
const PASSED: u8 = 1;
const REFUSED: u8 = 2;
const REFUSED_METHOD: u8 = 3;

impl GateRecord {
    /// The record that a request carries. Without one nothing is recorded.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        extensions.get::<Dispatched>().map(|dispatched| dispatched.gates.clone()).unwrap_or_default()
    }

    /// Records that a gate has let the request through: the response is a handler's or the router's
    /// own.
    pub(crate) fn passed(&self) {
        self.store(PASSED);
    }

    /// Records that a gate has answered with this status.
    pub(crate) fn refused(&self, status: StatusCode) {
        self.store(if status == StatusCode::METHOD_NOT_ALLOWED { REFUSED_METHOD } else { REFUSED });
    }

    /// Removes `Allow`, unless a gate has let the request through, or has itself answered 405 to
    /// this caller.
    ///
    /// If a path exists but not with the method of the request, axum's router adds `Allow` to *any*
    /// response after all its layers have run. These include a gate's 401 and 404, and the
    /// responses of layers outside of the gate. The header would disclose which paths exist.
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

/// Marks a response with which a gate has refused a request. The mark is used instead of the record
/// if no layer lies outside of the gate, because then no layer can replace the response.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    /// Whether the gate has answered 405.
    is_for_method: bool,
}

impl Refused {
    pub(super) fn mark<B>(response: &mut Response<B>) {
        let is_for_method = response.status() == StatusCode::METHOD_NOT_ALLOWED;
        response.extensions_mut().insert(Self { is_for_method });
    }

    /// Copies the verdict of the gates of this router to the record of an outer gated router.
    pub(super) fn tell<B>(response: &Response<B>, gates: &GateRecord) {
        gates.store(Self::state_of(response));
    }

    /// Removes `Allow` from the answer of a gate, unless the answer is the gate's own 405.
    pub(super) fn restrict<B>(response: &mut Response<B>) {
        restrict(response, Self::state_of(response));
    }

    /// The state that a [`GateRecord`] would hold for this response.
    #[inline]
    fn state_of<B>(response: &Response<B>) -> u8 {
        match response.extensions().get() {
            Some(Self { is_for_method: true }) => REFUSED_METHOD,
            Some(Self { is_for_method: false }) => REFUSED,
            None => PASSED,
        }
    }
}

/// Removes `Allow`, unless the gates have let the request through or have themselves answered 405.
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
