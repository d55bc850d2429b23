//! The messages of a webhook that is turned off, and those that an older version has written.

use jiff::Timestamp;

use super::{Store, StoreError, WriteError};
use crate::database::{Transaction, sql};
use crate::kinds::Kind as _;
use crate::kinds::webhooks::{Message, MessageState};

/// How old a message is at least before it is taken over, in microseconds. Until then, the instance
/// that wrote it sends it.
const OLD: i64 = 60 * 1_000_000;

impl Store {
    /// Lets the sweep find the messages that an instance of an older version has written since the
    /// tables were updated. Returns their number.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(crate) async fn adopt_messages(&self) -> Result<u64, StoreError> {
        let adopt = sql("UPDATE objects SET due_at = updated_at, version = version + 1 \
                         WHERE kind = $1 AND label = $2 AND due_at IS NULL AND updated_at < $3");
        let adopt = adopt.bind(Message::KIND).bind(MessageState::Pending.as_str());
        Ok(self.database.execute(adopt.bind(Timestamp::now().as_microsecond() - OLD)).await?)
    }
}

impl Transaction {
    /// Cancels all messages of a webhook that wait, however many these are.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(crate) async fn cancel_messages(&mut self, environment_id: &str, webhook_id: &str) -> Result<(), WriteError> {
        let cancel =
            sql("UPDATE objects SET label = $1, due_at = NULL, updated_at = $2, version = version + 1, body = ")
                .either(
                    "json_remove(json_set(body, '$.state', $1), '$.nextAttemptAt')",
                    "(jsonb_set(body::jsonb, '{state}', to_jsonb($1)) - 'nextAttemptAt')::text",
                )
                .and(" WHERE environment_id = $3 AND kind = $4 AND parent_id = $5 AND label = $6");
        let cancel = cancel.bind(MessageState::Cancelled.as_str()).bind(Timestamp::now().as_microsecond());
        let cancel = cancel.bind(environment_id).bind(Message::KIND).bind(webhook_id);
        self.execute(cancel.bind(MessageState::Pending.as_str())).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::kinds::Object;
    use crate::objects::read;
    use crate::store::{ObjectRow, Write};
    use crate::testing::objects::{id, row, store};

    use super::*;

    const BODY: &str = r#"{"attempts":2,"eventId":"95b11417-f18f-457f-8804-68e361f9164f","eventType":"user.created",
        "nextAttemptAt":"2026-01-01T00:00:00Z","payload":{"state":"pending"},"state":"pending"}"#;

    /// A message of the webhook 1.
    fn message(number: u32, label: &str) -> ObjectRow {
        let body = BODY.replace(r#","state":"pending""#, &format!(r#","state":"{label}""#));
        let (label, parent_id) = (Some(label.to_owned()), Some(id(1)));
        ObjectRow { kind: Message::KIND, label, parent_id, due_at: Some(5), body, ..row("a", number) }
    }

    async fn read_message(store: &Store, number: u32) -> (ObjectRow, Object<Message>) {
        let found = store.object(Message::KIND, &id(number)).await.unwrap().unwrap();
        (found.clone(), read(found).unwrap())
    }

    #[tokio::test]
    async fn only_waiting_messages_of_the_webhook_are_cancelled() {
        let store = store().await;
        let other = ObjectRow { parent_id: Some(id(2)), ..message(4, "pending") };
        let rows = [row("a", 1), row("a", 2), message(3, "pending"), other, message(5, "delivered")];
        store.write(&rows.map(Write::Insert)).await.unwrap();
        let mut transaction = store.begin_in("a").await.unwrap();
        transaction.cancel_messages("b", &id(1)).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(read_message(&store, 3).await.0, message(3, "pending"), "another environment");

        let mut transaction = store.begin_in("a").await.unwrap();
        transaction.cancel_messages("a", &id(1)).await.unwrap();
        transaction.commit().await.unwrap();
        let (found, message_3) = read_message(&store, 3).await;
        assert_eq!((found.label.as_deref(), found.due_at, found.version), (Some("cancelled"), None, 1));
        assert_eq!(message_3.record.state, MessageState::Cancelled);
        assert_eq!((message_3.record.next_attempt_at, message_3.record.attempts.0), (None, 2));
        assert_eq!(message_3.record.payload.0["state"], "pending", "what the receiver gets stays");
        for (number, state) in [(4, MessageState::Pending), (5, MessageState::Delivered)] {
            let (found, message) = read_message(&store, number).await;
            assert_eq!((message.record.state, found.due_at, found.version), (state, Some(5), 0));
        }
    }

    /// A message as a version without later attempts has written it.
    fn old(number: u32, label: &str) -> ObjectRow {
        let message = message(number, label);
        let body = message.body.replace(r#""attempts":2,"#, "");
        ObjectRow { body: body.replace(r#""nextAttemptAt":"2026-01-01T00:00:00Z","#, ""), due_at: None, ..message }
    }

    #[tokio::test]
    async fn messages_of_an_older_instance_are_read_and_sent() {
        let store = store().await;
        let now = Timestamp::now().as_microsecond();
        let new = ObjectRow { created_at: now, updated_at: now, ..old(4, "pending") };
        let rows = [row("a", 1), old(3, "pending"), new, old(5, "failed")];
        store.write(&rows.map(Write::Insert)).await.unwrap();
        let message = read_message(&store, 3).await.1.record;
        assert_eq!((message.attempts.0, message.next_attempt_at), (0, None));

        assert_eq!(store.adopt_messages().await.unwrap(), 1);
        assert_eq!(store.adopt_messages().await.unwrap(), 0);
        let due = store.due_objects(Message::KIND, i64::MAX, 5).await.unwrap();
        assert_eq!(due.iter().map(|due| due.id.clone()).collect::<Vec<_>>(), [id(3)]);
    }

    #[tokio::test]
    async fn messages_of_an_older_database_are_taken_over() {
        let store = store().await;
        let rows = [row("a", 1), old(3, "pending"), old(5, "delivered")];
        store.write(&rows.map(Write::Insert)).await.unwrap();
        for step in [
            "DROP INDEX objects_by_due",
            "ALTER TABLE objects DROP COLUMN due_at",
            "DELETE FROM _sqlx_migrations WHERE version = 5",
        ] {
            store.database.execute(sql(step)).await.unwrap();
        }
        store.database.migrate().await.unwrap();
        let (waiting, message) = read_message(&store, 3).await;
        assert_eq!((waiting.due_at, message.record.attempts.0), (Some(waiting.updated_at), 0));
        assert_eq!(read_message(&store, 5).await.0.due_at, None);
        let due = store.due_objects(Message::KIND, i64::MAX, 5).await.unwrap();
        assert_eq!(due.iter().map(|due| due.id.clone()).collect::<Vec<_>>(), [id(3)]);
    }
}
