//! HTTP/1.1 over TCP without a library, so that each byte is sent as it is written here.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The longest wait for an answer. Even a slow machine answers sooner.
const PATIENCE: Duration = Duration::from_secs(10);

/// Stands for the status if the server neither answers nor closes the connection.
pub const SILENT: u16 = 0;

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Request {
    method: Vec<u8>,
    target: Vec<u8>,
    headers: Vec<String>,
    body: Option<Vec<u8>>,
}

impl Request {
    /// Makes a request. Method and target are sent unchanged.
    #[must_use]
    pub fn new(method: &str, target: impl AsRef<[u8]>) -> Self {
        Self { method: method.into(), target: target.as_ref().to_vec(), headers: Vec::new(), body: None }
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(mut self, line: impl Into<String>) -> Self {
        self.headers.push(line.into());
        self
    }

    /// Adds `Authorization: Bearer ..`.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header(format!("Authorization: Bearer {token}"))
    }

    /// Adds a body and its length.
    #[must_use]
    pub fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.body = Some(body.as_ref().to_vec());
        self
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(&self.method);
        bytes.push(b' ');
        bytes.extend(&self.target);
        bytes.extend(b" HTTP/1.1\r\nHost: suite.test\r\n");
        for line in &self.headers {
            bytes.extend(line.as_bytes());
            bytes.extend(b"\r\n");
        }
        if let Some(body) = &self.body {
            bytes.extend(format!("Content-Length: {}\r\n", body.len()).into_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Header lines in their order, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header that occurs once; `None` if it is missing or repeated.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null if it is not JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A client that keeps its connection as long as the server does.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    stream: Option<TcpStream>,
    connections: usize,
}

impl Client {
    /// Makes a client of one server. It connects when it sends its first request.
    #[must_use]
    pub const fn new(address: SocketAddr) -> Self {
        Self { address, stream: None, connections: 0 }
    }

    /// How often the client has connected.
    #[must_use]
    pub const fn connections(&self) -> usize {
        self.connections
    }

    /// Sends a request and reads its answer, on the kept connection if there is one.
    ///
    /// # Panics
    /// If the server does not answer.
    pub async fn send(&mut self, request: &Request) -> Answer {
        // The server may have closed the kept connection in the meantime.
        if let Some(kept) = self.stream.take()
            && let Ok(answer) = self.exchange(kept, request).await
        {
            return answer;
        }
        let fresh = connect(self.address).await;
        self.connections += 1;
        match self.exchange(fresh, request).await {
            Ok(answer) => answer,
            Err(error) => panic!("no answer: {error}"),
        }
    }

    async fn exchange(&mut self, mut stream: TcpStream, request: &Request) -> io::Result<Answer> {
        patiently(stream.write_all(&request.to_bytes())).await?;
        let answer = read(&mut stream, request.method == b"HEAD").await?;
        let closes = answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        self.stream = (!closes).then_some(stream);
        Ok(answer)
    }
}

/// Sends raw bytes on a new connection. Returns `None` if the server closes it without an answer.
/// The status is [`SILENT`] if the server neither answers nor closes it.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> Option<Answer> {
    let mut stream = connect(address).await;
    // A server that refuses early may close before everything is written. Its answer can still be
    // read.
    let _ = patiently(stream.write_all(bytes)).await;
    match read(&mut stream, bytes.starts_with(b"HEAD ")).await {
        Ok(answer) => Some(answer),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Some(Answer { status: SILENT, headers: Vec::new(), body: Vec::new() })
        }
        Err(_) => None,
    }
}

async fn connect(address: SocketAddr) -> TcpStream {
    let stream = patiently(TcpStream::connect(address)).await.expect("the server listens");
    stream.set_nodelay(true).expect("a socket option");
    stream
}

async fn patiently<T>(future: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}

/// Bytes that were read but not used yet.
struct Reader<'s> {
    stream: &'s mut TcpStream,
    buffer: Vec<u8>,
}

impl Reader<'_> {
    /// Reads more; `false` at the end.
    async fn more(&mut self) -> io::Result<bool> {
        Ok(patiently(self.stream.read_buf(&mut self.buffer)).await? > 0)
    }

    /// Takes everything up to the mark, the mark included.
    async fn until(&mut self, mark: &[u8]) -> io::Result<Vec<u8>> {
        loop {
            if let Some(start) = self.buffer.windows(mark.len()).position(|window| window == mark) {
                return Ok(self.buffer.drain(..start + mark.len()).collect());
            }
            if !self.more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    async fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            if !self.more().await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn rest(&mut self) -> io::Result<Vec<u8>> {
        while self.more().await? {}
        Ok(std::mem::take(&mut self.buffer))
    }

    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.until(b"\r\n").await?;
            let digits = String::from_utf8_lossy(&line);
            let digits = digits.split(';').next().unwrap_or_default().trim();
            let length = usize::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData)?;
            body.extend(self.exactly(length).await?);
            self.until(b"\r\n").await?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}

async fn read(stream: &mut TcpStream, to_head: bool) -> io::Result<Answer> {
    let mut reader = Reader { stream, buffer: Vec::new() };
    let head = reader.until(b"\r\n\r\n").await?;
    let head = String::from_utf8_lossy(&head);
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status = status.ok_or(io::ErrorKind::InvalidData)?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    if to_head || matches!(status, 204 | 304) {
        return Ok(answer);
    }
    answer.body = match (answer.header("content-length"), answer.header("transfer-encoding")) {
        (_, Some(encoding)) if encoding.eq_ignore_ascii_case("chunked") => reader.chunks().await?,
        (Some(length), _) => reader.exactly(length.parse().map_err(|_| io::ErrorKind::InvalidData)?).await?,
        _ => reader.rest().await?,
    };
    Ok(answer)
}
