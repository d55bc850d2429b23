//! API tokens of an environment: callers with other API tokens list, issue and revoke them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use scopes::{Denied, requires};

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::wire::{CreateToken, TokenList};

#[requires(api::environment.apiTokens.read as permit, GET "/environments/:environmentId/tokens")]
pub(crate) async fn list_api_tokens(State(app): State<App>) -> Result<Json<TokenList>, Failure> {
    let environment_id = permit.tenant().ok_or(Failure::NotFound)?;
    Ok(Json(TokenList::new(app.store.list_for_environment(environment_id).await?)))
}

#[requires(api::environment.apiTokens.write as permit, POST "/environments/:environmentId/tokens")]
pub(crate) async fn create_api_token(State(app): State<App>, body: CreateToken) -> Result<impl IntoResponse, Failure> {
    let environment_id = permit.tenant().ok_or(Failure::NotFound)?;
    app.issue_token(permit.grant(), environment_id, body).await
}

#[requires(api::environment.apiTokens.write as permit, DELETE "/environments/:environmentId/tokens/:tokenId")]
pub(crate) async fn revoke_api_token(State(app): State<App>) -> Result<StatusCode, Failure> {
    let environment_id = permit.tenant().ok_or(Failure::NotFound)?;
    let token_id = permit.parameter("tokenId").map_err(Denied::from)?;
    let revoked = app.store.revoke(environment_id, &token_id).await?;
    revoked.map(|_| StatusCode::NO_CONTENT).ok_or(Failure::NotFound)
}
