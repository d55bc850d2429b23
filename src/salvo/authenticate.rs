//! Authentication as a hoop of salvo.

use salvo_core::{Depot, FlowCtrl, Handler, Request, Response, async_trait};
use scopes_core::Scope;

use super::denial::restore_redirection;
use super::facts::Match;
use super::gate::deny;
use crate::auth::authenticate::Authenticate;
use crate::auth::outcome::Authentication;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;

/// The hoop stores the outcome in the request's extensions, where permits find it, and a copy of
/// the [`Authentication`] in the [`Depot`].
#[async_trait]
impl<S: Scope> Handler for Authenticate<S> {
    async fn handle(&self, request: &mut Request, depot: &mut Depot, response: &mut Response, control: &mut FlowCtrl) {
        let sent = Facts::of_uri(request.method(), request.uri());
        let found = self.find(request.method(), sent.raw_target);
        let outcome = self.ask_or_later(request.method().as_str(), sent.raw_target, &found, request.headers().into());
        let mut stored = outcome.stored().await;
        stored.judge_ahead(sent, &found);
        let method = judged_method(request.method(), request.extensions());
        let open = self.open_route(|| (method, sent.raw_target));
        self.sources().hide(request.headers_mut());
        depot.insert_typed::<Authentication<S>>(stored.state().identity.authentication().clone());
        let state = stored.insert(request.extensions_mut());
        if let Some(open) = open {
            state.owner_check.serve(open);
        }
        // If an answer replaces the handler's answer, it does not keep the headers that the handler
        // has set. The gate drops those headers, too.
        let outer_headers = state.identity.settings.replaces_unguarded().then(|| response.headers().clone());
        control.call_next(request, depot, response).await;
        restore_redirection(response);
        let look = || {
            let matched = request.matched_path();
            let look = || state.forgotten(Match::of(request).facts_if_any(request));
            // Without a match, salvo says the same as at the root. Beside a catch-all, the client
            // chooses a part of this text.
            let is_named = !matched.is_empty() && !matched.contains("{*");
            if is_named { state.look(request.method(), matched, look) } else { look().sentence }
        };
        match state.answered(response.status_code.unwrap_or_default(), look) {
            Some(denied) => {
                *response.headers_mut() = outer_headers.unwrap_or_default();
                deny(denied, response, control);
            }
            None => state.announce(response.headers_mut()),
        }
    }
}
