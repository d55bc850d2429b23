//! The router: a handler for each route of the catalogue. The catalogue has method and path. A
//! forgotten route does not compile, nor does a handler that demands another scope than its route.

use axum::Router;
use scopes::axum::{Partial, handler, router};
use scopes::routes::served_elsewhere;

use crate::app::App;
use crate::catalogue::api;
use crate::handlers::{
    access, allowlists, analytics, environments, events, exchanges, exports, forms, global_wallet, name_services,
    providers, sites, tokens, users, waas, wallets, webhooks,
};

/// The whole API.
pub(crate) fn api() -> Router<App> {
    router(api::assert_covered!(
        unscoped(),
        waas(),
        delegated_access(),
        balances(),
        api_tokens(),
        events(),
        webhooks(),
        analytics(),
        users(),
        settings(),
    ))
}

/// The routes without a scope: the environment, and those of signed-in administrators.
fn unscoped() -> Partial<api::Routes, App> {
    let routes = api::Routes {
        get_environment: handler(environments::get_environment),
        list_user_tokens: served_elsewhere("the router of the session catalogue"),
        create_user_token: served_elsewhere("the router of the session catalogue"),
    };
    routes.partial()
}

fn waas() -> Partial<api::waas::Routes, App> {
    let routes = api::waas::Routes { authenticate_waas: handler(waas::authenticate_waas) };
    routes.partial()
}

fn delegated_access() -> Partial<api::waas::delegatedAccess::Routes, App> {
    let routes = api::waas::delegatedAccess::Routes {
        sign_message_with_delegated_access: handler(waas::sign_message_with_delegated_access),
    };
    routes.partial()
}

fn balances() -> Partial<api::environment::balances::Routes, App> {
    let routes = api::environment::balances::Routes { query_user_balances: handler(users::query_user_balances) };
    routes.partial()
}

fn api_tokens() -> Partial<api::environment::apiTokens::Routes, App> {
    let routes = api::environment::apiTokens::Routes {
        list_api_tokens: handler(tokens::list_api_tokens),
        create_api_token: handler(tokens::create_api_token),
        revoke_api_token: handler(tokens::revoke_api_token),
    };
    routes.partial()
}

fn events() -> Partial<api::environment::events::Routes, App> {
    let routes = api::environment::events::Routes {
        list_events: handler(events::list_events),
        get_event: handler(events::get_event),
        list_event_types: handler(events::list_event_types),
    };
    routes.partial()
}

fn webhooks() -> Partial<api::environment::webhooks::Routes, App> {
    let routes = api::environment::webhooks::Routes {
        list_webhooks: handler(webhooks::list_webhooks),
        get_webhook: handler(webhooks::get_webhook),
        list_webhook_messages: handler(webhooks::list_webhook_messages),
        list_webhook_deliveries: handler(webhooks::list_webhook_deliveries),
        create_webhook: handler(webhooks::create_webhook),
        update_webhook: handler(webhooks::update_webhook),
        delete_webhook: handler(webhooks::delete_webhook),
        redeliver_webhook_message: handler(webhooks::redeliver_webhook_message),
    };
    routes.partial()
}

fn analytics() -> Partial<api::environment::analytics::Routes, App> {
    let routes = api::environment::analytics::Routes {
        get_visits: handler(analytics::get_visits),
        get_wallet_analytics: handler(analytics::get_wallet_analytics),
        get_analytics_overview: handler(analytics::get_analytics_overview),
        get_analytics_topline: handler(analytics::get_analytics_topline),
        get_engagement: handler(analytics::get_engagement),
        get_wallets_breakdown: handler(analytics::get_wallets_breakdown),
    };
    routes.partial()
}

fn users() -> Partial<api::environment::users::Routes, App> {
    let routes = api::environment::users::Routes {
        list_embedded_wallet_versions: handler(wallets::list_embedded_wallet_versions),
        create_wallet: handler(wallets::create_wallet),
        list_wallets: handler(wallets::list_wallets),
        get_wallet: handler(wallets::get_wallet),
        get_user: handler(users::get_user),
        list_users: handler(users::list_users),
        list_exports: handler(exports::list_exports),
        download_export: handler(exports::download_export),
        get_export: handler(exports::get_export),
        get_oauth_access_token: handler(users::get_oauth_access_token),
        create_wallet_by_user_id: handler(wallets::create_wallet_by_user_id),
        list_wallets_by_user_id: handler(wallets::list_wallets_by_user_id),
        get_wallet_by_id: handler(wallets::get_wallet_by_id),
        get_user_by_id: handler(users::get_user_by_id),
        create_embedded_wallet: handler(waas::create_embedded_wallet),
        delete_wallet: handler(wallets::delete_wallet),
        delete_user: handler(users::delete_user),
        create_user: handler(users::create_user),
        create_users: handler(users::create_users),
        update_user: handler(users::update_user),
        revoke_sessions: handler(users::revoke_sessions),
        create_export: handler(exports::create_export),
        delete_wallet_by_id: handler(wallets::delete_wallet_by_id),
        delete_user_by_id: handler(users::delete_user_by_id),
        update_user_by_id: handler(users::update_user_by_id),
        revoke_sessions_by_user_id: handler(users::revoke_sessions_by_user_id),
        revoke_session: handler(users::revoke_session),
    };
    routes.partial()
}

