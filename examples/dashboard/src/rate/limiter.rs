//! A limit of requests in a minute for each key.

use core::hash::Hash;
use core::num::NonZeroU32;
use core::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::{Quota, RateLimiter};

use super::store::{Counting, Looking};

/// How many keys of one limit have a state of their own: a few megabytes.
const CAPACITY: usize = 50_000;

/// The least number of requests that a key may send at once, after a pause.
const LEAST_BURST: u32 = 10;

/// A limit for each key.
#[derive(Debug)]
pub(super) struct Limiter<K: Hash + Eq + Clone, C: Clock = DefaultClock> {
    /// `None` allows any number of requests.
    limits: Option<Limits<K, C>>,
    clock: C,
}

type Limit<K, S, C> = RateLimiter<K, S, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Two limiters over the same states.
#[derive(Debug)]
struct Limits<K: Hash + Eq + Clone, C: Clock> {
    counting: Limit<K, Counting<K>, C>,
    looking: Limit<K, Looking<K>, C>,
}

impl<K: Hash + Eq + Clone> Limiter<K> {
    /// Allows this number of requests in a minute, and a tenth of it at once. `None` allows any
    /// number.
    pub(super) fn per_minute(requests: Option<NonZeroU32>) -> Self {
        Self::with_clock(requests, CAPACITY, DefaultClock::default())
    }
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Limiter<K, C> {
    fn with_clock(requests: Option<NonZeroU32>, capacity: usize, clock: C) -> Self {
        let limits = requests.map(|requests| {
            let burst = NonZeroU32::new((requests.get() / 10).max(LEAST_BURST)).unwrap_or(requests).min(requests);
            let quota = Quota::per_minute(requests).allow_burst(burst);
            let counting = Counting::new(capacity);
            let looking = counting.looking();
            // Each limiter counts time from its own start, and these lie microseconds apart.
            Limits {
                counting: RateLimiter::new(quota, counting, clock.clone()),
                looking: RateLimiter::new(quota, looking, clock.clone()),
            }
        });
        Self { limits, clock }
    }

    /// Counts a request.
    ///
    /// # Errors
    ///
    /// If the key has sent too many. The request does not count then. The error is the time after
    /// which one more is allowed.
    pub(super) fn count(&self, key: &K) -> Result<(), Duration> {
        let Some(limits) = &self.limits else { return Ok(()) };
        limits.counting.check_key(key).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Like [`count`](Self::count), but does not count the request.
    pub(super) fn has_room(&self, key: &K) -> Result<(), Duration> {
        let Some(limits) = &self.limits else { return Ok(()) };
        limits.looking.check_key(key).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Forgets the keys that may send as much as a key that was never seen.
    pub(super) fn prune(&self) {
        if let Some(limits) = &self.limits {
            limits.counting.retain_recent();
            limits.counting.shrink_to_fit();
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.limits.as_ref().map_or(0, |limits| limits.counting.len())
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    fn limiter(requests: u32, capacity: usize) -> (Limiter<u32, FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Limiter::with_clock(NonZeroU32::new(requests), capacity, clock.clone()), clock)
    }

    #[test]
    fn a_key_may_send_its_burst_and_then_its_rate() {
        let (limiter, clock) = limiter(600, 10);
        for _ in 0..60 {
            assert_eq!(limiter.count(&1), Ok(()));
        }
        let wait = limiter.count(&1).unwrap_err();
        assert!(wait > Duration::ZERO && wait <= Duration::from_millis(100), "{wait:?}");
        assert_eq!(limiter.count(&2), Ok(()), "another key");
        clock.advance(Duration::from_millis(100));
        assert_eq!(limiter.count(&1), Ok(()));
        assert!(limiter.count(&1).is_err());
    }

    #[test]
    fn a_look_does_not_count() {
        let (limiter, clock) = limiter(600, 1);
        // The first key has its own state, the second one the shared state.
        for key in [1, 2] {
            for _ in 0..60 {
                assert_eq!((limiter.has_room(&key), limiter.has_room(&key)), (Ok(()), Ok(())));
                assert_eq!(limiter.count(&key), Ok(()));
            }
            let wait = limiter.has_room(&key).unwrap_err();
            assert!(wait > Duration::ZERO && wait <= Duration::from_millis(100), "{wait:?}");
        }
        assert!(limiter.has_room(&3).is_err(), "it shares the state of the second key");
        clock.advance(Duration::from_millis(100));
        assert_eq!((limiter.has_room(&1), limiter.has_room(&3)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_low_rate_is_never_exceeded_by_its_burst() {
        let (limiter, _) = limiter(3, 10);
        assert_eq!((0..10).filter(|_| limiter.count(&1).is_ok()).count(), 3);
        let unlimited = Limiter::<u32>::per_minute(None);
        assert!((0..10_000).all(|_| unlimited.count(&1).is_ok()));
    }

    #[test]
    fn the_keys_are_pruned_and_their_number_is_capped() {
        let (limiter, clock) = limiter(60, 100);
        let passed = (0..10_000).filter(|key| limiter.count(key).is_ok()).count();
        // Each of the first hundred keys has its own state. The others share one.
        assert_eq!((passed, limiter.len()), (110, 100));
        assert_eq!(limiter.count(&7), Ok(()), "a known key keeps its own state");
        assert!(limiter.count(&200).is_err());

        limiter.prune();
        assert_eq!(limiter.len(), 100, "what was counted a moment ago is kept");
        clock.advance(Duration::from_secs(5));
        assert_eq!(limiter.count(&200), Ok(()), "the shared state has room again");
        clock.advance(Duration::from_secs(60));
        limiter.prune();
        assert_eq!(limiter.len(), 0);
    }
}
