//! Turns of what writes. A writer that waits for another one in the database holds a connection
//! meanwhile, so writers wait here, before they take one. Reads need no turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::Result;

/// How many writers of one environment may have a place, or wait for one, at the same time. Further
/// ones wait for these, so they are not in the way of other environments.
const OF_ENVIRONMENT: usize = 2;

/// The places of writers. Clones share them.
#[derive(Clone, Debug)]
pub struct Turns {
    places: Arc<Semaphore>,
    /// Only environments that have a writer now.
    environments: Arc<Mutex<HashMap<String, Weak<Semaphore>>>>,
}

/// Keeps a place until it is dropped.
#[derive(Debug)]
#[must_use = "the place is free again as soon as this is dropped"]
pub struct Turn {
    _place: OwnedSemaphorePermit,
    _of_environment: Option<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), environments: Arc::default() }
    }

    /// Waits for a place. After this time it fails like a pool whose connections are all taken.
    pub(super) async fn take(&self, environment_id: Option<&str>, patience: Duration) -> Result<Turn> {
        let taken = async {
            let of_environment = match environment_id {
                Some(id) => Some(self.environment(id).acquire_owned().await?),
                None => None,
            };
            let place = Arc::clone(&self.places).acquire_owned().await?;
            Ok(Turn { _place: place, _of_environment: of_environment })
        };
        let taken: core::result::Result<_, tokio::sync::AcquireError> =
            timeout(patience, taken).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        taken.map_err(|_| sqlx::Error::PoolClosed)
    }

    fn environment(&self, id: &str) -> Arc<Semaphore> {
        // Nothing panics with the lock held.
        let mut environments = self.environments.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = environments.get(id).and_then(Weak::upgrade) {
            return found;
        }
        environments.retain(|_, writers| writers.strong_count() > 0);
        let made = Arc::new(Semaphore::new(OF_ENVIRONMENT));
        environments.insert(id.to_owned(), Arc::downgrade(&made));
        made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn an_environment_leaves_places_to_others() {
        let turns = Turns::new(4);
        let mut held = Vec::new();
        for environment in ["a", "b"] {
            for _ in 0..OF_ENVIRONMENT {
                held.push(turns.take(Some(environment), SOON).await.unwrap());
            }
            let refused = turns.take(Some(environment), SOON).await.unwrap_err();
            assert!(matches!(refused, sqlx::Error::PoolTimedOut), "{refused}");
        }
        // All places are taken now, and each one that ends is free again.
        assert!(turns.take(None, SOON).await.is_err() && turns.take(Some("c"), SOON).await.is_err());
        drop(held.remove(0));
        assert!(turns.take(Some("b"), SOON).await.is_err());
        drop(turns.take(Some("a"), SOON).await.unwrap());
        let other = turns.take(Some("c"), SOON).await.unwrap();
        assert!(turns.take(None, SOON).await.is_err());
        drop((held, other));
        drop(turns.take(Some("d"), SOON).await.unwrap());
        assert_eq!(turns.environments.lock().unwrap().len(), 1, "environments without writers are forgotten");
    }

    #[tokio::test]
    async fn a_writer_comes_before_most_of_a_crowded_environment() {
        let turns = Turns::new(1);
        let running = turns.take(Some("crowded"), SOON).await.unwrap();
        let (sender, mut ended) = tokio::sync::mpsc::unbounded_channel();
        for environment in ["crowded"; 20].into_iter().chain(["other"]) {
            let (turns, sender) = (turns.clone(), sender.clone());
            tokio::spawn(async move {
                let turn = turns.take(Some(environment), Duration::from_secs(9)).await.unwrap();
                sender.send(environment).unwrap();
                drop(turn);
            });
            tokio::task::yield_now().await;
        }
        drop((running, sender));
        let mut order = Vec::new();
        while let Some(environment) = ended.recv().await {
            order.push(environment);
        }
        assert_eq!(order.len(), 21);
        assert!(order[..OF_ENVIRONMENT].contains(&"other"), "{order:?}");
    }
}
