//! aliri_axum: a type for each scope, made by `scope_guards!`. Its own authentication takes JWTs;
//! here a layer replaces it.

use aliri_oauth2::{HasScope, Scope};
use axum::extract::Path;
use axum::routing::on;

use crate::layers::Authenticated;
use crate::{Failure, Parameters, Peer, TOKEN, answer, by_bearer, routed, scopes};

#[derive(Clone)]
#[allow(unreachable_pub, reason = "`scope_guards!` makes it part of its public types")]
pub struct Claims {
    scope: Scope,
}

impl HasScope for Claims {
    fn scope(&self) -> &Scope {
        &self.scope
    }
}

mod guards {
    aliri_axum::scope_guards! {
        type Claims = super::Claims;

        pub scope WaasAuthenticate = "waas.authenticate";
        pub scope WaasSignMessage = "waas.delegatedAccess.signMessage";
        pub scope BalancesRead = "environment.balances.read";
        pub scope ApiTokensRead = "environment.apiTokens.read";
        pub scope ApiTokensWrite = "environment.apiTokens.write";
        pub scope EventsRead = "environment.events.read";
        pub scope WebhooksRead = "environment.webhooks.read";
        pub scope WebhooksWrite = "environment.webhooks.write";
        pub scope AnalyticsRead = "environment.analytics.read";
        pub scope UsersRead = "environment.users.read";
        pub scope UsersWrite = "environment.users.write";
        pub scope SettingsRead = "environment.settings.read";
        pub scope SettingsWrite = "environment.settings.write";
    }
}

async fn guarded<G>(_guard: G, Path(parameters): Parameters) -> String {
    answer(&parameters)
}

pub(crate) fn peer() -> Result<Peer, Failure> {
    let router = routed(|scope, filter| match scope {
        "waas.authenticate" => on(filter, guarded::<guards::WaasAuthenticate>),
        "waas.delegatedAccess.signMessage" => on(filter, guarded::<guards::WaasSignMessage>),
        "environment.balances.read" => on(filter, guarded::<guards::BalancesRead>),
        "environment.apiTokens.read" => on(filter, guarded::<guards::ApiTokensRead>),
        "environment.apiTokens.write" => on(filter, guarded::<guards::ApiTokensWrite>),
        "environment.events.read" => on(filter, guarded::<guards::EventsRead>),
        "environment.webhooks.read" => on(filter, guarded::<guards::WebhooksRead>),
        "environment.webhooks.write" => on(filter, guarded::<guards::WebhooksWrite>),
        "environment.analytics.read" => on(filter, guarded::<guards::AnalyticsRead>),
        "environment.users.read" => on(filter, guarded::<guards::UsersRead>),
        "environment.users.write" => on(filter, guarded::<guards::UsersWrite>),
        "environment.settings.read" => on(filter, guarded::<guards::SettingsRead>),
        "environment.settings.write" => on(filter, guarded::<guards::SettingsWrite>),
        other => panic!("no guard is listed for `{other}`"),
    });
    let scope = scopes().collect::<Vec<_>>().join(" ").parse::<Scope>()?;
    by_bearer(router.layer(Authenticated(Claims { scope })), TOKEN)
}
