//! What handlers saw, written down by themselves: also where no body comes back, and where an
//! answer was replaced.

use std::sync::{Arc, Mutex, PoisonError};

/// What one handler saw when it ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The catalogue's name of the route that the handler stands for.
    pub route: &'static str,
    /// That route's method.
    pub method: &'static str,
    /// The caller, as the permit or grant has it.
    pub subject: Option<String>,
    /// The tenant, as the permit has it.
    pub tenant: Option<String>,
    /// The path's parameters as the framework's own extractor gave them.
    pub parameters: Vec<(String, String)>,
    /// The route that the permit was checked for.
    pub permits_route: Option<&'static str>,
    /// The path's parameters as the permit has them.
    pub permits_parameters: Vec<(String, String)>,
    /// The body, where the handler reads one.
    pub body: Option<String>,
}

/// All handlers of one server write here.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<Vec<Seen>>>);

impl Journal {
    /// A handler runs.
    pub fn write(&self, seen: Seen) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    /// Everything since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
