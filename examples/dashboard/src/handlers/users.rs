//! Users, their sessions, balances and linked accounts.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::requires;

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::failure::Failure;
use crate::kinds::field::{List, Number};
use crate::kinds::reports::{Balance, BalanceQuery, Balances, OauthAccessToken, RevokedSessions};
use crate::kinds::text::{Id, Text};
use crate::kinds::users::{
    CreatedUser, CreatedUsers, NewUser, NewUsers, OauthAccount, Session, User, UserView, Wallet,
};
use crate::kinds::{Kind as _, Object};
use crate::objects::{Applicant, Change, Objects, Page, id, new_id};
use crate::wire::{Body, ListQuery, created, no_store, ok};

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users")]
pub(crate) async fn list_users(State(app): State<App>, query: ListQuery) -> Answered<Page<User>> {
    ok(app.objects_of(&permit)?.list(&query).await?)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/users/:userId")]
pub(crate) async fn get_user(State(app): State<App>) -> Answered<Object<User>> {
    ok(app.objects_of(&permit)?.get(&id(&permit, "userId")?).await?)
}

#[requires(api::environment.users.read as permit, GET "/users/:userId")]
pub(crate) async fn get_user_by_id(State(app): State<App>) -> Answered<Object<User>> {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    ok(user)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users")]
pub(crate) async fn create_user(State(app): State<App>, Body(new): Body<NewUser>) -> Answered<CreatedUser> {
    let objects = app.objects_of(&permit)?;
    let rules = objects.rules().await?;
    rules.admit(Applicant { user: &new.user, new: Some(&new) }).map_err(Failure::Conflict)?;
    let mut change = Change::new();
    let user = insert(&objects, &mut change, new, "")?;
    change.commit(&objects).await?;
    created(user)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users/bulk")]
pub(crate) async fn create_users(State(app): State<App>, Body(new): Body<NewUsers>) -> Answered<CreatedUsers> {
    let objects = app.objects_of(&permit)?;
    let rules = objects.rules().await?;
    let mut change = Change::new();
    let mut users = Vec::new();
    for (at, new) in new.users.0.into_iter().enumerate() {
        let admitted = rules.admit(Applicant { user: &new.user, new: Some(&new) });
        admitted.map_err(|fault| Failure::Conflict(fault.in_item(at).in_field("users")))?;
        users.push(insert(&objects, &mut change, new, &format!("users[{at}]"))?);
    }
    change.commit(&objects).await?;
    created(CreatedUsers { users: List(users) })
}

#[requires(api::environment.users.write as permit, PUT "/environments/:environmentId/users/:userId")]
pub(crate) async fn update_user(State(app): State<App>, Body(user): Body<User>) -> Answered<Object<User>> {
    let objects = app.objects_of(&permit)?;
    update(&objects, &id(&permit, "userId")?, user).await
}

#[requires(api::environment.users.write as permit, PUT "/users/:userId")]
pub(crate) async fn update_user_by_id(State(app): State<App>, Body(changed): Body<User>) -> Answered<Object<User>> {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    update(&app.objects(&user.environment_id), &user.id, changed).await
}

#[requires(api::environment.users.write as permit, DELETE "/environments/:environmentId/users/:userId")]
pub(crate) async fn delete_user(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&id(&permit, "userId")?).await?;
    objects.delete(&user).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.users.write as permit, DELETE "/users/:userId")]
pub(crate) async fn delete_user_by_id(State(app): State<App>) -> Done {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    app.objects(&user.environment_id).delete(&user).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/users/:userId/sessions/revoke")]
pub(crate) async fn revoke_sessions(State(app): State<App>) -> Answered<RevokedSessions> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&id(&permit, "userId")?).await?;
    revoke(&objects, &user).await
}

#[requires(api::environment.users.write as permit, POST "/users/:userId/sessions/revoke")]
pub(crate) async fn revoke_sessions_by_user_id(State(app): State<App>) -> Answered<RevokedSessions> {
    let user = app.find::<User, _>(&permit, "userId").await?;
    permit.same_tenant(&user.environment_id)?;
    revoke(&app.objects(&user.environment_id), &user).await
}

