//! HTTP/1.1 over a blocking socket, so that a target goes out byte for byte. Everything is bounded: time, heads, bodies.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// More of a head than any answer to a small request has.
const MAX_HEAD: usize = 64 * 1024;
/// What is kept of a body.
const MAX_BODY: usize = 256 * 1024;

/// What the server answered, or that it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The status; 0 if the server closed the connection without an answer, or gave none in time.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is a success, and also that of gRPC, if there is one: it says 200 to failures.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && self.header("grpc-status").is_none_or(|code| code == "0")
    }

    /// The value of the first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The body, or its first 256 KiB.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// How an exchange ended, once there was a connection.
#[derive(Debug)]
pub(super) enum Outcome {
    Answered(Answer),
    /// The connection was closed without an answer, or with what is none.
    Closed,
    /// Nothing came in time.
    Silent,
}

/// One connection, kept as long as the server keeps it.
#[derive(Debug)]
pub(super) struct Client {
    address: SocketAddr,
    limit: Duration,
    kept: Option<TcpStream>,
}

impl Client {
    pub(super) const fn new(address: SocketAddr, limit: Duration) -> Self {
        Self { address, limit, kept: None }
    }

    /// Sends one request. `Err` only if there is no connection to be had.
    pub(super) fn send(&mut self, bytes: &[u8], to_head: bool) -> io::Result<Outcome> {
        // The server may have closed the kept connection in the meantime.
        if let Some(kept) = self.kept.take()
            && let outcome @ Outcome::Answered(_) = self.exchange(kept, bytes, to_head)
        {
            return Ok(outcome);
        }
        let fresh = TcpStream::connect_timeout(&self.address, self.limit)?;
        fresh.set_nodelay(true)?;
        Ok(self.exchange(fresh, bytes, to_head))
    }

    fn exchange(&mut self, stream: TcpStream, bytes: &[u8], to_head: bool) -> Outcome {
        let mut connection = Connection { stream, deadline: Instant::now() + self.limit, buffer: Vec::new() };
        // A server that refuses early may close before everything is written; its answer is there all the same.
        let written = connection.write(bytes);
        match connection.answer(to_head) {
            Ok((answer, reusable)) => {
                // The rest of a refused body would be read as the next request.
                if reusable
                    && written.is_ok()
                    && connection.buffer.is_empty()
                    && (answer.is_success() || is_bare(bytes))
                {
                    self.kept = Some(connection.stream);
                }
                Outcome::Answered(answer)
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock) => {
                Outcome::Silent
            }
            Err(_) => Outcome::Closed,
        }
    }
}

fn is_bare(request: &[u8]) -> bool {
    request.ends_with(b"\r\n\r\n")
}

struct Connection {
    stream: TcpStream,
    deadline: Instant,
    /// What was read and not used yet.
    buffer: Vec<u8>,
}

impl Connection {
    fn time_left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.set_write_timeout(Some(self.time_left()?))?;
        self.stream.write_all(bytes)
    }

    /// Reads more; an error at the end.
    fn more(&mut self) -> io::Result<()> {
        let mut piece = [0; 8192];
        self.stream.set_read_timeout(Some(self.time_left()?))?;
        match self.stream.read(&mut piece)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.buffer.extend(&piece[..read]);
                Ok(())
            }
        }
    }

    /// Everything before the mark, which is taken too.
    fn until(&mut self, mark: &[u8]) -> io::Result<Vec<u8>> {
        loop {
            if let Some(start) = self.buffer.windows(mark.len()).position(|window| window == mark) {
                let mut taken: Vec<u8> = self.buffer.drain(..start + mark.len()).collect();
                taken.truncate(start);
                return Ok(taken);
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            self.more()?;
        }
    }

    fn exactly(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.more()?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    /// The answer, and whether the connection can be used again.
    fn answer(&mut self, to_head: bool) -> io::Result<(Answer, bool)> {
        let mut answer = self.head()?;
        while matches!(answer.status, 100 | 102..=199) {
            answer = self.head()?;
        }
        let closes = answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if to_head || matches!(answer.status, 204 | 304) {
            return Ok((answer, !closes));
        }
        let chunked = answer.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        let length = answer.header("content-length").map(str::parse::<usize>);
        let whole = match length {
            _ if chunked => self.chunks(&mut answer.body)?,
            Some(length) => {
                let length = length.map_err(|_| io::ErrorKind::InvalidData)?;
                answer.body = self.exactly(length.min(MAX_BODY))?;
                length <= MAX_BODY
            }
            None => {
                // Until the end, which an error is as well: what came is the answer.
                while self.buffer.len() < MAX_BODY && self.more().is_ok() {}
                answer.body = std::mem::take(&mut self.buffer);
                answer.body.truncate(MAX_BODY);
                false
            }
        };
        Ok((answer, whole && !closes))
    }

    fn head(&mut self) -> io::Result<Answer> {
        let head = self.until(b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&head);
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Ok(Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, headers, body: Vec::new() })
    }

    /// Whether all chunks were read.
    fn chunks(&mut self, body: &mut Vec<u8>) -> io::Result<bool> {
        loop {
            let line = self.until(b"\r\n")?;
            let digits = String::from_utf8_lossy(&line);
            let digits = digits.split(';').next().unwrap_or_default().trim();
            let length = usize::from_str_radix(digits, 16).map_err(|_| io::ErrorKind::InvalidData)?;
            if length > MAX_BODY - body.len().min(MAX_BODY) {
                return Ok(false);
            }
            body.extend(self.exactly(length)?);
            // The line's end; after the last chunk there may be trailers, up to an empty line.
            while !self.until(b"\r\n")?.is_empty() {}
            if length == 0 {
                return Ok(true);
            }
        }
    }
}
