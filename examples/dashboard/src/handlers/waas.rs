//! The wallet service: sessions, delegated signing, its policies and keys.

use axum::Json;
use scopes::requires;

use crate::catalogue::api;
use crate::handlers::answer::Answer;

#[requires(api::waas.authenticate as permit, POST "/environments/:environmentId/waas/authenticate")]
pub(crate) async fn authenticate_waas() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::waas.delegatedAccess.signMessage as permit, POST "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage")]
pub(crate) async fn sign_message_with_delegated_access() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/waas/create")]
pub(crate) async fn create_embedded_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys")]
pub(crate) async fn list_encryption_public_keys() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys/:keyId")]
pub(crate) async fn get_encryption_public_key() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/policies")]
pub(crate) async fn list_waas_policies() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/:walletId")]
pub(crate) async fn get_waas_wallet() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/waas/policies")]
pub(crate) async fn create_waas_policy() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/waas/policies")]
pub(crate) async fn update_waas_policy() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/waas/policies")]
pub(crate) async fn delete_waas_policy() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys")]
pub(crate) async fn create_encryption_public_key() -> Json<Answer> {
    Answer::of(&permit)
}
