//! The sites of an environment: host names, origins, deep links and name services; also its test
//! account and address screening.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn get_name_service() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/test/account")]
pub(crate) async fn get_test_account() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/custom/hostnames")]
pub(crate) async fn list_custom_hostnames() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/origins")]
pub(crate) async fn list_origins() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/deeplinkUrls")]
pub(crate) async fn list_deeplink_urls() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/integrations/chainalysis")]
pub(crate) async fn get_chainalysis() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/nameService/:chainName/signingMessage")]
pub(crate) async fn create_name_service_signing_message() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn delete_name_service() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/nameService/:chainName")]
pub(crate) async fn create_name_service() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/nameService/:chainName/enable")]
pub(crate) async fn enable_name_service() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/nameService/:chainName/disable")]
pub(crate) async fn disable_name_service() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/test/account")]
pub(crate) async fn create_test_account() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/test/account")]
pub(crate) async fn delete_test_account() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/custom/hostnames")]
pub(crate) async fn create_custom_hostname() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/custom/hostnames/:customHostnameId")]
pub(crate) async fn delete_custom_hostname() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/origins")]
pub(crate) async fn create_origin() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/origins/:originId")]
pub(crate) async fn delete_origin(
    State(app): State<App>,
    Path(origin_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Origin, &origin_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/deeplinkUrls")]
pub(crate) async fn create_deeplink_url() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/deeplinkUrls/:deeplinkUrlId")]
pub(crate) async fn delete_deeplink_url(
    State(app): State<App>,
    Path(deeplink_url_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::DeeplinkUrl, &deeplink_url_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}
