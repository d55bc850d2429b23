//! The wallet service: sessions, embedded wallets, delegated signing, its policies and keys.
//!
//! This server has no wallet service to call. What a wallet service would return, such as an
//! address or a signature, is computed from a key of this server.

use axum::extract::State;
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use scopes::requires;

use super::wallets::EMBEDDED_VERSION;
use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::field::List;
use crate::kinds::text::{Address, Id, Text, Time};
use crate::kinds::users::{Chain, NewWallet, Session, User, Wallet};
use crate::kinds::waas::{
    EncryptionPublicKey, NewEmbeddedWallets, NewSignature, NewWaasSession, Policy, PolicyAction, Signature,
    WaasSession, WaasWallet, Wallets,
};
use crate::kinds::{Fault, Kind as _, ONLY, Object};
use crate::objects::{Change, Objects, Page, id, new_id};
use crate::wire::{Body, ListQuery, created, no_store, ok};

/// How long a session of the wallet service is valid.
pub(crate) const SESSION: SignedDuration = SignedDuration::from_hours(1);

#[requires(api::waas.authenticate as permit, POST "/environments/:environmentId/waas/authenticate")]
pub(crate) async fn authenticate_waas(
    State(app): State<App>,
    Body(asked): Body<NewWaasSession>,
) -> Answered<WaasSession> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&asked.user_id.0).await?;
    let now = Timestamp::now();
    // Sessions that have ended by themselves must not count against the user's limit.
    let ended = (now - SESSION).as_microsecond();
    app.store.delete_objects_before(Some(&objects.environment_id), Session::KIND, ended).await?;
    let expires_at = Time((now + SESSION).to_string());
    let session = objects.create_below(Some(&user.id), Session { expires_at: expires_at.clone() }).await?;
    let session_token = Text(format!("made-up-{}", new_id()));
    let session = WaasSession { session_id: Id(session.id), session_token, expires_at };
    no_store(StatusCode::CREATED, session)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/waas/create")]
pub(crate) async fn create_embedded_wallet(
    State(app): State<App>,
    Body(asked): Body<NewEmbeddedWallets>,
) -> Answered<Wallets> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&asked.user_id.0).await?;
    let mut change = Change::new();
    let mut wallets = Vec::new();
    for (at, chain) in asked.chains.0.into_iter().enumerate() {
        let address = Address(new_address(&app, chain));
        let wallet = Wallet {
            wallet: NewWallet { chain, address, name: None },
            embedded_version: Some(Text(EMBEDDED_VERSION.to_owned())),
            delegated_access: asked.delegated_access.unwrap_or(false),
        };
        wallets.push(change.insert(&objects, Some(&user.id), wallet, &format!("chains[{at}]"))?);
    }
    change.commit(&objects).await?;
    created(Wallets { wallets: List(wallets) })
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/:walletId")]
pub(crate) async fn get_waas_wallet(State(app): State<App>) -> Answered<WaasWallet> {
    let (wallet, version) = embedded(&app.objects_of(&permit)?, &id(&permit, "walletId")?).await?;
    ok(WaasWallet {
        wallet_id: Id(wallet.id),
        user_id: Id(wallet.parent.unwrap_or_default()),
        chain: wallet.record.wallet.chain,
        address: wallet.record.wallet.address,
        version,
        delegated_access: wallet.record.delegated_access,
    })
}

#[requires(api::waas.delegatedAccess.signMessage as permit, POST "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage")]
pub(crate) async fn sign_message_with_delegated_access(
    State(app): State<App>,
    Body(asked): Body<NewSignature>,
) -> Answered<Signature> {
    let objects = app.objects_of(&permit)?;
    let (wallet, _) = embedded(&objects, &id(&permit, "walletId")?).await?;
    if !wallet.record.delegated_access {
        return Err(Failure::Conflict(Fault::of("walletId", "has not been delegated by its user")));
    }
    let chain = wallet.record.wallet.chain;
    let policy = objects.by_key::<Policy>(ONLY).await?;
    let rules = policy.iter().flat_map(|policy| &policy.record.rules.0).filter(|rule| rule.chain == chain);
    for rule in rules {
        if rule.action == PolicyAction::Deny {
            return Err(Failure::Conflict(Fault::of("walletId", "may not sign, because of a policy for its chain")));
        }
        let length = asked.message.0.chars().count() as u64;
        if rule.max_message_length.is_some_and(|most| length > most.0) {
            return Err(Failure::Conflict(Fault::of("message", "is longer than a policy for its chain allows")));
        }
    }
    ok(Signature { signature: Text(app.deliveries.signer.made_up(&["signature", &wallet.id, &asked.message.0])) })
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/policies")]
pub(crate) async fn list_waas_policies(State(app): State<App>, query: ListQuery) -> Answered<Page<Policy>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/waas/policies")]
pub(crate) async fn create_waas_policy(State(app): State<App>, Body(policy): Body<Policy>) -> Answered<Object<Policy>> {
    created(app.objects_of(&permit)?.create(policy).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/waas/policies")]
pub(crate) async fn update_waas_policy(
    State(app): State<App>,
    Body(changed): Body<Policy>,
) -> Answered<Object<Policy>> {
    let objects = app.objects_of(&permit)?;
    let policy = objects.the::<Policy>(ONLY).await?;
    ok(objects.replace(&policy.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/waas/policies")]
pub(crate) async fn delete_waas_policy(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let policy = objects.the::<Policy>(ONLY).await?;
    objects.delete(&policy).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys")]
pub(crate) async fn list_encryption_public_keys(
    State(app): State<App>,
    query: ListQuery,
) -> Answered<Page<EncryptionPublicKey>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys/:keyId")]
pub(crate) async fn get_encryption_public_key(State(app): State<App>) -> Answered<Object<EncryptionPublicKey>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "keyId")?).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys")]
pub(crate) async fn create_encryption_public_key(
    State(app): State<App>,
    Body(key): Body<EncryptionPublicKey>,
) -> Answered<Object<EncryptionPublicKey>> {
    created(app.objects_of(&permit)?.create(key).await?)
}

/// Finds an embedded wallet and its version.
async fn embedded(objects: &Objects<'_>, id: &str) -> Result<(Object<Wallet>, Text<10>), Failure> {
    let wallet = objects.get::<Wallet>(id).await?;
    let version = wallet.record.embedded_version.clone().ok_or(Failure::NotFound)?;
    Ok((wallet, version))
}

/// A made-up address, which has no private key.
fn new_address(app: &App, chain: Chain) -> String {
    let digits = app.deliveries.signer.made_up(&["address", &new_id()]);
    match chain {
        Chain::Evm => format!("0x{}", &digits[..40]),
        Chain::Sui => format!("0x{digits}"),
        // Base58 has no 0.
        Chain::Solana | Chain::Bitcoin => digits[..40].replace('0', "z"),
    }
}
