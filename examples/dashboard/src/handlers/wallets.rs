//! Wallets of users.

use axum::Json;
use axum::extract::{Path, State};
use scopes::requires;

use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::handlers::answer::Answer;
use crate::store::Kind;

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/embeddedWalletVersions")]
pub(crate) async fn list_embedded_wallet_versions() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, POST "/users/:userId/wallets")]
pub(crate) async fn create_wallet_by_user_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.read as permit, POST "/environments/:environmentId/users/:userId/wallets")]
pub(crate) async fn create_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/users/:userId/wallets")]
pub(crate) async fn list_wallets_by_user_id(
    State(app): State<App>,
    Path(user_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::User, &user_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users/:userId/wallets")]
pub(crate) async fn list_wallets() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/wallets/:walletId")]
pub(crate) async fn get_wallet_by_id(
    State(app): State<App>,
    Path(wallet_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Wallet, &wallet_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/wallets/:walletId")]
pub(crate) async fn get_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, DELETE "/wallets/:walletId")]
pub(crate) async fn delete_wallet_by_id(
    State(app): State<App>,
    Path(wallet_id): Path<String>,
) -> Result<Json<Answer>, Failure> {
    let owner = app.owner_of(Kind::Wallet, &wallet_id).await?;
    permit.same_tenant(&owner)?;
    Ok(Answer::of(&permit))
}

#[requires(api::environment.users.write as permit, DELETE "/environments/:environmentId/wallets/:walletId")]
pub(crate) async fn delete_wallet() -> Json<Answer> {
    Answer::of(&permit)
}
