//! Users, their sessions, balances and linked accounts.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.balances.read as permit, POST "/environments/:environmentId/users/:userId/balances")]
pub(crate) async fn query_user_balances() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/oauthAccounts/:oauthAccountId/accessToken")]
pub(crate) async fn get_oauth_access_token(
    State(app): State<App>,
    Path(oauth_account_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::OauthAccount, &oauth_account_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.read as permit, GET "/users/:userId")]
pub(crate) async fn get_user_by_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users/:userId")]
pub(crate) async fn get_user() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users")]
pub(crate) async fn list_users() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, DELETE "/users/:userId")]
pub(crate) async fn delete_user_by_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.write as permit, DELETE "/environments/:environmentId/users/:userId")]
pub(crate) async fn delete_user() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users")]
pub(crate) async fn create_user() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users/bulk")]
pub(crate) async fn create_users() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, PUT "/users/:userId")]
pub(crate) async fn update_user_by_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.write as permit, PUT "/environments/:environmentId/users/:userId")]
pub(crate) async fn update_user() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, POST "/users/:userId/sessions/revoke")]
pub(crate) async fn revoke_sessions_by_user_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users/:userId/sessions/revoke")]
pub(crate) async fn revoke_sessions() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, PUT "/sessions/:sessionId/revoke")]
pub(crate) async fn revoke_session(
    State(app): State<App>,
    Path(session_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Session, &session_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}
