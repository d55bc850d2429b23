//! The gate as a hoop of salvo.

use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, async_trait};
use scopes_core::Scope;

use super::facts::Match;
use crate::auth::stored::Stored;
use crate::denial::Denied;
use crate::gate::{Gate, Ruling, admit};

/// The gate runs after [`Authenticate`](super::Authenticate), as a hoop of the service or of a
/// router.
#[async_trait]
impl<S: Scope> Handler for Gate<S> {
    async fn handle(&self, request: &mut Request, depot: &mut Depot, response: &mut Response, control: &mut FlowCtrl) {
        let matched = Match::of(request);
        if let Some(caller) = Stored::<S>::unverified_in(request.extensions())
            && self.needs_caller(&caller.identity.settings, matched.facts_if_any(request))
        {
            caller.identity.verified().await;
        }
        let ruling = self.ruling(request.extensions(), matched.facts_if_any(request));
        let caller = match ruling {
            Ruling::Denied(denied) => {
                return deny(denied.with_request(request.method(), request.headers()), response, control);
            }
            Ruling::Outside => None,
            Ruling::Passed(route, reported) => admit::<S>(request.extensions_mut(), route, reported),
        };
        // A denial keeps the headers of hoops outside of the gate, such as CORS, but not the
        // handler's headers.
        let outer_headers = caller.is_some().then(|| response.headers().clone());
        control.call_next(request, depot, response).await;
        let Some(caller) = caller else { return };
        match caller.owner_checked(response.status_code.unwrap_or_default()) {
            Some(denied) => {
                *response.headers_mut() = outer_headers.unwrap_or_default();
                deny(denied, response, control);
            }
            None => caller.announce(response.headers_mut()),
        }
    }
}

pub(super) fn deny(denied: Denied, response: &mut Response, control: &mut FlowCtrl) {
    control.skip_rest();
    response.render(denied);
}
