//! Wallets of users.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::Object;
use crate::kinds::field::{List, Number};
use crate::kinds::reports::{EmbeddedVersion, EmbeddedVersions};
use crate::kinds::text::Text;
use crate::kinds::users::{NewWallet, User, Wallet};
use crate::objects::{Objects, Page, id};
use crate::wire::{Body, ListQuery, created, ok};

/// The version of the embedded wallets that this server makes.
pub(super) const EMBEDDED_VERSION: &str = "V3";

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/embeddedWalletVersions")]
pub(crate) async fn list_embedded_wallet_versions(State(app): State<App>) -> Answered<EmbeddedVersions> {
    let labels = app.objects_of(&permit)?.count_by_label::<Wallet>().await?;
    // There has been one version so far, so all embedded wallets have it.
    let wallets = labels.iter().filter(|(label, _)| label.ends_with(" embedded")).map(|(_, amount)| amount).sum();
    let versions: BTreeMap<&str, u64> =
        if wallets > 0 { [(EMBEDDED_VERSION, wallets)].into() } else { BTreeMap::new() };
    let versions = versions
        .into_iter()
        .map(|(version, wallets)| EmbeddedVersion { version: Text(version.to_owned()), wallets: Number(wallets) });
    ok(EmbeddedVersions { versions: List(versions.collect()) })
}

#[requires(api::environment.users.read as permit, POST "/environments/:environmentId/users/:userId/wallets")]
pub(crate) async fn create_wallet(State(app): State<App>, Body(new): Body<NewWallet>) -> Answered<Object<Wallet>> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&id(&permit, "userId")?).await?;
    create(&objects, &user, new).await
}

#[requires(api::environment.users.read as permit, POST "/users/:userId/wallets")]
pub(crate) async fn create_wallet_by_user_id(
    State(app): State<App>,
    Body(new): Body<NewWallet>,
) -> Answered<Object<Wallet>> {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    create(&app.objects(&user.environment_id), &user, new).await
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users/:userId/wallets")]
pub(crate) async fn list_wallets(State(app): State<App>, query: ListQuery) -> Answered<Page<Wallet>> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&id(&permit, "userId")?).await?;
    ok(objects.list_below(Some(&user.id), &query).await?)
}

#[requires(api::environment.users.read as permit, GET "/users/:userId/wallets")]
pub(crate) async fn list_wallets_by_user_id(State(app): State<App>, query: ListQuery) -> Answered<Page<Wallet>> {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    ok(app.objects(&user.environment_id).list_below(Some(&user.id), &query).await?)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/wallets/:walletId")]
pub(crate) async fn get_wallet(State(app): State<App>) -> Answered<Object<Wallet>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "walletId")?).await?)
}

#[requires(api::environment.users.read as permit, GET "/wallets/:walletId")]
pub(crate) async fn get_wallet_by_id(State(app): State<App>) -> Answered<Object<Wallet>> {
    let wallet = app.find::<Wallet, _>(&permit, "walletId").await?;
    permit.same_tenant(&wallet.environment_id)?;
    ok(wallet)
}

#[requires(api::environment.users.write as permit, DELETE "/environments/:environmentId/wallets/:walletId")]
pub(crate) async fn delete_wallet(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let wallet = objects.get::<Wallet>(&id(&permit, "walletId")?).await?;
    objects.delete(&wallet).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.users.write as permit, DELETE "/wallets/:walletId")]
pub(crate) async fn delete_wallet_by_id(State(app): State<App>) -> Done {
    let wallet = app.find::<Wallet, _>(&permit, "walletId").await?;
    permit.same_tenant(&wallet.environment_id)?;
    app.objects(&wallet.environment_id).delete(&wallet).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a user a wallet that the user has already.
async fn create(objects: &Objects<'_>, user: &Object<User>, new: NewWallet) -> Answered<Object<Wallet>> {
    new.check().map_err(Failure::Malformed)?;
    let wallet = Wallet { wallet: new, embedded_version: None, delegated_access: false };
    created(objects.create_below(Some(&user.id), wallet).await?)
}
