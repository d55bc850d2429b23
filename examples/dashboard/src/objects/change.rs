//! Changes: what is written together, and the events and webhook messages that tell of it.

use jiff::Timestamp;
use serde_json::json;

use super::{Objects, TRIES, read, row_of};
use crate::database::Transaction;
use crate::failure::Failure;
use crate::kinds::events::{Event, EventType};
use crate::kinds::field::AnyObject;
use crate::kinds::text::{Id, Text};
use crate::kinds::webhooks::{Attempts, Message, MessageState, Webhook};
use crate::kinds::{Fault, Kind, Object};
use crate::store::{Limit, StoreError, Write, WriteError};
use crate::webhooks::{Job, first_sweep};

/// Writes and the events about them. All of it is committed or nothing.
#[derive(Debug, Default)]
pub(crate) struct Change {
    writes: Vec<Write>,
    /// For each write, the field that the caller must change if the unique key exists already.
    fields: Vec<String>,
    events: Vec<Event>,
    /// What the numbers of objects are compared with after the writes.
    limits: Vec<Limit>,
    /// For each limit, the field of the list that is full.
    lists: Vec<&'static str>,
}

impl Change {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an object. `within` is the path of the object in the body of the request; empty if it
    /// is the body itself.
    pub(crate) fn insert<K: Kind>(
        &mut self,
        objects: &Objects<'_>,
        parent: Option<&str>,
        record: K,
        within: &str,
    ) -> Result<Object<K>, Failure> {
        let limit = Limit {
            environment_id: objects.environment_id.clone(),
            kind: K::KIND,
            parent_id: parent.map(str::to_owned),
            most: K::LIMIT,
        };
        if K::LIMIT < u64::MAX && !self.limits.contains(&limit) {
            self.limits.push(limit);
            self.lists.push(K::LIST);
        }
        // A microsecond each, so that a list has the order of the request.
        let now = Timestamp::now().as_microsecond().saturating_add(self.writes.len() as i64);
        let now = super::time(now).ok_or(StoreError::Corrupt("a time out of range"))?;
        let object = Object::new(&objects.environment_id, parent, now, record);
        self.push(&object, Write::Insert(row_of(&object)?), within);
        self.tell(&object, K::EVENTS.created);
        Ok(object)
    }

    /// Writes an object that was changed.
    pub(crate) fn update<K: Kind>(&mut self, object: &Object<K>, event: Option<&'static str>) -> Result<(), Failure> {
        self.push(object, Write::Update(row_of(object)?), "");
        self.tell(object, event);
        Ok(())
    }

    /// Deletes an object with everything that belongs to it.
    pub(crate) fn delete<K: Kind>(&mut self, object: &Object<K>, event: Option<&'static str>) -> Result<(), Failure> {
        self.push(object, Write::Delete(row_of(object)?), "");
        self.tell(object, event);
        Ok(())
    }

    /// Adds an event about something that is not in the table of objects.
    pub(crate) fn event(&mut self, event: &'static str, object_type: &str, object_id: &str) {
        self.events.push(Event {
            r#type: EventType(event),
            object_type: Text(object_type.to_owned()),
            object_id: Text(object_id.to_owned()),
            user_id: None,
        });
    }

    fn push<K: Kind>(&mut self, object: &Object<K>, write: Write, within: &str) {
        let field = object.record.key().map_or("", |(field, _)| field);
        self.fields.push(match within {
            "" => field.to_owned(),
            within => format!("{within}.{field}"),
        });
        self.writes.push(write);
    }

    fn tell<K: Kind>(&mut self, object: &Object<K>, event: Option<&'static str>) {
        let Some(event) = event else { return };
        let user_id = match K::PARENT {
            Some("userId") => object.parent.clone(),
            _ if K::KIND == "user" => Some(object.id.clone()),
            _ => None,
        };
        self.events.push(Event {
            r#type: EventType(event),
            object_type: Text(K::KIND.to_owned()),
            object_id: Text(object.id.clone()),
            user_id: user_id.map(Id),
        });
    }

