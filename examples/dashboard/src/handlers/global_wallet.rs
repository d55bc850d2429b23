//! The wallet shared between environments and who may reach it.

use axum::extract::State;
use axum::http::StatusCode;
use scopes::{Permit, Required, requires};

use super::{Answered, Done};
use crate::app::App;
use crate::catalogue::api;
use crate::kinds::field::List;
use crate::kinds::global_wallet::{
    AccessControl, AccessControlDomain, AccessControlView, Connection, Connections, GlobalWallet,
};
use crate::kinds::sites::Origin;
use crate::kinds::{Kind, ONLY, Object};
use crate::objects::id;
use crate::wire::{Body, created, ok};

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn get_global_wallet_settings(State(app): State<App>) -> Answered<Object<GlobalWallet>> {
    ok(app.objects_of(&permit)?.the(ONLY).await?)
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn create_global_wallet_settings(
    State(app): State<App>,
    Body(wallet): Body<GlobalWallet>,
) -> Answered<Object<GlobalWallet>> {
    created(app.objects_of(&permit)?.create(wallet).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/settings")]
pub(crate) async fn update_global_wallet_settings(
    State(app): State<App>,
    Body(changed): Body<GlobalWallet>,
) -> Answered<Object<GlobalWallet>> {
    let objects = app.objects_of(&permit)?;
    let wallet = objects.the::<GlobalWallet>(ONLY).await?;
    ok(objects.replace(&wallet.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/enable")]
pub(crate) async fn enable_global_wallet(State(app): State<App>) -> Answered<Object<GlobalWallet>> {
    switch(&app, &permit, true).await
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/disable")]
pub(crate) async fn disable_global_wallet(State(app): State<App>) -> Answered<Object<GlobalWallet>> {
    switch(&app, &permit, false).await
}

#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn get_global_wallet_access_control(State(app): State<App>) -> Answered<AccessControlView> {
    let objects = app.objects_of(&permit)?;
    let access_control = objects.the::<AccessControl>(ONLY).await?;
    ok(AccessControlView { access_control, domains: List(objects.all().await?) })
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn create_global_wallet_access_control(
    State(app): State<App>,
    Body(access_control): Body<AccessControl>,
) -> Answered<Object<AccessControl>> {
    created(app.objects_of(&permit)?.create(access_control).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl")]
pub(crate) async fn update_global_wallet_access_control(
    State(app): State<App>,
    Body(changed): Body<AccessControl>,
) -> Answered<Object<AccessControl>> {
    let objects = app.objects_of(&permit)?;
    let access_control = objects.the::<AccessControl>(ONLY).await?;
    ok(objects.replace(&access_control.id, changed).await?)
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl/enable")]
pub(crate) async fn enable_global_wallet_access_control(State(app): State<App>) -> Answered<Object<AccessControl>> {
    switch(&app, &permit, true).await
}

#[requires(api::environment.settings.write as permit, PUT "/environments/:environmentId/globalWallet/accessControl/disable")]
pub(crate) async fn disable_global_wallet_access_control(State(app): State<App>) -> Answered<Object<AccessControl>> {
    switch(&app, &permit, false).await
}

#[requires(api::environment.settings.write as permit, POST "/environments/:environmentId/globalWallet/accessControl/domains")]
pub(crate) async fn add_global_wallet_domain(
    State(app): State<App>,
    Body(domain): Body<AccessControlDomain>,
) -> Answered<Object<AccessControlDomain>> {
    let objects = app.objects_of(&permit)?;
    // A domain belongs to the restriction, so there must be one.
    objects.the::<AccessControl>(ONLY).await?;
    created(objects.create(domain).await?)
}

#[requires(api::environment.settings.write as permit, DELETE "/environments/:environmentId/globalWallet/accessControl/domains/:globalWalletAccessControlDomainId")]
pub(crate) async fn remove_global_wallet_domain(State(app): State<App>) -> Done {
    let objects = app.objects_of(&permit)?;
    let domain = objects.get::<AccessControlDomain>(&id(&permit, "globalWalletAccessControlDomainId")?).await?;
    objects.delete(&domain).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The origins of the environment. One is connected if the wallet is enabled and no enabled
/// restriction keeps it out.
#[requires(api::environment.settings.read as permit, GET "/environments/:environmentId/globalWallet/connections")]
pub(crate) async fn list_global_wallet_connections(State(app): State<App>) -> Answered<Connections> {
    let objects = app.objects_of(&permit)?;
    let is_enabled = |enabled: Option<bool>| enabled == Some(true);
    let wallet = objects.by_key::<GlobalWallet>(ONLY).await?;
    let has_wallet = wallet.is_some_and(|wallet| is_enabled(wallet.enabled));
    let restriction = objects.by_key::<AccessControl>(ONLY).await?;
    let domains = match restriction.filter(|restriction| is_enabled(restriction.enabled)) {
        Some(_) => Some(objects.all::<AccessControlDomain>().await?),
        None => None,
    };
    let lets_through = |origin: &str| {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let host = host.split(':').next().unwrap_or_default();
        domains.as_ref().is_none_or(|domains| domains.iter().any(|domain| is_below(host, &domain.record.domain.0)))
    };
    let origins = objects.all::<Origin>().await?.into_iter().map(|origin| {
        let origin = origin.record.origin;
        Connection { connected: has_wallet && lets_through(&origin.0), origin }
    });
    ok(Connections { connections: List(origins.collect()) })
}

/// Whether a host is the domain or one of the host names below it.
fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

async fn switch<K: Kind, R>(app: &App, permit: &Permit<R>, on: bool) -> Answered<Object<K>>
where
    R: Required<Scope = api::Scope>,
{
    let objects = app.objects_of(permit)?;
    let only = objects.the::<K>(ONLY).await?;
    ok(objects.switch(&only.id, on).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_lets_hosts_below_it_through() {
        for (host, domain, expected) in [
            ("example.com", "example.com", true),
            ("app.example.com", "example.com", true),
            ("badexample.com", "example.com", false),
            ("example.com.evil.org", "example.com", false),
            ("com", "example.com", false),
        ] {
            assert_eq!(is_below(host, domain), expected, "{host}");
        }
    }
}
