//! What the operator sees of the running program: its log and its metrics. Neither holds a secret.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use common::program::{Folder, Running, api_tokens, messages, program, send};
use common::{Client, Request};
use serde_json::{Value, json};

/// Everything in the program's text that must not be in its log: tokens, sessions, one-time codes.
fn secrets(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| character.is_whitespace() || "'\"".contains(character));
    let mut secrets: BTreeSet<_> = api_tokens(text).into_iter().map(str::to_owned).collect();
    secrets.extend(words.clone().filter(|word| word.starts_with("eyJ")).map(str::to_owned));
    secrets.extend(words.filter(|word| word.starts_with("code_")).map(str::to_owned));
    secrets
}

/// The secret, or a part of it that is long enough to help an attacker.
fn is_in(secret: &str, log: &str) -> bool {
    // JWTs of one server begin alike, and so do tokens.
    let end = secret.len().saturating_sub(16);
    secret.is_char_boundary(end) && log.contains(&secret[end..])
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_secret() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0", "--log", "trace"])).await;
    let mut client = server.client();
    let mut secrets = secrets(&server.text);
    assert_eq!(secrets.iter().filter(|secret| secret.starts_with("dyn_")).count(), 3);
    let session = secrets.iter().find(|secret| secret.starts_with("eyJ")).unwrap().clone();
    let mut sent = 0;
    for (status, command) in server.commands() {
        let answer = send(&mut client, &command).await;
        assert_eq!(answer.status, status);
        sent += 1 + command.matches("$(").count();
    }
    // The answer to this request is the only place of the new token.
    let body = json!({"note": "a-private-note", "scopes": ["all.read"]});
    let made = client.send(Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&body)).await.json();
    let (raw, id) = (made["token"]["rawToken"].as_str().unwrap(), made["token"]["id"].as_str().unwrap());
    secrets.insert(raw.to_owned());
    // A browser signs in with the one-time code, and gets a cookie.
    let code = secrets.iter().find(|secret| secret.starts_with("code_")).unwrap().clone();
    let form = |fields: String| {
        let request = Request::new("POST", "/dashboard/sign-in").header("Sec-Fetch-Site", "same-origin");
        request.header("Content-Type", "application/x-www-form-urlencoded").body(fields)
    };
    let signed_in = client.send(form(format!("code={code}"))).await;
    let cookie = signed_in.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    secrets.insert(cookie.split_once('=').unwrap().1.to_owned());
    let page = client.send(Request::new("GET", "/dashboard/developer/api").header("Cookie", &cookie)).await;
    let again = client.send(form(format!("code={code}"))).await;
    assert_eq!((signed_in.status, page.status, again.status), (303, 200, 401));
    sent += 3;
    let environment = made["token"]["projectEnvironmentId"].as_str().unwrap();
    // Secrets in places where they should not be, and that are refused.
    let users = format!("/api/v0/environments/{environment}/users");
    for request in [
        Request::new("GET", &users).bearer(raw),
        Request::new("GET", &format!("{users}?token={raw}")),
        Request::new("GET", &format!("/{raw}")),
        Request::new("GET", &format!("/api/v0/environments/{raw}/users")).bearer(raw),
        Request::new("GET", &format!("/api/v0/environments/{environment}/tokens/{raw}")).bearer(raw),
        Request::new("GET", &users).bearer(raw).bearer(raw),
        Request::new("GET", &users).header("Authorization", raw),
        Request::new("GET", &users).header("Authorization", &format!("Basic {raw}")),
        Request::new("GET", &users).header("Cookie", &format!("session={session}; token={raw}")),
        Request::new("GET", "/health").header("X-Request-Id", raw).header("User-Agent", raw).header("Referer", raw),
        Request::new(&raw.replace('_', "-"), &users),
        Request::new("POST", "/api/v0/user/tokens")
            .bearer(&session)
            .json(&json!({"note": "", raw: raw, "scopes": [raw]})),
        Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&json!({"note": "", "scopes": [raw]})),
        Request::new("GET", "/%zz").bearer(raw),
    ] {
        let answer = client.send(request).await;
        assert!(answer.status < 500, "{answer:?}");
        sent += 1;
    }
    let (status, log) = server.interrupt("TERM").await;
    assert!(status.success());
    for secret in &secrets {
        assert!(!is_in(secret, &log), "the log holds {secret}:\n{log}");
    }
    assert!(!log.contains("a-private-note"), "bodies are not logged");

    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = lines.iter().filter(|line| line["event"] == "apiToken.created" && line["token_id"] == id).count();
    assert_eq!(told, 1, "each change of a token is in the log: {log}");
    let answered: Vec<Value> = lines.into_iter().filter(|line: &Value| line["message"] == "answered").collect();
    assert_eq!(answered.len(), sent + 1, "{log}");
    let ids: BTreeSet<_> = answered.iter().map(|line| line["span"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), answered.len(), "each request has an id of its own");
    let read = answered.iter().find(|line| line["token_id"] == id).unwrap_or_else(|| panic!("{log}"));
    let template = "/api/v0/environments/:environmentId/users".replace(":environmentId", "{environmentId}");
    assert_eq!((&read["route"], &read["status"], &read["method"]), (&json!(template), &json!(200), &json!("GET")));
    assert!(read["subject"].is_string() && read["milliseconds"].is_u64() && read["denial"].is_null(), "{read}");
    let denied = answered.iter().find(|line| line["denial"] == "scope_missing").unwrap();
    assert_eq!((&denied["status"], &denied["level"]), (&json!(403), &json!("INFO")));
    assert_eq!(messages(&log).last().unwrap(), "stopped");
}

