//! What each route takes and answers, for the OpenAPI document.

use serde_json::{Value, json};

use super::access::{Allowlist, AllowlistEntry, Gate};
use super::events::{Event, EventTypes};
use super::exports::{Export, NewExport};
use super::field::{Field, Number};
use super::forms::{CustomField, NewSdkView, SdkView, ViewType};
use super::global_wallet::{AccessControl, AccessControlDomain, AccessControlView, Connections, GlobalWallet};
use super::providers::{Exchange, Provider};
use super::reports::{
    BalanceQuery, Balances, EmbeddedVersions, Engagement, EnvironmentView, OauthAccessToken, Overview, RevokedSessions,
    Topline, Visits, WalletFigures, WalletsBreakdown,
};
use super::sites::{
    ChainName, Chainalysis, CustomHostname, DeeplinkUrl, NameService, NewNameService, NewSigningMessage,
    NewTestAccount, Origin, SigningMessage, TestAccount,
};
use super::text::Id;
use super::users::{CreatedUser, CreatedUsers, NewUser, NewUsers, NewWallet, User, Wallet};
use super::waas::{
    EncryptionPublicKey, NewEmbeddedWallets, NewSignature, NewWaasSession, Policy, Signature, WaasSession, WaasWallet,
    Wallets,
};
use super::webhooks::{CreatedWebhook, Delivery, Message, Webhook};
use super::{Kind, Object, Record};
use crate::objects::Page;

/// A route's body, query and answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// The name of the route in the catalogue.
    pub route: &'static str,
    /// The name of the schema of the body, which is required then.
    pub request: Option<String>,
    /// The query parameters, none of which is required.
    pub query: Vec<(&'static str, Value)>,
    /// The answers to a caller whom the guard lets through.
    pub answers: Vec<Answer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type; empty without a body.
    pub content_type: &'static str,
    /// The name of the schema of the body; `None` for a file.
    pub schema: Option<String>,
}

/// An operation, and the schemas that it names.
pub(super) struct Entry {
    pub(super) operation: Operation,
    pub(super) schemas: Vec<(String, Value)>,
}

/// What each of the routes takes and answers. The names of schemas are those of
/// [`schemas`](super::schemas()).
#[must_use]
pub fn operations() -> Vec<Operation> {
    table().into_iter().map(|entry| entry.operation).collect()
}

/// The schema of a path parameter.
#[must_use]
pub fn path_parameter(name: &str) -> Value {
    match name {
        "chainName" => ChainName::schema(),
        "viewType" => ViewType::schema(),
        _ => Id::schema(),
    }
}

fn entry(route: &'static str) -> Entry {
    let operation = Operation { route, request: None, query: Vec::new(), answers: Vec::new() };
    Entry { operation, schemas: Vec::new() }
}

impl Entry {
    fn takes<T: Record>(mut self) -> Self {
        self.operation.request = Some(T::name());
        self.schemas.push((T::name(), T::schema()));
        self
    }

    fn answers<T: Record>(mut self, status: u16) -> Self {
        self.schemas.push((T::name(), T::schema()));
        let is_write = self.operation.request.is_some();
        self.finish(Answer { status, content_type: "application/json", schema: Some(T::name()) }, is_write)
    }

    /// Answers with a schema that no record declares.
    fn answers_named(self, status: u16, schema: &str) -> Self {
        let is_write = self.operation.request.is_some();
        self.finish(Answer { status, content_type: "application/json", schema: Some(schema.to_owned()) }, is_write)
    }

    fn lists<K: Kind>(mut self) -> Self {
        self.operation.query = list_query();
        self.answers::<Page<K>>(200)
    }

    fn deletes(self) -> Self {
        self.finish(Answer { status: 204, content_type: "", schema: None }, false)
    }

    /// A change without a body.
    fn changes<T: Record>(mut self, status: u16) -> Self {
        self.schemas.push((T::name(), T::schema()));
        self.finish(Answer { status, content_type: "application/json", schema: Some(T::name()) }, true)
    }

    fn by_days(mut self) -> Self {
        self.operation.query = vec![("days", Number::<1, 90>::schema())];
        self
    }

    fn finish(mut self, answer: Answer, is_write: bool) -> Self {
        self.operation.answers.push(answer);
        self.or_fails(is_write)
    }

