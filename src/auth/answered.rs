//! The checks after a handler has answered: whether it has compared the owner, and which denials
//! were only reported.

use http::StatusCode;
use scopes_core::Scope;

use super::stored::CallerState;
#[cfg(feature = "_judge")]
use crate::denial::Denied;

impl<S: Scope> CallerState<S> {
    /// Whether the response needs any of these checks.
    #[cfg(feature = "tower")]
    #[inline]
    pub(crate) fn needs_look(&self) -> bool {
        self.owner_check.is_missing() || self.reported().is_some()
    }

    /// For layers that can replace the response: the denial that replaces it, if any.
    #[cfg(feature = "_judge")]
    pub(crate) fn answered(&self, status: StatusCode, look: impl FnOnce() -> Option<String>) -> Option<Denied> {
        let denied = self.owner_checked(status).or_else(|| self.guard_checked(status, look));
        self.told(denied.as_ref().map_or(status, Denied::status));
        denied
    }

    /// Logs that a handler without its guard has answered. Returns the denial that replaces the
    /// answer, under `strict` or with debug assertions.
    #[cfg(feature = "_judge")]
    fn guard_checked(&self, status: StatusCode, look: impl FnOnce() -> Option<String>) -> Option<Denied> {
        let (settings, sentence) = (&self.identity.settings, self.unguarded_answer(status, look)?);
        if settings.replaces_unguarded() {
            let sentence = format_args!("answered with 500: {sentence}");
            return Some(Denied::misconfigured(settings, S::catalogue(), sentence));
        }
        settings.told.error(format_args!("{sentence}"));
        None
    }

    /// For layers that cannot replace the response.
    pub(crate) fn noticed(&self, status: StatusCode) {
        if is_answer(status)
            && let Some(sentence) = self.owner_check.report()
        {
            self.identity.settings.told.error(format_args!("{sentence}"));
        }
        self.told(status);
    }

    /// Logs that a handler has not compared the owner, or returns the denial that replaces its
    /// answer.
    #[cfg(feature = "_judge")]
    pub(crate) fn owner_checked(&self, status: StatusCode) -> Option<Denied> {
        if !is_answer(status) || !self.owner_check.is_missing() {
            return None;
        }
        let (settings, sentence) = (&self.identity.settings, self.owner_check.report());
        if !settings.strict {
            if let Some(sentence) = sentence {
                settings.told.error(format_args!("{sentence}"));
            }
            return None;
        }
        Some(match sentence {
            Some(sentence) => {
                Denied::misconfigured(settings, S::catalogue(), format_args!("answered with 500: {sentence}"))
            }
            None => Denied::misconfigured_silently(settings, S::catalogue()),
        })
    }

    /// Like [`guard_checked`](Self::guard_checked), but for layers that cannot replace the answer.
    #[cfg(feature = "tower")]
    pub(crate) fn guard_noticed(&self, status: StatusCode, look: impl FnOnce() -> Option<String>) {
        if let Some(sentence) = self.unguarded_answer(status, look) {
            self.identity.settings.told.error(format_args!("{sentence}"));
        }
    }

    /// The result of `look`, if a handler has answered an unguarded request.
    #[cfg(feature = "_judge")]
    fn unguarded_answer(&self, status: StatusCode, look: impl FnOnce() -> Option<String>) -> Option<String> {
        if is_answer(status) && !self.owner_check.is_guarded() { look() } else { None }
    }

    fn told(&self, status: StatusCode) {
        if let Some(reported) = self.reported() {
            reported.tell(Some(status));
        }
    }
}

/// Whether a response with this status may disclose data. A redirection may lead the client to the
/// data, and an upgrade may begin to send it. Only error responses disclose nothing.
pub(crate) fn is_answer(status: StatusCode) -> bool {
    !status.is_client_error() && !status.is_server_error()
}