#[requires(api::environment.users.write as permit, PUT "/sessions/:sessionId/revoke")]
pub(crate) async fn revoke_session(State(app): State<App>) -> Answered<RevokedSessions> {
    let session = app.find::<Session, _>(&permit, "sessionId").await?;
    permit.same_tenant(&session.environment_id)?;
    app.objects(&session.environment_id).delete(&session).await?;
    ok(RevokedSessions { revoked: Number(1) })
}

#[requires(api::environment.balances.read as permit, POST "/environments/:environmentId/users/:userId/balances")]
pub(crate) async fn query_user_balances(State(app): State<App>, Body(query): Body<BalanceQuery>) -> Answered<Balances> {
    let objects = app.objects_of(&permit)?;
    let user = objects.get::<User>(&id(&permit, "userId")?).await?;
    let wallets = objects
        .all_below::<Wallet>(Some(&user.id))
        .await?
        .into_iter()
        .filter(|wallet| query.chains.as_ref().is_none_or(|chains| chains.0.contains(&wallet.record.wallet.chain)));
    let balances = wallets.map(|Object { id, record: Wallet { wallet, .. }, .. }| {
        let digits = app.deliveries.signer.made_up(&["balance", wallet.chain.as_str(), &wallet.address.0]);
        let amount = u64::from_str_radix(&digits[..12], 16).unwrap_or_default();
        Balance { wallet_id: Id(id), chain: wallet.chain, address: wallet.address, amount: Text(amount.to_string()) }
    });
    ok(Balances { balances: List(balances.collect()) })
}

#[requires(api::environment.users.read as permit, GET "/oauthAccounts/:oauthAccountId/accessToken")]
pub(crate) async fn get_oauth_access_token(State(app): State<App>) -> Answered<OauthAccessToken> {
    let account = app.find::<OauthAccount, _>(&permit, "oauthAccountId").await?;
    permit.same_tenant(&account.environment_id)?;
    let access_token = Text(format!("made-up-{}", new_id()));
    no_store(StatusCode::OK, OauthAccessToken { access_token, expires_in: Number(3600) })
}

/// Adds a user, with the wallet and the accounts, to a change.
fn insert(objects: &Objects<'_>, change: &mut Change, new: NewUser, at: &str) -> Result<CreatedUser, Failure> {
    let within = |field: &str| if at.is_empty() { field.to_owned() } else { format!("{at}.{field}") };
    let user = change.insert(objects, None, new.user, at)?;
    let mut wallet_id = None;
    if let Some(wallet) = new.wallet {
        wallet.check().map_err(|fault| Failure::Malformed(fault.in_field(&within("wallet"))))?;
        let wallet = Wallet { wallet, embedded_version: None, delegated_access: false };
        wallet_id = Some(Id(change.insert(objects, Some(&user.id), wallet, &within("wallet"))?.id));
    }
    let mut oauth_account_ids = Vec::new();
    for (position, account) in new.oauth_accounts.into_iter().flat_map(|accounts| accounts.0).enumerate() {
        let within = within(&format!("oauthAccounts[{position}]"));
        oauth_account_ids.push(Id(change.insert(objects, Some(&user.id), account, &within)?.id));
    }
    Ok(CreatedUser { user: UserView(user), wallet_id, oauth_account_ids: List(oauth_account_ids) })
}

/// Changes a user, if the environment takes the user as changed.
async fn update(objects: &Objects<'_>, id: &str, changed: User) -> Answered<Object<User>> {
    objects.get::<User>(id).await?;
    let rules = objects.rules().await?;
    rules.admit(Applicant { user: &changed, new: None }).map_err(Failure::Conflict)?;
    ok(objects.replace(id, changed).await?)
}

/// Revokes all sessions of a user in one change.
async fn revoke(objects: &Objects<'_>, user: &Object<User>) -> Answered<RevokedSessions> {
    let sessions = objects.all_below::<Session>(Some(&user.id)).await?;
    let mut change = Change::new();
    for session in &sessions {
        change.delete(session, Session::EVENTS.deleted)?;
    }
    change.commit(objects).await?;
    ok(RevokedSessions { revoked: Number(sessions.len() as u64) })
}
