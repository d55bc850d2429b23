//! A script that creates, reads, changes and deletes through every one of the 128 routes.
//!
//! Each step is one request, in the words of the documents. Later steps use what the answers of
//! earlier ones have named.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Client, Request, Response};

/// One request of the script, and the answer that it must get.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) method: &'static str,
    /// The path of the documents.
    pub(crate) path: &'static str,
    pub(crate) body: Option<Value>,
    pub(crate) status: u16,
    /// Names for parts of the answer, by JSON pointer.
    saves: Vec<(&'static str, &'static str)>,
    /// Parts that the answer must have, by JSON pointer.
    shows: Vec<(&'static str, Value)>,
    /// Other names for the parameters of the path.
    uses: Vec<(&'static str, &'static str)>,
}

/// What the answers have named so far.
pub(crate) type Names = BTreeMap<String, String>;

impl Step {
    fn saves(mut self, name: &'static str, pointer: &'static str) -> Self {
        self.saves.push((name, pointer));
        self
    }

    fn shows(mut self, pointer: &'static str, value: impl Into<Value>) -> Self {
        self.shows.push((pointer, value.into()));
        self
    }

    fn uses(mut self, parameter: &'static str, name: &'static str) -> Self {
        self.uses.push((parameter, name));
        self
    }

    /// The request, without credentials.
    pub(crate) fn request(&self, names: &Names) -> Request {
        let request = Request::new(self.method, &self.target(names));
        match self.sent(names) {
            Some(body) => request.json(&body),
            None => request,
        }
    }

    /// The body, as it is sent.
    pub(crate) fn sent(&self, names: &Names) -> Option<String> {
        self.body.as_ref().map(|body| filled(&body.to_string(), names))
    }

    /// The target, with the values of the parameters.
    pub(crate) fn target(&self, names: &Names) -> String {
        let segments = self.path.split('/').skip(1).map(|segment| match segment.strip_prefix(':') {
            None => segment.to_owned(),
            Some(parameter) => {
                let name = self.uses.iter().find(|(used, _)| *used == parameter).map_or(parameter, |(_, name)| name);
                names.get(name).unwrap_or_else(|| panic!("{name} is not known: {self:?}")).clone()
            }
        });
        format!("/api/v0/{}", segments.collect::<Vec<_>>().join("/"))
    }

    /// Checks the answer, and remembers what it names.
    pub(crate) fn check(&self, response: &Response, names: &mut Names) {
        assert_eq!(response.status, self.status, "{self:?} {response:?}");
        if self.status == 204 {
            assert_eq!(response.body, "", "{self:?}");
            return;
        }
        let deprecated = self.path.starts_with("/users/") || self.path.starts_with("/wallets/");
        // 2026-01-21, the day of the documents' last change, as RFC 9745 writes it.
        let expected = deprecated.then_some("@1768953600");
        assert_eq!(response.header("deprecation"), expected, "{self:?}");
        if self.path.ends_with("/download") {
            return;
        }
        let body = response.json();
        assert!(body.get("route").is_none(), "an echo of the request: {self:?}");
        // What was sent comes back.
        if let Some(Value::Object(sent)) = self.body.as_ref().filter(|_| !self.path.ends_with("/bulk")) {
            for (field, value) in sent {
                let value: Value = serde_json::from_str(&filled(&value.to_string(), names)).unwrap();
                let shown = body.get(field).or_else(|| body.get("webhook").and_then(|webhook| webhook.get(field)));
                assert!(shown.is_none_or(|shown| *shown == value), "{field} {self:?} {body}");
            }
        }
        for (pointer, value) in &self.shows {
            let value: Value = serde_json::from_str(&filled(&value.to_string(), names)).unwrap();
            assert_eq!(body.pointer(pointer), Some(&value), "{pointer} {self:?} {body}");
        }
        self.remember(response, names);
    }

    /// Remembers what the answer names.
    pub(crate) fn remember(&self, response: &Response, names: &mut Names) {
        for (name, pointer) in &self.saves {
            let body = response.json();
            let value = body.pointer(pointer).and_then(Value::as_str);
            let value = value.unwrap_or_else(|| panic!("no {pointer}: {self:?} {body}"));
            names.insert((*name).to_owned(), value.to_owned());
        }
    }

    /// Sends the request with a token and checks the answer.
    pub(crate) async fn run(&self, client: &mut Client, token: &str, names: &mut Names) -> Response {
        let response = client.send(self.request(names).bearer(token)).await;
        self.check(&response, names);
        response
    }
}

