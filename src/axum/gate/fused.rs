//! Authentication and gate of a gated router in one layer, which knows the route before it
//! authenticates the caller.
//!
//! Two layers would search for the route twice, put two entries into the request and box two
//! futures. This layer also knows whether the route needs a caller. If not, the verifier runs only
//! if the handler asks for the caller.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::response::Response;
use axum::routing::Route as AxumRoute;
use axum::routing::future::RouteFuture;
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use crate::auth::authenticate::Authenticate;
use crate::auth::outcome::Authentication;
use crate::auth::presented::{Presented, SourceIndex};
use crate::auth::stored::{CallerState, Identity, Stored};
use crate::auth::verification::{Running, Verification};
use crate::axum::allow::{Dispatched, GateRecord, Refused};
use crate::axum::facts::{facts, facts_by_this_method};
use crate::denial::Denied;
use crate::gate::{Arrival, Form, Gate, Verdict};
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;

/// The layer that axum puts around each handler.
pub(super) struct Fused<S: Scope>(Arc<Guard<S>>);

pub(super) struct Guard<S: Scope> {
    authenticate: Authenticate<S>,
    gate: Gate<S>,
    /// The shared state of all callers without credentials on routes that need none. It is not used
    /// if such callers have a grant, because then an inner handler may get a permit, which belongs
    /// to one request.
    absent: Arc<CallerState<S>>,
    /// Whether callers without credentials have no grant.
    shares_absent: bool,
    /// Whether some route that needs no caller announces its deprecation. Its requests do not share
    /// a state.
    announces_open: bool,
    /// Whether no layer lies between axum's choice of the handler and this one. Such a layer could
    /// have changed the method.
    is_outermost: bool,
}

impl<S: Scope> Fused<S> {
    pub(super) fn new(authenticate: Authenticate<S>, gate: Gate<S>, is_outermost: bool) -> Self {
        let absent = Identity::new(Authentication::Absent, Arc::clone(authenticate.sources().settings()));
        let absent = Arc::clone(Stored::new(absent).state());
        let (shares_absent, announces_open) = (!authenticate.sources().has_anonymous(), authenticate.announces_open());
        Self(Arc::new(Guard { authenticate, gate, absent, shares_absent, announces_open, is_outermost }))
    }
}

impl<S: Scope> Clone for Fused<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scope> Layer<AxumRoute> for Fused<S> {
    type Service = FusedService<S>;

    fn layer(&self, inner: AxumRoute) -> FusedService<S> {
        FusedService { inner: Some(inner), guard: Arc::clone(&self.0) }
    }
}

/// The service around one handler. axum clones it for each request and calls the clone once.
pub(super) struct FusedService<S: Scope> {
    /// `None` after a call that waits for the verifier: such a call takes the service instead of
    /// cloning it.
    inner: Option<AxumRoute>,
    guard: Arc<Guard<S>>,
}

impl<S: Scope> Clone for FusedService<S> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), guard: Arc::clone(&self.guard) }
    }
}

impl<S: Scope> Service<Request> for FusedService<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = FusedFuture<S>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> FusedFuture<S> {
        let guard = &self.guard;
        let Some(inner) = &mut self.inner else { return FusedFuture::Answered(Some(guard.called_again())) };
        match guard.arrived(&request) {
            Step::Known(entry) => guard.enter(request, inner, entry),
            Step::Waiting(running, source) => {
                let (request, inner) = (Some(request), self.inner.take());
                FusedFuture::Waiting { running, source, request, inner, guard: Arc::clone(guard) }
            }
        }
    }
}

/// The result of the first step of a request.
enum Step<S: Scope> {
    /// The entry to store in the request, or the denial that answers it.
    Known(Result<Entry<S>, Denied>),
    Waiting(Running<S>, SourceIndex),
}

struct Entry<S: Scope> {
    stored: Stored<S>,
    /// Whether the request lies inside of the API, so that the gate judges it.
    is_inside: bool,
    /// Whether the router has matched a declared route and reported its template.
    is_routed: bool,
}

impl<S: Scope> Guard<S> {
    /// Finds the routes of a request, and authenticates its caller if the routes need one.
    #[inline(always)]
    fn arrived(&self, request: &Request) -> Step<S> {
        let sources = self.authenticate.sources();
        let presented = sources.presented(request.method().as_str(), request.headers().into());
        let arrival = self.gate.arrival(sources.settings(), self.facts(request));
        let identity = match (&arrival, &presented) {
            (Arrival::Inside(sight), Presented::Nothing)
                if sight.is_public() && self.shares_absent && !(self.announces_open && sight.is_announced()) =>
            {
                return Step::Known(match self.gate.verdict(sight, &self.absent.identity) {
                    Verdict::Denied(denied) => Err(denied),
                    // A public route has no denial that could have been lifted.
                    Verdict::Passed { is_met: _, reported: _ } => Ok(Entry {
                        stored: Stored::shared(&self.absent, judged_method(request.method(), request.extensions())),
                        is_inside: true,
                        is_routed: sight.is_routed(),
                    }),
                });
            }
            (Arrival::Inside(sight), Presented::Token(token)) if !sight.needs_caller() => match sight.refused() {
                Some(denial) => Identity::not_asked(denial, Arc::clone(token.settings())),
                None => token.postponed(),
            },
            (_, Presented::Token(token)) => match token.verify().or_poll_once() {
                Verification::Done(authentication) => Identity::new(authentication, Arc::clone(token.settings())),
                Verification::Running(running) => return Step::Waiting(running, token.source()),
            },
            _ => sources.without_token(&presented),
        };
        Step::Known(self.judged(&arrival, identity))
    }

