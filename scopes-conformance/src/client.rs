//! HTTP/1.1 over a blocking socket, so that a target is sent byte for byte. Time, heads and bodies
//! are all bounded.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// The number of bytes after which the client stops reading a head. The heads of small answers are
/// shorter.
const MAX_HEAD: usize = 64 * 1024;
/// The number of bytes of a body that the client keeps.
const MAX_BODY: usize = 256 * 1024;
/// The longest time limit, because adding a larger `Duration` to an `Instant` may overflow.
const MAX_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The server's answer, or the lack of one.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::{Answer, Conformance, Reached};
///
/// /// The handlers of this server name themselves.
/// fn which(answer: &Answer) -> Reached {
///     match answer.header("x-handler") {
///         Some(route) => Reached::Handler { route: route.to_owned(), tenant: None },
///         None => Reached::Nothing,
///     }
/// }
/// let conformance = Conformance::new(server(), &api::CATALOGUE).reached(which);
/// let report = conformance.token("reader", reader).token("writer", writer).run();
/// assert!(report.is_complete(), "{report}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The status. It is 0 if the server closed the connection without an answer, or did not answer
    /// in time.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance =
    ///     Conformance::new(server(), &api::CATALOGUE).reached(|answer| answer.status() == 200);
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the status is a success, and the gRPC status too, if there is one: gRPC answers
    /// failures with 200.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance =
    ///     Conformance::new(server(), &api::CATALOGUE).reached(|answer| answer.is_success());
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status) && self.header("grpc-status").is_none_or(|code| code == "0")
    }

    /// The values of all headers of this name, joined, if there is any. Reading only the first
    /// would ignore a second, different value.
    pub(super) fn all(&self, name: &str) -> Option<String> {
        let mut values: Vec<&str> = Vec::new();
        for (_, value) in self.headers.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name)) {
            if !values.contains(&&**value) {
                values.push(value);
            }
        }
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The value of the first header of this name, in any case.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// let conformance = Conformance::new(server(), &api::CATALOGUE)
    ///     .reached(|answer| answer.header("X-Handler").is_some());
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// The body, or its first 256 KiB, or as much of it as arrived in time.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// # use scopes_conformance::Conformance;
    /// // Denials of this server are JSON objects, its handlers answer with text.
    /// let conformance = Conformance::new(server(), &api::CATALOGUE).body("text/plain", "ada");
    /// let conformance = conformance.reached(|answer| answer.body() == b"ada");
    /// let report = conformance.token("reader", reader).token("writer", writer).run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the comma-separated list in a header of this name contains this word.
    fn lists(&self, name: &str, word: &str) -> bool {
        let values = self.headers.iter().filter(|(found, _)| found == name);
        values.flat_map(|(_, value)| value.split(',')).any(|found| found.trim().eq_ignore_ascii_case(word))
    }
}

/// How an exchange ended, once the client was connected.
#[derive(Debug)]
pub(super) enum Outcome {
    Answered(Answer),
    /// The server closed the connection without an answer, or with something that is not an answer.
    Closed,
    /// Whether the error is a timeout.
    Silent,
}

/// A client with one connection, which it keeps as long as the server does.
#[derive(Debug)]
pub(super) struct Client {
    address: SocketAddr,
    limit: Duration,
    body_limit: Duration,
    kept: Option<TcpStream>,
}

impl Client {
    /// `limit` bounds the time of an answer, `body_limit` the time of its body once the head is
    /// read.
    pub(super) fn new(address: SocketAddr, limit: Duration, body_limit: Duration) -> Self {
        let limit = limit.min(MAX_LIMIT);
        Self { address, limit, body_limit: body_limit.min(limit), kept: None }
    }

    /// Whether the next request uses the connection of the last one.
    #[cfg(test)]
    pub(super) const fn keeps_its_connection(&self) -> bool {
        self.kept.is_some()
    }

    /// Sends one request of this method. `Err` only if no connection can be made.
    pub(super) fn send(&mut self, bytes: &[u8], method: &str) -> io::Result<Outcome> {
        // The server may have closed the kept connection in the meantime. If it is still open and
        // only times out, the request is not sent again.
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
        // The body of the answer to `OPTIONS` shows whether a handler or a layer has answered.
        let body_limit = if method == "OPTIONS" { self.limit } else { self.body_limit };
        let deadline = Instant::now() + self.limit;
        let mut connection = Connection { stream, deadline, body_limit, buffer: Vec::new() };
        // A server that refuses early may close before everything is written. Its answer can still
        // be read.
        let written = connection.write(bytes);
        match connection.answer(method) {
            Ok((answer, reusable)) => {
                // The connection is kept only after a request without a body. Otherwise the server
                // could take the rest of an unread body for the next request.
                if reusable && written.is_ok() && connection.buffer.is_empty() && is_bare(bytes) {
                    self.kept = Some(connection.stream);
                }
                Outcome::Answered(answer)
            }
            Err(error) if is_late(&error) => Outcome::Silent,
            Err(_) => Outcome::Closed,
        }
    }
}

