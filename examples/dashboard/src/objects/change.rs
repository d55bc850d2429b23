//! Changes: what is written together, and the events and webhook messages that tell of it.

use jiff::Timestamp;
use serde_json::json;

use super::{Objects, TRIES, row_of};
use crate::failure::Failure;
use crate::kinds::events::{Event, EventType};
use crate::kinds::field::AnyObject;
use crate::kinds::text::{Id, Text};
use crate::kinds::webhooks::{Message, MessageState, Webhook};
use crate::kinds::{Fault, Kind, Object};
use crate::store::{Write, WriteError};

/// Writes and the events about them. All of it is committed or nothing.
#[derive(Debug, Default)]
pub(crate) struct Change {
    writes: Vec<Write>,
    /// For each write, the field that the caller must change if the unique key exists already.
    fields: Vec<String>,
    events: Vec<Event>,
}

impl Change {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds an object. `within` is the path of the object in the body of the request; empty if it
    /// is the body itself.
    pub(crate) async fn insert<K: Kind>(
        &mut self,
        objects: &Objects<'_>,
        parent: Option<&str>,
        record: K,
        within: &str,
    ) -> Result<Object<K>, Failure> {
        let store = &objects.app.store;
        let same =
            self.writes.iter().filter(|write| matches!(write, Write::Insert(row) if row.kind == K::KIND)).count();
        let known = store.count_objects(&objects.environment_id, K::KIND, parent).await?;
        if known + same as u64 >= K::LIMIT {
            let why = format!("has {} objects, which is the greatest number", K::LIMIT);
            return Err(Failure::Conflict(Fault::of(K::LIST, why)));
        }
        // A microsecond each, so that a list has the order of the request.
        let now = Timestamp::now().as_microsecond().saturating_add(self.writes.len() as i64);
        let now = super::time(now).ok_or(crate::store::StoreError::Corrupt("a time out of range"))?;
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
            let (writes, messages) = self.with_events(objects).await?;
            match objects.app.store.write(&writes).await {
                Ok(()) => {
                    objects.app.deliveries.send(&objects.environment_id, messages);
                    return Ok(());
                }
                Err(WriteError::Store(error)) => return Err(error.into()),
                Err(WriteError::Duplicate(at)) => {
                    let field = self.fields.get(at).map_or("id", String::as_str);
                    return Err(Failure::Conflict(Fault::of(field, "exists already")));
                }
                // A webhook was deleted meanwhile, so the webhooks are read again.
                Err(WriteError::NoParent(at)) if at >= self.writes.len() => {}
                Err(WriteError::NoParent(_)) => return Err(Failure::NotFound),
                Err(WriteError::Stale(_)) => return Err(Failure::Stale),
            }
        }
        Err(Failure::Stale)
    }

    /// The writes with those of the events and of the messages to webhooks, and the messages' ids.
    async fn with_events(&self, objects: &Objects<'_>) -> Result<(Vec<Write>, Vec<String>), Failure> {
        let (mut writes, mut messages) = (self.writes.clone(), Vec::new());
        let deleted = |id: &str| self.writes.iter().any(|write| matches!(write, Write::Delete(row) if row.id == id));
        let mut webhooks = objects.all::<Webhook>().await?;
        // A message belongs to its webhook, so a webhook that goes away gets none about it.
        webhooks.retain(|webhook| !deleted(&webhook.id));
        for (position, event) in self.events.iter().enumerate() {
            let event = event_object(objects, event.clone(), position)?;
            writes.push(Write::Insert(row_of(&event)?));
            for webhook in webhooks.iter().filter(|webhook| wants(&webhook.record, event.record.r#type)) {
                let message = message_of(webhook, &event);
                writes.push(Write::Insert(row_of(&message)?));
                messages.push(message.id);
            }
        }
        Ok((writes, messages))
    }
}

fn event_object(objects: &Objects<'_>, event: Event, position: usize) -> Result<Object<Event>, Failure> {
    let now = Timestamp::now().as_microsecond().saturating_add(position as i64);
    let now = super::time(now).ok_or(crate::store::StoreError::Corrupt("a time out of range"))?;
    Ok(Object::new(&objects.environment_id, None, now, event))
}

fn wants(webhook: &Webhook, event: EventType) -> bool {
    webhook.enabled.unwrap_or(true) && webhook.events.as_ref().is_none_or(|events| events.0.contains(&event))
}

/// The message to a webhook about an event.
fn message_of(webhook: &Object<Webhook>, event: &Object<Event>) -> Object<Message> {
    let record = Message {
        event_id: Id(event.id.clone()),
        event_type: event.record.r#type,
        state: MessageState::Pending,
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
