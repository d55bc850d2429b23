//! Tells clients in the answer of a handler that its route is deprecated.

use scopes_core::{Route, Scope};

use super::stored::CallerState;
use crate::announcement::AnswerHeaders;
use crate::settings::Settings;

impl<S: Scope> CallerState<S> {
    /// Adds the headers of a deprecated route to the answer of its handler.
    ///
    /// Two kinds of answers get them: the answer to a request that a guard or a gate has let
    /// through, and the answer of a route that needs no caller. On a refusal, the headers would
    /// show every client which paths exist.
    #[inline]
    pub(crate) fn announce(&self, headers: &mut impl AnswerHeaders) {
        if S::catalogue().has_announcements()
            && let Some(route) = self.owner_check.served::<S>().filter(|route| route.is_announced())
        {
            self.identity.settings.announce(route, headers);
        }
    }
}

impl Settings {
    /// Adds the headers of a deprecated route. Headers that the application has set stay as they
    /// are.
    #[cold]
    pub(crate) fn announce(&self, route: Route<'static>, headers: &mut impl AnswerHeaders) {
        self.announcements.of(route, self.documentation.as_deref()).add_to(headers);
    }
}
