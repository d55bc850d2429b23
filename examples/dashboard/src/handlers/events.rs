//! The event log, and the webhooks that send its events to other servers.

use axum::Json;
use scopes::requires;

use crate::catalogue::api;
use crate::handlers::answer::Answer;

#[requires(api::environment.events.read as permit, GET "/eventTypes")]
pub(crate) async fn list_event_types() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.events.read as permit, GET "/environments/:environmentId/events")]
pub(crate) async fn list_events() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.events.read as permit, GET "/environments/:environmentId/events/:eventId")]
pub(crate) async fn get_event() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks")]
pub(crate) async fn list_webhooks() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn get_webhook() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId/messages")]
pub(crate) async fn list_webhook_messages() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.read as permit, GET "/environments/:environmentId/webhooks/:webhookId/messages/:messageId")]
pub(crate) async fn list_webhook_deliveries() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.write as permit, POST "/environments/:environmentId/webhooks")]
pub(crate) async fn create_webhook() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.write as permit, PUT "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn update_webhook() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.write as permit, DELETE "/environments/:environmentId/webhooks/:webhookId")]
pub(crate) async fn delete_webhook() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.webhooks.write as permit, POST "/environments/:environmentId/webhooks/:webhookId/messages/:messageId/redeliver")]
pub(crate) async fn redeliver_webhook_message() -> Json<Answer> {
    Answer::of(&permit)
}
