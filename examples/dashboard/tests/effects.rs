//! What objects do to other requests: gates, allowlists, origins, events, deprecated routes, and
//! the environment that owns each object.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::live::Live;
use common::script::{names_of, steps};
use common::{Request, Response, Server};
use dashboard::catalogue::api;
use dashboard::store::{ObjectRow, Write};
use serde_json::{Value, json};

impl Live {
    async fn send(&mut self, method: &str, path: &str, body: Option<Value>) -> Response {
        let request = self.request(method, path, body.as_ref());
        self.client.send(request).await
    }

    /// Sends to a path of the environment, and expects this status.
    async fn here(&mut self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let path = format!("{}{path}", self.environment);
        let response = self.send(method, &path, body).await;
        assert_eq!(response.status, status, "{method} {path} {response:?}");
        if response.body.is_empty() { Value::Null } else { response.json() }
    }

    async fn user(&mut self, body: Value, status: u16) -> Value {
        self.here("POST", "/users", Some(body), status).await
    }
}

#[tokio::test]
async fn an_enabled_gate_decides_who_is_created() {
    let mut live = Live::start().await;
    for (criterion, values, passes, stays_out, field) in [
        (
            "emailDomain",
            json!(["Example.org"]),
            json!({"email": "a@example.org"}),
            json!({"email": "b@example.com"}),
            "email",
        ),
        (
            "email",
            json!(["c@example.com"]),
            json!({"email": "c@example.com"}),
            json!({"email": "d@example.com"}),
            "email",
        ),
        (
            "country",
            json!(["CH", "DE"]),
            json!({"email": "e@example.com", "country": "DE"}),
            json!({"email": "f@example.com"}),
            "country",
        ),
        (
            "chain",
            json!(["SOL"]),
            json!({"email": "g@example.com", "wallet": {"chain": "SOL", "address": "7S3P4HxJpyyigGzodYwHtCxZyUQe9JiBMHyRWXArAaKv"}}),
            json!({"email": "h@example.com"}),
            "wallet.chain",
        ),
        (
            "walletAddress",
            json!(["0x00000000000000000000000000000000000000A1"]),
            json!({"email": "i@example.com", "wallet": {"chain": "EVM", "address": "0x00000000000000000000000000000000000000a1"}}),
            json!({"email": "j@example.com", "wallet": {"chain": "EVM", "address": "0x00000000000000000000000000000000000000a2"}}),
            "wallet.address",
        ),
    ] {
        let gate = json!({"name": criterion, "criterion": criterion, "values": values});
        let gate = live.here("POST", "/gates", Some(gate), 201).await["id"].as_str().unwrap().to_owned();
        let refused = live.user(stays_out.clone(), 409).await;
        assert_eq!(refused["error"], format!("`{field}` does not pass an enabled gate"));
        let bulk = json!({"users": [&passes, &stays_out]});
        let refused = live.here("POST", "/users/bulk", Some(bulk), 409).await;
        assert_eq!(refused["error"], format!("`users[1].{field}` does not pass an enabled gate"));
        // The first of the two was not created either.
        live.user(passes, 201).await;
        live.here("PUT", &format!("/gates/{gate}/disable"), None, 200).await;
        live.user(stays_out, 201).await;
        live.here("DELETE", &format!("/gates/{gate}"), None, 204).await;
    }
    live.server.stop().await;
}

