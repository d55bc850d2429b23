//! Records of what handlers saw, written by the handlers themselves. They exist even if an answer
//! has no body or was replaced.

use std::sync::{Arc, Mutex, PoisonError};

/// What one handler saw when it ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The name of the handler's route in the catalogue.
    pub route: &'static str,
    /// That route's method.
    pub method: &'static str,
    /// The caller's subject, from the permit or grant.
    pub subject: Option<String>,
    /// The tenant, from the permit.
    pub tenant: Option<String>,
    /// The path's parameters as the framework's own extractor gave them.
    pub parameters: Vec<(String, String)>,
    /// The route that the permit was checked for.
    pub permits_route: Option<&'static str>,
    /// The path's parameters, from the permit.
    pub permits_parameters: Vec<(String, String)>,
    /// The body, if the handler reads it.
    pub body: Option<String>,
}

/// The records of all handlers of one server.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Seen>>>);

impl Journal {
    /// Records that a handler runs.
    pub fn write(&self, seen: Seen) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    /// Takes everything since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