    /// Makes all of it, and hands the messages over for delivery.
    pub(crate) async fn commit(self, objects: &Objects<'_>) -> Result<(), Failure> {
        for _ in 0..TRIES {
            let mut transaction = objects.app.store.begin_in(&objects.environment_id).await?;
            let error = match self.write(&objects.environment_id, &mut transaction).await {
                Ok(messages) => {
                    transaction.commit().await.map_err(StoreError::from)?;
                    objects.app.deliveries.send(messages);
                    return Ok(());
                }
                Err(error) => error,
            };
            return Err(match error {
                WriteError::Deadlock(error) => {
                    tracing::warn!(%error, "a change is tried again");
                    continue;
                }
                WriteError::Store(error) => error.into(),
                WriteError::Duplicate(at) => {
                    let field = self.fields.get(at).map_or("id", String::as_str);
                    Failure::Conflict(Fault::of(field, "exists already"))
                }
                WriteError::Full(at) => {
                    let (list, most) = (self.lists.get(at), self.limits.get(at).map_or(0, |limit| limit.most));
                    let why = format!("has {most} objects, which is the greatest number");
                    Failure::Conflict(Fault::of(list.copied().unwrap_or_default(), why))
                }
                WriteError::NoParent(_) => Failure::NotFound,
                WriteError::Stale(_) => Failure::Stale,
            });
        }
        Err(Failure::Stale)
    }

    /// Makes all of it within a transaction, and returns the messages to deliver.
    pub(crate) async fn write(
        &self,
        environment_id: &str,
        transaction: &mut Transaction,
    ) -> Result<Vec<Job>, WriteError> {
        transaction.wait_for_writers(&self.writes).await?;
        transaction.write(&self.writes).await?;
        transaction.check_limits(&self.limits).await?;
        // A webhook gets no message about its own making or end, and none once it is turned off.
        let made = |id: &str| self.writes.iter().any(|write| matches!(write, Write::Insert(row) if row.id == id));
        let webhooks = transaction.hold_objects(environment_id, Webhook::KIND).await?;
        let webhooks = webhooks.into_iter().filter(|webhook| !made(&webhook.id));
        let webhooks = webhooks.map(read).collect::<Result<Vec<Object<Webhook>>, _>>()?;
        let changed = |id: &str| self.writes.iter().any(|write| matches!(write, Write::Update(row) if row.id == id));
        for webhook in webhooks.iter().filter(|webhook| webhook.record.is_off() && changed(&webhook.id)) {
            transaction.cancel_messages(environment_id, &webhook.id).await?;
        }
        let (mut writes, mut messages) = (Vec::new(), Vec::new());
        for (position, event) in self.events.iter().enumerate() {
            let event = event_object(environment_id, event.clone(), position)?;
            writes.push(Write::Insert(row_of(&event)?));
            for webhook in webhooks.iter().filter(|webhook| wants(&webhook.record, event.record.r#type)) {
                let message = message_of(webhook, &event);
                writes.push(Write::Insert(row_of(&message)?));
                messages.push(Job {
                    environment_id: environment_id.to_owned(),
                    webhook_id: webhook.id.clone(),
                    message_id: message.id,
                });
            }
        }
        transaction.write(&writes).await?;
        Ok(messages)
    }
}

fn event_object(environment_id: &str, event: Event, position: usize) -> Result<Object<Event>, StoreError> {
    let now = Timestamp::now().as_microsecond().saturating_add(position as i64);
    let now = super::time(now).ok_or(StoreError::Corrupt("a time out of range"))?;
    Ok(Object::new(environment_id, None, now, event))
}

fn wants(webhook: &Webhook, event: EventType) -> bool {
    !webhook.is_off() && webhook.events.as_ref().is_none_or(|events| events.0.contains(&event))
}

/// The message to a webhook about an event.
fn message_of(webhook: &Object<Webhook>, event: &Object<Event>) -> Object<Message> {
    let record = Message {
        event_id: Id(event.id.clone()),
        event_type: event.record.r#type,
        state: MessageState::Pending,
        attempts: Attempts(0),
        next_attempt_at: Some(first_sweep()),
        payload: AnyObject::default(),
    };
    let mut message = Object::new(&event.environment_id, Some(&webhook.id), event.created_at.clone(), record);
    let payload = [
        ("messageId", json!(message.id)),
        ("environmentId", json!(event.environment_id)),
        ("webhookId", json!(webhook.id)),
        ("event", event.to_json()),
    ];
    message.record.payload = AnyObject(payload.map(|(name, value)| (name.to_owned(), value)).into_iter().collect());
    message
}
