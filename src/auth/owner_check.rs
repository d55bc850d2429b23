//! Whether a handler that must compare an owner has done it.
//!
//! The permit demands the comparison and makes it. The layers check after the response whether it
//! was made.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, AtomicU16, AtomicU32, Ordering};

use scopes_core::{Route, RouteId, Scope};

/// Whether the handler of an unbound route has compared the owner of its data with the caller's
/// tenants.
///
/// The permit, which demands and makes the comparison, and the layers, which check it after the
/// response, share this value.
#[derive(Debug, Default)]
pub(crate) struct OwnerCheck {
    state: AtomicU8,
    route: OnceLock<Route<'static>>,
    /// The route for which the handler got its permit: its index plus 1, or 0 for none.
    permitted: AtomicU32,
    /// The route that the request leads to without a permit: its index plus 1, or 0 for none.
    served: AtomicU16,
    /// Flags: [`CALLER`] and [`GUARD`].
    asked: AtomicU8,
}

/// A handler has looked at the caller.
const CALLER: u8 = 1;
/// A permit was asked for, granted or refused, or a gate has judged the request.
const GUARD: u8 = 2;

const UNNEEDED: u8 = 0;
const NEEDED: u8 = 1;
/// The comparison is needed, and every owner so far was refused.
const REFUSED: u8 = 2;
const PASSED: u8 = 3;
const REPORTED: u8 = 4;

impl OwnerCheck {
    /// Records that the route leaves the comparison to its handler.
    pub(crate) fn require(&self, route: Route<'static>) {
        // Only the first one counts: a second permit of the same request must not undo a
        // comparison.
        if self.state.compare_exchange(UNNEEDED, NEEDED, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            let _ = self.route.set(route);
        }
    }

    /// Records that the handler got a permit for the route.
    pub(crate) fn permitted(&self, route: Route<'static>) {
        // Only the first permit counts.
        let _ = self.permitted.compare_exchange(0, number(route), Ordering::AcqRel, Ordering::Acquire);
    }

    /// Records that a handler has looked at the caller, with or without a permit.
    pub(crate) fn caller_asked(&self) {
        self.asked.fetch_or(CALLER, Ordering::Relaxed);
    }

    /// Records that a permit was asked for, granted or refused, or that a gate has judged the
    /// request. A handler may answer on purpose although its permit was refused.
    pub(crate) fn guarded(&self) {
        self.asked.fetch_or(GUARD, Ordering::Relaxed);
    }

    /// Whether a permit or a gate has guarded the handler.
    #[cfg(feature = "_judge")]
    #[inline]
    pub(crate) fn is_guarded(&self) -> bool {
        self.permitted.load(Ordering::Acquire) != 0 || self.asked.load(Ordering::Relaxed) & GUARD != 0
    }

    /// Whether [`caller_asked`](Self::caller_asked) was called.
    #[cfg(feature = "_judge")]
    #[inline]
    pub(crate) fn is_caller_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) & CALLER != 0
    }

    /// Records the route that the request leads to, if a gate or another guard than a permit has
    /// let it through, or if the route needs no caller. Only the responses of deprecated routes
    /// need this record.
    #[inline]
    pub(crate) fn serve(&self, route: RouteId) {
        self.served.store(u16::try_from(route.index() + 1).unwrap_or(0), Ordering::Release);
    }

    /// The route that the request was let through to, by a permit if there is one.
    pub(crate) fn served<S: Scope>(&self) -> Option<Route<'static>> {
        let permitted = self.permitted.load(Ordering::Acquire);
        let number = if permitted != 0 { permitted } else { u32::from(self.served.load(Ordering::Acquire)) };
        S::catalogue().route_at(RouteId::new(u16::try_from(number.checked_sub(1)?).ok()?))
    }

    /// Whether [`permitted`](Self::permitted) was called for this route.
    pub(crate) fn is_permitted(&self, route: Route<'static>) -> bool {
        self.permitted.load(Ordering::Acquire) == number(route)
    }

    /// Records that the handler has compared an owner. Only a comparison that succeeds counts,
    /// because a handler can ignore a refusal.
    ///
    /// One success is enough: a handler that filters a list gets refusals for the rows that it
    /// leaves out.
    pub(crate) fn compared(&self, is_callers: bool) {
        if is_callers {
            self.state.store(PASSED, Ordering::Release);
        } else {
            let _ = self.state.compare_exchange(NEEDED, REFUSED, Ordering::AcqRel, Ordering::Acquire);
        }
    }

    /// Whether a comparison was needed and none has succeeded.
    #[cfg(any(test, feature = "_judge"))]
    #[inline]
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.state.load(Ordering::Acquire), NEEDED | REFUSED | REPORTED)
    }

    /// The sentence for the log if the comparison is missing. Only the first layer that asks gets
    /// it.
    pub(crate) fn report(&self) -> Option<String> {
        let takes = |state| self.state.compare_exchange(state, REPORTED, Ordering::AcqRel, Ordering::Acquire).is_ok();
        let mistake = if takes(NEEDED) {
            "answered without comparing the owner: call"
        } else if takes(REFUSED) {
            "answered although `same_tenant` has refused every owner: return its error with"
        } else {
            return None;
        };
        let route = self.route.get().map_or_else(|| "an unbound route".to_owned(), |route| format!("`{route}`"));
        Some(format!(
            "{route} is `#[unbound]`, but its handler {mistake} `permit.same_tenant(&owner)?` before anything of a tenant \
             is read or written"
        ))
    }
}

/// A route of the request's catalogue as a number that is not 0.
fn number(route: Route<'static>) -> u32 {
    u32::try_from(route.id().index()).map_or(u32::MAX, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owner_check_is_missing_only_while_needed_and_is_reported_once() {
        let check = OwnerCheck::default();
        assert!(!check.is_missing());
        assert_eq!(check.report(), None);
        check.state.store(NEEDED, Ordering::Release);
        assert!(check.is_missing());
        assert!(check.report().is_some_and(|sentence| sentence.contains("same_tenant")));
        assert_eq!(check.report(), None);
        assert!(check.is_missing());
        check.compared(true);
        assert!(!check.is_missing());
        assert_eq!(check.report(), None);
    }

    #[test]
    fn only_an_owner_who_is_the_callers_counts() {
        for (compared, missing, told) in [
            (&[][..], true, Some("without comparing")),
            (&[false], true, Some("although `same_tenant` has refused")),
            (&[false, false], true, Some("although `same_tenant` has refused")),
            (&[true], false, None),
            (&[false, true], false, None),
            (&[true, false], false, None),
        ] {
            let check = OwnerCheck::default();
            check.state.store(NEEDED, Ordering::Release);
            compared.iter().for_each(|&is_callers| check.compared(is_callers));
            assert_eq!(check.is_missing(), missing, "{compared:?}");
            let sentence = check.report();
            assert_eq!(sentence.is_some(), told.is_some(), "{compared:?}");
            assert!(sentence.is_none_or(|sentence| sentence.contains(told.unwrap())), "{compared:?}");
        }
        // On a route that names the tenant, a refusal does not make a comparison necessary.
        let bound = OwnerCheck::default();
        bound.compared(false);
        assert!(!bound.is_missing());
    }
}
