//! Bodies that break a rule: each kind of object refuses them and names the field.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use common::script::{names_of, steps};
use common::{Request, Server};
use dashboard::catalogue::api;
use serde_json::{Value, json};

/// Method, path, body, status, and the field that the error names.
fn broken() -> Vec<(&'static str, &'static str, Value, u16, &'static str)> {
    let unknown = "95b11417-f18f-457f-8804-68e361f9164f";
    let user = json!({"email": "jsmith@example.com"});
    let long = "x".repeat(201);
    vec![
        ("POST", "/environments/:environmentId/waas/authenticate", json!({"userId": "7"}), 400, "userId"),
        (
            "POST",
            "/environments/:environmentId/waas/create",
            json!({"userId": unknown, "chains": ["DOGE"]}),
            400,
            "chains[0]",
        ),
        ("POST", "/environments/:environmentId/waas/create", json!({"userId": unknown, "chains": []}), 400, "chains"),
        ("POST", "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage", json!({}), 400, "message"),
        ("POST", "/environments/:environmentId/users/:userId/balances", json!({"chains": "EVM"}), 400, "chains"),
        ("POST", "/environments/:environmentId/webhooks", json!({"url": "http://example.com/"}), 400, "url"),
        ("POST", "/environments/:environmentId/webhooks", json!({"url": "https://127.0.0.1/"}), 400, "url"),
        ("POST", "/environments/:environmentId/webhooks", json!({"url": "http://127.0.0.1:80/"}), 400, "url"),
        ("PUT", "/environments/:environmentId/webhooks/:webhookId", json!({"url": "https://[::1]/"}), 400, "url"),
        ("PUT", "/environments/:environmentId/webhooks/:webhookId", json!({"url": "http://127.0.0.1:80/"}), 400, "url"),
        (
            "POST",
            "/environments/:environmentId/webhooks",
            json!({"url": "https://a.example/", "events": ["user.sung"]}),
            400,
            "events[0]",
        ),
        ("POST", "/users/:userId/wallets", json!({"chain": "EVM"}), 400, "address"),
        (
            "POST",
            "/environments/:environmentId/users/:userId/wallets",
            json!({"chain": "EVM", "address": "0x1"}),
            400,
            "address",
        ),
        (
            "POST",
            "/environments/:environmentId/users/:userId/wallets",
            json!({"chain": "EVM", "address": "0x52908400098527886e0f7030069857d2e4169ee7"}),
            409,
            "address",
        ),
        ("POST", "/environments/:environmentId/users", json!({"email": "no-domain"}), 400, "email"),
        ("POST", "/environments/:environmentId/users", json!({"email": "JSMITH@example.com"}), 409, "email"),
        (
            "POST",
            "/environments/:environmentId/users",
            json!({"email": "n@example.com", "customFields": {"height": "2"}}),
            409,
            "customFields.height",
        ),
        (
            "POST",
            "/environments/:environmentId/users",
            json!({"email": "n@example.com", "oauthAccounts": [{"provider": "apple", "accountId": "n"}]}),
            409,
            "oauthAccounts[0].provider",
        ),
        (
            "POST",
            "/environments/:environmentId/users",
            json!({"email": "n@example.com", "wallet": {"chain": "EVM", "address": "0x52908400098527886E0F7030069857D2E4169EE7"}}),
            409,
            "wallet.address",
        ),
        (
            "POST",
            "/environments/:environmentId/users/bulk",
            json!({"users": [{"email": "n@example.com"}, &user]}),
            409,
            "users[1].email",
        ),
        (
            "POST",
            "/environments/:environmentId/users/bulk",
            json!({"users": [{"email": "n@example.com"}, {}]}),
            400,
            "users[1].email",
        ),
        ("PUT", "/users/:userId", json!({"email": "n@example.com", "country": "Switzerland"}), 400, "country"),
        (
            "PUT",
            "/environments/:environmentId/users/:userId",
            json!({"email": "n@example.com", "wallet": {}}),
            400,
            "wallet",
        ),
        ("POST", "/environments/:environmentId/exports", json!({"type": "everything"}), 400, "type"),
        ("POST", "/environments/:environmentId/globalWallet/settings", json!({"displayName": ""}), 400, "displayName"),
        (
            "PUT",
            "/environments/:environmentId/globalWallet/settings",
            json!({"displayName": "n", "iconUrl": "http://example.com/"}),
            400,
            "iconUrl",
        ),
        ("POST", "/environments/:environmentId/globalWallet/accessControl", json!({"note": 5}), 400, "note"),
        ("PUT", "/environments/:environmentId/globalWallet/accessControl", json!({"notes": "n"}), 400, "notes"),
        (
            "POST",
            "/environments/:environmentId/globalWallet/accessControl/domains",
            json!({"domain": "https://example.com"}),
            400,
            "domain",
        ),
        ("POST", "/environments/:environmentId/nameService/:chainName", json!({"domain": "localhost"}), 400, "domain"),
        (
            "POST",
            "/environments/:environmentId/nameService/:chainName/signingMessage",
            json!({"name": "Ada!", "address": "0x52908400098527886E0F7030069857D2E4169EE7"}),
            400,
            "name",
        ),
        ("POST", "/environments/:environmentId/test/account", json!({"email": "test"}), 400, "email"),
        ("POST", "/environments/:environmentId/custom/hostnames", json!({"hostname": "Example.com"}), 400, "hostname"),
        (
            "POST",
            "/environments/:environmentId/custom/fields",
            json!({"name": "shoe size", "type": "text"}),
            400,
            "name",
        ),
        (
            "POST",
            "/environments/:environmentId/custom/fields",
            json!({"name": "favouriteColour", "type": "text"}),
            409,
            "name",
        ),
        ("PUT", "/custom/fields/:customFieldId", json!({"name": "n", "type": "select", "options": []}), 400, "options"),
        (
            "POST",
            "/environments/:environmentId/gates",
            json!({"name": "n", "criterion": "age", "values": ["18"]}),
            400,
            "criterion",
        ),
        (
            "PUT",
            "/environments/:environmentId/gates/:gateId",
            json!({"name": "n", "criterion": "email", "values": []}),
            400,
            "values",
        ),
        (
            "POST",
            "/environments/:environmentId/gates",
            json!({"name": "n", "criterion": "country", "values": ["ch", "Switzerland"]}),
            400,
            "values[1]",
        ),
        (
            "POST",
            "/environments/:environmentId/gates",
            json!({"name": "n", "criterion": "chain", "values": ["DOGE"]}),
            400,
            "values[0]",
        ),
        (
            "POST",
            "/environments/:environmentId/gates",
            json!({"name": "n", "criterion": "emailDomain", "values": ["a@example.com"]}),
            400,
            "values[0]",
        ),
        (
            "POST",
            "/environments/:environmentId/gates",
            json!({"name": "n", "criterion": "walletAddress", "values": ["0x1"]}),
            400,
            "values[0]",
        ),
        (
            "PUT",
            "/environments/:environmentId/gates/:gateId",
            json!({"name": "n", "criterion": "email", "values": ["example.com"]}),
            400,
            "values[0]",
        ),
        ("POST", "/environments/:environmentId/custom/fields", json!({"name": "n", "type": "select"}), 400, "options"),
        (
            "PUT",
            "/custom/fields/:customFieldId",
            json!({"name": "n", "type": "text", "options": ["S"]}),
            400,
            "options",
        ),
        (
            "POST",
            "/environments/:environmentId/users/:userId/wallets",
            json!({"chain": "SOL", "address": "0x52908400098527886E0F7030069857D2E4169EE8"}),
            400,
            "address",
        ),
        (
            "POST",
            "/users/:userId/wallets",
            json!({"chain": "EVM", "address": "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"}),
            400,
            "address",
        ),
        (
            "POST",
            "/environments/:environmentId/users/bulk",
            json!({"users": [{"email": "n@example.com", "wallet": {"chain": "EVM", "address": "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"}}]}),
            400,
            "users[0].wallet.address",
        ),
        ("POST", "/environments/:environmentId/settings/providers", json!({"type": "myspace"}), 400, "type"),
        ("POST", "/environments/:environmentId/settings/providers", json!({"type": "github"}), 409, "type"),
        ("PUT", "/settings/providers/:providerId", json!({"type": "github", "clientId": long}), 400, "clientId"),
        ("POST", "/environments/:environmentId/settings/exchanges", json!({"type": "coinbase"}), 409, "type"),
        ("POST", "/environments/:environmentId/origins", json!({"origin": "https://app.example.com"}), 409, "origin"),
        ("POST", "/environments/:environmentId/origins", json!({"origin": "*"}), 400, "origin"),
        ("POST", "/environments/:environmentId/deeplinkUrls", json!({"url": "javascript://%0aalert(1)"}), 400, "url"),
        ("POST", "/environments/:environmentId/allowlists", json!({"name": "Staff"}), 409, "name"),
        ("PUT", "/allowlists/:allowlistId", json!({"name": "a\u{0}"}), 400, "name"),
        ("POST", "/allowlists/:allowlistId/entries", json!({"value": "JSmith@example.com"}), 409, "value"),
        ("POST", "/allowlists/:allowlistId/entries", json!({"value": "all of them"}), 400, "value"),
        ("PUT", "/environments/:environmentId/sdkViews/:viewType", json!({"title": ["n"]}), 400, "title"),
        (
            "POST",
            "/environments/:environmentId/waas/policies",
            json!({"rules": [{"chain": "EVM", "action": "ask"}]}),
            400,
            "rules[0].action",
        ),
        (
            "PUT",
            "/environments/:environmentId/waas/policies",
            json!({"rules": [{"chain": "EVM", "action": "allow", "maxMessageLength": 0}]}),
            400,
            "rules[0].maxMessageLength",
        ),
        (
            "POST",
            "/environments/:environmentId/waas/delegatedAccess/encryptionPublicKeys",
            json!({"publicKey": "short", "algorithm": "X25519"}),
            400,
            "publicKey",
        ),
    ]
}

