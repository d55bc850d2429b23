//! The event log.

use serde_json::{Value, json};

use super::fault::Fault;
use super::field::{Field, List};
use super::kind::{Changes, Kind};
use super::record::record;
use super::text::{Id, Text};

/// The type of the event that a token was made. Tokens are in the token store, and not a kind.
pub const TOKEN_CREATED: &str = "apiToken.created";

/// The type of the event that a token got a new text.
pub const TOKEN_ROTATED: &str = "apiToken.rotated";

/// The type of the event that a token was revoked.
pub const TOKEN_DELETED: &str = "apiToken.deleted";

record! {
    /// An event: what happened to which object. It has none of the object's data, so that a caller
    /// who may read events cannot read users by them.
    pub struct Event {
        /// What happened.
        r#type: EventType,
        /// The kind of the object.
        object_type: Text<50>,
        /// The id of the object.
        object_id: Text<100>,
        /// The user whom it concerns.
        user_id: Option<Id>,
    }
}

record! {
    /// A type of events.
    pub struct EventTypeView {
        /// The type.
        name: EventType,
    }
}

record! {
    /// All types of events.
    pub struct EventTypes {
        /// The types.
        event_types: List<EventTypeView, 1, 200>,
    }
}

/// One of the types of events that the server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventType(pub &'static str);

impl EventType {
    /// All types.
    #[must_use]
    pub fn all() -> Vec<&'static str> {
        let of_kinds = super::all_changes().into_iter().flat_map(Changes::all);
        of_kinds.chain([TOKEN_CREATED, TOKEN_ROTATED, TOKEN_DELETED]).collect()
    }
}

impl Field for EventType {
    fn schema() -> Value {
        json!({"type": "string", "enum": Self::all()})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        let found = Self::all().into_iter().find(|name| value.as_str() == Some(name));
        found.map(Self).ok_or_else(|| Fault::new("must be one of the event types (GET /eventTypes)"))
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self.0))
    }
}

impl Kind for Event {
    const KIND: &'static str = "event";
    const LIST: &'static str = "events";
    const LIMIT: u64 = u64::MAX;
    const NEWEST_FIRST: bool = true;
    const EVENTS: Changes = Changes::NONE;

    fn user_id(&self) -> Option<String> {
        self.user_id.as_ref().map(|id| id.0.clone())
    }

    fn label(&self) -> Option<String> {
        Some(self.r#type.0.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_types_are_known_and_none_twice() {
        let mut all = EventType::all();
        // The two that the documents name.
        assert!(all.contains(&"user.created") && all.contains(&"wallet.linked"));
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(EventType::read(json!("user.created")).is_ok() && EventType::read(json!("user.exploded")).is_err());
    }
}
