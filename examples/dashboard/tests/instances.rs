//! Two instances of the program on one database: what one of them makes, the other one knows.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::database;
use common::program::{Folder, Running, api_tokens, messages, program};
use common::{Client, Request, Response};
use serde_json::json;

/// Starts two instances at once on an empty database, and uses both.
async fn two_instances(folder: &Folder, place: &str) {
    let start = || {
        let mut command = program(&folder.0, &["--port", "0"]);
        command.env("DASHBOARD_DATABASE", place);
        Running::start(command)
    };
    let (one, two) = tokio::join!(start(), start());
    let (first, second) = if one.text.contains("on a new database") { (one, two) } else { (two, one) };
    assert!(first.text.contains("on a new database"), "{}", first.text);
    assert_eq!(api_tokens(&second.text), [""; 0], "only one of them has filled the database");

    let session = first.text.lines().map(str::trim).find(|line| line.starts_with("eyJ")).unwrap();
    let (mut here, mut there) = (first.client(), second.client());
    let body = json!({"note": "shared", "scopes": ["environment.users.read", "environment.apiTokens.write"]});
    let made = here.send(Request::new("POST", "/api/v0/user/tokens").bearer(session).json(&body)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let (made, users) = (made.json()["token"].clone(), "/users");
    let (raw, id) = (made["rawToken"].as_str().unwrap(), made["id"].as_str().unwrap());
    let environment = format!("/api/v0/environments/{}", made["projectEnvironmentId"].as_str().unwrap());

    // The session that one instance has made is good at the other one, which lists the new token.
    let listed = get(&mut there, "/api/v0/user/tokens", session).await.json();
    assert!(listed["tokens"].as_array().unwrap().iter().any(|token| token["id"] == id), "{listed}");
    let target = format!("{environment}{users}");
    assert_eq!(get(&mut there, &target, raw).await.status, 200);
    assert_eq!(get(&mut here, &target, raw).await.status, 200);

    // A token that one of them has revoked is refused by both, at once.
    let revoke = Request::new("DELETE", &format!("{environment}/tokens/{id}")).bearer(raw);
    assert_eq!(there.send(revoke).await.status, 204);
    assert_eq!(get(&mut here, &target, raw).await.status, 401);
    assert_eq!(get(&mut there, &target, raw).await.status, 401);

    for instance in [first, second] {
        let (status, log) = instance.interrupt("TERM").await;
        assert!(status.success() && messages(&log).last().is_some_and(|message| message == "stopped"), "{log}");
    }
}

async fn get(client: &mut Client, target: &str, credential: &str) -> Response {
    client.send(Request::new("GET", target).bearer(credential)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgresql() {
    let Some(url) = database::postgres_url().await else { return };
    two_instances(&Folder::new(), &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_one_file_of_sqlite() {
    let folder = Folder::new();
    two_instances(&folder, "shared.db").await;
    assert_eq!(folder.files(), ["shared.db"]);
}
