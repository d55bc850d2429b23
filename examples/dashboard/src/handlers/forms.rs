//! The forms that users see and fill in: custom fields and SDK views.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/custom/fields")]
pub(crate) async fn list_custom_fields() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/custom/fields/:customFieldId")]
pub(crate) async fn get_custom_field(
    State(app): State<App>,
    Path(custom_field_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::CustomField, &custom_field_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/sdkViews")]
pub(crate) async fn list_sdk_views() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/sdkViews/:viewType")]
pub(crate) async fn get_sdk_view() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/custom/fields")]
pub(crate) async fn create_custom_field() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/custom/fields/:customFieldId")]
pub(crate) async fn update_custom_field(
    State(app): State<App>,
    Path(custom_field_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::CustomField, &custom_field_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, DELETE "/custom/fields/:customFieldId")]
pub(crate) async fn delete_custom_field(
    State(app): State<App>,
    Path(custom_field_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::CustomField, &custom_field_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/sdkViews/:viewType")]
pub(crate) async fn update_sdk_view() -> Json<Answer> {
    Answer::of(&permit)
}
