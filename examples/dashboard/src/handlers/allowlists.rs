//! Allowlists and their entries. Most of these routes name an allowlist without its environment.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::kinds::Object;
use crate::kinds::access::{Allowlist, AllowlistEntry};
use crate::objects::Page;
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/allowlists")]
pub(crate) async fn list_allowlists(State(app): State<App>, query: ListQuery) -> Answered<Page<Allowlist>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/allowlists")]
pub(crate) async fn create_allowlist(
    State(app): State<App>,
    Body(allowlist): Body<Allowlist>,
) -> Answered<Object<Allowlist>> {
    created(app.objects_of(&permit)?.create(allowlist).await?)
}

#[requires(api::environment.settings.read as permit, GET "/allowlists/:allowlistId")]
pub(crate) async fn get_allowlist(State(app): State<App>) -> Answered<Object<Allowlist>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    ok(allowlist)
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId")]
pub(crate) async fn update_allowlist(
    State(app): State<App>,
    Body(changed): Body<Allowlist>,
) -> Answered<Object<Allowlist>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    ok(app.objects(&allowlist.environment_id).replace(&allowlist.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/allowlists/:allowlistId")]
pub(crate) async fn delete_allowlist(State(app): State<App>) -> Done {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    app.objects(&allowlist.environment_id).delete(&allowlist).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId/enable")]
pub(crate) async fn enable_allowlist(State(app): State<App>) -> Answered<Object<Allowlist>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    ok(app.objects(&allowlist.environment_id).switch(&allowlist.id, true).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId/disable")]
pub(crate) async fn disable_allowlist(State(app): State<App>) -> Answered<Object<Allowlist>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    ok(app.objects(&allowlist.environment_id).switch(&allowlist.id, false).await?)
}

#[requires(api::environment.settings.read as permit, GET "/allowlists/:allowlistId/entries")]
pub(crate) async fn list_allowlist_entries(State(app): State<App>, query: ListQuery) -> Answered<Page<AllowlistEntry>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    ok(app.objects(&allowlist.environment_id).list_below(Some(&allowlist.id), &query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/allowlists/:allowlistId/entries")]
pub(crate) async fn create_allowlist_entry(
    State(app): State<App>,
    Body(entry): Body<AllowlistEntry>,
) -> Answered<Object<AllowlistEntry>> {
    let allowlist = app.find::<Allowlist, _>(&permit, "allowlistId").await?;
    permit.same_tenant(&allowlist.environment_id)?;
    created(app.objects(&allowlist.environment_id).create_below(Some(&allowlist.id), entry).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/allowlistEntries/:allowlistEntryId")]
pub(crate) async fn delete_allowlist_entry(State(app): State<App>) -> Done {
    let entry = app.find::<AllowlistEntry, _>(&permit, "allowlistEntryId").await?;
    permit.same_tenant(&entry.environment_id)?;
    app.objects(&entry.environment_id).delete(&entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