#[tokio::test]
async fn a_body_that_breaks_a_rule_is_refused_with_its_field() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let token = server.token(&all, &live).await.raw;
    let mut client = server.client();
    let mut names = names_of(&live);
    for object in &server.seed.contents.objects {
        if object.environment_id == live {
            names.insert(format!("{}Id", object.kind), object.id.clone());
        }
    }
    // The kinds without a sample: a rule of the body is looked at before the object.
    for name in ["webhookId", "gateId"] {
        names.insert(name.to_owned(), "95b11417-f18f-457f-8804-68e361f9164f".to_owned());
    }
    let mut tried = BTreeSet::new();
    for (method, path, body, status, field) in broken() {
        let target = path.split('/').map(|segment| match segment.strip_prefix(':') {
            Some(name) => names[name].clone(),
            None => segment.to_owned(),
        });
        let target = format!("/api/v0{}", target.collect::<Vec<_>>().join("/"));
        let response = client.send(Request::new(method, &target).bearer(&token).json(&body)).await;
        assert_eq!(response.status, status, "{method} {path} {body} {response:?}");
        let error = response.error();
        assert!(error.starts_with(&format!("`{field}` ")), "{method} {path} {body}: {error}");
        tried.insert((method, path));
    }
    // Every route with a body has a rule here, but those of tokens, which tokens.rs tries.
    let with_body: BTreeSet<_> =
        steps().iter().filter(|step| step.body.is_some()).map(|step| (step.method, step.path)).collect();
    let untried: Vec<_> = with_body.difference(&tried).collect();
    assert_eq!(untried, [&("POST", "/environments/:environmentId/tokens")]);
    server.stop().await;
}

