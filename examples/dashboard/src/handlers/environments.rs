//! The environment itself.

use axum::extract::{Path, State};

use super::Answered;
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::reports::{EnvironmentType, EnvironmentView};
use crate::kinds::text::{Id, Text};
use crate::store::EnvironmentKind;
use crate::wire::ok;

/// Any token of the environment may ask which environment it is for.
pub(crate) async fn get_environment(
    _caller: api::Grant,
    State(app): State<App>,
    Path(environment_id): Path<String>,
) -> Answered<EnvironmentView> {
    let environment = app.store.environment(&environment_id).await?.ok_or(Failure::NotFound)?;
    let kind = match environment.kind {
        EnvironmentKind::Live => EnvironmentType::Live,
        EnvironmentKind::Sandbox => EnvironmentType::Sandbox,
    };
    ok(EnvironmentView { id: Id(environment.id), name: Text(environment.name), r#type: kind })
}
