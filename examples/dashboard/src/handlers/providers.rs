//! Sign-in providers and exchanges.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/settings/providers")]
pub(crate) async fn list_providers() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/settings/providers/:providerId")]
pub(crate) async fn get_provider(
    State(app): State<App>,
    Path(provider_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Provider, &provider_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/settings/exchanges")]
pub(crate) async fn list_exchanges() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/settings/exchanges/:exchangeId")]
pub(crate) async fn get_exchange(
    State(app): State<App>,
    Path(exchange_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Exchange, &exchange_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/settings/providers")]
pub(crate) async fn create_provider() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId")]
pub(crate) async fn update_provider(
    State(app): State<App>,
    Path(provider_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Provider, &provider_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, DELETE "/settings/providers/:providerId")]
pub(crate) async fn delete_provider(
    State(app): State<App>,
    Path(provider_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Provider, &provider_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId/enable")]
pub(crate) async fn enable_provider(
    State(app): State<App>,
    Path(provider_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Provider, &provider_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId/disable")]
pub(crate) async fn disable_provider(
    State(app): State<App>,
    Path(provider_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Provider, &provider_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/settings/exchanges")]
pub(crate) async fn create_exchange() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/settings/exchanges/:exchangeId")]
pub(crate) async fn delete_exchange(
    State(app): State<App>,
    Path(exchange_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Exchange, &exchange_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/settings/exchanges/:exchangeId/enable")]
pub(crate) async fn enable_exchange(
    State(app): State<App>,
    Path(exchange_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Exchange, &exchange_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/settings/exchanges/:exchangeId/disable")]
pub(crate) async fn disable_exchange(
    State(app): State<App>,
    Path(exchange_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Exchange, &exchange_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}
