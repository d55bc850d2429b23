//! What the server needs to know about a kind of objects, and the object that clients see.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::fault::Fault;
use super::field::Field;
use super::record::{Fields, Properties, Record};
use super::text::{Id, Time};

/// A kind of objects in the database. The record is the part that clients write, or the server on
/// their behalf.
pub trait Kind: Record + Send + Sync + 'static {
    /// The name in the database.
    const KIND: &'static str;

    /// The field of a list's answer that has the objects.
    const LIST: &'static str;

    /// The field that names the object to which this one belongs, and with which it is deleted.
    const PARENT: Option<&'static str> = None;

    /// For kinds that can be enabled and disabled: whether a new object is enabled.
    const SWITCH: Option<bool> = None;

    /// How many of them an environment may have, or the parent if there is one.
    const LIMIT: u64 = 1000;

    /// Whether lists begin with the newest object.
    const NEWEST_FIRST: bool = false;

    /// Whether the key must be unique below the parent only, and not in the whole environment.
    const UNIQUE_BELOW_PARENT: bool = false;

    /// The types of the events about changes.
    const EVENTS: Changes;

    /// The field that must differ between the objects of an environment, and its value.
    fn key(&self) -> Option<(&'static str, String)> {
        None
    }

    /// The text by which figures are grouped.
    fn label(&self) -> Option<String> {
        None
    }

    /// When the server next acts on the object by itself. Most kinds have no such time.
    fn due_at(&self) -> Option<&Time> {
        None
    }

    /// The user whom an event concerns, by whom figures count users.
    fn user_id(&self) -> Option<String> {
        None
    }
}

/// The types of the events about an object of a kind. A kind that never changes in some way has no
/// type for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changes {
    /// It was made.
    pub created: Option<&'static str>,
    /// It was changed.
    pub updated: Option<&'static str>,
    /// It was deleted.
    pub deleted: Option<&'static str>,
    /// It was enabled.
    pub enabled: Option<&'static str>,
    /// It was disabled.
    pub disabled: Option<&'static str>,
}

impl Changes {
    /// A kind whose changes are not events themselves, such as the events.
    pub const NONE: Self = Self { created: None, updated: None, deleted: None, enabled: None, disabled: None };

    /// All types, in the order of the fields.
    pub fn all(self) -> impl Iterator<Item = &'static str> {
        [self.created, self.updated, self.deleted, self.enabled, self.disabled].into_iter().flatten()
    }
}

/// The types of events of a kind: `changes!("gate": created updated)` is `gate.created` and
/// `gate.updated`.
macro_rules! changes {
    ($subject:literal: $($verb:ident)+) => {
        {
            let mut changes = $crate::kinds::kind::Changes::NONE;
            $(changes.$verb = Some(concat!($subject, ".", stringify!($verb)));)+
            changes
        }
    };
}

pub(crate) use changes;

/// An object of a kind: what the database knows about it, and its record.
#[derive(Clone, Debug, PartialEq)]
pub struct Object<K> {
    /// UUID.
    pub id: String,
    /// The environment that owns it.
    pub environment_id: String,
    /// The object to which it belongs.
    pub parent: Option<String>,
    /// For kinds that can be enabled and disabled.
    pub enabled: Option<bool>,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// Grows with each change, so that two changes at once do not overwrite each other.
    pub version: i64,
    /// The record.
    pub record: K,
}

/// The object in answers. Clients never send it.
impl<K: Kind> Record for Object<K> {
    const NAME: &'static str = K::NAME;

    fn name() -> String {
        format!("{}Object", K::NAME)
    }

    fn describe(properties: &mut Properties) {
        properties.field::<Id>("id", "The id.");
        if let Some(parent) = K::PARENT {
            properties.field::<Id>(parent, "The id of the object to which it belongs.");
        }
        if K::SWITCH.is_some() {
            properties.field::<bool>("enabled", "Whether it has an effect.");
        }
        properties.field::<Time>("created_at", "When it was made.");
        properties.field::<Time>("updated_at", "When it was changed.");
        K::describe(properties);
    }

    fn take(_: &mut Fields) -> Result<Self, Fault> {
        Err(Fault::new("is an answer"))
    }

    fn put(&self, fields: &mut Map<String, Value>) {
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        put("id", self.id.as_str().into());
        if let (Some(name), Some(parent)) = (K::PARENT, &self.parent) {
            put(name, parent.as_str().into());
        }
        if let Some(enabled) = self.enabled {
            put("enabled", enabled.into());
        }
        put("createdAt", self.created_at.as_str().into());
        put("updatedAt", self.updated_at.as_str().into());
        self.record.put(fields);
    }
}

impl<K: Kind> Object<K> {
    /// A new object of an environment, with a random id.
    #[must_use]
    pub fn new(environment_id: &str, parent: Option<&str>, now: String, record: K) -> Self {
        Self {
            // Random, so a caller cannot guess the ids of other environments.
            id: Uuid::new_v4().to_string(),
            environment_id: environment_id.to_owned(),
            parent: parent.map(str::to_owned),
            enabled: K::SWITCH,
            created_at: now.clone(),
            updated_at: now,
            version: 0,
            record,
        }
    }

    /// Returns the object as answers show it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.write().unwrap_or_default()
    }
}
