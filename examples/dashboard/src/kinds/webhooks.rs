//! Webhooks, the messages sent to them, and the attempts to deliver each message.

use super::events::EventType;
use super::fault::Fault;
use super::field::Field;
use super::field::{AnyObject, List, Number};
use super::kind::{Changes, Kind, Object, changes};
use super::record::record;
use super::text::{HttpsUrl, Id, LoopbackUrl, Text, Time, choices};
use serde_json::Value;

choices! {
    /// What became of a message.
    pub enum MessageState {
        /// It waits for its first attempt, or for the next one.
        Pending = "pending",
        /// The receiver has answered with a status from 200 to 299.
        Delivered = "delivered",
        /// All attempts failed. The server makes no other one without a request.
        Failed = "failed",
        /// The webhook was turned off before the message was delivered.
        Cancelled = "cancelled",
    }
}

record! {
    /// A webhook: where to send events, and which.
    pub struct Webhook {
        /// Where the server posts the events.
        url: HookUrl,
        /// The types of the events; all of them if the list is missing.
        events: Option<List<EventType, 1, 100>>,
        /// Whether it is used; `true` if this is missing.
        enabled: Option<bool>,
    }
}

record! {
    /// A new webhook and the secret that signs its messages. No other answer has the secret.
    pub struct CreatedWebhook {
        /// The webhook.
        webhook: Object<Webhook>,
        /// The key of the signatures.
        secret: Text<100>,
    }
}

record! {
    /// A message to a webhook.
    pub struct Message {
        /// The event that it is about.
        event_id: Id,
        /// The type of the event.
        event_type: EventType,
        /// What became of it.
        state: MessageState,
        /// The number of attempts since the last request to send it.
        attempts: Attempts,
        /// By when the server makes the next attempt, if there will be one.
        next_attempt_at: Option<Time>,
        /// The body that the receiver gets.
        payload: AnyObject,
    }
}

record! {
    /// An attempt to deliver a message.
    pub struct Delivery {
        /// Whether the receiver has taken it.
        succeeded: bool,
        /// The status that the receiver answered with.
        status: Option<Number<100, 999>>,
        /// Why the receiver has not answered with a status.
        error: Option<Text<200>>,
        /// How long it took.
        milliseconds: Number<0, 600_000>,
    }
}

/// A number of attempts. A message that an older version of the program wrote has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempts(pub u64);

impl Field for Attempts {
    fn schema() -> Value {
        Number::<0, 1000>::schema()
    }

    fn read(value: Value) -> Result<Self, Fault> {
        Number::<0, 1000>::read(value).map(|Number(count)| Self(count))
    }

    fn write(&self) -> Option<Value> {
        Some(self.0.into())
    }

    fn absent() -> Option<Self> {
        Some(Self(0))
    }
}

/// Where a webhook posts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookUrl {
    /// The only form that the documentation of the API has.
    Https(HttpsUrl),
    /// The machine itself, for tests. The server refuses it unless a flag allows it.
    Loopback(LoopbackUrl),
}

impl HookUrl {
    /// Returns the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Https(url) => &url.0,
            Self::Loopback(url) => &url.0,
        }
    }
}

impl Field for HookUrl {
    fn schema() -> Value {
        HttpsUrl::schema()
    }

    fn read(value: Value) -> Result<Self, Fault> {
        match LoopbackUrl::read(value.clone()) {
            Ok(url) => Ok(Self::Loopback(url)),
            Err(_) => HttpsUrl::read(value).map(Self::Https),
        }
    }

    fn write(&self) -> Option<Value> {
        Some(self.as_str().into())
    }
}

impl Webhook {
    /// Whether it gets no messages.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.enabled == Some(false)
    }
}

impl Kind for Webhook {
    const KIND: &'static str = "webhook";
    const LIST: &'static str = "webhooks";
    const LIMIT: u64 = 20;
    const EVENTS: Changes = changes!("webhook": created updated deleted);

    fn key(&self) -> Option<(&'static str, String)> {
        Some(("url", self.url.as_str().to_owned()))
    }
}

impl Kind for Message {
    const KIND: &'static str = "message";
    const LIST: &'static str = "messages";
    const PARENT: Option<&'static str> = Some("webhookId");
    const NEWEST_FIRST: bool = true;
    const LIMIT: u64 = u64::MAX;
    // A message about a message would never end.
    const EVENTS: Changes = Changes::NONE;

    /// By which the server finds the messages that wait, to cancel them.
    fn label(&self) -> Option<String> {
        Some(self.state.as_str().to_owned())
    }

    fn due_at(&self) -> Option<&Time> {
        self.next_attempt_at.as_ref()
    }
}

impl Kind for Delivery {
    const KIND: &'static str = "delivery";
    const LIST: &'static str = "deliveries";
    const PARENT: Option<&'static str> = Some("messageId");
    const NEWEST_FIRST: bool = true;
    const LIMIT: u64 = 50;
    const EVENTS: Changes = Changes::NONE;
}
