//! The event log.

use axum::extract::State;
use scopes::requires;

use super::Answered;
use crate::app::App;
use crate::catalogue::api;
use crate::kinds::Object;
use crate::kinds::events::{Event, EventType, EventTypeView, EventTypes};
use crate::kinds::field::List;
use crate::objects::{Page, id};
use crate::wire::{ListQuery, ok};

#[requires(api::environment.events.read, GET "/eventTypes")]
pub(crate) async fn list_event_types() -> Answered<EventTypes> {
    let types = EventType::all().into_iter().map(|name| EventTypeView { name: EventType(name) });
    ok(EventTypes { event_types: List(types.collect()) })
}

#[requires(api::environment.events.read as permit, GET "/environments/:environmentId/events")]
pub(crate) async fn list_events(State(app): State<App>, query: ListQuery) -> Answered<Page<Event>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.events.read as permit, GET "/environments/:environmentId/events/:eventId")]
pub(crate) async fn get_event(State(app): State<App>) -> Answered<Object<Event>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "eventId")?).await?)
}
