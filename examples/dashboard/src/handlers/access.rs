//! Gates: which users the environment takes.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::Object;
use crate::kinds::access::Gate;
use crate::objects::{Page, id};
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/gates")]
pub(crate) async fn list_gates(State(app): State<App>, query: ListQuery) -> Answered<Page<Gate>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn get_gate(State(app): State<App>) -> Answered<Object<Gate>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "gateId")?).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/gates")]
pub(crate) async fn create_gate(State(app): State<App>, Body(gate): Body<Gate>) -> Answered<Object<Gate>> {
    gate.check().map_err(Failure::Malformed)?;
    created(app.objects_of(&permit)?.create(gate).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn update_gate(State(app): State<App>, Body(gate): Body<Gate>) -> Answered<Object<Gate>> {
    gate.check().map_err(Failure::Malformed)?;
    ok(app.objects_of(&permit)?.replace(&id(&permit, "gateId")?, gate).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn delete_gate(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let gate = objects.get::<Gate>(&id(&permit, "gateId")?).await?;
    objects.delete(&gate).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId/enable")]
pub(crate) async fn enable_gate(State(app): State<App>) -> Answered<Object<Gate>> {
    ok(app.objects_of(&permit)?.switch(&id(&permit, "gateId")?, true).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId/disable")]
pub(crate) async fn disable_gate(State(app): State<App>) -> Answered<Object<Gate>> {
    ok(app.objects_of(&permit)?.switch(&id(&permit, "gateId")?, false).await?)
}
