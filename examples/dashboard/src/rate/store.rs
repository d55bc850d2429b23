//! The states of many keys, with a bound on their number.

use core::cell::Cell;
use core::fmt;
use core::hash::Hash;
use std::sync::Arc;

use governor::nanos::Nanos;
use governor::state::keyed::{HashMapStateStore, ShrinkableKeyedStateStore};
use governor::state::{InMemoryState, NotKeyed, StateStore};

/// At most `capacity` keys have a state of their own. All further keys share one, so that clients
/// with many addresses cannot fill the memory, and are limited together.
struct Capped<K> {
    own: HashMapStateStore<K>,
    shared: InMemoryState,
    capacity: usize,
}

/// The store of a limiter that counts. Clones share the states.
pub(super) struct Counting<K>(Arc<Capped<K>>);

/// The same states for a limiter that only looks whether one more request would be allowed.
pub(super) struct Looking<K>(Arc<Capped<K>>);

impl<K: Hash + Eq + Clone> Counting<K> {
    pub(super) fn new(capacity: usize) -> Self {
        let own = HashMapStateStore::new(std::collections::HashMap::default());
        Self(Arc::new(Capped { own, shared: InMemoryState::default(), capacity }))
    }

    pub(super) fn looking(&self) -> Looking<K> {
        Looking(Arc::clone(&self.0))
    }
}

impl<K: Hash + Eq + Clone> StateStore for Counting<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut own = self.0.own.lock();
        if let Some(state) = own.get(key) {
            return state.measure_and_replace(&NotKeyed::NonKey, f);
        }
        if own.len() >= self.0.capacity {
            return self.0.shared.measure_and_replace(&NotKeyed::NonKey, f);
        }
        own.entry(key.clone()).or_default().measure_and_replace(&NotKeyed::NonKey, f)
    }
}

impl<K: Hash + Eq + Clone> StateStore for Looking<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let own = self.0.own.lock();
        let state = match own.get(key) {
            None if own.len() < self.0.capacity => return f(None).map(|(answer, _)| answer),
            None => &self.0.shared,
            Some(state) => state,
        };
        let found = Cell::new(None);
        // An error leaves the state as it is.
        let _unchanged = state.measure_and_replace(&NotKeyed::NonKey, |seen| {
            found.set(seen);
            Err::<((), Nanos), ()>(())
        });
        f(found.get()).map(|(answer, _)| answer)
    }
}

impl<K: Hash + Eq + Clone> ShrinkableKeyedStateStore<K> for Counting<K> {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.own.retain_recent(drop_below);
    }

    fn shrink_to_fit(&self) {
        self.0.own.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.0.own.len()
    }

    fn is_empty(&self) -> bool {
        self.0.own.is_empty()
    }
}

impl<K> fmt::Debug for Counting<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Counting").field("capacity", &self.0.capacity).finish_non_exhaustive()
    }
}

impl<K> fmt::Debug for Looking<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Looking").finish_non_exhaustive()
    }
}