/// The address of the metrics that the program has printed.
fn metrics_of(text: &str) -> Client {
    let (_, rest) = text.split_once("Metrics: http://").unwrap();
    Client::new(rest.split('/').next().unwrap().parse().unwrap())
}

#[tokio::test]
async fn metrics_count_by_template_and_reason_and_hold_no_ids() {
    let folder = Folder::new();
    let options = ["--port", "0", "--metrics-port", "0", "--address-rate", "300"];
    let server = Running::start(program(&folder.0, &options)).await;
    let (mut client, mut metrics) = (server.client(), metrics_of(&server.text));
    for (_, command) in server.commands() {
        send(&mut client, &command).await;
    }
    for at in 0..5 {
        // What clients make up adds no time series.
        client.send(Request::new(&format!("MADE-{at}"), &format!("/made/up/{at}"))).await;
        client.send(Request::new("GET", &format!("/api/v0/environments/made-up-{at}/users"))).await;
    }
    for _ in 0..40 {
        client.send(Request::new("GET", "/ready")).await;
    }
    let answer = metrics.send(Request::new("GET", "/metrics")).await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").unwrap().starts_with("application/openmetrics-text"), "{answer:?}");
    let text = answer.body;
    let value = |series: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(series)).unwrap_or_else(|| panic!("{series} in {text}"));
        line[series.len()..].trim().parse().unwrap()
    };
    let users = r#"route="/api/v0/environments/{environmentId}/users""#;
    assert!(value(&format!(r#"dashboard_requests_total{{{users},method="GET",status="200"}}"#)) >= 1.0);
    assert!(value(&format!(r#"dashboard_requests_total{{{users},method="GET",status="401"}}"#)) >= 5.0);
    let reason = |outcome: &str, method: &str| {
        value(&format!(r#"dashboard_decisions_total{{{users},method="{method}",by="gate",outcome="{outcome}"}}"#))
    };
    assert!(reason("allowed", "GET") >= 1.0);
    assert!(reason("credentials_absent", "GET") >= 5.0);
    assert!(reason("other_tenant", "GET") >= 1.0);
    assert!(reason("scope_missing", "POST") >= 1.0);
    assert!(value(r#"dashboard_rate_limited_total{limit="Address"}"#) >= 1.0);
    assert!(value("dashboard_request_duration_seconds_count") >= 10.0);
    assert_eq!(value("dashboard_requests_running"), 0.0);

    // No id, no path and no word of a client.
    let is_id = |word: &str| uuid::Uuid::parse_str(word).is_ok();
    assert!(!text.split(|c: char| c != '-' && !c.is_ascii_alphanumeric()).any(is_id), "{text}");
    for word in ["made", "MADE", "dyn_", "eyJ"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
    // Only this listener has the metrics, and it has nothing else.
    assert!([401, 429].contains(&client.send(Request::new("GET", "/metrics")).await.status));
    assert_eq!(metrics.send(Request::new("GET", "/health")).await.status, 404);
    let (status, log) = server.interrupt("TERM").await;
    assert!(status.success(), "{log}");

    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    assert!(!server.text.contains("Metrics"), "there are none without the option");
    server.interrupt("TERM").await;
}

#[tokio::test]
async fn the_help_names_each_variable() {
    let folder = Folder::new();
    let mut help = program(&folder.0, &["--help"]);
    help.env("DASHBOARD_DATABASE", "postgres://ada:a-password@localhost/d");
    let output = common::program::output(&mut help).await;
    let text = String::from_utf8(output.stdout).unwrap();
    for variable in ["DATABASE", "ADDRESS", "PORT", "PUBLIC_URL", "METRICS_PORT", "LOG", "TOKEN_RATE", "BEHIND_PROXY"] {
        assert!(text.contains(&format!("DASHBOARD_{variable}")), "{variable}: {text}");
    }
    assert!(output.status.success() && !text.contains("a-password"), "{text}");
    assert_eq!(folder.files(), [""; 0]);

    // A server that does not answer is said without the password.
    let mut unreachable = program(&folder.0, &["--port", "0"]);
    unreachable.env("DASHBOARD_DATABASE", "postgres://ada:a-password@127.0.0.1:1/d");
    let output = common::program::output(&mut unreachable).await;
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{log}");
    assert!(
        log.contains("the database postgres://127.0.0.1:1/d cannot be opened") && !log.contains("a-password"),
        "{log}"
    );
}
