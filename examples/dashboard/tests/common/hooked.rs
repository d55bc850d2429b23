//! A server with webhooks, and a receiver of what it sends.

use std::time::Duration;

use dashboard::seed::Seed;
use dashboard::webhooks::Targets;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

use super::{Client, Request, Server};

/// How long a test waits for what must happen.
const LIMIT: Duration = Duration::from_secs(20);

/// A receiver that gives every request the same answer, and hands the requests to the test.
pub(crate) struct Receiver {
    pub(crate) url: String,
    pub(crate) requests: mpsc::UnboundedReceiver<String>,
}

impl Receiver {
    pub(crate) async fn start(answer: &'static [u8]) -> Self {
        Self::slow(answer, 1).await
    }

    /// Sends its answer in so many parts, one each second.
    pub(crate) async fn slow(answer: &'static [u8], parts: usize) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let sender = sender.clone();
                tokio::spawn(async move {
                    let _closed = sender.send(read(&mut stream).await);
                    for part in answer.chunks(answer.len().div_ceil(parts).max(1)) {
                        let _gone = stream.write_all(part).await;
                        if parts > 1 {
                            sleep(Duration::from_secs(1)).await;
                        }
                    }
                    if answer.is_empty() {
                        // Keeps the connection open without an answer.
                        sleep(LIMIT).await;
                    }
                });
            }
        });
        Self { url, requests }
    }

    /// The number of requests that have come and were not asked for.
    pub(crate) fn count(&mut self) -> usize {
        core::iter::from_fn(|| self.requests.try_recv().ok()).count()
    }

    pub(crate) async fn request(&mut self) -> String {
        timeout(LIMIT, self.requests.recv()).await.expect("a request comes in time").unwrap()
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    while !is_whole(&text) {
        let read = stream.read(&mut buffer).await.unwrap();
        assert_ne!(read, 0, "the request ends in {text}");
        text += std::str::from_utf8(&buffer[..read]).unwrap();
    }
    text
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length =
        head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
    body.len() == length.unwrap().parse::<usize>().unwrap()
}

/// What a test needs to make webhooks, and the events for them.
const SCOPES: [&str; 4] =
    ["all.read", "environment.webhooks.write", "environment.settings.write", "environment.users.write"];

/// A server whose webhooks may post to this machine.
pub(crate) struct Hooked {
    pub(crate) server: Server,
    client: Client,
    token: String,
    environment: String,
}

impl Hooked {
    pub(crate) async fn start(targets: Targets) -> Self {
        let server = Server::start_changed(Seed::new(), |settings| settings.webhooks = targets).await;
        let token = server.token(&SCOPES, &server.seed.live).await.raw;
        let environment = format!("/api/v0/environments/{}", server.seed.live);
        Self { client: server.client(), server, token, environment }
    }

    /// Goes on in the other environment.
    pub(crate) async fn in_sandbox(&mut self) {
        self.token = self.server.token(&SCOPES, &self.server.seed.sandbox).await.raw;
        self.environment = format!("/api/v0/environments/{}", self.server.seed.sandbox);
    }

    pub(crate) async fn in_live(&mut self) {
        self.token = self.server.token(&SCOPES, &self.server.seed.live).await.raw;
        self.environment = format!("/api/v0/environments/{}", self.server.seed.live);
    }

    /// Makes users, each of which is an event, at once.
    pub(crate) async fn users(&mut self, name: &str, count: usize) {
        let users: Vec<_> = (0..count).map(|at| json!({"email": format!("{name}{at}@example.com")})).collect();
        self.send("POST", "/users/bulk", Some(json!({"users": users})), 201).await;
    }

    pub(crate) async fn gate(&mut self, name: &str) {
        let gate = json!({"name": name, "criterion": "emailDomain", "values": ["example.com"]});
        self.send("POST", "/gates", Some(gate), 201).await;
    }

    pub(crate) async fn messages(&mut self, webhook: &str) -> Vec<Value> {
        let list = self.send("GET", &format!("/webhooks/{webhook}/messages"), None, 200).await;
        list["messages"].as_array().unwrap().clone()
    }

    /// Waits until all messages of the webhook have this state.
    pub(crate) async fn all_are(&mut self, webhook: &str, state: &str) {
        let end = Instant::now() + LIMIT;
        loop {
            let messages = self.messages(webhook).await;
            if messages.iter().all(|message| message["state"] == state) {
                return;
            }
            assert!(Instant::now() < end, "{messages:?}");
            sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn send(&mut self, method: &str, path: &str, body: Option<Value>, status: u16) -> Value {
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
    pub(crate) async fn hook(&mut self, url: &str, events: &[&str]) -> (String, String) {
        let made = self.send("POST", "/webhooks", Some(json!({"url": url, "events": events})), 201).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["webhook"]["id"]), text(&made["secret"]))
    }

    /// Waits until the webhook's newest message has this many attempts, and returns its state and
    /// the attempts.
    pub(crate) async fn attempts(&mut self, webhook: &str, count: usize) -> (Value, Vec<Value>) {
        let started = Instant::now();
        loop {
            let messages = self.send("GET", &format!("/webhooks/{webhook}/messages"), None, 200).await;
            let message = messages["messages"][0].clone();
            if let Some(id) = message["id"].as_str() {
                let found = self.send("GET", &format!("/webhooks/{webhook}/messages/{id}"), None, 200).await;
                let found = found["deliveries"].as_array().unwrap().clone();
                if found.len() == count {
                    // Read after the attempt, with which it changes.
                    return (self.messages(webhook).await.remove(0), found);
                }
            }
            assert!(started.elapsed() < LIMIT, "no attempt: {messages}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// The answer of a receiver that took the message.
pub(crate) const FINE: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
