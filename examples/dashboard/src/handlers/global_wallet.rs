//! The wallet shared between environments and who may reach it.

use axum::Json;
use scopes::requires;

use crate::catalogue::api;
use crate::handlers::answer::Answer;

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn get_global_wallet_settings() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn get_global_wallet_access_control() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/connections")]
pub(crate) async fn list_global_wallet_connections() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn create_global_wallet_settings() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn update_global_wallet_settings() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/enable")]
pub(crate) async fn enable_global_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/disable")]
pub(crate) async fn disable_global_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn create_global_wallet_access_control() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn update_global_wallet_access_control() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl/enable")]
pub(crate) async fn enable_global_wallet_access_control() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl/disable")]
pub(crate) async fn disable_global_wallet_access_control() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/accessControl/domains")]
pub(crate) async fn add_global_wallet_domain() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/globalWallet/accessControl/domains/:globalWalletAccessControlDomainId")]
pub(crate) async fn remove_global_wallet_domain() -> Json<Answer> {
    Answer::of(&permit)
}
