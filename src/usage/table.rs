//! The tokens that a recorder knows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{PoisonError, RwLock};

use scopes_core::UntypedCatalogue;

use super::entry::{Entry, Snapshot};

/// The number of parts, each with its own lock. A power of two.
const PARTS: usize = 64;

/// The longest id of a token, in bytes.
const LONGEST_ID: usize = 128;

/// A bounded map from ids to entries, in parts, so that requests with different tokens seldom wait
/// for each other.
pub(super) struct Table {
    parts: Box<[Part]>,
    length: AtomicUsize,
    capacity: usize,
}

/// On a cache line of its own, because every request changes the state of a lock.
#[repr(align(64))]
#[derive(Default)]
struct Part(RwLock<HashMap<Box<str>, Entry>>);

impl Table {
    pub(super) fn new(capacity: usize) -> Self {
        Self { parts: (0..PARTS).map(|_| Part::default()).collect(), length: AtomicUsize::new(0), capacity }
    }

    pub(super) fn len(&self) -> usize {
        self.length.load(Ordering::Relaxed)
    }

    pub(super) const fn capacity(&self) -> usize {
        self.capacity
    }

    /// Calls the function with the entry of a token, which is made if it is missing. `None` if the
    /// table has no place for it. Allocates only for a new token.
    pub(super) fn with(&self, id: &str, catalogue: &UntypedCatalogue, record: impl Fn(&Entry)) -> Option<()> {
        if id.len() > LONGEST_ID {
            return None;
        }
        let part = &self.part(id)?.0;
        if let Some(entry) = part.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            record(entry);
            return Some(());
        }
        if self.len() >= self.capacity {
            return None;
        }
        let (id, entry) = (Box::from(id), Entry::new(catalogue));
        let mut entries = part.write().unwrap_or_else(PoisonError::into_inner);
        // Another request may have added the token, or taken the last place.
        if let Some(entry) = entries.get(&id) {
            record(entry);
            return Some(());
        }
        let take_place = |length: usize| (length < self.capacity).then_some(length + 1);
        self.length.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take_place).ok()?;
        record(&entry);
        entries.insert(id, entry);
        Some(())
    }

    /// Copies the entries that were seen since the last call, and forgets the others, which an
    /// earlier call has copied. Holds the lock of one part while it copies it.
    pub(super) fn take(&self) -> Vec<(Box<str>, Snapshot)> {
        let mut taken = Vec::new();
        for part in &self.parts {
            let mut entries = part.0.write().unwrap_or_else(PoisonError::into_inner);
            let before = entries.len();
            entries.retain(|id, entry| {
                let is_fresh = entry.take_fresh();
                if is_fresh {
                    taken.push((id.clone(), entry.snapshot()));
                }
                is_fresh
            });
            self.length.fetch_sub(before - entries.len(), Ordering::Relaxed);
        }
        taken
    }

    /// Makes the next [`take`](Self::take) copy these entries again.
    pub(super) fn put_back(&self, taken: &[(Box<str>, Snapshot)]) {
        for (id, _) in taken {
            if let Some(part) = self.part(id)
                && let Some(entry) = part.0.read().unwrap_or_else(PoisonError::into_inner).get(id)
            {
                entry.mark_fresh();
            }
        }
    }

    /// The part of an id, by a hash that is quicker than the map's (FNV-1a). Clients do not choose
    /// ids, and the map itself does not depend on it.
    fn part(&self, id: &str) -> Option<&Part> {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        self.parts.get(usize::try_from(hash >> 32).unwrap_or_default() % PARTS)
    }
}
