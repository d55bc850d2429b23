//! protect-axum: `#[protect]` and `GrantsLayer`. Its attribute changes the handler's result type.

use std::collections::HashSet;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::on;
use http::{StatusCode, header};
use protect_axum::GrantsLayer;

use crate::layers::has_token;
use crate::{Failure, Peer, TOKEN, by_bearer, by_scope, routed, scopes};

mod handlers {
    use axum::extract::Path;
    use protect_axum::protect;

    use crate::{Parameters, answer};

    macro_rules! handlers {
        ($($name:ident $scope:literal)*) => {
            $(#[protect($scope)]
            pub(super) async fn $name(Path(parameters): Parameters) -> String {
                answer(&parameters)
            })*
        };
    }

    handlers! {
        waas_authenticate "waas.authenticate"
        waas_sign_message "waas.delegatedAccess.signMessage"
        balances_read "environment.balances.read"
        api_tokens_read "environment.apiTokens.read"
        api_tokens_write "environment.apiTokens.write"
        events_read "environment.events.read"
        webhooks_read "environment.webhooks.read"
        webhooks_write "environment.webhooks.write"
        analytics_read "environment.analytics.read"
        users_read "environment.users.read"
        users_write "environment.users.write"
        settings_read "environment.settings.read"
        settings_write "environment.settings.write"
    }
}

pub(crate) fn peer() -> Result<Peer, Failure> {
    let router = routed(|scope, filter| by_scope!(handlers, scope, |handler| on(filter, handler)));
    by_bearer(router.layer(GrantsLayer::with_extractor(extract)), TOKEN)
}

async fn extract(request: &mut Request) -> Result<HashSet<String>, Response> {
    if !has_token(request.headers().get(header::AUTHORIZATION)) {
        return Err(StatusCode::UNAUTHORIZED.into_response());
    }
    Ok(scopes().map(str::to_owned).collect())
}
