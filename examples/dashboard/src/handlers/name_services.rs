//! Name services, by which users have names instead of addresses.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::{Permit, Required, requires};

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::Object;
use crate::kinds::sites::{ChainName, NameService, NewNameService, NewSigningMessage, SigningMessage};
use crate::kinds::text::Text;
use crate::objects::{new_id, parameter_as};
use crate::wire::{Body, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn get_name_service(State(app): State<App>) -> Answered<Object<NameService>> {
    ok(app.objects_of(&permit)?.the(chain_of(&permit)?.as_str()).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn create_name_service(
    State(app): State<App>,
    Body(service): Body<NewNameService>,
) -> Answered<Object<NameService>> {
    let chain_name = chain_of(&permit)?;
    created(app.objects_of(&permit)?.create(NameService { service, chain_name }).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn delete_name_service(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let service = objects.the::<NameService>(chain_of(&permit)?.as_str()).await?;
    objects.delete(&service).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/nameService/:chainName/enable")]
pub(crate) async fn enable_name_service(State(app): State<App>) -> Answered<Object<NameService>> {
    switch(&app, &permit, true).await
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/nameService/:chainName/disable")]
pub(crate) async fn disable_name_service(State(app): State<App>) -> Answered<Object<NameService>> {
    switch(&app, &permit, false).await
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/nameService/:chainName/signingMessage")]
pub(crate) async fn create_name_service_signing_message(
    State(app): State<App>,
    Body(claim): Body<NewSigningMessage>,
) -> Answered<SigningMessage> {
    let service = app.objects_of(&permit)?.the::<NameService>(chain_of(&permit)?.as_str()).await?;
    let (name, domain) = (&claim.name.0, &service.record.service.domain.0);
    let address = &claim.address.0;
    // The number makes each text another one, so that a signature counts once.
    ok(SigningMessage { message: Text(format!("{name}.{domain} shall belong to {address}. Number: {}", new_id())) })
}

fn chain_of<R: Required<Scope = api::Scope>>(permit: &Permit<R>) -> Result<ChainName, Failure> {
    parameter_as(permit, "chainName")
}

async fn switch<R>(app: &App, permit: &Permit<R>, on: bool) -> Answered<Object<NameService>>
where
    R: Required<Scope = api::Scope>,
{
    let objects = app.objects_of(permit)?;
    let service = objects.the::<NameService>(chain_of(permit)?.as_str()).await?;
    ok(objects.switch(&service.id, on).await?)
}
