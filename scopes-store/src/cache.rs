//! Answers of the verifier that are used again for a few seconds.
//!
//! - The key is the digest of the presented token.
//! - Only good tokens have an entry, so unknown ones cannot push others out.
//! - An entry's time runs from the beginning of its look-up, because the answer has every change
//!   that was committed before that moment. So every process sees a change after at most that time.
//! - A look-up that began before an invalidation may not fill the cache after it.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use scopes::tokens::TokenDigest;
use scopes::{Grant, Scope};

use crate::verify::Answer;

const SHARDS: usize = 16;

/// The greatest number of entries of a shard. If it is full, the oldest entry is dropped.
const SHARD_ENTRIES: usize = 4096;

/// The cached answers, in shards so that requests seldom wait for each other.
pub(crate) struct Cache<S: Scope> {
    shards: [Mutex<Shard<S>>; SHARDS],
    /// The number of invalidations.
    generation: AtomicU64,
    time: Duration,
}

struct Shard<S: Scope> {
    entries: HashMap<TokenDigest, Entry<S>>,
    /// The keys in the order in which they were added, some of them twice.
    order: VecDeque<(TokenDigest, Instant)>,
}

struct Entry<S: Scope> {
    answer: Answer<S>,
    began: Instant,
}

/// The moment at which a look-up began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket {
    generation: u64,
    began: Instant,
}

impl<S: Scope> Cache<S> {
    pub(crate) fn new(time: Duration) -> Self {
        let shard = || Mutex::new(Shard { entries: HashMap::new(), order: VecDeque::new() });
        Self { shards: std::array::from_fn(|_| shard()), generation: AtomicU64::new(0), time }
    }

    pub(crate) fn empty_copy(&self) -> Self {
        Self::new(self.time)
    }

    /// The grant of a token that was found a short time ago and is still valid.
    pub(crate) fn get(&self, digest: &TokenDigest, now: i64) -> Option<Grant<S>> {
        self.get_at(digest, now, Instant::now())
    }

    fn get_at(&self, digest: &TokenDigest, now: i64, at: Instant) -> Option<Grant<S>> {
        let shard = self.shard(digest);
        let entry = shard.entries.get(digest)?;
        // Every hit compares the token's lifetime with the clock.
        (at.saturating_duration_since(entry.began) < self.time && entry.answer.is_valid_at(now))
            .then(|| entry.answer.grant.clone())
    }

    pub(crate) fn begin(&self) -> Ticket {
        Ticket { generation: self.generation.load(Ordering::SeqCst), began: Instant::now() }
    }

    /// Keeps the answer of a look-up, unless something was invalidated since it began.
    pub(crate) fn keep(&self, digest: TokenDigest, ticket: Ticket, answer: Answer<S>) {
        let mut shard = self.shard(&digest);
        // Compared under the lock: an invalidation counts first and then clears each shard.
        if self.generation.load(Ordering::SeqCst) != ticket.generation {
            return;
        }
        let now = Instant::now();
        while let Some(&(oldest, began)) = shard.order.front() {
            let is_full = shard.entries.len() >= SHARD_ENTRIES || shard.order.len() >= 2 * SHARD_ENTRIES;
            if !is_full && now.saturating_duration_since(began) < self.time {
                break;
            }
            shard.order.pop_front();
            if shard.entries.get(&oldest).is_some_and(|entry| entry.began == began) {
                shard.entries.remove(&oldest);
            }
        }
        shard.order.push_back((digest, ticket.began));
        shard.entries.insert(digest, Entry { answer, began: ticket.began });
    }

    /// Forgets everything. Changes of tokens are rare, and one change may concern many tokens.
    pub(crate) fn forget_all(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.entries.clear();
            shard.order.clear();
        }
    }

    fn shard(&self, digest: &TokenDigest) -> MutexGuard<'_, Shard<S>> {
        let shard = &self.shards[usize::from(digest.as_bytes()[0]) % SHARDS];
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    scopes::scopes! { mod api; users.read { GET "/users"; } }

    const TIME: Duration = Duration::from_secs(5);

    fn answer(not_before: Option<i64>, until: Option<i64>) -> Answer<api::Scope> {
        Answer { grant: api::Grant::new(api::Scope::UsersRead).with_token_id("t"), not_before, until }
    }

    fn digest(first: u8, second: u16) -> TokenDigest {
        let mut bytes = [first; 32];
        bytes[1..3].copy_from_slice(&second.to_be_bytes());
        TokenDigest::from_bytes(bytes)
    }

    #[test]
    fn an_entry_lives_from_the_beginning_of_its_look_up() {
        let cache = Cache::new(TIME);
        let ticket = cache.begin();
        cache.keep(digest(1, 1), ticket, answer(None, None));
        assert!(cache.get_at(&digest(1, 1), 0, ticket.began + TIME - Duration::from_nanos(1)).is_some());
        assert!(cache.get_at(&digest(1, 1), 0, ticket.began + TIME).is_none());
        assert!(cache.get_at(&digest(1, 2), 0, ticket.began).is_none());
    }

    #[test]
    fn lifetimes_are_looked_at_on_every_hit() {
        let cache = Cache::new(TIME);
        cache.keep(digest(1, 1), cache.begin(), answer(Some(10), Some(20)));
        let hits: Vec<_> = [9, 10, 19, 20].iter().map(|now| cache.get(&digest(1, 1), *now).is_some()).collect();
        assert_eq!(hits, [false, true, true, false]);
    }

    #[test]
    fn a_look_up_that_began_before_an_invalidation_does_not_fill_the_cache() {
        let cache = Cache::new(TIME);
        let before = cache.begin();
        cache.keep(digest(1, 1), before, answer(None, None));
        cache.forget_all();
        assert!(cache.get(&digest(1, 1), 0).is_none(), "forgotten");
        cache.keep(digest(1, 1), before, answer(None, None));
        assert!(cache.get(&digest(1, 1), 0).is_none(), "too late");
        cache.keep(digest(1, 1), cache.begin(), answer(None, None));
        assert!(cache.get(&digest(1, 1), 0).is_some());
    }

    #[test]
    fn the_cache_is_bounded() {
        let cache = Cache::new(Duration::from_secs(3600));
        for at in 0..10_000 {
            cache.keep(digest(1, at), cache.begin(), answer(None, None));
            // One token that is looked up again and again.
            cache.keep(digest(1, 1), cache.begin(), answer(None, None));
        }
        let shard = cache.shard(&digest(1, 0));
        assert!(shard.entries.len() <= SHARD_ENTRIES, "{}", shard.entries.len());
        assert!(shard.order.len() <= 2 * SHARD_ENTRIES, "{}", shard.order.len());
        assert!(shard.entries.contains_key(&digest(1, 9_999)) && shard.entries.contains_key(&digest(1, 1)));
    }

    #[test]
    fn ended_entries_leave() {
        let cache = Cache::new(Duration::ZERO);
        for at in 0..10 {
            cache.keep(digest(1, at), cache.begin(), answer(None, None));
        }
        assert_eq!(cache.shard(&digest(1, 0)).entries.len(), 1);
    }
}