    /// Continues a request after the verifier has answered.
    fn returned(
        &self,
        request: &Request,
        source: SourceIndex,
        authentication: Authentication<S>,
    ) -> Result<Entry<S>, Denied> {
        let sources = self.authenticate.sources();
        let arrival = self.gate.arrival(sources.settings(), self.facts(request));
        self.judged(&arrival, Identity::new(authentication, Arc::clone(sources.settings_of(source))))
    }

    /// Asks the gate to judge the caller.
    #[inline(always)]
    fn judged(&self, arrival: &Arrival<'_>, identity: Identity<S>) -> Result<Entry<S>, Denied> {
        let Arrival::Inside(sight) = arrival else {
            return Ok(Entry { stored: Stored::new(identity), is_inside: false, is_routed: false });
        };
        let (is_met, reported) = match self.gate.verdict(sight, &identity) {
            Verdict::Denied(denied) => return Err(denied),
            Verdict::Passed { is_met, reported } => (is_met, reported),
        };
        let stored = Stored::after_gate(identity, sight.judged(is_met));
        stored.state().report(reported);
        if let Some(unbound) = sight.unbound() {
            stored.state().owner_check.require(unbound);
        }
        Ok(Entry { stored, is_inside: true, is_routed: sight.is_routed() })
    }

    #[inline(always)]
    fn facts<'r>(&self, request: &'r Request) -> Facts<'r> {
        let facts = if self.is_outermost { facts_by_this_method } else { facts };
        facts(request.method(), request.uri(), request.extensions())
    }

    /// Calls the handler, or answers with the denial.
    #[inline(always)]
    fn enter(
        self: &Arc<Self>,
        mut request: Request,
        inner: &mut AxumRoute,
        entry: Result<Entry<S>, Denied>,
    ) -> FusedFuture<S> {
        let form = Form::of(request.method(), request.headers());
        let record = if self.is_outermost { GateRecord::default() } else { GateRecord::of(request.extensions()) };
        let Entry { stored, is_inside, is_routed } = match entry {
            Ok(entry) => entry,
            Err(denied) => {
                let denied = denied.with_request(request.method(), request.headers());
                return FusedFuture::Answered(Some(self.refusal(denied, form, &record)));
            }
        };
        // A router inside may choose the handler, and a gate inside may belong to another
        // catalogue.
        let record = if self.is_outermost && !is_routed {
            Dispatched::begin(request.method().clone(), request.extensions_mut())
        } else {
            record
        };
        record.passed();
        self.authenticate.sources().hide(request.headers_mut());
        let state = stored.insert(request.extensions_mut());
        let after = After { guard: Arc::clone(self), state, form, record, is_inside };
        FusedFuture::Answering { response: inner.call(request), after }
    }

    fn refusal(&self, denied: Denied, form: Form, record: &GateRecord) -> Response {
        record.refused(denied.status());
        let mut response = self.gate.answer(denied, form);
        Refused::mark(&mut response);
        response
    }

    /// The answer to a second call of one clone of the service, which axum never makes.
    fn called_again(&self) -> Response {
        let sentence = format_args!("axum has called a service of `{}` twice", S::catalogue().name());
        Denied::misconfigured(self.authenticate.sources().settings(), S::catalogue(), sentence).into_http_response()
    }
}

/// The future of [`FusedService`].
pub(super) enum FusedFuture<S: Scope> {
    /// The verifier has to wait. Request and service are taken when it has answered.
    Waiting {
        running: Running<S>,
        source: SourceIndex,
        request: Option<Request>,
        inner: Option<AxumRoute>,
        guard: Arc<Guard<S>>,
    },
    /// The handler runs.
    Answering { response: RouteFuture<Infallible>, after: After<S> },
    /// The response is known without a handler. Empty once it was taken.
    Answered(Option<Response>),
}

impl<S: Scope> Future for FusedFuture<S> {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        loop {
            *self = match &mut *self {
                Self::Waiting { running, source, request, inner, guard } => {
                    let Poll::Ready(authentication) = Pin::new(running).poll(context) else { return Poll::Pending };
                    let (Some(request), Some(inner)) = (request.take(), inner) else { return Poll::Pending };
                    let entry = guard.returned(&request, *source, authentication);
                    guard.enter(request, inner, entry)
                }
                Self::Answering { response, after } => {
                    let mut polled = Pin::new(response).poll(context);
                    if let Poll::Ready(Ok(response)) = &mut polled {
                        after.check(response);
                        after.record.mark(response);
                    }
                    return polled;
                }
                // If it is polled after its end, which breaks the contract of futures, it stays
                // pending.
                Self::Answered(response) => {
                    return response.take().map_or(Poll::Pending, |found| Poll::Ready(Ok(found)));
                }
            };
        }
    }
}

/// The check after the handler has answered.
pub(super) struct After<S: Scope> {
    guard: Arc<Guard<S>>,
    state: Arc<CallerState<S>>,
    form: Form,
    record: GateRecord,
    is_inside: bool,
}

impl<S: Scope> After<S> {
    /// Replaces the response if the handler had to compare the owner and did not. Otherwise the
    /// response announces the route's deprecation.
    #[inline]
    fn check(&self, response: &mut Response) {
        if self.state.needs_look() || S::catalogue().has_announcements() {
            self.look(response);
        }
    }

    #[inline(never)]
    fn look(&self, response: &mut Response) {
        if self.state.needs_look() {
            let status = crate::tower::outcome(response);
            if !self.is_inside {
                self.state.noticed(status);
            } else if let Some(denied) = self.state.answered(status, || None) {
                *response = self.guard.refusal(denied, self.form, &self.record);
                return;
            }
        }
        if let Some(route) = self.state.judged().map(|judged| judged.found.route()).filter(|route| route.is_announced())
        {
            self.state.identity.settings.announce(route, response.headers_mut());
        }
    }
}
