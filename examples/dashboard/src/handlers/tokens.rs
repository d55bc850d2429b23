//! API tokens of an environment: callers with other API tokens list, issue and revoke them.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use scopes::{Denied, requires};

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::events::TOKEN_DELETED;
use crate::store::StoreError;
use crate::wire::{CreateToken, TokenList, TokenQuery};

#[requires(api::environment.apiTokens.read as permit, GET "/environments/:environmentId/tokens")]
pub(crate) async fn list_api_tokens(
    State(app): State<App>,
    TokenQuery(page): TokenQuery,
) -> Result<Json<TokenList>, Failure> {
    let environment_id = permit.tenant().ok_or(Failure::NotFound)?;
    let page = app.store.tokens.of_tenant(environment_id).list(page).await.map_err(StoreError::from)?;
    Ok(Json(TokenList::new(page, &app.store).await?))
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
    let mut transaction = app.store.begin_in(environment_id).await?;
    let theirs = app.store.tokens.within(transaction.connection()).of_tenant(environment_id);
    theirs.by_holder(permit.grant()).revoke(&token_id).await.map_err(StoreError::from)?;
    app.commit_token(transaction, TOKEN_DELETED, environment_id, &token_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
