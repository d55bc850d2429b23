//! Delivery of messages to webhooks: a bounded queue, a few workers, and a record of each attempt.

use core::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinSet;

use crate::kinds::field::Number;
use crate::kinds::text::Text;
use crate::kinds::webhooks::{Delivery, Message, MessageState, Webhook};
use crate::kinds::{Kind, Object};
use crate::objects::{read, row_of};
use crate::store::{Store, Write};

mod address;
mod post;
mod signature;

pub(crate) use post::Poster;
pub use post::Targets;
pub(crate) use signature::Signer;

/// How many messages may wait. Those beyond it stay in the database, and the next sweep finds them.
const QUEUE: usize = 1000;

/// How many messages are delivered at the same time.
const WORKERS: usize = 4;

/// How often the database is asked for messages that wait: those beyond the queue, and those of a
/// server that was stopped.
const SWEEP: Duration = Duration::from_secs(60);

/// Delivers messages until its last clone is dropped.
#[derive(Clone)]
pub struct Deliveries {
    queue: mpsc::Sender<Job>,
    pub(crate) signer: Signer,
    pub(crate) targets: Targets,
    /// Ends the tasks when it is dropped.
    _tasks: Arc<JoinSet<()>>,
}

/// A message to deliver.
#[derive(Debug)]
struct Job {
    environment_id: String,
    message_id: String,
}

impl Deliveries {
    /// Starts the workers.
    pub(crate) fn start(store: &Store, signer: Signer, targets: Targets) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let poster = Arc::new(Poster::new(signer.clone(), targets));
        let mut tasks = JoinSet::new();
        for _ in 0..WORKERS {
            let (store, jobs, poster) = (store.clone(), Arc::clone(&jobs), Arc::clone(&poster));
            tasks.spawn(async move {
                loop {
                    // A worker that waits for a message holds the lock, and the others wait for it.
                    let job = jobs.lock().await.recv().await;
                    let Some(job) = job else { return };
                    deliver(&store, &poster, &job).await;
                }
            });
        }
        tasks.spawn(sweep(store.clone(), queue.clone()));
        Self { queue, signer, targets, _tasks: Arc::new(tasks) }
    }

    /// Queues messages that are in the database.
    pub(crate) fn send(&self, environment_id: &str, message_ids: impl IntoIterator<Item = String>) {
        for message_id in message_ids {
            let job = Job { environment_id: environment_id.to_owned(), message_id };
            // If the queue is full, the next sweep sends the message.
            let _full = self.queue.try_send(job);
        }
    }
}

/// Queues the messages that have waited for a while.
async fn sweep(store: Store, queue: mpsc::Sender<Job>) {
    loop {
        let before = Timestamp::now().as_microsecond().saturating_sub(SWEEP.as_micros() as i64);
        let pending = MessageState::Pending.as_str();
        // If the database fails, the next round tries again.
        let waiting = store.objects_labelled(Message::KIND, pending, before, QUEUE as u32).await.unwrap_or_default();
        for row in waiting {
            let job = Job { environment_id: row.environment_id, message_id: row.id };
            if queue.send(job).await.is_err() {
                return;
            }
        }
        tokio::time::sleep(SWEEP).await;
    }
}

/// Tries to deliver a message that waits, once, and records the attempt. A database that fails
/// leaves the message pending for the next sweep.
async fn deliver(store: &Store, poster: &Poster, job: &Job) {
    let Some(message) = find::<Message>(store, job, &job.message_id).await else { return };
    // The sweep and the route `redeliver` also queue a message that is in the queue already.
    if message.record.state != MessageState::Pending {
        return;
    }
    let Some(webhook_id) = message.parent.clone() else { return };
    let Some(webhook) = find::<Webhook>(store, job, &webhook_id).await else { return };
    let started = Instant::now();
    let answered = poster.post(&webhook, &message).await;
    let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX).min(600_000);
    let (status, error) = match answered {
        Ok(status) => (Some(Number(u64::from(status))), None),
        Err(error) => (None, Some(Text(error.to_string()))),
    };
    let succeeded = status.is_some_and(|status| (200..300).contains(&status.0));
    let now = Timestamp::now().to_string();
    let delivery = Delivery { succeeded, status, error, milliseconds: Number(milliseconds) };
    let delivery = Object::new(&job.environment_id, Some(&message.id), now.clone(), delivery);
    let state = if succeeded { MessageState::Delivered } else { MessageState::Failed };
    let message = Object { updated_at: now, record: Message { state, ..message.record.clone() }, ..message };
    if let (Ok(delivery), Ok(message)) = (row_of(&delivery), row_of(&message)) {
        // Fails if the webhook was deleted or the message was sent again meanwhile. The other
        // attempt is recorded then.
        let _outdated = store.write(&[Write::Insert(delivery), Write::Update(message)]).await;
    }
}

async fn find<K: Kind>(store: &Store, job: &Job, id: &str) -> Option<Object<K>> {
    let row = store.object_in(&job.environment_id, K::KIND, id).await.ok().flatten()?;
    read(row).ok()
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries").field("targets", &self.targets).finish_non_exhaustive()
    }
}
