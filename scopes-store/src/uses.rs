//! When tokens were last used: collected in memory and written by a task, so that no request waits.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use scopes::Scope;

use crate::database::{AnyPool, Statement};
use crate::store::Store;

/// The greatest number of tokens whose use waits to be written. Uses of further tokens are not
/// recorded until then.
const MOST_PENDING: usize = 100_000;

/// The greatest number of tokens in one statement.
const PART: usize = 500;

/// The uses that are not written yet.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<Pending>);

#[derive(Debug, Default)]
struct Pending {
    times: HashMap<Box<str>, i64>,
    /// A task is going to write them.
    is_scheduled: bool,
}

impl Uses {
    /// Records a use. Returns whether the caller must start a task that writes it.
    fn record(&self, token_id: &str, now: i64) -> bool {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(time) = pending.times.get_mut(token_id) {
            *time = now.max(*time);
        } else if pending.times.len() < MOST_PENDING {
            pending.times.insert(token_id.into(), now);
        }
        !std::mem::replace(&mut pending.is_scheduled, true)
    }

    fn take(&self) -> Vec<(Box<str>, i64)> {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<_> = std::mem::take(&mut pending.times).into_iter().collect();
        drop(pending);
        // Sorted, so that two processes lock the rows in the same order.
        taken.sort_unstable();
        taken
    }

    fn put_back(&self, times: impl IntoIterator<Item = (Box<str>, i64)>) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (token_id, time) in times {
            if pending.times.len() < MOST_PENDING || pending.times.contains_key(&token_id) {
                let kept = pending.times.entry(token_id).or_insert(time);
                *kept = time.max(*kept);
            }
        }
    }

    /// Whether the task may end, because there is nothing left to write.
    fn is_done(&self) -> bool {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.times.is_empty() {
            pending.is_scheduled = false;
        }
        !pending.is_scheduled
    }

    fn unschedule(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_scheduled = false;
    }
}

/// Records that a token was used just now.
pub(crate) fn record<S: Scope>(store: &Store<S>, token_id: &str, now: i64) {
    if !store.shared.uses.record(token_id, now) {
        return;
    }
    let Ok(runtime) = tokio::runtime::Handle::try_current() else {
        // Without a runtime, the next request tries again.
        store.shared.uses.unschedule();
        return;
    };
    let store = store.clone();
    runtime.spawn(async move {
        // This also runs if the runtime drops the task. A second task would do no harm.
        let _unschedule = Unschedule(&store);
        loop {
            tokio::time::sleep(store.settings.uses_interval.max(Duration::from_millis(1))).await;
            // After an error the uses are pending again.
            let _failed = write(&store.pool, &store.shared.uses).await;
            if store.pool.is_closed() || store.shared.uses.is_done() {
                break;
            }
        }
    });
}

struct Unschedule<'s, S: Scope>(&'s Store<S>);

impl<S: Scope> Drop for Unschedule<'_, S> {
    fn drop(&mut self) {
        self.0.shared.uses.unschedule();
    }
}

/// Writes what is pending.
pub(crate) async fn write(pool: &AnyPool, uses: &Uses) -> sqlx::Result<()> {
    let mut taken = uses.take().into_iter();
    loop {
        let part: Vec<_> = taken.by_ref().take(PART).collect();
        if part.is_empty() {
            return Ok(());
        }
        if let Err(error) = write_part(pool, &part).await {
            uses.put_back(part.into_iter().chain(taken));
            return Err(error);
        }
    }
}

async fn write_part(pool: &AnyPool, part: &[(Box<str>, i64)]) -> sqlx::Result<()> {
    let pairs = part.iter().map(|(id, time)| serde_json::json!([&**id, time]));
    let pairs = serde_json::Value::from_iter(pairs).to_string();
    let mut held = pool.hold().await?;
    // A token that was cleaned up meanwhile has no row.
    let statement = Statement::new("INSERT INTO scopes_uses (token_id, last_used_at) ")
        .either(
            "SELECT t.id, json_extract(p.value, '$[1]') FROM json_each($1) p \
             JOIN scopes_tokens t ON t.id = json_extract(p.value, '$[0]') WHERE TRUE ",
            "SELECT t.id, CAST(p.value ->> 1 AS BIGINT) FROM json_array_elements(CAST($1 AS json)) p \
             JOIN scopes_tokens t ON t.id = p.value ->> 0 ORDER BY t.id ",
        )
        .push(
            "ON CONFLICT (token_id) DO UPDATE SET last_used_at = excluded.last_used_at \
             WHERE excluded.last_used_at > scopes_uses.last_used_at",
        );
    held.connection().execute(statement.bind(pairs.as_str())).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_are_collected_and_bounded() {
        let uses = Uses::default();
        assert!(uses.record("a", 5), "the first one starts a task");
        assert!(!uses.record("a", 3) && !uses.record("b", 4));
        let taken = uses.take();
        assert_eq!(taken, [("a".into(), 5), ("b".into(), 4)]);
        uses.record("b", 9);
        uses.put_back(taken);
        assert_eq!(uses.take(), [("a".into(), 5), ("b".into(), 9)]);
        assert!(uses.is_done() && uses.record("a", 1), "the task has ended");

        for at in 0..MOST_PENDING + 10 {
            uses.record(&at.to_string(), 1);
        }
        uses.put_back([("one more".into(), 1)]);
        assert_eq!(uses.take().len(), MOST_PENDING);
    }
}
