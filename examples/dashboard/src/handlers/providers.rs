//! Sign-in providers.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::kinds::Object;
use crate::kinds::providers::Provider;
use crate::objects::Page;
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/settings/providers")]
pub(crate) async fn list_providers(State(app): State<App>, query: ListQuery) -> Answered<Page<Provider>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/settings/providers")]
pub(crate) async fn create_provider(
    State(app): State<App>,
    Body(provider): Body<Provider>,
) -> Answered<Object<Provider>> {
    created(app.objects_of(&permit)?.create(provider).await?)
}

#[requires(api::environment.settings.read as permit, GET "/settings/providers/:providerId")]
pub(crate) async fn get_provider(State(app): State<App>) -> Answered<Object<Provider>> {
    let provider = app.find::<Provider, _>(&permit, "providerId").await?;
    permit.same_tenant(&provider.environment_id)?;
    ok(provider)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId")]
pub(crate) async fn update_provider(
    State(app): State<App>,
    Body(changed): Body<Provider>,
) -> Answered<Object<Provider>> {
    let provider = app.find::<Provider, _>(&permit, "providerId").await?;
    permit.same_tenant(&provider.environment_id)?;
    ok(app.objects(&provider.environment_id).replace(&provider.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/settings/providers/:providerId")]
pub(crate) async fn delete_provider(State(app): State<App>) -> Done {
    let provider = app.find::<Provider, _>(&permit, "providerId").await?;
    permit.same_tenant(&provider.environment_id)?;
    app.objects(&provider.environment_id).delete(&provider).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId/enable")]
pub(crate) async fn enable_provider(State(app): State<App>) -> Answered<Object<Provider>> {
    let provider = app.find::<Provider, _>(&permit, "providerId").await?;
    permit.same_tenant(&provider.environment_id)?;
    ok(app.objects(&provider.environment_id).switch(&provider.id, true).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/providers/:providerId/disable")]
pub(crate) async fn disable_provider(State(app): State<App>) -> Answered<Object<Provider>> {
    let provider = app.find::<Provider, _>(&permit, "providerId").await?;
    permit.same_tenant(&provider.environment_id)?;
    ok(app.objects(&provider.environment_id).switch(&provider.id, false).await?)
}