fn settings() -> Partial<api::environment::settings::Routes, App> {
    let routes = api::environment::settings::Routes {
        get_global_wallet_settings: handler(global_wallet::get_global_wallet_settings),
        get_global_wallet_access_control: handler(global_wallet::get_global_wallet_access_control),
        list_global_wallet_connections: handler(global_wallet::list_global_wallet_connections),
        get_name_service: handler(name_services::get_name_service),
        get_test_account: handler(sites::get_test_account),
        list_custom_hostnames: handler(sites::list_custom_hostnames),
        list_custom_fields: handler(forms::list_custom_fields),
        list_gates: handler(access::list_gates),
        get_gate: handler(access::get_gate),
        list_providers: handler(providers::list_providers),
        list_exchanges: handler(exchanges::list_exchanges),
        list_origins: handler(sites::list_origins),
        list_deeplink_urls: handler(sites::list_deeplink_urls),
        list_allowlists: handler(allowlists::list_allowlists),
        get_chainalysis: handler(sites::get_chainalysis),
        list_sdk_views: handler(forms::list_sdk_views),
        get_sdk_view: handler(forms::get_sdk_view),
        list_encryption_public_keys: handler(waas::list_encryption_public_keys),
        get_encryption_public_key: handler(waas::get_encryption_public_key),
        list_waas_policies: handler(waas::list_waas_policies),
        get_waas_wallet: handler(waas::get_waas_wallet),
        get_custom_field: handler(forms::get_custom_field),
        get_provider: handler(providers::get_provider),
        get_exchange: handler(exchanges::get_exchange),
        get_allowlist: handler(allowlists::get_allowlist),
        list_allowlist_entries: handler(allowlists::list_allowlist_entries),
        create_global_wallet_settings: handler(global_wallet::create_global_wallet_settings),
        update_global_wallet_settings: handler(global_wallet::update_global_wallet_settings),
        enable_global_wallet: handler(global_wallet::enable_global_wallet),
        disable_global_wallet: handler(global_wallet::disable_global_wallet),
        create_global_wallet_access_control: handler(global_wallet::create_global_wallet_access_control),
        update_global_wallet_access_control: handler(global_wallet::update_global_wallet_access_control),
        enable_global_wallet_access_control: handler(global_wallet::enable_global_wallet_access_control),
        disable_global_wallet_access_control: handler(global_wallet::disable_global_wallet_access_control),
        add_global_wallet_domain: handler(global_wallet::add_global_wallet_domain),
        remove_global_wallet_domain: handler(global_wallet::remove_global_wallet_domain),
        create_name_service_signing_message: handler(name_services::create_name_service_signing_message),
        delete_name_service: handler(name_services::delete_name_service),
        create_name_service: handler(name_services::create_name_service),
        enable_name_service: handler(name_services::enable_name_service),
        disable_name_service: handler(name_services::disable_name_service),
        create_test_account: handler(sites::create_test_account),
        delete_test_account: handler(sites::delete_test_account),
        create_custom_hostname: handler(sites::create_custom_hostname),
        delete_custom_hostname: handler(sites::delete_custom_hostname),
        create_custom_field: handler(forms::create_custom_field),
        create_gate: handler(access::create_gate),
        update_gate: handler(access::update_gate),
        delete_gate: handler(access::delete_gate),
        enable_gate: handler(access::enable_gate),
        disable_gate: handler(access::disable_gate),
        create_provider: handler(providers::create_provider),
        create_exchange: handler(exchanges::create_exchange),
        create_origin: handler(sites::create_origin),
        create_deeplink_url: handler(sites::create_deeplink_url),
        create_allowlist: handler(allowlists::create_allowlist),
        update_sdk_view: handler(forms::update_sdk_view),
        create_waas_policy: handler(waas::create_waas_policy),
        update_waas_policy: handler(waas::update_waas_policy),
        delete_waas_policy: handler(waas::delete_waas_policy),
        create_encryption_public_key: handler(waas::create_encryption_public_key),
        update_custom_field: handler(forms::update_custom_field),
        delete_custom_field: handler(forms::delete_custom_field),
        update_provider: handler(providers::update_provider),
        delete_provider: handler(providers::delete_provider),
        enable_provider: handler(providers::enable_provider),
        disable_provider: handler(providers::disable_provider),
        delete_exchange: handler(exchanges::delete_exchange),
        enable_exchange: handler(exchanges::enable_exchange),
        disable_exchange: handler(exchanges::disable_exchange),
        delete_origin: handler(sites::delete_origin),
        delete_deeplink_url: handler(sites::delete_deeplink_url),
        delete_allowlist: handler(allowlists::delete_allowlist),
        enable_allowlist: handler(allowlists::enable_allowlist),
        update_allowlist: handler(allowlists::update_allowlist),
        disable_allowlist: handler(allowlists::disable_allowlist),
        create_allowlist_entry: handler(allowlists::create_allowlist_entry),
        delete_allowlist_entry: handler(allowlists::delete_allowlist_entry),
    };
    routes.partial()
}
