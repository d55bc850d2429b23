//! Webhooks, the messages sent to them, and the attempts to deliver each message.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::text::Text;
use crate::kinds::webhooks::{Attempts, CreatedWebhook, Delivery, HookUrl, Message, MessageState, Webhook};
use crate::kinds::{Fault, Kind as _, Object};
use crate::objects::{Objects, Page, id};
use crate::webhooks::{Job, Targets, first_sweep};
use crate::wire::{Body, ListQuery, no_store, ok};

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks")]
pub(crate) async fn list_webhooks(State(app): State<App>, query: ListQuery) -> Answered<Page<Webhook>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn get_webhook(State(app): State<App>) -> Answered<Object<Webhook>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "webhookId")?).await?)
}

#[requires(api::environment.webhooks.write as permit, POST "/environments/:environmentId/webhooks")]
pub(crate) async fn create_webhook(State(app): State<App>, Body(webhook): Body<Webhook>) -> Answered<CreatedWebhook> {
    check(&app, &webhook)?;
    let webhook = app.objects_of(&permit)?.create(webhook).await?;
    let secret = Text(app.deliveries.signer.secret(&webhook.id));
    no_store(StatusCode::CREATED, CreatedWebhook { webhook, secret })
}

#[requires(api::environment.webhooks.write as permit, PUT "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn update_webhook(State(app): State<App>, Body(webhook): Body<Webhook>) -> Answered<Object<Webhook>> {
    check(&app, &webhook)?;
    ok(app.objects_of(&permit)?.replace(&id(&permit, "webhookId")?, webhook).await?)
}

#[requires(api::environment.webhooks.write as permit, DELETE "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn delete_webhook(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let webhook = objects.get::<Webhook>(&id(&permit, "webhookId")?).await?;
    objects.delete(&webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId/messages")]
pub(crate) async fn list_webhook_messages(State(app): State<App>, query: ListQuery) -> Answered<Page<Message>> {
    let objects = app.objects_of(&permit)?;
    let webhook = objects.get::<Webhook>(&id(&permit, "webhookId")?).await?;
    ok(objects.list_below(Some(&webhook.id), &query).await?)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId/messages/:messageId")]
pub(crate) async fn list_webhook_deliveries(State(app): State<App>, query: ListQuery) -> Answered<Page<Delivery>> {
    let objects = app.objects_of(&permit)?;
    let message = message(&objects, &id(&permit, "webhookId")?, &id(&permit, "messageId")?).await?;
    ok(objects.list_below(Some(&message.id), &query).await?)
}

/// Sends a message once more. The answer comes before the attempt, which is recorded later.
#[requires(api::environment.webhooks.write as permit, POST "/environments/:environmentId/webhooks/:webhookId/messages/:messageId/redeliver")]
pub(crate) async fn redeliver_webhook_message(State(app): State<App>) -> Answered<Object<Message>> {
    let objects = app.objects_of(&permit)?;
    let message = message(&objects, &id(&permit, "webhookId")?, &id(&permit, "messageId")?).await?;
    let webhook = objects.get::<Webhook>(message.parent.as_deref().unwrap_or_default()).await?;
    if webhook.record.is_off() {
        return Err(Failure::Conflict(Fault::of("webhookId", "is turned off and gets no messages; turn it on first")));
    }
    let attempts = app.store.count_objects(&objects.environment_id, Delivery::KIND, Some(&message.id)).await?;
    if attempts >= Delivery::LIMIT {
        return Err(Failure::Conflict(Fault::of("messageId", "was sent too often")));
    }
    let message = objects
        .change(&message.id, None, |Object { record, .. }: &mut Object<Message>| {
            // A first attempt is made at once anyway.
            let waits = record.state == MessageState::Pending && record.attempts.0 == 0;
            if !waits {
                (record.state, record.attempts) = (MessageState::Pending, Attempts(0));
                record.next_attempt_at = Some(first_sweep());
            }
            Ok(())
        })
        .await?;
    app.deliveries.send([Job {
        environment_id: objects.environment_id.clone(),
        webhook_id: webhook.id,
        message_id: message.id.clone(),
    }]);
    ok(message)
}

/// Finds a message of this webhook.
async fn message(objects: &Objects<'_>, webhook_id: &str, message_id: &str) -> Result<Object<Message>, Failure> {
    let message = objects.get::<Message>(message_id).await?;
    if message.parent.as_deref() == Some(webhook_id) { Ok(message) } else { Err(Failure::NotFound) }
}

fn check(app: &App, webhook: &Webhook) -> Result<(), Failure> {
    match &webhook.url {
        HookUrl::Loopback(_) if app.deliveries.targets == Targets::Public => {
            Err(Failure::Malformed(Fault::of("url", "must be an https URL")))
        }
        _ => Ok(()),
    }
}
