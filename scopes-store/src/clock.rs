//! Times as the tables store them: microseconds since 1970.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The clock that the store compares lifetimes with.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> SystemTime + Send + Sync>);

impl Clock {
    pub(crate) fn new(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> i64 {
        to_micros((self.0)())
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(SystemTime::now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(..)")
    }
}

/// A time that does not fit becomes the nearest that does.
pub(crate) fn to_micros(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
    }
}

/// The epoch for a time that the platform cannot represent.
pub(crate) fn to_time(micros: i64) -> SystemTime {
    let distance = Duration::from_micros(micros.unsigned_abs());
    let time = if micros < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) };
    time.unwrap_or(UNIX_EPOCH)
}

/// The time after a duration, or `None` if it does not fit.
pub(crate) fn after(now: i64, duration: Duration) -> Option<i64> {
    now.checked_add(i64::try_from(duration.as_micros()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        for micros in [0, 1, -1, 1_700_000_000_123_456, -62_135_596_800_000_000] {
            assert_eq!(to_micros(to_time(micros)), micros);
        }
    }

    #[test]
    fn what_does_not_fit_is_not_wrapped() {
        assert_eq!(after(1, Duration::MAX), None);
        assert_eq!(after(i64::MAX, Duration::from_micros(1)), None);
        assert_eq!(after(i64::MAX - 1, Duration::from_micros(1)), Some(i64::MAX));
        assert!(to_time(i64::MAX) >= UNIX_EPOCH);
        assert!(to_time(i64::MIN) <= UNIX_EPOCH);
    }
}
