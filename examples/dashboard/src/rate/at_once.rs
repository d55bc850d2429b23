//! How much each address may have open at the same time.

use core::num::NonZeroU32;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

type Counts = HashMap<IpAddr, u32>;

/// Counts what is open for each address. Clones share the counts.
#[derive(Clone, Debug)]
pub(super) struct AtOnce {
    /// `None` allows any number.
    most: Option<NonZeroU32>,
    /// Without addresses that have nothing open, so the map is not larger than what is open.
    counts: Arc<Mutex<Counts>>,
}

/// Keeps one place of an address until it is dropped.
#[derive(Debug)]
#[must_use = "the place is free again as soon as this is dropped"]
pub(crate) struct Place(Option<(IpAddr, Arc<Mutex<Counts>>)>);

impl AtOnce {
    pub(super) fn new(most: Option<NonZeroU32>) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// Takes a place of this address. Returns `None` if all of them are taken.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Place> {
        let Some(most) = self.most else { return Some(Place::free()) };
        let mut counts = locked(&self.counts);
        let count = counts.entry(address).or_default();
        if *count >= most.get() {
            return None;
        }
        *count += 1;
        Some(Place(Some((address, Arc::clone(&self.counts)))))
    }
}

impl Place {
    /// A place without a limit.
    pub(crate) const fn free() -> Self {
        Self(None)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((address, counts)) = &self.0 else { return };
        let mut counts = locked(counts);
        if let Some(count) = counts.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(address);
            }
        }
    }
}

fn locked(counts: &Mutex<Counts>) -> MutexGuard<'_, Counts> {
    // A count is changed in one step, so it is right even if another thread panicked.
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_places() {
        let (at_once, [one, two]) = (AtOnce::new(NonZeroU32::new(2)), ["192.0.2.1", "192.0.2.2"]);
        let enter = |address: &str| at_once.clone().enter(address.parse().unwrap());
        let (first, second) = (enter(one).unwrap(), enter(one).unwrap());
        assert!(enter(one).is_none() && enter(one).is_none());
        let other = enter(two).unwrap();
        drop(first);
        let third = enter(one).unwrap();
        assert!(enter(one).is_none());
        drop((second, third, other));
        assert!(locked(&at_once.counts).is_empty(), "addresses that have gone are forgotten");
    }

    #[test]
    fn any_number_without_a_limit() {
        let at_once = AtOnce::new(None);
        let places: Vec<_> = (0..1000).map(|_| at_once.enter("192.0.2.1".parse().unwrap()).unwrap()).collect();
        drop(places);
        assert!(locked(&at_once.counts).is_empty());
    }
}
