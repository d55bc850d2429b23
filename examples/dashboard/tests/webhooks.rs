//! Webhooks: what is sent, signed and recorded, and where the server refuses to post.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::time::Duration;

use common::{Client, Request, Server};
use dashboard::seed::Seed;
use dashboard::webhooks::Targets;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

const LIMIT: Duration = Duration::from_secs(20);

/// A receiver that gives every request the same answer, and hands the requests to the test.
struct Receiver {
    url: String,
    requests: mpsc::UnboundedReceiver<String>,
}

impl Receiver {
    async fn start(answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (mut text, mut buffer) = (String::new(), [0; 4096]);
                while !is_whole(&text) {
                    let read = stream.read(&mut buffer).await.unwrap();
                    assert_ne!(read, 0, "the request ends in {text}");
                    text += std::str::from_utf8(&buffer[..read]).unwrap();
                }
                let _closed = sender.send(text);
                let _gone = stream.write_all(answer).await;
                if answer.is_empty() {
                    // Keeps the connection open without an answer.
                    sleep(LIMIT).await;
                }
            }
        });
        Self { url, requests }
    }

    async fn request(&mut self) -> String {
        timeout(LIMIT, self.requests.recv()).await.expect("a request comes in time").unwrap()
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    body.len() == length.unwrap().parse::<usize>().unwrap()
}

/// A server whose webhooks may post to this machine.
struct Hooked {
    server: Server,
    client: Client,
    token: String,
    environment: String,
}