#[tokio::test]
async fn an_enabled_allowlist_decides_who_is_created() {
    let mut live = Live::start().await;
    // The sample has an entry for jsmith@example.com, and is disabled.
    live.user(json!({"email": "before@example.com"}), 201).await;
    let allowlist = live.server.seed.object("allowlist", &live.server.seed.live).unwrap().to_owned();
    let switch = |on: bool| format!("/allowlists/{allowlist}/{}", if on { "enable" } else { "disable" });
    assert_eq!(live.send("PUT", &switch(true), None).await.json()["enabled"], true);
    let refused = live.user(json!({"email": "a@example.com"}), 409).await;
    assert_eq!(refused["error"], "`email` is on no enabled allowlist, and neither is the wallet");
    let entries = format!("/allowlists/{allowlist}/entries");
    for value in ["A@example.com", "0x00000000000000000000000000000000000000A1"] {
        assert_eq!(live.send("POST", &entries, Some(json!({"value": value}))).await.status, 201);
    }
    live.user(json!({"email": "a@Example.com".to_lowercase()}), 201).await;
    let wallet = json!({"chain": "EVM", "address": "0x00000000000000000000000000000000000000a1"});
    live.user(json!({"email": "b@example.com", "wallet": wallet}), 201).await;
    // A change must not be a way around it.
    let sample = live.server.seed.object("user", &live.server.seed.live).unwrap().to_owned();
    live.here("PUT", &format!("/users/{sample}"), Some(json!({"email": "c@example.com"})), 409).await;
    assert_eq!(live.send("PUT", &switch(false), None).await.status, 200);
    live.user(json!({"email": "c@example.com"}), 201).await;
    live.server.stop().await;
}

#[tokio::test]
async fn custom_fields_bind_users() {
    let mut live = Live::start().await;
    let field = json!({"name": "size", "type": "select", "options": ["S", "M"], "required": true});
    live.here("POST", "/custom/fields", Some(field), 201).await;
    for (fields, field) in [
        (json!({}), "customFields.size"),
        (json!({"size": "XXL"}), "customFields.size"),
        (json!({"size": "S", "weight": "1"}), "customFields.weight"),
    ] {
        let refused = live.user(json!({"email": "a@example.com", "customFields": fields}), 409).await;
        assert!(refused["error"].as_str().unwrap().starts_with(&format!("`{field}` ")), "{refused}");
    }
    live.user(json!({"email": "a@example.com", "customFields": {"size": "M"}}), 201).await;
    live.server.stop().await;
}

#[tokio::test]
async fn configured_origins_are_what_cors_allows() {
    let mut live = Live::start().await;
    let users = format!("/api/v0{}/users", live.environment);
    let other = format!("/api/v0/environments/{}/users", live.server.seed.sandbox);
    // A sample of both environments; removed from the sandbox by its own token.
    let configured = "https://app.example.com";
    let sandbox = live.server.token(&["environment.settings.write"], &live.server.seed.sandbox).await.raw;
    let origin = live.server.seed.object("origin", &live.server.seed.sandbox).unwrap().to_owned();
    let delete = Request::new("DELETE", &format!("/api/v0/origins/{origin}")).bearer(&sandbox);
    assert_eq!(live.client.send(delete).await.status, 204);

    let preflight = |target: &str, origin: &str| {
        Request::new("OPTIONS", target).header("Origin", origin).header("Access-Control-Request-Method", "POST")
    };
    let allowed = "access-control-allow-origin";
    for (target, origin, expected) in [
        (&*users, configured, Some(configured)),
        (&other, configured, None),
        ("/api/v0/users/95b11417-f18f-457f-8804-68e361f9164f", configured, Some(configured)),
        (&users, "https://evil.example.com", None),
        (&users, "https://app.example.com.evil.org", None),
        (&users, "null", None),
        ("/elsewhere", configured, None),
    ] {
        let response = live.client.send(preflight(target, origin)).await;
        assert_eq!(response.header(allowed), expected, "{target} {origin}");
        assert_eq!(response.status == 204, expected.is_some(), "{response:?}");
        assert_eq!(response.header("access-control-allow-credentials"), None);
        assert!(response.headers.iter().any(|(name, value)| name == "vary" && value == "origin"), "{response:?}");
        // The request itself is guarded as before, and the page may read the answer or not.
        let get = Request::new("GET", target).header("Origin", origin);
        let response = live.client.send(get).await;
        assert_eq!((response.status, response.header(allowed)), (401, expected), "{target} {origin}");
    }
    // A new origin is allowed at once.
    let fresh = "http://localhost:5173";
    assert_eq!(live.client.send(preflight(&users, fresh)).await.header(allowed), None);
    live.here("POST", "/origins", Some(json!({"origin": fresh})), 201).await;
    assert_eq!(live.client.send(preflight(&users, fresh)).await.header(allowed), Some(fresh));
    // A plain OPTIONS is not a preflight request.
    let plain = live.client.send(Request::new("OPTIONS", &users).header("Origin", fresh)).await;
    assert_eq!(plain.status, 401);
    live.server.stop().await;
}

