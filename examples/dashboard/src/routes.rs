//! The router: every route of the catalogue, registered below the catalogue's `base`.

use axum::Router;
use axum::routing::{delete, get, post, put};

use crate::app::App;
use crate::handlers::{access, events, forms, global_wallet, providers, reports, sites, tokens, users, waas, wallets};

/// The 128 routes without their base; the caller nests them below `/api/v0`.
pub(crate) fn api() -> Router<App> {
    Router::new()
        .merge(waas())
        .merge(users())
        .merge(tokens())
        .merge(events())
        .merge(reports())
        .merge(wallets())
        .merge(global_wallet())
        .merge(sites())
        .merge(forms())
        .merge(access())
        .merge(providers())
}

fn waas() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/waas/authenticate", post(waas::authenticate_waas))
        .route(
            "/environments/{environmentId}/waas/{walletId}/delegatedAccess/signMessage",
            post(waas::sign_message_with_delegated_access),
        )
        .route("/environments/{environmentId}/waas/create", post(waas::create_embedded_wallet))
        .route(
            "/environments/{environmentId}/waas/delegatedAccess/encryptionPublicKeys",
            get(waas::list_encryption_public_keys).post(waas::create_encryption_public_key),
        )
        .route(
            "/environments/{environmentId}/waas/delegatedAccess/encryptionPublicKeys/{keyId}",
            get(waas::get_encryption_public_key),
        )
        .route(
            "/environments/{environmentId}/waas/policies",
            get(waas::list_waas_policies)
                .post(waas::create_waas_policy)
                .put(waas::update_waas_policy)
                .delete(waas::delete_waas_policy),
        )
        .route("/environments/{environmentId}/waas/{walletId}", get(waas::get_waas_wallet))
}

fn users() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/users/{userId}/balances", post(users::query_user_balances))
        .route("/oauthAccounts/{oauthAccountId}/accessToken", get(users::get_oauth_access_token))
        .route(
            "/users/{userId}",
            get(users::get_user_by_id).put(users::update_user_by_id).delete(users::delete_user_by_id),
        )
        .route(
            "/environments/{environmentId}/users/{userId}",
            get(users::get_user).put(users::update_user).delete(users::delete_user),
        )
        .route("/environments/{environmentId}/users", get(users::list_users).post(users::create_user))
        .route("/environments/{environmentId}/users/bulk", post(users::create_users))
        .route("/users/{userId}/sessions/revoke", post(users::revoke_sessions_by_user_id))
        .route("/environments/{environmentId}/users/{userId}/sessions/revoke", post(users::revoke_sessions))
        .route("/sessions/{sessionId}/revoke", put(users::revoke_session))
}

fn tokens() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/tokens", get(tokens::list_api_tokens).post(tokens::create_api_token))
        .route("/environments/{environmentId}/tokens/{tokenId}", delete(tokens::revoke_api_token))
}

fn events() -> Router<App> {
    Router::new()
        .route("/eventTypes", get(events::list_event_types))
        .route("/environments/{environmentId}/events", get(events::list_events))
        .route("/environments/{environmentId}/events/{eventId}", get(events::get_event))
        .route("/environments/{environmentId}/webhooks", get(events::list_webhooks).post(events::create_webhook))
        .route(
            "/environments/{environmentId}/webhooks/{webhookId}",
            get(events::get_webhook).put(events::update_webhook).delete(events::delete_webhook),
        )
        .route("/environments/{environmentId}/webhooks/{webhookId}/messages", get(events::list_webhook_messages))
        .route(
            "/environments/{environmentId}/webhooks/{webhookId}/messages/{messageId}",
            get(events::list_webhook_deliveries),
        )
        .route(
            "/environments/{environmentId}/webhooks/{webhookId}/messages/{messageId}/redeliver",
            post(events::redeliver_webhook_message),
        )
}

fn reports() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/analytics/visits", get(reports::get_visits))
        .route("/environments/{environmentId}/analytics/wallets", get(reports::get_wallet_analytics))
        .route("/environments/{environmentId}/analytics/overview", get(reports::get_analytics_overview))
        .route("/environments/{environmentId}/analytics/topline", get(reports::get_analytics_topline))
        .route("/environments/{environmentId}/analytics/engagement", get(reports::get_engagement))
        .route("/environments/{environmentId}/analytics/walletsBreakdown", get(reports::get_wallets_breakdown))
        .route("/environments/{environmentId}/exports", get(reports::list_exports).post(reports::create_export))
        .route("/environments/{environmentId}/exports/{exportId}/download", get(reports::download_export))
        .route("/environments/{environmentId}/exports/{exportId}", get(reports::get_export))
}

fn wallets() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/embeddedWalletVersions", get(wallets::list_embedded_wallet_versions))
        .route("/users/{userId}/wallets", get(wallets::list_wallets_by_user_id).post(wallets::create_wallet_by_user_id))
        .route(
            "/environments/{environmentId}/users/{userId}/wallets",
            get(wallets::list_wallets).post(wallets::create_wallet),
        )
        .route("/wallets/{walletId}", get(wallets::get_wallet_by_id).delete(wallets::delete_wallet_by_id))
        .route(
            "/environments/{environmentId}/wallets/{walletId}",
            get(wallets::get_wallet).delete(wallets::delete_wallet),
        )
}

