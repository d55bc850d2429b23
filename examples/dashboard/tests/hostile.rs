//! Bodies that want more than a route gives: fields that only the server sets, bodies that are too
//! deep or too long, texts that look like others.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::Request;
use common::live::Live;
use common::script::{names_of, steps};
use serde_json::{Value, json};

#[tokio::test]
async fn fields_that_only_the_server_sets_are_refused_in_every_body() {
    let mut live = Live::start().await;
    let foreign = live.server.seed.sandbox.clone();
    let id = "95b11417-f18f-457f-8804-68e361f9164f";
    let mut names = names_of(&live.server.seed.live);
    let mut tried = 0;
    for step in steps() {
        let sent = step.sent(&names).and_then(|body| serde_json::from_str::<Value>(&body).ok());
        if let Some(Value::Object(body)) = sent.filter(|_| step.status < 300) {
            for (name, value) in [
                ("id", json!(id)),
                ("environmentId", json!(foreign)),
                ("projectEnvironmentId", json!(foreign)),
                ("environment_id", json!(foreign)),
                ("userId", json!(id)),
                ("webhookId", json!(id)),
                ("allowlistId", json!(id)),
                ("parentId", json!(id)),
                ("createdAt", json!("2001-01-01T00:00:00Z")),
                ("updatedAt", json!("2001-01-01T00:00:00Z")),
                ("createdBy", json!({"id": id})),
                ("version", json!(-1)),
                ("state", json!("delivered")),
                ("secret", json!("whsec_x")),
                ("embeddedVersion", json!("V9")),
                ("rows", json!(7)),
                ("fileName", json!("../../etc/passwd")),
                ("code", json!("000000")),
                ("__proto__", json!({"admin": true})),
                ("constructor", json!({})),
                ("", json!(1)),
            ] {
                if body.contains_key(name) {
                    continue;
                }
                let mut more = body.clone();
                more.insert(name.to_owned(), value);
                let target = step.target(&names);
                let response = live.send_to(step.method, &target, Some(&Value::Object(more).to_string())).await;
                assert_eq!(response.status, 400, "{name} {step:?} {response:?}");
                let told = response.error();
                let names_it =
                    told.contains(&format!("`{name}`")) || name.is_empty() && told.contains("without a name");
                assert!(names_it, "{name} {step:?} {response:?}");
                tried += 1;
            }
        }
        // The script's own answers show that none of them has made or changed anything.
        step.run(&mut live.client, &live.token, &mut names).await;
    }
    assert!(tried > 600, "{tried}");
    // In objects within bodies as well.
    let wallet =
        json!({"chain": "EVM", "address": "0x00000000000000000000000000000000000000a9", "embeddedVersion": "V3"});
    for (path, body, field) in [
        ("/users", json!({"email": "m@example.com", "wallet": wallet}), "wallet.embeddedVersion"),
        ("/users/bulk", json!({"users": [{"email": "m@example.com", "id": id}]}), "users[0].id"),
        (
            "/users",
            json!({"email": "m@example.com", "oauthAccounts": [{"provider": "google", "accountId": "1", "token": "t"}]}),
            "oauthAccounts[0].token",
        ),
        ("/waas/policies", json!({"rules": [{"chain": "EVM", "action": "deny", "id": id}]}), "rules[0].id"),
    ] {
        let refused = live.post(path, &body).await;
        assert!(refused.status == 400 && refused.error().starts_with(&format!("`{field}` ")), "{path} {refused:?}");
    }
    live.server.stop().await;
}

