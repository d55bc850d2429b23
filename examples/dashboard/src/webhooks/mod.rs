//! Delivery of messages to webhooks. The database holds what waits; this holds what is sent next.

use core::fmt;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::kinds::Kind as _;
use crate::kinds::webhooks::Message;
use crate::store::Store;

mod address;
mod attempt;
mod lanes;
mod post;
mod signature;

pub(crate) use attempt::first_sweep;
pub(crate) use lanes::Job;
pub use post::Targets;
pub(crate) use signature::Signer;

use lanes::{Lanes, WAITING};
use post::Poster;

/// How often the database is asked for messages that are due: later attempts, those beyond the
/// lanes, and those of a server that was stopped.
const SWEEP: Duration = Duration::from_secs(5);

/// Delivers messages until its last clone is dropped.
#[derive(Clone)]
pub struct Deliveries {
    waiting: Arc<Waiting>,
    pub(crate) signer: Signer,
    pub(crate) targets: Targets,
    /// Ends the tasks when it is dropped.
    _tasks: Arc<JoinSet<()>>,
}

/// The messages that wait for a place.
#[derive(Debug, Default)]
struct Waiting {
    lanes: Mutex<Lanes>,
    /// Wakes the dispatcher when there is a message or a place.
    changed: Notify,
}

impl Waiting {
    fn change<T>(&self, change: impl FnOnce(&mut Lanes) -> T) -> T {
        // A panic with the lock held would leave whole lanes, because nothing in them panics.
        change(&mut self.lanes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn push(&self, jobs: impl IntoIterator<Item = Job>) {
        self.change(|lanes| jobs.into_iter().for_each(|job| lanes.push(job)));
        self.changed.notify_one();
    }
}

impl Deliveries {
    /// Starts to deliver.
    pub(crate) fn start(store: &Store, signer: Signer, targets: Targets) -> Self {
        let waiting = Arc::new(Waiting::default());
        let poster = Arc::new(Poster::new(signer.clone(), targets));
        let mut tasks = JoinSet::new();
        tasks.spawn(dispatch(store.clone(), Arc::clone(&waiting), poster));
        tasks.spawn(sweep(store.clone(), Arc::clone(&waiting)));
        Self { waiting, signer, targets, _tasks: Arc::new(tasks) }
    }

    /// Hands over messages that are in the database. If too many wait, the sweep finds the rest.
    pub(crate) fn send(&self, jobs: impl IntoIterator<Item = Job>) {
        self.waiting.push(jobs);
    }
}

/// Starts an attempt for each message that has a place.
async fn dispatch(store: Store, waiting: Arc<Waiting>, poster: Arc<Poster>) {
    let mut attempts = JoinSet::new();
    let mut running = HashMap::new();
    loop {
        while let Some(job) = waiting.change(Lanes::next) {
            let (store, poster, attempted) = (store.clone(), Arc::clone(&poster), job.clone());
            let task = attempts.spawn(async move { attempt::run(&store, &poster, &attempted).await });
            running.insert(task.id(), job);
        }
        tokio::select! {
            () = waiting.changed.notified() => {}
            Some(ended) = attempts.join_next_with_id() => {
                let id = match ended {
                    Ok((id, ())) => id,
                    Err(error) => error.id(),
                };
                if let Some(job) = running.remove(&id) {
                    waiting.change(|lanes| lanes.done(&job));
                }
            }
        }
    }
}

/// Hands over the messages that are due, some of each webhook.
async fn sweep(store: Store, waiting: Arc<Waiting>) {
    loop {
        let now = Timestamp::now().as_microsecond();
        // If the database fails, the next round tries again.
        let due = store.due_objects(Message::KIND, now, WAITING as u32).await.unwrap_or_default();
        waiting.push(due.into_iter().map(|due| Job {
            environment_id: due.environment_id,
            webhook_id: due.parent_id,
            message_id: due.id,
        }));
        tokio::time::sleep(SWEEP).await;
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries").field("targets", &self.targets).finish_non_exhaustive()
    }
}
