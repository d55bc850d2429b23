//! Exchanges where users buy.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::kinds::Object;
use crate::kinds::providers::Exchange;
use crate::objects::Page;
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/settings/exchanges")]
pub(crate) async fn list_exchanges(State(app): State<App>, query: ListQuery) -> Answered<Page<Exchange>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/settings/exchanges")]
pub(crate) async fn create_exchange(
    State(app): State<App>,
    Body(exchange): Body<Exchange>,
) -> Answered<Object<Exchange>> {
    created(app.objects_of(&permit)?.create(exchange).await?)
}

#[requires(api::environment.settings.read as permit, GET "/settings/exchanges/:exchangeId")]
pub(crate) async fn get_exchange(State(app): State<App>) -> Answered<Object<Exchange>> {
    let exchange = app.find::<Exchange, _>(&permit, "exchangeId").await?;
    permit.same_tenant(&exchange.environment_id)?;
    ok(exchange)
}

#[requires(api::environment.settings.write as permit, DELETE "/settings/exchanges/:exchangeId")]
pub(crate) async fn delete_exchange(State(app): State<App>) -> Done {
    let exchange = app.find::<Exchange, _>(&permit, "exchangeId").await?;
    permit.same_tenant(&exchange.environment_id)?;
    app.objects(&exchange.environment_id).delete(&exchange).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/exchanges/:exchangeId/enable")]
pub(crate) async fn enable_exchange(State(app): State<App>) -> Answered<Object<Exchange>> {
    let exchange = app.find::<Exchange, _>(&permit, "exchangeId").await?;
    permit.same_tenant(&exchange.environment_id)?;
    ok(app.objects(&exchange.environment_id).switch(&exchange.id, true).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/settings/exchanges/:exchangeId/disable")]
pub(crate) async fn disable_exchange(State(app): State<App>) -> Answered<Object<Exchange>> {
    let exchange = app.find::<Exchange, _>(&permit, "exchangeId").await?;
    permit.same_tenant(&exchange.environment_id)?;
    ok(app.objects(&exchange.environment_id).switch(&exchange.id, false).await?)
}
