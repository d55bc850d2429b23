//! One attempt to deliver a message: it is claimed, sent and recorded.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::lanes::Job;
use super::post::{PostError, Poster};
use crate::kinds::field::Number;
use crate::kinds::text::{Text, Time};
use crate::kinds::webhooks::{Attempts, Delivery, Message, MessageState, Webhook};
use crate::kinds::{Kind, Object};
use crate::objects::{TRIES, read, row_of};
use crate::store::{Store, StoreError, Write, WriteError};

/// How long an attempt may take, with its writes to the database. Later, another one may begin.
const LEASE: Duration = Duration::from_secs(60);

/// The pauses after failed attempts. After the last one, no attempt is made without a request.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(6 * 60 * 60),
    Duration::from_secs(12 * 60 * 60),
];

/// The time from which a sweep may send a new message. Until then, the server that wrote it does.
pub(crate) fn first_sweep() -> Time {
    in_future(LEASE)
}

/// Sends a message that waits, and records the attempt.
pub(super) async fn run(store: &Store, poster: &Poster, job: &Job) {
    // If the message was changed meanwhile, that change counts. After an error of the database, a
    // later sweep tries again.
    let _retried_later = attempt(store, poster, job).await;
}

async fn attempt(store: &Store, poster: &Poster, job: &Job) -> Result<(), WriteError> {
    let Some(message) = find::<Message>(store, job, &job.message_id).await? else { return Ok(()) };
    if message.record.state != MessageState::Pending || is_not_due(&message.record) {
        return Ok(());
    }
    let Some(webhook) = find::<Webhook>(store, job, &job.webhook_id).await? else { return Ok(()) };
    let recorded = store.count_objects(&job.environment_id, Delivery::KIND, Some(&message.id)).await?;
    if webhook.record.is_off() || recorded >= Delivery::LIMIT {
        let state = if webhook.record.is_off() { MessageState::Cancelled } else { MessageState::Failed };
        let ended = changed(&message, |record| (record.state, record.next_attempt_at) = (state, None));
        return store.write(&[Write::Update(row_of(&ended)?)]).await;
    }
    // Fails if another instance of the server has the same message, or the webhook was turned off.
    // If this server stops, the message is due again.
    let claimed = changed(&message, |record| {
        record.attempts = Attempts(record.attempts.0 + 1);
        record.next_attempt_at = Some(in_future(LEASE));
    });
    store.write(&[Write::Update(row_of(&claimed)?)]).await?;
    let started = Instant::now();
    let answered = poster.post(&webhook, &message).await;
    record(store, job, delivery(answered, started.elapsed())).await
}

/// Whether another attempt goes on, or the pause after a failed one has not ended.
fn is_not_due(message: &Message) -> bool {
    let next = message.next_attempt_at.as_ref().and_then(|Time(time)| time.parse::<Timestamp>().ok());
    message.attempts.0 > 0 && next.is_some_and(|next| Timestamp::now() < next)
}

/// Writes what an attempt has led to.
async fn record(store: &Store, job: &Job, delivery: Delivery) -> Result<(), WriteError> {
    let succeeded = delivery.succeeded;
    let now = Timestamp::now().to_string();
    let delivery = Write::Insert(row_of(&Object::new(&job.environment_id, Some(&job.message_id), now, delivery))?);
    for _ in 0..TRIES {
        let Some(message) = find::<Message>(store, job, &job.message_id).await? else { return Ok(()) };
        let mut writes = vec![delivery.clone()];
        // The state is another one if the webhook was turned off meanwhile. If a client has asked
        // meanwhile to send the message again, this attempt counts for that request.
        if message.record.state == MessageState::Pending {
            let ended = changed(&message, |record| {
                (record.state, record.next_attempt_at) = after(succeeded, record.attempts.0);
            });
            writes.push(Write::Update(row_of(&ended)?));
        }
        match store.write(&writes).await {
            Err(WriteError::Stale(_)) => {}
            done => return done,
        }
    }
    Ok(())
}

/// The state after an attempt, and the time of the next one.
fn after(succeeded: bool, attempts: u64) -> (MessageState, Option<Time>) {
    if succeeded {
        return (MessageState::Delivered, None);
    }
    let pause = usize::try_from(attempts).ok().and_then(|attempts| PAUSES.get(attempts.saturating_sub(1)));
    match pause {
        Some(&pause) => (MessageState::Pending, Some(in_future(pause))),
        None => (MessageState::Failed, None),
    }
}

fn delivery(answered: Result<u16, PostError>, time: Duration) -> Delivery {
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX).min(600_000);
    let (status, error) = match answered {
        Ok(status) => (Some(Number(u64::from(status))), None),
        Err(error) => (None, Some(Text(error.to_string()))),
    };
    let succeeded = status.is_some_and(|status| (200..300).contains(&status.0));
    Delivery { succeeded, status, error, milliseconds: Number(milliseconds) }
}

fn changed(message: &Object<Message>, change: impl FnOnce(&mut Message)) -> Object<Message> {
    let mut message = Object { updated_at: Timestamp::now().to_string(), ..message.clone() };
    change(&mut message.record);
    message
}

fn in_future(time: Duration) -> Time {
    Time(Timestamp::now().saturating_add(time).unwrap_or(Timestamp::MAX).to_string())
}

async fn find<K: Kind>(store: &Store, job: &Job, id: &str) -> Result<Option<Object<K>>, StoreError> {
    store.object_in(&job.environment_id, K::KIND, id).await?.map(read).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_attempts_end() {
        assert!(PAUSES.is_sorted_by(|one, next| one < next));
        let seconds = |attempts| {
            let (state, next) = after(false, attempts);
            assert_eq!(state == MessageState::Pending, next.is_some());
            next.map(|Time(next)| next.parse::<Timestamp>().unwrap().as_second() - Timestamp::now().as_second())
        };
        for (attempts, pause) in (1..).zip(PAUSES) {
            let left = seconds(attempts).unwrap();
            assert!((pause.as_secs().cast_signed() - left).abs() <= 2, "{attempts} {left}");
        }
        assert_eq!(seconds(PAUSES.len() as u64 + 1), None);
        assert_eq!(after(false, u64::MAX), (MessageState::Failed, None));
        assert_eq!(after(true, 1), (MessageState::Delivered, None));
    }
}
