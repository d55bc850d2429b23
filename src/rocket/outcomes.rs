//! What a request carries: outcomes of authentication, and what a guard has refused it with.

use std::sync::{Mutex, PoisonError};

use http::Extensions;
use rocket::Request;

use crate::denial::Denied;

/// The entry in rocket's request-local cache: what was found out for each catalogue, and what a
/// guard has refused with.
///
/// The cache keeps the first value of a type and cannot be changed, therefore the lock.
#[derive(Default)]
pub(super) struct Outcomes(Mutex<Extensions>);

impl Outcomes {
    /// Uses the entry of a request. Nothing in here waits, nor is it held while anything else does.
    pub(super) fn of<T>(request: &Request<'_>, use_them: impl FnOnce(&mut Extensions) -> T) -> T {
        let outcomes = request.local_cache(Self::default);
        use_them(&mut outcomes.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a guard has refused the request with.
#[derive(Clone)]
pub(super) struct Refused(pub(super) Denied);
