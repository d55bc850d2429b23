//! What clients send who want more than a route gives: fields that only the server sets, bodies
//! that are too deep or too long, texts that look like others, cursors and ids of something else.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::live::Live;
use common::script::{names_of, steps};
use common::{Request, Response};
use serde_json::{Value, json};

impl Live {
    /// Sends a body as it is, to a target as it is.
    async fn send(&mut self, method: &str, target: &str, body: Option<&str>) -> Response {
        let request = Request::new(method, target).bearer(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.client.send(request).await
    }

    async fn get(&mut self, path: &str) -> Response {
        let request = self.request("GET", &format!("{}{path}", self.environment), None);
        self.client.send(request).await
    }

    async fn post(&mut self, path: &str, body: &Value) -> Response {
        let request = self.request("POST", &format!("{}{path}", self.environment), Some(body));
        self.client.send(request).await
    }

    /// The ids of the objects that this environment had at the start.
    fn own(&self, kind: &str) -> String {
        self.server.seed.object(kind, &self.server.seed.live).unwrap().to_owned()
    }
}

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
                let response = live.send(step.method, &target, Some(&Value::Object(more).to_string())).await;
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
        let response = live.send("POST", &target, Some(&body)).await;
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
        "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{2028}", "\u{85}", "\u{2060}", "\u{ad}", "\u{180e}",
        "\u{1b}",
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
        ["👩\u{200d}💻", "\u{200f}שלום", "می\u{200c}خواهم", "e\u{301}", "Ωß‰", "  ", "<b>&\"'"].iter().enumerate()
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

#[tokio::test]
async fn cursors_and_limits_of_something_else_show_nothing_else() {
    let mut live = Live::start().await;
    let (here, there) = (live.server.seed.live.clone(), live.server.seed.sandbox.clone());
    let rows: Vec<_> = live.server.seed.contents.objects.clone();
    let own: Vec<_> = rows.iter().filter(|row| row.environment_id == here).map(|row| row.id.clone()).collect();
    let mut cursors: Vec<_> = rows.iter().map(|row| row.cursor().to_string()).collect();
    // Before the first object, and after the last one.
    let foreign = rows.iter().find(|row| row.environment_id == there).unwrap();
    cursors.extend([0, i64::MAX].map(|time| format!("{time}.{}", foreign.id)));
    let lists = [
        ("/users", "users"),
        ("/gates", "gates"),
        ("/webhooks", "webhooks"),
        ("/origins", "origins"),
        ("/allowlists", "allowlists"),
        ("/custom/fields", "fields"),
        ("/custom/hostnames", "hostnames"),
        ("/deeplinkUrls", "deeplinkUrls"),
        ("/settings/providers", "providers"),
        ("/settings/exchanges", "exchanges"),
        ("/exports", "exports"),
        ("/events", "events"),
        ("/sdkViews", "sdkViews"),
        ("/waas/policies", "policies"),
        ("/waas/delegatedAccess/encryptionPublicKeys", "keys"),
    ];
    for (path, field) in lists {
        for cursor in &cursors {
            let page = live.get(&format!("{path}?cursor={cursor}")).await;
            assert_eq!(page.status, 200, "{path} {cursor} {page:?}");
            for object in page.json()[field].as_array().unwrap() {
                assert!(own.contains(&object["id"].as_str().unwrap().to_owned()), "{path} {cursor} {object}");
            }
        }
        for (query, field) in [
            ("cursor=", "cursor"),
            ("cursor=x", "cursor"),
            ("cursor=1", "cursor"),
            ("cursor=.", "cursor"),
            ("cursor=-1.95b11417-f18f-457f-8804-68e361f9164f", "cursor"),
            ("cursor=%2B1.95b11417-f18f-457f-8804-68e361f9164f", "cursor"),
            ("cursor=9223372036854775808.95b11417-f18f-457f-8804-68e361f9164f", "cursor"),
            ("cursor=1.95b11417-f18f-457f-8804-68e361f9164", "cursor"),
            ("cursor=1.95b11417-f18f-457f-8804-68e361f9164f%27--", "cursor"),
            ("cursor=1.95b11417-f18f-457f-8804-68e361f9164%EF%BC%90", "cursor"),
            ("cursor=%00", "cursor"),
            ("limit=", "limit"),
            ("limit=0", "limit"),
            ("limit=-1", "limit"),
            ("limit=1001", "limit"),
            ("limit=4294967297", "limit"),
            ("limit=99999999999999999999999", "limit"),
            ("limit=1.0", "limit"),
            ("limit=1e2", "limit"),
            ("limit=0x10", "limit"),
            ("limit=%201", "limit"),
            ("limit=%D9%A1", "limit"),
            ("limit=1&limit=2", "limit, cursor"),
            ("limit=NaN", "limit"),
        ] {
            let refused = live.get(&format!("{path}?{query}")).await;
            assert_eq!(refused.status, 400, "{path}?{query} {refused:?}");
            assert!(refused.error().starts_with(&format!("`{field}` ")), "{path}?{query} {refused:?}");
        }
        assert_eq!(live.get(&format!("{path}?limit=1000")).await.status, 200, "{path}");
    }
    // The list of tokens has another kind of cursor, and each refuses the other's or shows nothing.
    for cursor in &cursors {
        let page = live.get(&format!("/tokens?cursor={cursor}")).await;
        assert!(matches!(page.status, 200 | 400), "{page:?}");
        if page.status == 200 {
            for token in page.json()["tokens"].as_array().unwrap() {
                assert_eq!(token["projectEnvironmentId"], json!(here));
            }
        }
    }
    live.server.stop().await;
}

#[tokio::test]
async fn an_id_of_another_kind_is_not_found_on_any_route() {
    let mut live = Live::start().await;
    let here = live.server.seed.live.clone();
    let seeded: Vec<_> =
        live.server.seed.contents.objects.iter().filter(|row| row.environment_id == here).cloned().collect();
    let mut tried = 0;
    for step in steps().iter().filter(|step| step.status < 300) {
        let parameters: Vec<_> = step.path.split('/').filter_map(|segment| segment.strip_prefix(':')).collect();
        let ids: Vec<_> = parameters.iter().filter(|name| name.ends_with("Id") && **name != "environmentId").collect();
        if ids.is_empty() {
            continue;
        }
        let mut names = names_of(&here);
        for row in &seeded {
            let own = match row.kind {
                "encryptionPublicKey" => "keyId".to_owned(),
                kind => format!("{kind}Id"),
            };
            names.extend(
                ["userId", "walletId", "secondWalletId", "thirdWalletId", "embeddedWalletId", "otherUserId"]
                    .map(|name| (name.to_owned(), row.id.clone())),
            );
            names.extend(ids.iter().map(|name| ((**name).to_owned(), row.id.clone())));
            if ids.iter().any(|name| **name == own) {
                continue;
            }
            let response = live.client.send(step.request(&names).bearer(&live.token)).await;
            assert_eq!((response.status, response.error().as_str()), (404, "Not found"), "{} {step:?}", row.kind);
            tried += 1;
        }
    }
    assert!(tried > 600, "{tried}");
    for row in &seeded {
        assert_eq!(live.server.app.store.object(row.kind, &row.id).await.unwrap().as_ref(), Some(row));
    }
    live.server.stop().await;
}

#[tokio::test]
async fn ids_in_bodies_reach_no_other_environment() {
    let mut live = Live::start().await;
    let foreign = live.server.seed.object("user", &live.server.seed.sandbox).unwrap().to_owned();
    for (path, body) in [
        ("/waas/authenticate", json!({"userId": foreign})),
        ("/waas/create", json!({"userId": foreign, "chains": ["EVM"]})),
    ] {
        let refused = live.post(path, &body).await;
        assert_eq!((refused.status, refused.error().as_str()), (404, "Not found"), "{path}");
    }
    // The same texts in another environment are not in its lists.
    for path in ["/users", "/gates", "/origins"] {
        let list = live.get(path).await.body;
        assert!(!list.contains(&foreign), "{list}");
    }
    live.server.stop().await;
}

#[tokio::test]
async fn other_spellings_of_a_path_reach_nothing_else() {
    let mut live = Live::start().await;
    let (here, there) = (live.server.seed.live.clone(), live.server.seed.sandbox.clone());
    let e = format!("/api/v0{}", live.environment);
    let user = live.own("user");
    let foreign = live.server.seed.object("user", &there).unwrap().to_owned();
    for target in [
        format!("/api/v0//environments/{here}/users"),
        format!("//api/v0/environments/{here}/users"),
        format!("{e}/users/"),
        format!("{e}//users"),
        format!("{e}/users/{user}/"),
        format!("{e}/users;x=1"),
        format!("{e}/users/{user};x=1"),
        format!("{e}%2Fusers"),
        format!("{e}/users%2F{user}"),
        format!("{e}/users/{user}%00"),
        format!("{e}/users/{user}%20"),
        format!("{e}/users/%20{user}"),
        format!("{e}/users\\{user}"),
        format!("{e}/USERS"),
        format!("/API/v0/environments/{here}/users"),
        format!("/api/v0/environments/{}/users", here.to_uppercase()),
        format!("/api/v0/environments/{here}%20/users"),
        format!("{e}/../{there}/users"),
        format!("{e}/%2e%2e/{there}/users"),
        format!("{e}/..%2f{there}/users"),
        format!("{e}/users/../../{there}/users"),
        format!("{e}/users/{user}/../{foreign}"),
        format!("{e}/users/./{user}"),
        format!("/api/v0/environments/{there}/users"),
        format!("{e}/users/{foreign}"),
        format!("/api/v0/users/{foreign}"),
        format!("http://evil.example/api/v0/environments/{there}/users"),
    ] {
        let response = live.send("GET", &target, None).await;
        assert!(matches!(response.status, 400 | 401 | 403 | 404), "{target} {response:?}");
        assert!(!response.body.contains("example.com"), "{target} {response:?}");
    }
    // What is not a path leads nowhere else.
    for target in [format!("{e}/users?x=/../{there}/users"), format!("{e}/users?environmentId={there}")] {
        let list = live.send("GET", &target, None).await;
        assert_eq!((list.status, &list.json()["users"][0]["id"]), (200, &json!(user)), "{target}");
    }
    live.server.stop().await;
}