#[tokio::test]
async fn every_change_writes_an_event_of_a_documented_type() {
    let mut live = Live::start().await;
    let types = live.send("GET", "/eventTypes", None).await.json();
    let types: Vec<_> = types["eventTypes"].as_array().unwrap().iter().map(|known| known["name"].clone()).collect();
    let mut names = names_of(&live.server.seed.live);
    let mut before = 0;
    for step in steps() {
        step.run(&mut live.client, &live.token, &mut names).await;
        let events = live.here("GET", "/events?limit=1000", None, 200).await;
        let events = events["events"].as_array().unwrap();
        let new = events.len() - before;
        let computes = step.path.ends_with("/signMessage")
            || step.path.ends_with("/signingMessage")
            || step.path.ends_with("/balances")
            || step.path.ends_with("/redeliver");
        let changes = step.method != "GET" && step.status < 300 && !computes;
        assert_eq!(new > 0, changes, "{step:?} {new}");
        for event in &events[..new] {
            assert!(types.contains(&event["type"]), "{event}");
            // No data of the object: a caller with events.read cannot read users.
            assert!(!event.to_string().contains("example.com"), "{event}");
        }
        before = events.len();
    }
    live.server.stop().await;
}

#[tokio::test]
async fn an_object_of_another_environment_is_out_of_reach() {
    let server = Server::start().await;
    let (live, sandbox) = (server.seed.live.clone(), server.seed.sandbox.clone());
    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let own = server.token(&all, &live).await.raw;
    let foreign = server.token(&all, &sandbox).await.raw;
    let mut client = server.client();
    let mut names = names_of(&live);
    let (mut unbound, mut bound) = (0, 0);
    for step in steps() {
        if step.status < 300 {
            let request = step.request(&names).bearer(&foreign);
            if step.path.starts_with("/environments/") {
                // The path names the other environment.
                assert_eq!(client.send(request).await.status, 403, "{step:?}");
                // The path names the caller's environment, but the object is another one's.
                let names_object = |segment: &str| segment.starts_with(':') && segment.ends_with("Id");
                if step.path.split('/').filter(|segment| names_object(segment)).count() > 1 {
                    let mut there = names.clone();
                    there.insert("environmentId".to_owned(), sandbox.clone());
                    let response = client.send(step.request(&there).bearer(&foreign)).await;
                    assert_eq!((response.status, response.error().as_str()), (404, "Not found"), "{step:?}");
                    bound += 1;
                }
            } else if step.path.contains(':') {
                let response = client.send(request).await;
                assert_eq!((response.status, response.error().as_str()), (403, "Access Forbidden"), "{step:?}");
                unbound += 1;
            }
        }
        step.run(&mut client, &own, &mut names).await;
    }
    assert!(unbound >= 32 && bound >= 15, "{unbound} {bound}");
    // Nothing was made, changed or deleted in the environment of the foreign token.
    for object in server.seed.contents.objects.iter().filter(|object| object.environment_id == sandbox) {
        let now = server.app.store.object(object.kind, &object.id).await.unwrap();
        assert_eq!(now.as_ref(), Some(object));
    }
    assert_eq!(server.app.store.count_objects(&sandbox, "event", None).await.unwrap(), 0);
    server.stop().await;
}

#[tokio::test]
async fn lists_have_pages() {
    let mut live = Live::start().await;
    let users: Vec<_> = (0..7).map(|at| json!({"email": format!("u{at}@example.com")})).collect();
    live.here("POST", "/users/bulk", Some(json!({"users": users})), 201).await;
    for (list, field, count) in [("/users", "users", 8), ("/events", "events", 7)] {
        let whole = live.here("GET", list, None, 200).await;
        assert_eq!(whole.get("next"), None);
        let whole = whole[field].as_array().unwrap().clone();
        assert_eq!(whole.len(), count);
        let (mut found, mut query) = (Vec::new(), "limit=3".to_owned());
        loop {
            let page = live.here("GET", &format!("{list}?{query}"), None, 200).await;
            found.extend(page[field].as_array().unwrap().clone());
            let Some(next) = page["next"].as_str() else { break };
            query = format!("limit=3&cursor={next}");
        }
        assert_eq!(found, whole, "{list}");
    }
    let emails = live.here("GET", "/users", None, 200).await["users"].clone();
    let emails: Vec<_> = emails.as_array().unwrap()[1..].iter().map(|user| user["email"].clone()).collect();
    assert_eq!(
        emails,
        (0..7).map(|at| json!(format!("u{at}@example.com"))).collect::<Vec<_>>(),
        "in the order of the request"
    );
    live.server.stop().await;
}