/// Puts names into a text: `{userId}`.
fn filled(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

/// The names that the steps begin with.
pub(crate) fn names_of(environment_id: &str) -> Names {
    let names = [("environmentId", environment_id), ("chainName", "ethereum"), ("viewType", "login")];
    names.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

fn step(method: &'static str, path: &'static str, status: u16) -> Step {
    Step { method, path, body: None, status, saves: Vec::new(), shows: Vec::new(), uses: Vec::new() }
}

fn get(path: &'static str) -> Step {
    step("GET", path, 200)
}

/// Makes something, and names it by its id.
fn post(path: &'static str, name: &'static str, body: Value) -> Step {
    Step { body: Some(body), ..step("POST", path, 201) }.saves(name, "/id")
}

/// Asks for something that is not made.
fn ask(path: &'static str, status: u16, body: Value) -> Step {
    Step { body: Some(body), ..step("POST", path, status) }
}

fn put(path: &'static str, body: Value) -> Step {
    Step { body: Some(body), ..step("PUT", path, 200) }
}

/// Enables or disables something.
fn switch(path: &'static str, on: bool) -> Step {
    step("PUT", path, 200).shows("/enabled", on)
}

/// Deletes something, and finds it gone.
fn delete(path: &'static str) -> [Step; 2] {
    let gone = |status| step("DELETE", path, status);
    [gone(204), Step { status: 404, ..gone(404) }.shows("/error", "Not found")]
}

/// All steps, in an order in which each has what it needs.
pub(crate) fn steps() -> Vec<Step> {
    [
        forms_and_providers(),
        users(),
        wallet_service(),
        figures_and_exports(),
        webhooks(),
        access(),
        sites(),
        shared(),
        ends(),
    ]
    .concat()
}

const ADDRESSES: [&str; 3] = [
    "0x00000000000000000000000000000000000000a1",
    "0x00000000000000000000000000000000000000A2",
    "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv",
];

fn forms_and_providers() -> Vec<Step> {
    vec![
        post(
            "/environments/:environmentId/custom/fields",
            "customFieldId",
            json!({"name": "shoeSize", "type": "text"}),
        ),
        get("/environments/:environmentId/custom/fields").shows("/fields/1/name", "shoeSize"),
        put("/custom/fields/:customFieldId", json!({"name": "shoeSize", "type": "number", "required": false})),
        get("/custom/fields/:customFieldId").shows("/type", "number"),
        get("/environments/:environmentId/sdkViews").shows("/sdkViews", json!([])),
        put("/environments/:environmentId/sdkViews/:viewType", json!({"title": "Hello", "sections": ["email"]})),
        get("/environments/:environmentId/sdkViews/:viewType").shows("/title", "Hello").shows("/viewType", "login"),
        post("/environments/:environmentId/settings/providers", "providerId", json!({"type": "google"}))
            .shows("/enabled", true),
        get("/environments/:environmentId/settings/providers").shows("/providers/1/id", "{providerId}"),
        put("/settings/providers/:providerId", json!({"type": "google", "clientId": "c1"})),
        get("/settings/providers/:providerId").shows("/clientId", "c1"),
        switch("/settings/providers/:providerId/disable", false),
        switch("/settings/providers/:providerId/enable", true),
        post(
            "/environments/:environmentId/settings/exchanges",
            "exchangeId",
            json!({"type": "kraken", "clientId": "k"}),
        ),
        get("/environments/:environmentId/settings/exchanges").shows("/exchanges/1/id", "{exchangeId}"),
        get("/settings/exchanges/:exchangeId").shows("/type", "kraken"),
        switch("/settings/exchanges/:exchangeId/disable", false),
        switch("/settings/exchanges/:exchangeId/enable", true),
    ]
}

fn users() -> Vec<Step> {
    let body = json!({
        "email": "a@example.com",
        "customFields": {"shoeSize": "42"},
        "wallet": {"chain": "EVM", "address": ADDRESSES[0]},
        "oauthAccounts": [{"provider": "google", "accountId": "a"}],
    });
    vec![
        ask("/environments/:environmentId/users", 201, body)
            .saves("userId", "/user/id")
            .saves("walletId", "/walletId")
            .saves("oauthAccountId", "/oauthAccountIds/0"),
        ask("/environments/:environmentId/users/bulk", 201, json!({"users": [{"email": "b@example.com"}]}))
            .saves("otherUserId", "/users/0/user/id"),
        get("/environments/:environmentId/users")
            .shows("/users/1/id", "{userId}")
            .shows("/users/2/id", "{otherUserId}"),
        put("/environments/:environmentId/users/:userId", json!({"email": "a@example.com", "alias": "Ada"})),
        get("/environments/:environmentId/users/:userId").shows("/alias", "Ada"),
        put("/users/:userId", json!({"email": "a@example.com", "country": "CH"})),
        get("/users/:userId").shows("/country", "CH").shows("/email", "a@example.com"),
        get("/oauthAccounts/:oauthAccountId/accessToken").shows("/expiresIn", 3600),
        post(
            "/environments/:environmentId/users/:userId/wallets",
            "secondWalletId",
            json!({"chain": "EVM", "address": ADDRESSES[1], "name": "Second"}),
        )
        .shows("/userId", "{userId}"),
        post("/users/:userId/wallets", "thirdWalletId", json!({"chain": "SOL", "address": ADDRESSES[2]})),
        get("/environments/:environmentId/users/:userId/wallets").shows("/wallets/1/id", "{secondWalletId}"),
        get("/users/:userId/wallets").shows("/wallets/2/id", "{thirdWalletId}"),
        get("/environments/:environmentId/wallets/:walletId").shows("/address", ADDRESSES[0]),
        get("/wallets/:walletId").shows("/userId", "{userId}"),
        ask("/environments/:environmentId/users/:userId/balances", 200, json!({"chains": ["SOL"]}))
            .shows("/balances/0/walletId", "{thirdWalletId}"),
    ]
}

fn wallet_service() -> Vec<Step> {
    let session = |name| {
        ask("/environments/:environmentId/waas/authenticate", 201, json!({"userId": "{userId}"}))
            .saves(name, "/sessionId")
    };
    let wallets = json!({"userId": "{userId}", "chains": ["EVM", "SUI"], "delegatedAccess": true});
    let key = json!({
        "publicKey": "MCowBQYDK2VuAyEA3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=", "algorithm": "X25519",
    });
    let policy = |action: &str| json!({"rules": [{"chain": "EVM", "action": action, "maxMessageLength": 10}]});
    let sign = || {
        let path = "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage";
        ask(path, 200, json!({"message": "hello"})).uses("walletId", "embeddedWalletId")
    };
    let mut steps = vec![
        session("sessionId"),
        step("PUT", "/sessions/:sessionId/revoke", 200).shows("/revoked", 1),
        step("PUT", "/sessions/:sessionId/revoke", 404),
        session("sessionId"),
        session("secondSessionId"),
        step("POST", "/environments/:environmentId/users/:userId/sessions/revoke", 200).shows("/revoked", 2),
        session("sessionId"),
        step("POST", "/users/:userId/sessions/revoke", 200).shows("/revoked", 1),
        ask("/environments/:environmentId/waas/create", 201, wallets).saves("embeddedWalletId", "/wallets/0/id"),
        get("/environments/:environmentId/embeddedWalletVersions").shows("/versions/0/wallets", 2),
        get("/environments/:environmentId/waas/:walletId")
            .uses("walletId", "embeddedWalletId")
            .shows("/userId", "{userId}")
            .shows("/delegatedAccess", true),
        sign(),
        get("/environments/:environmentId/waas/policies").shows("/policies", json!([])),
        post("/environments/:environmentId/waas/policies", "policyId", policy("allow")),
        sign(),
        put("/environments/:environmentId/waas/policies", policy("deny")),
        Step { status: 409, ..sign() },
        get("/environments/:environmentId/waas/policies").shows("/policies/0/rules/0/action", "deny"),
    ];
    steps.extend(delete("/environments/:environmentId/waas/policies"));
    steps.extend([
        sign(),
        post("/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys", "keyId", key),
        get("/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys").shows("/keys/0/id", "{keyId}"),
        get("/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys/:keyId")
            .shows("/algorithm", "X25519"),
    ]);
    steps
}

fn figures_and_exports() -> Vec<Step> {
    vec![
        get("/environments/:environmentId/analytics/visits").shows("/days/0/sessions", 4),
        get("/environments/:environmentId/analytics/wallets").shows("/total", 6),
        get("/environments/:environmentId/analytics/overview").shows("/users", 3).shows("/wallets", 6),
        get("/environments/:environmentId/analytics/topline").shows("/newUsers", 2).shows("/activeUsers", 1),
        get("/environments/:environmentId/analytics/engagement").shows("/activeUsers", 1).shows("/returningUsers", 0),
        get("/environments/:environmentId/analytics/walletsBreakdown").shows(
            "/groups/0",
            json!({
                "chain": "EVM", "origin": "embedded", "wallets": 1,
            }),
        ),
        post("/environments/:environmentId/exports", "exportId", json!({"type": "users", "format": "csv"}))
            .shows("/rows", 3),
        get("/environments/:environmentId/exports").shows("/exports/0/id", "{exportId}"),
        get("/environments/:environmentId/exports/:exportId").shows("/state", "completed"),
        get("/environments/:environmentId/exports/:exportId/download"),
        get("/eventTypes").shows("/eventTypes/0/name", "user.created"),
        // The newest event is about the export.
        get("/environments/:environmentId/events")
            .shows("/events/0/objectId", "{exportId}")
            .saves("eventId", "/events/0/id"),
        get("/environments/:environmentId/events/:eventId").shows("/type", "export.created"),
    ]
}

fn webhooks() -> Vec<Step> {
    // No name server knows `.invalid`, so the attempt fails at once and leaves the machine alone.
    let url = "https://hooks.example.invalid/";
    let gate = json!({"name": "Swiss", "criterion": "country", "values": ["CH"]});
    let mut steps = vec![
        ask("/environments/:environmentId/webhooks", 201, json!({"url": url, "enabled": false}))
            .saves("webhookId", "/webhook/id"),
        get("/environments/:environmentId/webhooks").shows("/webhooks/0/url", url),
        put("/environments/:environmentId/webhooks/:webhookId", json!({"url": url, "events": ["gate.created"]})),
        get("/environments/:environmentId/webhooks/:webhookId").shows("/events/0", "gate.created"),
        post("/environments/:environmentId/gates", "gateId", gate),
        get("/environments/:environmentId/webhooks/:webhookId/messages")
            .shows("/messages/0/payload/event/objectId", "{gateId}")
            .saves("messageId", "/messages/0/id"),
        get("/environments/:environmentId/webhooks/:webhookId/messages/:messageId"),
        step("POST", "/environments/:environmentId/webhooks/:webhookId/messages/:messageId/redeliver", 200)
            .shows("/id", "{messageId}"),
    ];
    steps.extend(delete("/environments/:environmentId/webhooks/:webhookId"));
    steps.push(Step { status: 404, ..get("/environments/:environmentId/webhooks/:webhookId/messages") });
    steps
}

fn access() -> Vec<Step> {
    let gate = json!({"name": "Swiss and German", "criterion": "country", "values": ["CH", "DE"]});
    let mut steps = vec![
        get("/environments/:environmentId/gates").shows("/gates/0/id", "{gateId}"),
        put("/environments/:environmentId/gates/:gateId", gate),
        get("/environments/:environmentId/gates/:gateId").shows("/values/1", "DE"),
        switch("/environments/:environmentId/gates/:gateId/disable", false),
        switch("/environments/:environmentId/gates/:gateId/enable", true),
    ];
    steps.extend(delete("/environments/:environmentId/gates/:gateId"));
    steps.extend([
        post("/environments/:environmentId/allowlists", "allowlistId", json!({"name": "Friends"}))
            .shows("/enabled", false),
        get("/environments/:environmentId/allowlists").shows("/allowlists/1/id", "{allowlistId}"),
        put("/allowlists/:allowlistId", json!({"name": "Close friends"})),
        get("/allowlists/:allowlistId").shows("/name", "Close friends"),
        switch("/allowlists/:allowlistId/enable", true),
        switch("/allowlists/:allowlistId/disable", false),
        post("/allowlists/:allowlistId/entries", "allowlistEntryId", json!({"value": "a@example.com", "note": "Ada"})),
        get("/allowlists/:allowlistId/entries").shows("/entries/0/id", "{allowlistEntryId}"),
    ]);
    steps.extend(delete("/allowlistEntries/:allowlistEntryId"));
    steps.extend(delete("/allowlists/:allowlistId"));
    steps
}

fn sites() -> Vec<Step> {
    let mut steps = vec![
        post("/environments/:environmentId/origins", "originId", json!({"origin": "https://shop.example.com"})),
        get("/environments/:environmentId/origins").shows("/origins/1/id", "{originId}"),
        post("/environments/:environmentId/deeplinkUrls", "deeplinkUrlId", json!({"url": "com.example.shop://open"})),
        get("/environments/:environmentId/deeplinkUrls").shows("/deeplinkUrls/1/id", "{deeplinkUrlId}"),
        post(
            "/environments/:environmentId/custom/hostnames",
            "customHostnameId",
            json!({"hostname": "login.example.com"}),
        ),
        get("/environments/:environmentId/custom/hostnames").shows("/hostnames/0/id", "{customHostnameId}"),
        post("/environments/:environmentId/test/account", "testAccountId", json!({"email": "test@example.com"})),
        get("/environments/:environmentId/test/account").shows("/email", "test@example.com"),
        get("/environments/:environmentId/integrations/chainalysis").shows("/screening", false),
        post(
            "/environments/:environmentId/nameService/:chainName",
            "nameServiceId",
            json!({"domain": "names.example.com"}),
        ),
        get("/environments/:environmentId/nameService/:chainName").shows("/domain", "names.example.com"),
        ask(
            "/environments/:environmentId/nameService/:chainName/signingMessage",
            200,
            json!({"name": "ada", "address": ADDRESSES[0]}),
        ),
        switch("/environments/:environmentId/nameService/:chainName/disable", false),
        switch("/environments/:environmentId/nameService/:chainName/enable", true),
    ];
    steps.extend(delete("/deeplinkUrls/:deeplinkUrlId"));
    steps.extend(delete("/environments/:environmentId/custom/hostnames/:customHostnameId"));
    steps.extend(delete("/environments/:environmentId/test/account"));
    steps.extend(delete("/environments/:environmentId/nameService/:chainName"));
    steps
}

fn shared() -> Vec<Step> {
    let connected = |is: bool| {
        get("/environments/:environmentId/globalWallet/connections")
            .shows("/connections/1", json!({"origin": "https://shop.example.com", "connected": is}))
    };
    let settings = "/environments/:environmentId/globalWallet/settings";
    let restriction = "/environments/:environmentId/globalWallet/accessControl";
    let domains = "/environments/:environmentId/globalWallet/accessControl/domains";
    let domain = "/environments/:environmentId/globalWallet/accessControl/domains/:globalWalletAccessControlDomainId";
    let mut steps = vec![
        connected(false),
        post(settings, "globalWalletId", json!({"displayName": "Purse"})).shows("/enabled", true),
        connected(true),
        put(settings, json!({"displayName": "Wallet"})),
        get(settings).shows("/displayName", "Wallet"),
        switch("/environments/:environmentId/globalWallet/disable", false),
        connected(false),
        switch("/environments/:environmentId/globalWallet/enable", true),
        post(restriction, "accessControlId", json!({"note": "ours"})),
        connected(false),
        post(domains, "globalWalletAccessControlDomainId", json!({"domain": "example.com"})),
        connected(true),
        put(restriction, json!({"note": "still ours"})),
        get(restriction).shows("/accessControl/note", "still ours").shows("/domains/0/domain", "example.com"),
    ];
    steps.extend(delete(domain));
    steps.extend([
        connected(false),
        switch("/environments/:environmentId/globalWallet/accessControl/disable", false),
        connected(true),
        switch("/environments/:environmentId/globalWallet/accessControl/enable", true),
    ]);
    steps
}

/// The end of what the steps have made, and the tokens.
fn ends() -> Vec<Step> {
    let tokens = "/environments/:environmentId/tokens";
    let mut steps =
        vec![ask(tokens, 201, json!({"note": "made by the script"})).saves("tokenId", "/token/id"), get(tokens)];
    steps.extend(delete("/environments/:environmentId/tokens/:tokenId"));
    steps.extend(delete("/origins/:originId"));
    steps.extend(delete("/settings/exchanges/:exchangeId"));
    steps.extend(delete("/settings/providers/:providerId"));
    steps.extend(delete("/custom/fields/:customFieldId"));
    steps.extend(delete("/environments/:environmentId/wallets/:walletId"));
    steps.extend(delete("/wallets/:walletId").map(|step| step.uses("walletId", "secondWalletId")));
    steps.extend(delete("/environments/:environmentId/users/:userId"));
    // What belonged to the user is gone too.
    steps.push(Step { status: 404, ..get("/wallets/:walletId").uses("walletId", "thirdWalletId") });
    steps.push(Step { status: 404, ..get("/oauthAccounts/:oauthAccountId/accessToken") });
    steps.extend(delete("/users/:userId").map(|step| step.uses("userId", "otherUserId")));
    steps
}
