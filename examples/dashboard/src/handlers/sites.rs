//! The sites of an environment: host names, origins and deep links; also its test account and
//! address screening.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::sites::{Chainalysis, CustomHostname, DeeplinkUrl, NewTestAccount, Origin, TestAccount};
use crate::kinds::text::{Code, Email};
use crate::kinds::{ONLY, Object};
use crate::objects::{Page, id, new_id};
use crate::store::StoreError;
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/origins")]
pub(crate) async fn list_origins(State(app): State<App>, query: ListQuery) -> Answered<Page<Origin>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/origins")]
pub(crate) async fn create_origin(State(app): State<App>, Body(origin): Body<Origin>) -> Answered<Object<Origin>> {
    created(app.objects_of(&permit)?.create(origin).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/origins/:originId")]
pub(crate) async fn delete_origin(State(app): State<App>) -> Done {
    let origin = app.find::<Origin, _>(&permit, "originId").await?;
    permit.same_tenant(&origin.environment_id)?;
    app.objects(&origin.environment_id).delete(&origin).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/deeplinkUrls")]
pub(crate) async fn list_deeplink_urls(State(app): State<App>, query: ListQuery) -> Answered<Page<DeeplinkUrl>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/deeplinkUrls")]
pub(crate) async fn create_deeplink_url(
    State(app): State<App>,
    Body(link): Body<DeeplinkUrl>,
) -> Answered<Object<DeeplinkUrl>> {
    created(app.objects_of(&permit)?.create(link).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/deeplinkUrls/:deeplinkUrlId")]
pub(crate) async fn delete_deeplink_url(State(app): State<App>) -> Done {
    let link = app.find::<DeeplinkUrl, _>(&permit, "deeplinkUrlId").await?;
    permit.same_tenant(&link.environment_id)?;
    app.objects(&link.environment_id).delete(&link).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/custom/hostnames")]
pub(crate) async fn list_custom_hostnames(State(app): State<App>, query: ListQuery) -> Answered<Page<CustomHostname>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/custom/hostnames")]
pub(crate) async fn create_custom_hostname(
    State(app): State<App>,
    Body(hostname): Body<CustomHostname>,
) -> Answered<Object<CustomHostname>> {
    created(app.objects_of(&permit)?.create(hostname).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/custom/hostnames/:customHostnameId")]
pub(crate) async fn delete_custom_hostname(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let hostname = objects.get::<CustomHostname>(&id(&permit, "customHostnameId")?).await?;
    objects.delete(&hostname).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/test/account")]
pub(crate) async fn get_test_account(State(app): State<App>) -> Answered<Object<TestAccount>> {
    ok(app.objects_of(&permit)?.the(ONLY).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/test/account")]
pub(crate) async fn create_test_account(
    State(app): State<App>,
    Body(asked): Body<NewTestAccount>,
) -> Answered<Object<TestAccount>> {
    let email = asked.email.unwrap_or_else(|| Email(format!("test-{}@example.com", new_id())));
    created(app.objects_of(&permit)?.create(TestAccount { email, code: random_code()? }).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/test/account")]
pub(crate) async fn delete_test_account(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let account = objects.the::<TestAccount>(ONLY).await?;
    objects.delete(&account).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read, GET "/environments/:environmentId/integrations/chainalysis")]
pub(crate) async fn get_chainalysis() -> Answered<Chainalysis> {
    // No route of the documents sets screening up, so it is off in every environment.
    ok(Chainalysis { screening: false })
}

/// Six random digits.
fn random_code() -> Result<Code, Failure> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(StoreError::Randomness)?;
    Ok(Code(format!("{:06}", u64::from_le_bytes(bytes) % 1_000_000)))
}
