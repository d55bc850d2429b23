//! Which users may sign in: gates and allowlists.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/gates")]
pub(crate) async fn list_gates() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn get_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/allowlists")]
pub(crate) async fn list_allowlists() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/allowlists/:allowlistId")]
pub(crate) async fn get_allowlist(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.read as permit, GET "/allowlists/:allowlistId/entries")]
pub(crate) async fn list_allowlist_entries(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/gates")]
pub(crate) async fn create_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn update_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/gates/:gateId")]
pub(crate) async fn delete_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId/enable")]
pub(crate) async fn enable_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/gates/:gateId/disable")]
pub(crate) async fn disable_gate() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/allowlists")]
pub(crate) async fn create_allowlist() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/allowlists/:allowlistId")]
pub(crate) async fn delete_allowlist(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId/enable")]
pub(crate) async fn enable_allowlist(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId")]
pub(crate) async fn update_allowlist(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/allowlists/:allowlistId/disable")]
pub(crate) async fn disable_allowlist(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, POST "/allowlists/:allowlistId/entries")]
pub(crate) async fn create_allowlist_entry(
    State(app): State<App>,
    Path(allowlist_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Allowlist, &allowlist_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, DELETE "/allowlistEntries/:allowlistEntryId")]
pub(crate) async fn delete_allowlist_entry(
    State(app): State<App>,
    Path(allowlist_entry_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::AllowlistEntry, &allowlist_entry_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}