#[tokio::test]
async fn deep_long_and_broken_bodies_are_refused() {
    let mut live = Live::start().await;
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(1500), close.repeat(1500));
    let list = |item: &str, count: usize| format!("[{}]", vec![item; count].join(","));
    let user = |at: usize| format!(r#"{{"email":"u{at}@example.com"}}"#);
    let users: Vec<_> = (0..51).map(user).collect();
    for (path, body, status, part) in [
        ("/origins", deep("[", "]"), 400, "malformed body"),
        ("/origins", deep(r#"{"a":"#, "}"), 400, "malformed body"),
        ("/origins", format!(r#"{{"origin":{}}}"#, deep("[", "]")), 400, "malformed body"),
        (
            "/users",
            format!(r#"{{"email":"a@example.com","customFields":{}}}"#, deep(r#"{"a":"#, "}")),
            400,
            "malformed",
        ),
        (
            "/users/bulk",
            format!(r#"{{"users":[{}]}}"#, users.join(",")),
            400,
            "`users` must be a list of 1 to 50 items",
        ),
        ("/users/bulk", r#"{"users":[]}"#.to_owned(), 400, "`users` must be a list of 1 to 50 items"),
        ("/users/bulk", format!(r#"{{"users":{}}}"#, list("[]", 50)), 400, "`users[0]` must be an object"),
        (
            "/webhooks",
            format!(r#"{{"url":"https://a.example/","events":{}}}"#, list(r#""user.created""#, 101)),
            400,
            "`events` must be a list of 1 to 100 items",
        ),
        (
            "/gates",
            format!(r#"{{"name":"n","criterion":"email","values":{}}}"#, list(r#""a""#, 51)),
            400,
            "`values` must be a list of 1 to 50 items",
        ),
        (
            "/users",
            format!(r#"{{"email":"a@example.com","alias":"{}"}}"#, "x".repeat(101)),
            400,
            "`alias` must have at most",
        ),
        ("/users", format!(r#"{{"email":"a@example.com","alias":"{}"}}"#, "x".repeat(17_000)), 413, "too large"),
        ("/users", format!(r#"{{"email":"a@example.com"{}}}"#, " ".repeat(17_000)), 413, "too large"),
        ("/users", r#"{"email":"a@example.com","alias":"\ud800"}"#.to_owned(), 400, "malformed body"),
        ("/users", r#"{"email":"a@example.com","alias":"a\u0000b"}"#.to_owned(), 400, "`alias` "),
        ("/users", r#"{"email":"a@example.com","alias":1e999}"#.to_owned(), 400, "malformed body"),
        ("/users", r#"{"email":["a@example.com"]}"#.to_owned(), 400, "`email` must be a text"),
        ("/users", "\u{feff}{\"email\":\"a@example.com\"}".to_owned(), 400, "malformed body"),
        ("/users", r#"{"email":"a@example.com","alias":"x",}"#.to_owned(), 400, "malformed body"),
        (
            "/users",
            r#"{"email":"a@example.com","wallet":{"chain":"EVM","chain":"SOL"}}"#.to_owned(),
            400,
            "duplicate field",
        ),
        (
            "/waas/policies",
            r#"{"rules":[{"chain":"EVM","action":"deny","maxMessageLength":1e308}]}"#.to_owned(),
            400,
            "`rules[0].maxMessageLength` must be a whole number",
        ),
        (
            "/waas/policies",
            r#"{"rules":[{"chain":"EVM","action":"deny","maxMessageLength":18446744073709551616}]}"#.to_owned(),
            400,
            "`rules[0].maxMessageLength` must be a whole number",
        ),
    ] {
        let target = format!("/api/v0{}{path}", live.environment);
        let response = live.send_to("POST", &target, Some(&body)).await;
        let shown = &body[..body.len().min(80)];
        assert_eq!(response.status, status, "{path} {shown} {response:?}");
        assert!(response.error().contains(part), "{path} {shown} {response:?}");
        assert!(response.body.len() < 400, "{path} {response:?}");
    }
    let target = format!("/api/v0{}/users", live.environment);
    let bytes = Request::new("POST", &target).bearer(&live.token).header("Content-Type", "application/json");
    let response = live.client.send(bytes.body(*b"{\"email\":\"a@example.com\",\"alias\":\"\xff\xfe\"}")).await;
    assert!(response.status == 400 && response.error().contains("malformed body"), "{response:?}");
    let events = live.server.app.store.count_objects(&live.server.seed.live, "event", None).await.unwrap();
    assert_eq!(events, 0, "nothing was made");
    live.server.stop().await;
}

#[tokio::test]
async fn texts_that_do_not_look_like_what_they_are_are_refused() {
    let mut live = Live::start().await;
    let field = json!({"name": "colour", "type": "text"});
    assert_eq!(live.post("/custom/fields", &field).await.status, 201);
    for hidden in [
        "\u{202e}",
        "\u{2066}",
        "\u{200b}",
        "\u{feff}",
        "\u{2028}",
        "\u{85}",
        "\u{2060}",
        "\u{ad}",
        "\u{180e}",
        "\u{1b}",
        "\u{200d}",
        "\u{200c}",
        "\u{200e}",
        "\u{200f}",
        "\u{61c}",
        "\u{3164}",
        "\u{115f}",
        "\u{2800}",
        "\u{34f}",
        "\u{e0041}",
        "\u{fe0f}",
    ] {
        let name = format!("Sta{hidden}ff");
        for (path, body, field) in [
            ("/users", json!({"email": "a@example.com", "alias": name}), "alias"),
            ("/users", json!({"email": "a@example.com", "customFields": {"colour": name}}), "customFields.colour"),
            ("/users", json!({"email": format!("a{hidden}@example.com")}), "email"),
            ("/users/bulk", json!({"users": [{"email": "a@example.com", "lastName": name}]}), "users[0].lastName"),
            ("/gates", json!({"name": name, "criterion": "email", "values": ["a"]}), "name"),
            ("/gates", json!({"name": "n", "criterion": "email", "values": ["a", name]}), "values[1]"),
            ("/allowlists", json!({"name": name}), "name"),
            ("/globalWallet/settings", json!({"displayName": name}), "displayName"),
            ("/origins", json!({"origin": format!("https://ex{hidden}ample.com")}), "origin"),
            ("/tokens", json!({"note": name}), "note"),
        ] {
            let refused = live.post(path, &body).await;
            assert_eq!(refused.status, 400, "{hidden:?} {path} {body} {refused:?}");
            assert!(refused.error().starts_with(&format!("`{field}`")), "{hidden:?} {path} {refused:?}");
            assert!(!refused.body.contains(hidden), "{hidden:?} is not sent back");
        }
        let refused = live.post("/allowlists", &json!({format!("na{hidden}me"): "n"})).await;
        assert_eq!(refused.status, 400, "{hidden:?} {refused:?}");
        assert!(!refused.body.contains(hidden), "{hidden:?} {refused:?}");
    }
    // People's names and emoji need joiners, marks and accents.
    for (at, name) in
        ["👩\u{200d}💻", "שלום", "❤\u{fe0f}", "می\u{200c}خواهم", "e\u{301}", "Ωß‰", "  ", "<b>&\"'"].iter().enumerate()
    {
        let user = json!({"email": format!("n{at}@example.com"), "alias": name});
        let made = live.post("/users", &user).await;
        assert_eq!((made.status, &made.json()["user"]["alias"]), (201, &json!(name)), "{made:?}");
        let id = made.json()["user"]["id"].as_str().unwrap().to_owned();
        assert_eq!(live.get(&format!("/users/{id}")).await.json()["alias"], json!(name));
    }
    // A message to sign has lines, such as those of EIP-4361.
    let user = live.own("user");
    let wallet = json!({"userId": user, "chains": ["EVM"], "delegatedAccess": true});
    let wallet = live.post("/waas/create", &wallet).await.json()["wallets"][0]["id"].as_str().unwrap().to_owned();
    let sign = format!("/waas/{wallet}/delegatedAccess/signMessage");
    assert_eq!(
        live.post(&sign, &json!({"message": "example.com wants you:\n\nURI: https://example.com\r\n\t7"})).await.status,
        200
    );
    for message in ["pay \u{202e}001$", "a\u{200b}b", "a\u{0}b", ""] {
        assert_eq!(live.post(&sign, &json!({"message": message})).await.status, 400, "{message:?}");
    }
    live.server.stop().await;
}