#[tokio::test]
async fn an_environment_has_no_more_than_its_share() {
    let mut live = Live::start().await;
    for at in 0..20 {
        live.here(
            "POST",
            "/webhooks",
            Some(json!({"url": format!("https://h{at}.example.invalid/"), "enabled": false})),
            201,
        )
        .await;
    }
    let refused = live.here("POST", "/webhooks", Some(json!({"url": "https://one-more.example.invalid/"})), 409).await;
    assert_eq!(refused["error"], "`webhooks` has 20 objects, which is the greatest number");
    live.server.stop().await;
}

#[tokio::test]
async fn made_up_credentials_are_not_cached() {
    let mut live = Live::start().await;
    let seed = &live.server.seed;
    let (account, user) = (
        seed.object("oauthAccount", &seed.live).unwrap().to_owned(),
        seed.object("user", &seed.live).unwrap().to_owned(),
    );
    let response = live.send("GET", &format!("/oauthAccounts/{account}/accessToken"), None).await;
    assert_eq!((response.status, response.header("cache-control")), (200, Some("no-store")));
    let first = response.json()["accessToken"].as_str().unwrap().to_owned();
    assert!(first.starts_with("made-up-"), "{first}");
    let again = live.send("GET", &format!("/oauthAccounts/{account}/accessToken"), None).await.json();
    assert_ne!(again["accessToken"], first, "nothing is kept");
    let path = format!("{}/waas/authenticate", live.environment);
    let session = live.send("POST", &path, Some(json!({"userId": user}))).await;
    assert_eq!((session.status, session.header("cache-control")), (201, Some("no-store")));
    live.server.stop().await;
}

#[tokio::test]
async fn an_export_is_a_file_without_formulas() {
    let mut live = Live::start().await;
    live.user(
        json!({"email": "a@example.com", "alias": "=HYPERLINK(\"https://evil.example\")", "firstName": "A, B"}),
        201,
    )
    .await;
    let export = live.here("POST", "/exports", Some(json!({"type": "users"})), 201).await;
    assert_eq!((&export["format"], &export["rows"]), (&json!("csv"), &json!(2)));
    let path = format!("{}/exports/{}/download", live.environment, export["id"].as_str().unwrap());
    let file = live.send("GET", &path, None).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let disposition = format!("attachment; filename=\"{}\"", export["fileName"].as_str().unwrap());
    assert_eq!(file.header("content-disposition"), Some(disposition.as_str()));
    assert_eq!(
        (file.header("x-content-type-options"), file.header("cache-control")),
        (Some("nosniff"), Some("no-store"))
    );
    assert!(file.body.starts_with("id,email,alias,firstName,lastName,country,createdAt\r\n"), "{}", file.body);
    assert!(
        file.body.contains(",a@example.com,\"'=HYPERLINK(\"\"https://evil.example\"\")\",\"A, B\",,,"),
        "{}",
        file.body
    );

    let export = live.here("POST", "/exports", Some(json!({"type": "wallets", "format": "json"})), 201).await;
    let path = format!("{}/exports/{}/download", live.environment, export["id"].as_str().unwrap());
    let file = live.send("GET", &path, None).await;
    assert_eq!(file.header("content-type"), Some("application/json"));
    assert_eq!(file.json()[0]["address"], "0x52908400098527886E0F7030069857D2E4169EE7");
    // The same export is not there for a token of another environment.
    let other = live.server.token(&["environment.users.read"], &live.server.seed.sandbox).await.raw;
    let elsewhere = path.replace(&live.server.seed.live, &live.server.seed.sandbox);
    for (target, status) in [(&path, 403), (&elsewhere, 404)] {
        let request = Request::new("GET", &format!("/api/v0{target}")).bearer(&other);
        assert_eq!(live.client.send(request).await.status, status);
    }
    live.server.stop().await;
}