#[tokio::test]
async fn every_body_is_an_object_with_known_fields_named_once() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let token = server.token(&["environment.settings.write"], &live).await.raw;
    let mut client = server.client();
    let target = format!("/api/v0/environments/{live}/origins");
    let json =
        |body: &str| Request::new("POST", &target).bearer(&token).header("Content-Type", "application/json").body(body);
    for (request, status, part) in [
        (Request::new("POST", &target).bearer(&token).body(r#"{"origin": "https://a.example"}"#), 400, "Content-Type"),
        (json(""), 400, "malformed body"),
        (json("[]"), 400, "the body must be an object"),
        (json("null"), 400, "the body must be an object"),
        (json(r#"{"origin": "https://a.example"} {}"#), 400, "malformed body"),
        (json(r#"{"origin": "https://a.example", "origin": "https://b.example"}"#), 400, "duplicate field `origin`"),
        (json(r#"{"origin": "https://a.example", "Origin": "https://b.example"}"#), 400, "`Origin` is not a field"),
        (json(r#"{"origin": null}"#), 400, "`origin` must be a text"),
        (json(&format!(r#"{{"origin": "{}"}}"#, "x".repeat(20_000))), 413, "too large"),
    ] {
        let response = client.send(request.clone()).await;
        assert_eq!(response.status, status, "{request:?} {response:?}");
        assert!(response.error().contains(part), "{part} {response:?}");
    }
    assert_eq!(server.app.store.count_objects(&live, "origin", None).await.unwrap(), 1, "only the sample");
    server.stop().await;
}

#[tokio::test]
async fn a_malformed_parameter_is_refused_with_its_name() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let token = server.token(&["all.read"], &live).await.raw;
    let mut client = server.client();
    let environment = format!("/environments/{live}");
    for (target, field) in [
        ("/users/7".to_owned(), "userId"),
        ("/users/95B11417-F18F-457F-8804-68E361F9164F".to_owned(), "userId"),
        ("/wallets/x%00".to_owned(), "walletId"),
        ("/allowlists/7/entries".to_owned(), "allowlistId"),
        (format!("{environment}/gates/%20"), "gateId"),
        (format!("{environment}/nameService/dogecoin"), "chainName"),
        (format!("{environment}/sdkViews/Login"), "viewType"),
        (format!("{environment}/users?limit=0"), "limit"),
        (format!("{environment}/users?limit=1001"), "limit"),
        (format!("{environment}/users?cursor=1"), "cursor"),
        (format!("{environment}/analytics/visits?days=91"), "days"),
        (format!("{environment}/analytics/topline?days=x"), "days"),
    ] {
        let response = client.send(Request::new("GET", &format!("/api/v0{target}")).bearer(&token)).await;
        assert_eq!(response.status, 400, "{target} {response:?}");
        if !target.contains('%') {
            assert!(response.error().starts_with(&format!("`{field}` ")), "{target} {response:?}");
        }
    }
    // An escape is read once, by the guard and by the handler.
    let user = server.seed.object("user", &live).unwrap();
    let escaped = format!("%{:02X}{}", user.as_bytes()[0], &user[1..]);
    for target in [format!("/users/{escaped}"), format!("{environment}/users/{escaped}")] {
        let response = client.send(Request::new("GET", &format!("/api/v0{target}")).bearer(&token)).await;
        assert_eq!((response.status, response.json()["id"].as_str()), (200, Some(user)), "{response:?}");
    }
    server.stop().await;
}
