//! The outcomes of authentication that a request carries, and the denial of a guard.

use std::sync::{Mutex, PoisonError};

use http::Extensions;
use rocket::Request;

use crate::denial::Denied;

/// The entry in rocket's request-local cache: the outcome for each catalogue, and the denial of a
/// guard.
///
/// It has a lock, because the cache keeps the first value of a type and cannot be changed.
#[derive(Default)]
pub(super) struct Outcomes(Mutex<Extensions>);

impl Outcomes {
    /// Calls a function with the entry of a request. The function must not wait, because it holds
    /// the lock.
    pub(super) fn of<T>(request: &Request<'_>, use_them: impl FnOnce(&mut Extensions) -> T) -> T {
        let outcomes = request.local_cache(Self::default);
        use_them(&mut outcomes.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The denial with which a guard has refused the request.
#[derive(Clone)]
pub(super) struct Refused(pub(super) Denied);
