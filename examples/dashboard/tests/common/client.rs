//! A client of HTTP/1.1 over one connection that stays open. The server must answer each request
//! within ten seconds, unless a test has more patience.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A request. The client sends the target byte for byte.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
    body: Option<Vec<u8>>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self { head: format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n"), body: None }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head += &format!("{name}: {value}\r\n");
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    pub(crate) fn json(self, body: &impl ToString) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    fn into_bytes(self) -> Vec<u8> {
        let mut bytes = self.head.into_bytes();
        if let Some(body) = &self.body {
            bytes.extend(format!("Content-Length: {}\r\n", body.len()).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(self.body.unwrap_or_default());
        bytes
    }
}

/// An answer. Header names are in lower case. The date and the request's id are left out, because
/// they differ between answers that are otherwise the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Response {
    /// Returns the value of the only header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(found, _)| found == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} twice: {self:?}");
        value
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// Returns the text of `{"error": ".."}`, which must be the whole body.
    pub(crate) fn error(&self) -> String {
        let serde_json::Value::Object(body) = self.json() else { panic!("{self:?}") };
        assert_eq!((body.len(), self.header("content-type")), (1, Some("application/json")), "{self:?}");
        body["error"].as_str().unwrap().to_owned()
    }
}

/// One connection at a time.
pub(crate) struct Client {
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    /// How long it waits for each answer.
    patience: Duration,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self::patient(address, Duration::from_secs(10))
    }

    /// A client that waits longer for an answer.
    pub(crate) fn patient(address: SocketAddr, patience: Duration) -> Self {
        Self { address, connection: None, patience }
    }

    pub(crate) async fn send(&mut self, request: Request) -> Response {
        let shown = request.head.lines().next().unwrap_or_default().to_owned();
        let answered = timeout(self.patience, self.exchange(request)).await;
        answered.unwrap_or_else(|_| panic!("no answer in time: {shown}"))
    }

    /// Sends a request until it is limited. A slow machine has room for a few more meanwhile.
    pub(crate) async fn send_until_limited(&mut self, request: Request) -> Response {
        for _ in 0..5 {
            let response = self.send(request.clone()).await;
            if response.status == 429 {
                return response;
            }
        }
        self.send(request).await
    }

    async fn exchange(&mut self, request: Request) -> Response {
        let is_head = request.head.starts_with("HEAD ");
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => BufReader::new(TcpStream::connect(self.address).await.unwrap()),
        };
        // A server that refuses a long body may close before it has read it, and still answers.
        let _refused = connection.get_mut().write_all(&request.into_bytes()).await;
        let status_line = line(&mut connection).await;
        let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("{status_line:?}"));
        let mut headers = Vec::new();
        loop {
            let line = line(&mut connection).await;
            let Some((name, value)) = line.split_once(':') else {
                assert_eq!(line, "");
                break;
            };
            if !["date", "x-request-id"].contains(&&*name.to_ascii_lowercase()) {
                headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        let mut response = Response { status, headers, body: String::new() };
        let length = response.header("content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; if is_head || status == 204 { 0 } else { length }];
        connection.read_exact(&mut body).await.unwrap();
        response.body = String::from_utf8(body).unwrap();
        assert_eq!(response.header("transfer-encoding"), None, "{response:?}");
        if response.header("connection") != Some("close") {
            self.connection = Some(connection);
        }
        response
    }
}

async fn line(connection: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    connection.read_line(&mut line).await.unwrap();
    line.strip_suffix("\r\n").unwrap_or_else(|| panic!("the connection ended in {line:?}")).to_owned()
}