#[tokio::test]
async fn sessions_that_have_ended_do_not_count() {
    let mut live = Live::start().await;
    let environment = live.server.seed.live.clone();
    let (user, session) = (
        live.server.seed.object("user", &environment).unwrap().to_owned(),
        live.server.seed.object("session", &environment).unwrap(),
    );
    let store = live.server.app.store.clone();
    let sample = store.object("session", session).await.unwrap().unwrap();
    let old = (0..99).map(|_| {
        let id = uuid::Uuid::new_v4().to_string();
        Write::Insert(ObjectRow { id, created_at: sample.created_at - 3_700_000_000, ..sample.clone() })
    });
    store.write(&old.collect::<Vec<_>>()).await.unwrap();
    assert_eq!(store.count_objects(&environment, "session", Some(&user)).await.unwrap(), 100, "the greatest number");
    live.here("POST", "/waas/authenticate", Some(json!({"userId": user})), 201).await;
    assert_eq!(store.count_objects(&environment, "session", Some(&user)).await.unwrap(), 2);
    live.server.stop().await;
}

#[tokio::test]
async fn events_tell_of_tokens_too() {
    let mut live = Live::start().await;
    let seed = &live.server.seed;
    let session = live.server.session(&seed.admin, &seed.live);
    let request = Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&json!({"note": "n"}));
    let made = live.client.send(request).await.json()["token"]["id"].as_str().unwrap().to_owned();
    live.here("DELETE", &format!("/tokens/{made}"), None, 204).await;
    let events = live.here("GET", "/events", None, 200).await;
    let told: Vec<_> =
        events["events"].as_array().unwrap().iter().map(|event| (&event["type"], &event["objectId"])).collect();
    assert_eq!(told, [(&json!("apiToken.deleted"), &json!(made)), (&json!("apiToken.created"), &json!(made))]);
    live.server.stop().await;
}

#[tokio::test]
async fn a_token_is_not_changed_without_its_event() {
    let mut live = Live::start().await;
    let session = live.server.session(&live.server.seed.admin, &live.server.seed.live);
    let kept = live.here("POST", "/tokens", Some(json!({"note": "kept"})), 201).await["token"]["id"].clone();
    let kept = kept.as_str().unwrap().to_owned();
    let before = live.server.tokens_of(&live.server.seed.live).await;
    live.server.refuse_events().await;
    let request = Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&json!({"note": "n"}));
    assert_eq!(live.client.send(request).await.status, 500);
    live.here("POST", "/tokens", Some(json!({"note": "n"})), 500).await;
    live.here("DELETE", &format!("/tokens/{kept}"), None, 500).await;
    let ids = |tokens: &[scopes_store::Token<api::Scope>]| {
        tokens.iter().map(|token| token.id().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&live.server.tokens_of(&live.server.seed.live).await), ids(&before));
    // Objects have had this from the beginning.
    live.user(json!({"email": "a@example.com"}), 500).await;
    assert_eq!(live.here("GET", "/users", None, 200).await["users"].as_array().unwrap().len(), 1);
    live.server.stop().await;
}

#[tokio::test]
async fn two_changes_at_once_are_both_made() {
    let live = Live::start().await;
    let seed = &live.server.seed;
    let provider = seed.object("provider", &seed.live).unwrap();
    let target = |what: &str| format!("/api/v0/settings/providers/{provider}/{what}");
    let mut running = tokio::task::JoinSet::new();
    for what in ["enable", "disable"].repeat(4) {
        let (mut client, request) = (live.server.client(), Request::new("PUT", &target(what)).bearer(&live.token));
        running.spawn(async move { client.send(request).await.status });
    }
    while let Some(status) = running.join_next().await {
        assert!(matches!(status.unwrap(), 200 | 409));
    }
    let row = live.server.app.store.object("provider", provider).await.unwrap().unwrap();
    let events = live.server.app.store.count_objects(&seed.live, "event", None).await.unwrap();
    assert_eq!(row.version.unsigned_abs(), events, "one event for each change");
    live.server.stop().await;
}
