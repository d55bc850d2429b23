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

    /// The body, or its first 256 KiB, or as much of it as has come in time.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether a header of this name has this word in its list.
    fn lists(&self, name: &str, word: &str) -> bool {
        let values = self.headers.iter().filter(|(found, _)| found == name);
        values.flat_map(|(_, value)| value.split(',')).any(|found| found.trim().eq_ignore_ascii_case(word))
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

    /// Whether the next request goes over the connection of the last one.
    #[cfg(test)]
    pub(super) const fn keeps_its_connection(&self) -> bool {
        self.kept.is_some()
    }

    /// Sends one request of this method. `Err` only if there is no connection to be had.
    pub(super) fn send(&mut self, bytes: &[u8], method: &str) -> io::Result<Outcome> {
        // The server may have closed the kept connection in the meantime. One that says nothing is not asked again.
        if let Some(kept) = self.kept.take().filter(is_quiet) {
            let outcome = self.exchange(kept, bytes, method);
            if !matches!(outcome, Outcome::Closed) {
                return Ok(outcome);
            }
        }
        let fresh = TcpStream::connect_timeout(&self.address, self.limit)?;
        fresh.set_nodelay(true)?;
        Ok(self.exchange(fresh, bytes, method))
    }

    fn exchange(&mut self, stream: TcpStream, bytes: &[u8], method: &str) -> Outcome {
        let mut connection = Connection { stream, deadline: Instant::now() + self.limit, buffer: Vec::new() };
        // A server that refuses early may close before everything is written; its answer is there all the same.
        let written = connection.write(bytes);
        match connection.answer(method) {
            Ok((answer, reusable)) => {
                // The rest of a body that nobody has read would be taken for the next request.
                if reusable && written.is_ok() && connection.buffer.is_empty() && is_bare(bytes) {
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

/// Without a body.
fn is_bare(request: &[u8]) -> bool {
    request.windows(4).position(|window| window == b"\r\n\r\n").is_some_and(|end| end + 4 == request.len())
}

/// Nothing has come that nobody asked for, neither the end nor a second answer, which would be taken for the next one.
fn is_quiet(kept: &TcpStream) -> bool {
    let waiting = kept.set_nonblocking(true).and_then(|()| kept.peek(&mut [0]));
    let has_none = waiting.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
    has_none && kept.set_nonblocking(false).is_ok()
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

    /// The answer, and whether the connection can be used again.
    ///
    /// It counts from its head on: a handler whose body never ends, or breaks off, has run all the same.
    fn answer(&mut self, method: &str) -> io::Result<(Answer, bool)> {
        let (mut answer, mut is_persistent) = self.head()?;
        while matches!(answer.status, 100 | 102..=199) {
            (answer, is_persistent) = self.head()?;
        }
        // From here on the connection speaks something else.
        if answer.status == 101 || method == "CONNECT" && (200..300).contains(&answer.status) {
            return Ok((answer, false));
        }
        let closes = answer.lists("connection", "close");
        let is_whole =
            method == "HEAD" || matches!(answer.status, 204 | 304) || self.body(&mut answer).unwrap_or_default();
        Ok((answer, is_whole && is_persistent && !closes))
    }

    /// Whether the body was read to its end, after which another answer may follow.
    fn body(&mut self, answer: &mut Answer) -> io::Result<bool> {
        if answer.lists("transfer-encoding", "chunked") {
            return self.chunks(&mut answer.body);
        }
        let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
        let most = length.unwrap_or(MAX_BODY).min(MAX_BODY);
        while self.buffer.len() < most && self.more().is_ok() {}
        answer.body = self.buffer.drain(..most.min(self.buffer.len())).collect();
        Ok(length == Some(answer.body.len()))
    }

    /// What comes before a body, and whether the server's version of HTTP keeps connections.
    fn head(&mut self) -> io::Result<(Answer, bool)> {
        let head = self.until(b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&head);
        let mut lines = head.split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = first.strip_prefix("HTTP/1.").and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        let answer = Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, headers, body: Vec::new() };
        Ok((answer, first.starts_with("HTTP/1.1 ")))
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
            while self.buffer.len() < length {
                if let Err(error) = self.more() {
                    body.append(&mut self.buffer);
                    return Err(error);
                }
            }
            body.extend(self.buffer.drain(..length));
            // The line's end; after the last chunk there may be trailers, up to an empty line.
            while !self.until(b"\r\n")?.is_empty() {}
            if length == 0 {
                return Ok(true);
            }
        }
    }
}