fn global_wallet() -> Router<App> {
    Router::new()
        .route(
            "/environments/{environmentId}/globalWallet/settings",
            get(global_wallet::get_global_wallet_settings)
                .post(global_wallet::create_global_wallet_settings)
                .put(global_wallet::update_global_wallet_settings),
        )
        .route(
            "/environments/{environmentId}/globalWallet/accessControl",
            get(global_wallet::get_global_wallet_access_control)
                .post(global_wallet::create_global_wallet_access_control)
                .put(global_wallet::update_global_wallet_access_control),
        )
        .route(
            "/environments/{environmentId}/globalWallet/connections",
            get(global_wallet::list_global_wallet_connections),
        )
        .route("/environments/{environmentId}/globalWallet/enable", put(global_wallet::enable_global_wallet))
        .route("/environments/{environmentId}/globalWallet/disable", put(global_wallet::disable_global_wallet))
        .route(
            "/environments/{environmentId}/globalWallet/accessControl/enable",
            put(global_wallet::enable_global_wallet_access_control),
        )
        .route(
            "/environments/{environmentId}/globalWallet/accessControl/disable",
            put(global_wallet::disable_global_wallet_access_control),
        )
        .route(
            "/environments/{environmentId}/globalWallet/accessControl/domains",
            post(global_wallet::add_global_wallet_domain),
        )
        .route(
            "/environments/{environmentId}/globalWallet/accessControl/domains/{globalWalletAccessControlDomainId}",
            delete(global_wallet::remove_global_wallet_domain),
        )
}

fn sites() -> Router<App> {
    Router::new()
        .route(
            "/environments/{environmentId}/nameService/{chainName}",
            get(sites::get_name_service).post(sites::create_name_service).delete(sites::delete_name_service),
        )
        .route(
            "/environments/{environmentId}/test/account",
            get(sites::get_test_account).post(sites::create_test_account).delete(sites::delete_test_account),
        )
        .route(
            "/environments/{environmentId}/custom/hostnames",
            get(sites::list_custom_hostnames).post(sites::create_custom_hostname),
        )
        .route("/environments/{environmentId}/origins", get(sites::list_origins).post(sites::create_origin))
        .route(
            "/environments/{environmentId}/deeplinkUrls",
            get(sites::list_deeplink_urls).post(sites::create_deeplink_url),
        )
        .route("/environments/{environmentId}/integrations/chainalysis", get(sites::get_chainalysis))
        .route(
            "/environments/{environmentId}/nameService/{chainName}/signingMessage",
            post(sites::create_name_service_signing_message),
        )
        .route("/environments/{environmentId}/nameService/{chainName}/enable", put(sites::enable_name_service))
        .route("/environments/{environmentId}/nameService/{chainName}/disable", put(sites::disable_name_service))
        .route(
            "/environments/{environmentId}/custom/hostnames/{customHostnameId}",
            delete(sites::delete_custom_hostname),
        )
        .route("/origins/{originId}", delete(sites::delete_origin))
        .route("/deeplinkUrls/{deeplinkUrlId}", delete(sites::delete_deeplink_url))
}

fn forms() -> Router<App> {
    Router::new()
        .route(
            "/environments/{environmentId}/custom/fields",
            get(forms::list_custom_fields).post(forms::create_custom_field),
        )
        .route(
            "/custom/fields/{customFieldId}",
            get(forms::get_custom_field).put(forms::update_custom_field).delete(forms::delete_custom_field),
        )
        .route("/environments/{environmentId}/sdkViews", get(forms::list_sdk_views))
        .route(
            "/environments/{environmentId}/sdkViews/{viewType}",
            get(forms::get_sdk_view).put(forms::update_sdk_view),
        )
}

fn access() -> Router<App> {
    Router::new()
        .route("/environments/{environmentId}/gates", get(access::list_gates).post(access::create_gate))
        .route(
            "/environments/{environmentId}/gates/{gateId}",
            get(access::get_gate).put(access::update_gate).delete(access::delete_gate),
        )
        .route("/environments/{environmentId}/allowlists", get(access::list_allowlists).post(access::create_allowlist))
        .route(
            "/allowlists/{allowlistId}",
            get(access::get_allowlist).put(access::update_allowlist).delete(access::delete_allowlist),
        )
        .route(
            "/allowlists/{allowlistId}/entries",
            get(access::list_allowlist_entries).post(access::create_allowlist_entry),
        )
        .route("/environments/{environmentId}/gates/{gateId}/enable", put(access::enable_gate))
        .route("/environments/{environmentId}/gates/{gateId}/disable", put(access::disable_gate))
        .route("/allowlists/{allowlistId}/enable", put(access::enable_allowlist))
        .route("/allowlists/{allowlistId}/disable", put(access::disable_allowlist))
        .route("/allowlistEntries/{allowlistEntryId}", delete(access::delete_allowlist_entry))
}

fn providers() -> Router<App> {
    Router::new()
        .route(
            "/environments/{environmentId}/settings/providers",
            get(providers::list_providers).post(providers::create_provider),
        )
        .route(
            "/settings/providers/{providerId}",
            get(providers::get_provider).put(providers::update_provider).delete(providers::delete_provider),
        )
        .route(
            "/environments/{environmentId}/settings/exchanges",
            get(providers::list_exchanges).post(providers::create_exchange),
        )
        .route("/settings/exchanges/{exchangeId}", get(providers::get_exchange).delete(providers::delete_exchange))
        .route("/settings/providers/{providerId}/enable", put(providers::enable_provider))
        .route("/settings/providers/{providerId}/disable", put(providers::disable_provider))
        .route("/settings/exchanges/{exchangeId}/enable", put(providers::enable_exchange))
        .route("/settings/exchanges/{exchangeId}/disable", put(providers::disable_exchange))
}
