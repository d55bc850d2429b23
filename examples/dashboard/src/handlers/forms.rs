//! The forms that users see and fill in: custom fields and SDK views.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::Object;
use crate::kinds::forms::{CustomField, NewSdkView, SdkView, ViewType};
use crate::objects::{Page, parameter_as};
use crate::wire::{Body, ListQuery, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/custom/fields")]
pub(crate) async fn list_custom_fields(State(app): State<App>, query: ListQuery) -> Answered<Page<CustomField>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/custom/fields")]
pub(crate) async fn create_custom_field(
    State(app): State<App>,
    Body(field): Body<CustomField>,
) -> Answered<Object<CustomField>> {
    field.check().map_err(Failure::Malformed)?;
    created(app.objects_of(&permit)?.create(field).await?)
}

#[requires(api::environment.settings.read as permit, GET "/custom/fields/:customFieldId")]
pub(crate) async fn get_custom_field(State(app): State<App>) -> Answered<Object<CustomField>> {
    let field = app.find::<CustomField, _>(&permit, "customFieldId").await?;
    permit.same_tenant(&field.environment_id)?;
    ok(field)
}

#[requires(api::environment.settings.write as permit, PUT "/custom/fields/:customFieldId")]
pub(crate) async fn update_custom_field(
    State(app): State<App>,
    Body(changed): Body<CustomField>,
) -> Answered<Object<CustomField>> {
    let field = app.find::<CustomField, _>(&permit, "customFieldId").await?;
    permit.same_tenant(&field.environment_id)?;
    changed.check().map_err(Failure::Malformed)?;
    ok(app.objects(&field.environment_id).replace(&field.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/custom/fields/:customFieldId")]
pub(crate) async fn delete_custom_field(State(app): State<App>) -> Done {
    let field = app.find::<CustomField, _>(&permit, "customFieldId").await?;
    permit.same_tenant(&field.environment_id)?;
    app.objects(&field.environment_id).delete(&field).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/sdkViews")]
pub(crate) async fn list_sdk_views(State(app): State<App>, query: ListQuery) -> Answered<Page<SdkView>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/sdkViews/:viewType")]
pub(crate) async fn get_sdk_view(State(app): State<App>) -> Answered<Object<SdkView>> {
    let view_type: ViewType = parameter_as(&permit, "viewType")?;
    ok(app.objects_of(&permit)?.the(view_type.as_str()).await?)
}

/// The first change of a view makes it, because no route creates views.
#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/sdkViews/:viewType")]
pub(crate) async fn update_sdk_view(State(app): State<App>, Body(view): Body<NewSdkView>) -> Answered<Object<SdkView>> {
    let view_type: ViewType = parameter_as(&permit, "viewType")?;
    let objects = app.objects_of(&permit)?;
    let record = SdkView { view, view_type };
    if objects.by_key::<SdkView>(view_type.as_str()).await?.is_none() {
        match objects.create(record.clone()).await {
            // Another request was faster.
            Err(Failure::Conflict(_)) => {}
            created => return ok(created?),
        }
    }
    let known = objects.the::<SdkView>(view_type.as_str()).await?;
    ok(objects.replace(&known.id, record).await?)
}