    fn or_fails(mut self, is_write: bool) -> Self {
        let error = |status| Answer { status, content_type: "application/json", schema: Some("Error".to_owned()) };
        self.operation.answers.extend([400, 401, 403, 404].map(error));
        if is_write {
            self.operation.answers.extend([409, 413].map(error));
        }
        self.operation.answers.push(error(500));
        self
    }
}

fn list_query() -> Vec<(&'static str, Value)> {
    let cursor = json!({"type": "string", "pattern": "^[0-9]{1,15}\\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        "maxLength": 52, "description": "The `next` of the page before."});
    vec![("limit", Number::<1, 1000>::schema()), ("cursor", cursor)]
}

/// The routes in the order of the documents.
pub(super) fn table() -> Vec<Entry> {
    [waas_and_tokens(), events_and_webhooks(), figures(), users(), settings(), access(), services()]
        .into_iter()
        .flatten()
        .collect()
}

fn waas_and_tokens() -> Vec<Entry> {
    let token_query = || {
        // The cursors of tokens are the token store's.
        vec![("limit", Number::<1, 1000>::schema())]
    };
    let lists_tokens = |route| {
        let mut entry = entry(route);
        entry.operation.query = token_query();
        entry.answers_named(200, "TokensResponse")
    };
    let makes_token = |route| {
        let mut entry = entry(route);
        entry.operation.request = Some("NewToken".to_owned());
        entry.answers_named(201, "CreatedToken")
    };
    vec![
        entry("authenticate_waas").takes::<NewWaasSession>().answers::<WaasSession>(201),
        entry("sign_message_with_delegated_access").takes::<NewSignature>().answers::<Signature>(200),
        entry("query_user_balances").takes::<BalanceQuery>().answers::<Balances>(200),
        lists_tokens("list_api_tokens"),
        makes_token("create_api_token"),
        entry("revoke_api_token").deletes(),
        lists_tokens("list_user_tokens"),
        makes_token("create_user_token"),
        entry("get_environment").answers::<EnvironmentView>(200),
    ]
}

fn events_and_webhooks() -> Vec<Entry> {
    vec![
        entry("list_event_types").answers::<EventTypes>(200),
        entry("list_events").lists::<Event>(),
        entry("get_event").answers::<Object<Event>>(200),
        entry("list_webhooks").lists::<Webhook>(),
        entry("get_webhook").answers::<Object<Webhook>>(200),
        entry("list_webhook_messages").lists::<Message>(),
        entry("list_webhook_deliveries").lists::<Delivery>(),
        entry("create_webhook").takes::<Webhook>().answers::<CreatedWebhook>(201),
        entry("update_webhook").takes::<Webhook>().answers::<Object<Webhook>>(200),
        entry("delete_webhook").deletes(),
        entry("redeliver_webhook_message").changes::<Object<Message>>(200),
    ]
}

fn figures() -> Vec<Entry> {
    vec![
        entry("get_visits").by_days().answers::<Visits>(200),
        entry("get_wallet_analytics").answers::<WalletFigures>(200),
        entry("get_analytics_overview").answers::<Overview>(200),
        entry("get_analytics_topline").by_days().answers::<Topline>(200),
        entry("get_engagement").by_days().answers::<Engagement>(200),
        entry("get_wallets_breakdown").answers::<WalletsBreakdown>(200),
    ]
}

fn users() -> Vec<Entry> {
    let mut download = entry("download_export");
    for content_type in ["text/csv", "application/json"] {
        download.operation.answers.push(Answer { status: 200, content_type, schema: None });
    }
    let download = download.or_fails(false);
    vec![
        entry("get_oauth_access_token").answers::<OauthAccessToken>(200),
        entry("list_embedded_wallet_versions").answers::<EmbeddedVersions>(200),
        entry("create_wallet_by_user_id").takes::<NewWallet>().answers::<Object<Wallet>>(201),
        entry("create_wallet").takes::<NewWallet>().answers::<Object<Wallet>>(201),
        entry("list_wallets_by_user_id").lists::<Wallet>(),
        entry("list_wallets").lists::<Wallet>(),
        entry("get_wallet_by_id").answers::<Object<Wallet>>(200),
        entry("get_wallet").answers::<Object<Wallet>>(200),
        entry("get_user_by_id").answers::<Object<User>>(200),
        entry("get_user").answers::<Object<User>>(200),
        entry("list_users").lists::<User>(),
        entry("list_exports").lists::<Export>(),
        download,
        entry("get_export").answers::<Object<Export>>(200),
        entry("create_embedded_wallet").takes::<NewEmbeddedWallets>().answers::<Wallets>(201),
        entry("delete_wallet_by_id").deletes(),
        entry("delete_wallet").deletes(),
        entry("delete_user_by_id").deletes(),
        entry("delete_user").deletes(),
        entry("create_user").takes::<NewUser>().answers::<CreatedUser>(201),
        entry("create_users").takes::<NewUsers>().answers::<CreatedUsers>(201),
        entry("update_user_by_id").takes::<User>().answers::<Object<User>>(200),
        entry("update_user").takes::<User>().answers::<Object<User>>(200),
        entry("revoke_sessions_by_user_id").changes::<RevokedSessions>(200),
        entry("revoke_sessions").changes::<RevokedSessions>(200),
        entry("revoke_session").changes::<RevokedSessions>(200),
        entry("create_export").takes::<NewExport>().answers::<Object<Export>>(201),
    ]
}

fn settings() -> Vec<Entry> {
    vec![
        entry("get_global_wallet_settings").answers::<Object<GlobalWallet>>(200),
        entry("get_global_wallet_access_control").answers::<AccessControlView>(200),
        entry("list_global_wallet_connections").answers::<Connections>(200),
        entry("create_global_wallet_settings").takes::<GlobalWallet>().answers::<Object<GlobalWallet>>(201),
        entry("update_global_wallet_settings").takes::<GlobalWallet>().answers::<Object<GlobalWallet>>(200),
        entry("enable_global_wallet").changes::<Object<GlobalWallet>>(200),
        entry("disable_global_wallet").changes::<Object<GlobalWallet>>(200),
        entry("create_global_wallet_access_control").takes::<AccessControl>().answers::<Object<AccessControl>>(201),
        entry("update_global_wallet_access_control").takes::<AccessControl>().answers::<Object<AccessControl>>(200),
        entry("enable_global_wallet_access_control").changes::<Object<AccessControl>>(200),
        entry("disable_global_wallet_access_control").changes::<Object<AccessControl>>(200),
        entry("add_global_wallet_domain").takes::<AccessControlDomain>().answers::<Object<AccessControlDomain>>(201),
        entry("remove_global_wallet_domain").deletes(),
        entry("get_name_service").answers::<Object<NameService>>(200),
        entry("create_name_service_signing_message").takes::<NewSigningMessage>().answers::<SigningMessage>(200),
        entry("delete_name_service").deletes(),
        entry("create_name_service").takes::<NewNameService>().answers::<Object<NameService>>(201),
        entry("enable_name_service").changes::<Object<NameService>>(200),
        entry("disable_name_service").changes::<Object<NameService>>(200),
        entry("get_test_account").answers::<Object<TestAccount>>(200),
        entry("create_test_account").takes::<NewTestAccount>().answers::<Object<TestAccount>>(201),
        entry("delete_test_account").deletes(),
        entry("list_custom_hostnames").lists::<CustomHostname>(),
        entry("create_custom_hostname").takes::<CustomHostname>().answers::<Object<CustomHostname>>(201),
        entry("delete_custom_hostname").deletes(),
        entry("list_custom_fields").lists::<CustomField>(),
        entry("get_custom_field").answers::<Object<CustomField>>(200),
        entry("create_custom_field").takes::<CustomField>().answers::<Object<CustomField>>(201),
        entry("update_custom_field").takes::<CustomField>().answers::<Object<CustomField>>(200),
        entry("delete_custom_field").deletes(),
    ]
}

fn access() -> Vec<Entry> {
    vec![
        entry("list_gates").lists::<Gate>(),
        entry("get_gate").answers::<Object<Gate>>(200),
        entry("create_gate").takes::<Gate>().answers::<Object<Gate>>(201),
        entry("update_gate").takes::<Gate>().answers::<Object<Gate>>(200),
        entry("delete_gate").deletes(),
        entry("enable_gate").changes::<Object<Gate>>(200),
        entry("disable_gate").changes::<Object<Gate>>(200),
        entry("list_allowlists").lists::<Allowlist>(),
        entry("get_allowlist").answers::<Object<Allowlist>>(200),
        entry("create_allowlist").takes::<Allowlist>().answers::<Object<Allowlist>>(201),
        entry("update_allowlist").takes::<Allowlist>().answers::<Object<Allowlist>>(200),
        entry("delete_allowlist").deletes(),
        entry("enable_allowlist").changes::<Object<Allowlist>>(200),
        entry("disable_allowlist").changes::<Object<Allowlist>>(200),
        entry("list_allowlist_entries").lists::<AllowlistEntry>(),
        entry("create_allowlist_entry").takes::<AllowlistEntry>().answers::<Object<AllowlistEntry>>(201),
        entry("delete_allowlist_entry").deletes(),
        entry("list_origins").lists::<Origin>(),
        entry("create_origin").takes::<Origin>().answers::<Object<Origin>>(201),
        entry("delete_origin").deletes(),
        entry("list_deeplink_urls").lists::<DeeplinkUrl>(),
        entry("create_deeplink_url").takes::<DeeplinkUrl>().answers::<Object<DeeplinkUrl>>(201),
        entry("delete_deeplink_url").deletes(),
    ]
}

fn services() -> Vec<Entry> {
    vec![
        entry("list_providers").lists::<Provider>(),
        entry("get_provider").answers::<Object<Provider>>(200),
        entry("create_provider").takes::<Provider>().answers::<Object<Provider>>(201),
        entry("update_provider").takes::<Provider>().answers::<Object<Provider>>(200),
        entry("delete_provider").deletes(),
        entry("enable_provider").changes::<Object<Provider>>(200),
        entry("disable_provider").changes::<Object<Provider>>(200),
        entry("list_exchanges").lists::<Exchange>(),
        entry("get_exchange").answers::<Object<Exchange>>(200),
        entry("create_exchange").takes::<Exchange>().answers::<Object<Exchange>>(201),
        entry("delete_exchange").deletes(),
        entry("enable_exchange").changes::<Object<Exchange>>(200),
        entry("disable_exchange").changes::<Object<Exchange>>(200),
        entry("get_chainalysis").answers::<Chainalysis>(200),
        entry("list_sdk_views").lists::<SdkView>(),
        entry("get_sdk_view").answers::<Object<SdkView>>(200),
        entry("update_sdk_view").takes::<NewSdkView>().answers::<Object<SdkView>>(200),
        entry("list_encryption_public_keys").lists::<EncryptionPublicKey>(),
        entry("get_encryption_public_key").answers::<Object<EncryptionPublicKey>>(200),
        entry("create_encryption_public_key")
            .takes::<EncryptionPublicKey>()
            .answers::<Object<EncryptionPublicKey>>(201),
        entry("list_waas_policies").lists::<Policy>(),
        entry("create_waas_policy").takes::<Policy>().answers::<Object<Policy>>(201),
        entry("update_waas_policy").takes::<Policy>().answers::<Object<Policy>>(200),
        entry("delete_waas_policy").deletes(),
        entry("get_waas_wallet").answers::<WaasWallet>(200),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::catalogue::api;
    use crate::kinds::schemas;

    #[test]
    fn every_route_says_what_it_takes_and_answers() {
        let operations = operations();
        let routes: BTreeSet<_> = operations.iter().map(|operation| operation.route).collect();
        assert_eq!(routes.len(), operations.len(), "none twice");
        assert_eq!(routes, api::CATALOGUE.routes().map(scopes::Route::name).collect());
        let schemas = schemas();
        for operation in &operations {
            let route = api::CATALOGUE.routes().find(|route| route.name() == operation.route).unwrap();
            let named = operation.answers.iter().filter_map(|answer| answer.schema.as_ref()).chain(&operation.request);
            for name in named {
                assert!(schemas.contains_key(name), "{name}");
            }
            assert!(operation.request.is_none() || matches!(route.method(), "POST" | "PUT"), "{operation:?}");
            assert!(operation.answers[0].status < 300, "{operation:?}");
            assert_eq!(operation.answers[0].status == 204, route.method() == "DELETE", "{operation:?}");
        }
    }
}
