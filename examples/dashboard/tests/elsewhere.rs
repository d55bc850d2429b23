//! Requests for what lies elsewhere: cursors, ids and paths that lead to another environment, to
//! objects of another kind, or nowhere.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::live::Live;
use common::script::{names_of, steps};
use serde_json::json;

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
    let mut listed = 0;
    for (path, field) in lists {
        for cursor in &cursors {
            let page = live.get(&format!("{path}?cursor={cursor}")).await;
            assert_eq!(page.status, 200, "{path} {cursor} {page:?}");
            for object in page.json()[field].as_array().unwrap() {
                listed += 1;
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
    assert!(listed > 0, "some of the lists have objects");
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
    // Both environments have an object of these kinds, and each lists its own.
    for (path, kind) in [
        ("/users", "user"),
        ("/origins", "origin"),
        ("/deeplinkUrls", "deeplinkUrl"),
        ("/allowlists", "allowlist"),
        ("/custom/fields", "customField"),
        ("/settings/providers", "provider"),
        ("/settings/exchanges", "exchange"),
    ] {
        let foreign = live.server.seed.object(kind, &live.server.seed.sandbox).unwrap().to_owned();
        let list = live.get(path).await.body;
        assert!(list.contains(&live.own(kind)) && !list.contains(&foreign), "{path} {list}");
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
        let response = live.send_to("GET", &target, None).await;
        assert!(matches!(response.status, 400 | 401 | 403 | 404), "{target} {response:?}");
        assert!(!response.body.contains("example.com"), "{target} {response:?}");
    }
    // What is not a path leads nowhere else.
    for target in [format!("{e}/users?x=/../{there}/users"), format!("{e}/users?environmentId={there}")] {
        let list = live.send_to("GET", &target, None).await;
        assert_eq!((list.status, &list.json()["users"][0]["id"]), (200, &json!(user)), "{target}");
    }
    live.server.stop().await;
}