impl Hooked {
    async fn start(targets: Targets) -> Self {
        let server = Server::start_changed(Seed::new(), |settings| settings.webhooks = targets).await;
        let scopes =
            ["all.read", "environment.webhooks.write", "environment.settings.write", "environment.users.write"];
        let token = server.token(&scopes, &server.seed.live).await.raw;
        let environment = format!("/api/v0/environments/{}", server.seed.live);
        Self { client: server.client(), server, token, environment }
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
        let request = Request::new(method, &format!("{}{path}", self.environment)).bearer(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = self.client.send(request).await;
        assert_eq!(response.status, status, "{method} {path} {response:?}");
        if response.body.is_empty() { Value::Null } else { response.json() }
    }

    /// Adds a webhook and returns its id and secret.
    async fn hook(&mut self, url: &str, events: &[&str]) -> (String, String) {
        let made = self.send("POST", "/webhooks", Some(json!({"url": url, "events": events})), 201).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["webhook"]["id"]), text(&made["secret"]))
    }

    /// Waits until the webhook's newest message has this many attempts, and returns its state and
    /// the attempts.
    async fn attempts(&mut self, webhook: &str, count: usize) -> (Value, Vec<Value>) {
        let started = Instant::now();
        loop {
            let messages = self.send("GET", &format!("/webhooks/{webhook}/messages"), None, 200).await;
            let message = messages["messages"][0].clone();
            if let Some(id) = message["id"].as_str() {
                let found = self.send("GET", &format!("/webhooks/{webhook}/messages/{id}"), None, 200).await;
                let found = found["deliveries"].as_array().unwrap().clone();
                if found.len() == count && message["state"] != "pending" {
                    return (message, found);
                }
            }
            assert!(started.elapsed() < LIMIT, "no attempt: {messages}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

const FINE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

#[tokio::test]
async fn a_change_is_delivered_signed_and_recorded() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut receiver = Receiver::start(FINE).await;
    let (webhook, secret) = hooked.hook(&receiver.url, &["user.created"]).await;
    // No other answer has the secret.
    for path in ["/webhooks".to_owned(), format!("/webhooks/{webhook}")] {
        assert!(!hooked.send("GET", &path, None, 200).await.to_string().contains(&secret));
    }
    hooked.send("POST", "/origins", Some(json!({"origin": "https://a.example.com"})), 201).await;
    let user = hooked.send("POST", "/users", Some(json!({"email": "a@example.com"})), 201).await["user"]["id"].clone();

    let request = receiver.request().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook HTTP/1.1\r\n"), "{head}");
    let header = |name: &str| {
        let value =
            head.lines().find_map(|line| line.split_once(": ").filter(|(found, _)| found.eq_ignore_ascii_case(name)));
        value.unwrap_or_else(|| panic!("no {name}: {head}")).1.to_owned()
    };
    assert_eq!(header("content-type"), "application/json");
    let payload: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&payload["event"]["type"], &payload["event"]["objectId"]), (&json!("user.created"), &user));
    assert_eq!(payload["messageId"], header("webhook-id"));
    assert!(!body.contains("a@example.com"), "{body}");
    // The receiver computes the same signature, and sees that the time is now.
    let signature = header("webhook-signature");
    let (time, signature) = signature.strip_prefix("t=").and_then(|rest| rest.split_once(",v1=")).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("{time}.{body}").as_bytes());
    let expected: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(signature, expected);
    let age = jiff::Timestamp::now().as_second() - time.parse::<i64>().unwrap();
    assert!((0..60).contains(&age));

    let (message, attempts) = hooked.attempts(&webhook, 1).await;
    assert_eq!(message["state"], "delivered");
    assert_eq!((&attempts[0]["succeeded"], &attempts[0]["status"]), (&json!(true), &json!(204)));

    let again = format!("/webhooks/{webhook}/messages/{}/redeliver", message["id"].as_str().unwrap());
    assert_eq!(hooked.send("POST", &again, None, 200).await["state"], "pending");
    assert!(receiver.request().await.contains(message["id"].as_str().unwrap()), "the same message");
    let (message, _) = hooked.attempts(&webhook, 2).await;
    assert_eq!(message["state"], "delivered");

    // A webhook that is off gets nothing more, and neither does one that is gone.
    hooked
        .send("PUT", &format!("/webhooks/{webhook}"), Some(json!({"url": receiver.url, "enabled": false})), 200)
        .await;
    hooked.send("POST", "/users", Some(json!({"email": "b@example.com"})), 201).await;
    hooked.send("DELETE", &format!("/webhooks/{webhook}"), None, 204).await;
    hooked.send("POST", &again, None, 404).await;
    hooked.send("POST", "/users", Some(json!({"email": "c@example.com"})), 201).await;
    sleep(Duration::from_millis(200)).await;
    assert!(receiver.requests.try_recv().is_err());
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_webhook_for_all_events_can_be_changed_and_deleted() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let (mut first, mut second) = (Receiver::start(FINE).await, Receiver::start(FINE).await);
    let made = hooked.send("POST", "/webhooks", Some(json!({"url": first.url})), 201).await;
    let webhook = format!("/webhooks/{}", made["webhook"]["id"].as_str().unwrap());
    hooked.send("POST", "/webhooks", Some(json!({"url": second.url})), 201).await;
    assert!(first.request().await.contains("webhook.created"), "about the second one");
    hooked.send("PUT", &webhook, Some(json!({"url": first.url, "enabled": true})), 200).await;
    assert!(first.request().await.contains("webhook.updated") && second.request().await.contains("webhook.updated"));
    hooked.send("DELETE", &webhook, None, 204).await;
    assert!(second.request().await.contains("webhook.deleted"), "the other one is told");
    hooked.send("DELETE", &webhook, None, 404).await;
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_message_that_is_queued_many_times_is_not_sent_many_times() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let (mut receiver, silent) = (Receiver::start(FINE).await, Receiver::start(b"").await);
    let (webhook, _) = hooked.hook(&receiver.url, &["user.created", "origin.created"]).await;
    hooked.hook(&silent.url, &["gate.created"]).await;
    hooked.send("POST", "/users", Some(json!({"email": "a@example.com"})), 201).await;
    receiver.request().await;
    let (message, _) = hooked.attempts(&webhook, 1).await;
    let id = message["id"].as_str().unwrap();
    // All workers wait for a receiver that does not answer, while the message is queued.
    for name in ["a", "b", "c", "d"] {
        let gate = json!({"name": name, "criterion": "country", "values": ["CH"]});
        hooked.send("POST", "/gates", Some(gate), 201).await;
    }
    for _ in 0..20 {
        hooked.send("POST", &format!("/webhooks/{webhook}/messages/{id}/redeliver"), None, 200).await;
    }
    hooked.send("POST", "/origins", Some(json!({"origin": "https://a.example.com"})), 201).await;
    let mut sent = 0;
    while receiver.request().await.contains(id) {
        sent += 1;
    }
    // Each worker may have begun with it before another one was done.
    assert!((1..=4).contains(&sent), "{sent}");
    hooked.server.stop().await;
}

