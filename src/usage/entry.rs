//! What is known about one token.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use scopes_core::{RouteId, UntypedCatalogue};

/// A decision, in the order in which an entry keeps the routes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seen {
    Allowed,
    Reported,
    Denied,
}

/// The routes of one token as bits, and when it was allowed first and last.
///
/// Requests change an entry under the shared lock of its part of the table, so all fields are
/// atomic. They do not depend on each other, and a write takes the exclusive lock, so relaxed order
/// suffices.
#[derive(Debug)]
pub(super) struct Entry {
    first: AtomicU64,
    last: AtomicU64,
    /// Whether the token was seen since the last write.
    is_fresh: AtomicBool,
    /// The scopes that the token has held, then a row of routes for each [`Seen`].
    words: Box<[AtomicU64]>,
    scope_words: u16,
    route_words: u16,
}

/// A copy of an [`Entry`], to be written.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    /// None if the token was never allowed anything.
    pub(super) times: Option<(u64, u64)>,
    words: Box<[u64]>,
    scope_words: u16,
    route_words: u16,
}

impl Entry {
    pub(super) fn new(catalogue: &UntypedCatalogue) -> Self {
        // A catalogue has at most 65,535 of each.
        let words = |bits: usize| u16::try_from(bits.div_ceil(64)).unwrap_or(u16::MAX);
        let (scope_words, route_words) = (words(catalogue.scopes().len()), words(catalogue.routes().len()));
        let length = usize::from(scope_words) + 3 * usize::from(route_words);
        Self {
            first: AtomicU64::new(u64::MAX),
            last: AtomicU64::new(0),
            is_fresh: AtomicBool::new(false),
            words: (0..length).map(|_| AtomicU64::new(0)).collect(),
            scope_words,
            route_words,
        }
    }

    /// Writes only what changes, so that the requests of one token do not take its cache lines from
    /// each other.
    pub(super) fn record(&self, seen: Seen, route: RouteId, held: &[u64], now: u64) {
        let row = usize::from(self.scope_words) + seen as usize * usize::from(self.route_words);
        self.set(row + route.index() / 64, 1 << (route.index() % 64));
        for (index, &word) in held.iter().take(usize::from(self.scope_words)).enumerate() {
            self.set(index, word);
        }
        if !matches!(seen, Seen::Denied) {
            if now < self.first.load(Ordering::Relaxed) {
                self.first.fetch_min(now, Ordering::Relaxed);
            }
            if now > self.last.load(Ordering::Relaxed) {
                self.last.fetch_max(now, Ordering::Relaxed);
            }
        }
        if !self.is_fresh.load(Ordering::Relaxed) {
            self.is_fresh.store(true, Ordering::Relaxed);
        }
    }

    fn set(&self, index: usize, bits: u64) {
        if let Some(word) = self.words.get(index)
            && word.load(Ordering::Relaxed) & bits != bits
        {
            word.fetch_or(bits, Ordering::Relaxed);
        }
    }

    pub(super) fn mark_fresh(&self) {
        self.is_fresh.store(true, Ordering::Relaxed);
    }

    /// Whether the token was seen since the last call.
    pub(super) fn take_fresh(&self) -> bool {
        self.is_fresh.swap(false, Ordering::Relaxed)
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        let (first, last) = (self.first.load(Ordering::Relaxed), self.last.load(Ordering::Relaxed));
        Snapshot {
            times: (first <= last).then_some((first, last)),
            words: self.words.iter().map(|word| word.load(Ordering::Relaxed)).collect(),
            scope_words: self.scope_words,
            route_words: self.route_words,
        }
    }
}

impl Snapshot {
    /// The positions of the scopes that the token has held.
    pub(super) fn scopes(&self) -> impl Iterator<Item = u16> {
        bits(self.words.get(..usize::from(self.scope_words)).unwrap_or(&[]))
    }

    /// The positions of the routes with this decision.
    pub(super) fn routes(&self, seen: Seen) -> impl Iterator<Item = u16> {
        let length = usize::from(self.route_words);
        let start = usize::from(self.scope_words) + seen as usize * length;
        bits(self.words.get(start..start + length).unwrap_or(&[]))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }
}

fn bits(words: &[u64]) -> impl Iterator<Item = u16> {
    let indexed = words.iter().zip((0_u16..).step_by(64));
    indexed.flat_map(|(&word, start)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| start + bit))
}

#[cfg(test)]
mod tests {
    use scopes_core::declaration::Declaration;

    use super::*;

    #[test]
    fn a_token_is_seen_first_and_last() {
        let mut declaration = Declaration::new("api");
        declaration.scope("users.read").route("GET", "/users");
        let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
        let (entry, route) = (Entry::new(&catalogue), catalogue.routes().next().unwrap().id());
        assert_eq!(entry.snapshot().times, None);
        for (seen, now) in [(Seen::Allowed, 20), (Seen::Reported, 30), (Seen::Allowed, 10), (Seen::Denied, 40)] {
            entry.record(seen, route, &[], now);
        }
        assert_eq!(entry.snapshot().times, Some((10, 30)));
    }

    #[test]
    fn bits_of_several_words() {
        assert!(bits(&[1 << 63, 0, 0b101]).eq([63, 128, 130]));
    }
}