/// Whether the error is a timeout.
fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

/// Whether the request has no body.
fn is_bare(request: &[u8]) -> bool {
    request.windows(4).position(|window| window == b"\r\n\r\n").is_some_and(|end| end + 4 == request.len())
}

/// Whether the connection can be used again: the server has neither closed it nor sent a second
/// answer. The client would take the second answer for the answer to the next request.
fn is_quiet(kept: &TcpStream) -> bool {
    let waiting = kept.set_nonblocking(true).and_then(|()| kept.peek(&mut [0]));
    let has_none = waiting.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock);
    has_none && kept.set_nonblocking(false).is_ok()
}

/// How the part before a body ended.
enum HeadEnd {
    /// An empty line ended it. `is_persistent` says whether the server's HTTP version keeps
    /// connections.
    Whole { is_persistent: bool },
    /// The connection ended, or the head is longer than this client reads.
    BrokenOff,
}

struct Connection {
    stream: TcpStream,
    deadline: Instant,
    body_limit: Duration,
    /// Bytes that were read but not used yet.
    buffer: Vec<u8>,
}

impl Connection {
    fn time_left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            // Set again for each piece: otherwise a server that takes one byte at a time would get
            // the whole limit for each byte.
            self.stream.set_write_timeout(Some(self.time_left()?))?;
            match self.stream.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = rest.get(written..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads more bytes. The end of the connection is an error.
    fn more(&mut self) -> io::Result<()> {
        let mut piece = [0; 8192];
        loop {
            self.stream.set_read_timeout(Some(self.time_left()?))?;
            match self.stream.read(&mut piece) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    self.buffer.extend(&piece[..read]);
                    return Ok(());
                }
                // Interrupted by a signal, not by the server.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes everything up to the mark, and the mark itself. Returns it without the mark.
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

    /// Returns the answer, and whether the connection can be used again.
    ///
    /// The status line alone is an answer: if the headers or the body break off or never end, the
    /// handler has still run.
    fn answer(&mut self, method: &str) -> io::Result<(Answer, bool)> {
        let (mut answer, mut end) = self.head()?;
        while matches!(answer.status, 100 | 102..=199) {
            (answer, end) = self.head()?;
        }
        let HeadEnd::Whole { is_persistent } = end else { return Ok((answer, false)) };
        // After this the connection carries another protocol.
        if answer.status == 101 || method == "CONNECT" && (200..300).contains(&answer.status) {
            return Ok((answer, false));
        }
        // Whether there is a body depends on how the server reads the method.
        if method != "HEAD" && method.eq_ignore_ascii_case("HEAD") {
            return Ok((answer, false));
        }
        self.deadline = self.deadline.min(Instant::now() + self.body_limit);
        let closes = answer.lists("connection", "close");
        let is_whole =
            method == "HEAD" || matches!(answer.status, 204 | 304) || self.body(&mut answer).unwrap_or_default();
        Ok((answer, is_whole && is_persistent && !closes))
    }

    /// Returns whether the body was read to its end, so that another answer may follow.
    fn body(&mut self, answer: &mut Answer) -> io::Result<bool> {
        if answer.lists("transfer-encoding", "chunked") {
            return self.chunks(&mut answer.body);
        }
        // Two different lengths, joined, are not a number. Then the body ends with the connection.
        let length = answer.all("content-length").and_then(|length| length.parse::<usize>().ok());
        let most = length.unwrap_or(MAX_BODY).min(MAX_BODY);
        while self.buffer.len() < most && self.more().is_ok() {}
        answer.body = self.buffer.drain(..most.min(self.buffer.len())).collect();
        Ok(length == Some(answer.body.len()))
    }

    /// Reads the status line and the headers.
    fn head(&mut self) -> io::Result<(Answer, HeadEnd)> {
        let first = self.line()?;
        let status = first.strip_prefix("HTTP/1.").and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let mut answer = Answer { status: status.ok_or(io::ErrorKind::InvalidData)?, ..Answer::default() };
        let mut size = first.len();
        loop {
            let line = match self.line() {
                Ok(line) if line.is_empty() => {
                    return Ok((answer, HeadEnd::Whole { is_persistent: first.starts_with("HTTP/1.1 ") }));
                }
                Ok(line) if size + line.len() <= MAX_HEAD => line,
                // Late headers: it is unknown what they say and what the handler has done.
                Err(error) if is_late(&error) => return Err(error),
                _ => return Ok((answer, HeadEnd::BrokenOff)),
            };
            size += line.len();
            if let Some((name, value)) = line.split_once(':') {
                answer.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
    }

    fn line(&mut self) -> io::Result<String> {
        self.until(b"\r\n").map(|line| String::from_utf8_lossy(&line).into_owned())
    }

    /// Reads the chunks, and returns whether all were read.
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
            // Skips the end of the line. After the last chunk there may be trailers, up to an empty
            // line.
            while !self.until(b"\r\n")?.is_empty() {}
            if length == 0 {
                return Ok(true);
            }
        }
    }
}