#[tokio::test]
async fn other_answers_are_failures() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut elsewhere = Receiver::start(FINE).await;
    // A redirection is not followed.
    let redirect =
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.url);
    let long = [b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n".to_vec(), vec![b'x'; 70_000]].concat();
    for (answer, status, error) in [
        (redirect.into_bytes(), json!(307), Value::Null),
        (b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n".to_vec(), json!(500), Value::Null),
        (long, Value::Null, json!("the answer is longer than 64 KiB")),
        (
            b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec(),
            Value::Null,
            json!("the host cannot be reached, or did not answer over HTTP"),
        ),
        (Vec::new(), Value::Null, json!("no answer within 5 seconds")),
    ] {
        let receiver = Receiver::start(answer.leak()).await;
        let (webhook, _) = hooked.hook(&receiver.url, &["gate.created"]).await;
        let gate = json!({"name": receiver.url, "criterion": "country", "values": ["CH"]});
        hooked.send("POST", "/gates", Some(gate), 201).await;
        let (message, attempts) = hooked.attempts(&webhook, 1).await;
        assert_eq!(message["state"], "failed", "{attempts:?}");
        assert_eq!((&attempts[0]["status"], &attempts[0]["error"]), (&status, &error), "{attempts:?}");
        assert!(attempts[0]["milliseconds"].as_u64().unwrap() < 8000, "{attempts:?}");
        hooked.send("DELETE", &format!("/webhooks/{webhook}"), None, 204).await;
    }
    assert!(elsewhere.requests.try_recv().is_err());
    hooked.server.stop().await;
}

#[tokio::test]
async fn without_the_flag_the_machine_itself_is_out_of_reach() {
    let mut hooked = Hooked::start(Targets::Public).await;
    let mut receiver = Receiver::start(FINE).await;
    for url in
        [receiver.url.as_str(), "https://127.0.0.1/", "https://localhost/", "https://[::1]/", "http://example.com/"]
    {
        let refused = hooked.send("POST", "/webhooks", Some(json!({"url": url})), 400).await;
        assert!(refused["error"].as_str().unwrap().starts_with("`url` "), "{url} {refused}");
    }
    // A name that leads to the machine itself is refused when it is looked up. Resolvers answer
    // names below `localhost` with the loopback address, or not at all; no attempt succeeds.
    let port = receiver.url.rsplit_once(':').unwrap().1.split('/').next().unwrap().to_owned();
    let (webhook, _) = hooked.hook(&format!("https://hook.localhost:{port}/"), &["gate.created"]).await;
    hooked.send("POST", "/gates", Some(json!({"name": "n", "criterion": "country", "values": ["CH"]})), 201).await;
    let (message, attempts) = hooked.attempts(&webhook, 1).await;
    assert_eq!((&message["state"], &attempts[0]["succeeded"]), (&json!("failed"), &json!(false)));
    assert!(receiver.requests.try_recv().is_err(), "nothing has connected");
    hooked.server.stop().await;
}

#[tokio::test]
async fn a_message_of_a_stopped_server_is_sent_by_the_next_one() {
    let mut hooked = Hooked::start(Targets::PublicAndLoopback).await;
    let mut receiver = Receiver::start(FINE).await;
    let (webhook, _) = hooked.hook(&receiver.url, &["gate.created"]).await;
    hooked.send("POST", "/gates", Some(json!({"name": "n", "criterion": "country", "values": ["CH"]})), 201).await;
    receiver.request().await;
    let (message, _) = hooked.attempts(&webhook, 1).await;
    // What the database holds if the server stops before the attempt.
    let store = hooked.server.app.store.clone();
    let row = store.object("message", message["id"].as_str().unwrap()).await.unwrap().unwrap();
    let pending = dashboard::store::ObjectRow {
        body: row.body.replace("delivered", "pending"),
        label: Some("pending".to_owned()),
        updated_at: row.updated_at - 3_600_000_000,
        ..row
    };
    store.write(&[dashboard::store::Write::Update(pending)]).await.unwrap();
    let mut settings = dashboard::settings::Settings::new("http://localhost");
    settings.webhooks = Targets::PublicAndLoopback;
    let next = dashboard::app::App::new(store, settings).await.unwrap();
    assert!(receiver.request().await.contains(message["id"].as_str().unwrap()));
    drop(next);
    hooked.server.stop().await;
}
