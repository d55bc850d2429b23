//! Lines of access logs. Clients of the API choose a part of every line, so nothing here trusts it.

use std::borrow::Cow;

use serde_json::Value;

use super::evidence::EvidenceError;
use super::times;
use super::unique::Unique;

/// The longest line, in bytes. Longer ones cannot be read.
pub const LONGEST_LINE: usize = 64 << 10;

/// The format of a log's lines.
///
/// ```
/// use scopes_export::usage::LogFormat;
///
/// let line = r#"::1 - ada [29/Nov/2026:12:00:00 +0000] "GET /users?page=2 HTTP/1.1" 200 512"#;
/// let request = LogFormat::Common.read(line)?;
/// assert_eq!((request.method(), request.target()), ("GET", "/users?page=2"));
/// assert_eq!((request.status(), request.time()), (Some(200), Some(1_795_953_600)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LogFormat {
    /// The Common Log Format, and the Combined Log Format, which has more fields at its end. The
    /// time may also be RFC 3339's.
    Common,
    /// A JSON object, whose members have these names. A line with a member twice cannot be read.
    Json(Members),
    /// `METHOD target`, and a status if it is known.
    Plain,
}

/// Where a JSON object of a log has what. A dot leads into an object: `request.method`.
///
/// ```
/// use scopes_export::usage::{LogFormat, Members};
///
/// let method = "request.method".into();
/// let members = Members { method, target: "request.uri".into(), ..Members::default() };
/// let line = r#"{"request": {"method": "GET", "uri": "/users"}, "status": 200}"#;
/// let request = LogFormat::Json(members).read(line)?;
/// assert_eq!((request.target(), request.status()), ("/users", Some(200)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[allow(
    clippy::exhaustive_structs,
    reason = "the members are named one by one, and `..Members::default()` fills in the rest"
)]
pub struct Members {
    /// The method; `method` by default.
    pub method: String,
    /// The target with its path; `path` by default.
    pub target: String,
    /// The status of the answer; `status` by default. Without it, a request counts as allowed.
    pub status: String,
    /// The time: RFC 3339's, that of the Common Log Format, or seconds since 1970; `time` by
    /// default. A line with another time cannot be read.
    pub time: String,
    /// The id of the token, never the token itself; none by default.
    pub token: Option<String>,
}

impl Default for Members {
    fn default() -> Self {
        Self {
            method: "method".to_owned(),
            target: "path".to_owned(),
            status: "status".to_owned(),
            time: "time".to_owned(),
            token: None,
        }
    }
}

/// A request of a log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRequest<'l> {
    method: Cow<'l, str>,
    target: Cow<'l, str>,
    status: Option<u16>,
    time: Option<u64>,
    token: Option<Cow<'l, str>>,
}

impl LogRequest<'_> {
    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The target, with its query.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The status of the answer, if the line has it.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The time in seconds since 1970, if the line has it. A leap second counts as the second
    /// before.
    #[must_use]
    pub const fn time(&self) -> Option<u64> {
        self.time
    }

    /// The id of the token, if the line has it.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl LogFormat {
    /// Reads one line.
    ///
    /// # Errors
    /// If the line does not have the format, has a time that does not exist or a control character,
    /// or more than [`LONGEST_LINE`] bytes.
    pub fn read<'l>(&self, line: &'l str) -> Result<LogRequest<'l>, EvidenceError> {
        let line = line.trim_end_matches(['\r', '\n']);
        let found = if line.len() > LONGEST_LINE || !is_text(line) {
            None
        } else {
            match self {
                Self::Common => common(line),
                Self::Json(members) => json(line, members),
                Self::Plain => plain(line),
            }
        };
        found.filter(|request| is_request(request)).ok_or(EvidenceError::Unreadable)
    }
}

/// Servers escape control characters. A file that was cut while a server wrote to it has zeros.
fn is_text(line: &str) -> bool {
    line.bytes().all(|byte| byte == b'\t' || !byte.is_ascii_control())
}

/// Whether method and target can be those of a request. Servers also log what no request was.
fn is_request(request: &LogRequest<'_>) -> bool {
    let is_method = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let target = request.target();
    !request.method.is_empty()
        && request.method.len() <= 64
        && request.method.bytes().all(is_method)
        && (target.starts_with('/') || target.contains("://") || target == "*")
}

/// `host ident user [time] "METHOD target HTTP/1.1" status bytes`, and whatever follows.
///
/// A client chooses the user's name, which may have brackets and blanks. A quotation mark in it is
/// escaped, so the first one that is not begins the request.
fn common(line: &str) -> Option<LogRequest<'_>> {
    let start = unescaped_quote(line)?;
    let (before, quoted) = (line.get(..start)?, line.get(start + 1..)?);
    let time = before.strip_suffix("] ")?;
    let time = time.get(time.rfind('[')? + 1..)?;
    let end = unescaped_quote(quoted)?;
    let (request, after) = (quoted.get(..end)?, quoted.get(end + 1..)?);
    let mut words = request.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next());
    if words.next().is_some() || version.is_some_and(|version| !version.starts_with("HTTP/")) {
        return None;
    }
    let status = status(after.strip_prefix(' ')?.split(' ').next()?)?;
    Some(LogRequest {
        method: method.into(),
        target: target.into(),
        status: Some(status),
        time: Some(times::of_text(time)?),
        token: None,
    })
}

/// The position of the first quotation mark without a backslash that escapes it.
fn unescaped_quote(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| {
        let is_end = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_end
    })
}

fn status(text: &str) -> Option<u16> {
    let is_status = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|status| is_status && *status >= 100)
}

fn plain(line: &str) -> Option<LogRequest<'_>> {
    let mut words = line.split_ascii_whitespace();
    let (method, target) = (words.next()?, words.next()?);
    let status = words.next().map(|text| status(text).ok_or(())).transpose().ok()?;
    let has_more = words.next().is_some();
    (!has_more).then(|| LogRequest { method: method.into(), target: target.into(), status, time: None, token: None })
}

fn json<'l>(line: &str, members: &Members) -> Option<LogRequest<'l>> {
    let Unique(object) = serde_json::from_str(line).ok().filter(|Unique(value)| value.is_object())?;
    let text = |name: &str| member(&object, name).and_then(Value::as_str).map(str::to_owned);
    let status = match member(&object, &members.status) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(status(text)?),
        Some(value) => Some(status(&value.as_u64()?.to_string())?),
    };
    let time = match member(&object, &members.time) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(times::of_text(text)?),
        Some(value) => Some(times::of_number(value.as_f64()?)?),
    };
    let token = match members.token.as_deref().and_then(|name| member(&object, name)) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Cow::Owned(text.clone())),
        Some(Value::Number(number)) => Some(Cow::Owned(number.to_string())),
        Some(_) => return None,
    };
    Some(LogRequest {
        method: text(&members.method)?.into(),
        target: text(&members.target)?.into(),
        status,
        time,
        token,
    })
}

/// A member of an object, or of an object within it. A name that is there as it is written wins.
fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).or_else(|| {
        let (outer, inner) = name.split_once('.')?;
        member(value.get(outer)?, inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &LogFormat, line: &str) -> Option<(String, String, Option<u16>)> {
        let request = format.read(line).ok()?;
        Some((request.method().to_owned(), request.target().to_owned(), request.status()))
    }

    fn request(method: &str, target: &str, status: Option<u16>) -> Option<(String, String, Option<u16>)> {
        Some((method.to_owned(), target.to_owned(), status))
    }

    #[test]
    fn common_and_combined() {
        let read = |line: &str| read(&LogFormat::Common, line);
        let time = "[29/Nov/2026:12:00:00 +0000]";
        for (line, expected) in [
            (format!(r#"::1 - - {time} "GET /a HTTP/1.1" 200 5"#), request("GET", "/a", Some(200))),
            (format!(r#"::1 - - {time} "GET /a HTTP/1.1" 404 - "-" "curl \"8\"""#), request("GET", "/a", Some(404))),
            // HTTP/0.9 has no version.
            (format!(r#"h - - {time} "GET /a" 200 5"#), request("GET", "/a", Some(200))),
            // The user's name is what the client says.
            (
                format!(r#"h - x [1] \"GET /b HTTP/1.1\" 200 {time} "PUT /a HTTP/2.0" 201 5"#),
                request("PUT", "/a", Some(201)),
            ),
            (format!(r#"h - - {time} "GET /a\" 200 HTTP/1.1" 200 5"#), None),
            (format!(r#"h - - {time} "GET /a\\" 200 5"#), request("GET", "/a\\\\", Some(200))),
            (format!(r#"h - - {time} "\x16\x03\x01" 400 5"#), None),
            (format!(r#"h - - {time} "-" 408 5"#), None),
            (format!(r#"h - - {time} "GET /a b HTTP/1.1" 200 5"#), None),
            (format!(r#"h - - {time} "GET /a HTTP/1.1" 2000 5"#), None),
            (r#"h - - "GET /a HTTP/1.1" 200 5"#.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(read(&line), expected, "{line}");
        }
        let line = format!(r#"h - x [1] {time} "GET /a HTTP/1.1" 200 5"#);
        let found = LogFormat::Common.read(&line).unwrap();
        assert_eq!(found.time(), Some(1_795_953_600));
    }

    #[test]
    fn plain_lines() {
        let read = |line| read(&LogFormat::Plain, line);
        assert_eq!(read("GET /a?b=c"), request("GET", "/a?b=c", None));
        assert_eq!(read("GET\t/a  403 "), request("GET", "/a", Some(403)));
        assert_eq!(read("GET https://a.example/b"), request("GET", "https://a.example/b", None));
        for line in ["GET", "GET a", "GET /a 99", "GET /a 200 x", "G\u{1b} /a", ""] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn objects() {
        let members = Members { token: Some("auth.id".to_owned()), ..Members::default() };
        let format = LogFormat::Json(members);
        for (line, expected) in [
            (r#"{"method":"GET","path":"/a","status":200}"#, request("GET", "/a", Some(200))),
            (r#"{"method":"GET","path":"/a","status":"403"}"#, request("GET", "/a", Some(403))),
            (r#"{"method":"GET","path":"/a","status":null}"#, request("GET", "/a", None)),
            (r#"{"method":"GET","path":"/a","status":"x"}"#, None),
            (r#"{"method":"GET","path":"/a","status":-1}"#, None),
            (r#"{"method":1,"path":"/a"}"#, None),
            (r#"{"path":"/a"}"#, None),
            (r#"{"method":"GET","path":"/a","status":403,"status":200}"#, None),
            (r#"{"method":"GET","path":"/a","x":[{"y":1,"\u0079":1.5}]}"#, None),
            (r#"{"method":"GET","path":"/a","x":[{"y":-1,"z":null,"a":true}]}"#, request("GET", "/a", None)),
            (r#"[{"method":"GET","path":"/a"}]"#, None),
            ("{", None),
        ] {
            assert_eq!(read(&format, line), expected, "{line}");
        }
        let line = r#"{"method":"GET","path":"/a","auth":{"id":"t-1"},"auth.id":7,"time":1764417600.5}"#;
        let found = format.read(line).unwrap();
        assert_eq!((found.token(), found.time()), (Some("7"), Some(1_764_417_600)));
        for (time, expected) in [
            ("1764417600", Some(Some(1_764_417_600))),
            (r#""1764417600.123""#, Some(Some(1_764_417_600))),
            (r#""2025-11-29T12:00:00Z""#, Some(Some(1_764_417_600))),
            (r#""29/Nov/2025:12:00:00 +0000""#, Some(Some(1_764_417_600))),
            ("null", Some(None)),
            ("1e300", None),
            ("1e999", None),
            ("-1", None),
            ("1764417600123", None),
            ("99999999999999999999999", None),
            ("true", None),
            ("[]", None),
            (r#""2026-02-31T00:00:00Z""#, None),
            (r#""2026-11-29T99:99:99Z""#, None),
            (r#""""#, None),
        ] {
            let line = format!(r#"{{"method":"GET","path":"/a","time":{time}}}"#);
            assert_eq!(format.read(&line).ok().map(|request| request.time()), expected, "{line}");
        }
        // Numbers that no status is.
        for status in ["200.5", "1e2", "65736", "18446744073709551816", "99", "1000", "-200", "[200]"] {
            let line = format!(r#"{{"method":"GET","path":"/a","status":{status}}}"#);
            assert_eq!(read(&format, &line), None, "{line}");
        }
    }

    /// The line would count as use at a time that never was.
    #[test]
    fn times_that_never_were() {
        for (time, is_readable) in [
            ("29/Nov/2026:12:00:00 +0000", true),
            ("2026-11-29T12:00:00+00:00", true),
            ("31/Feb/2026:12:00:00 +0000", false),
            ("29/Nov/2026:99:99:99 +0000", false),
            ("29/Nov/2026:12:00:00 +9900", false),
            ("29/Nov/1969:12:00:00 +0000", false),
            ("-", false),
            ("", false),
        ] {
            let line = format!(r#"::1 - - [{time}] "GET /a HTTP/1.1" 200 5"#);
            assert_eq!(LogFormat::Common.read(&line).is_ok(), is_readable, "{time}");
        }
    }

    #[test]
    fn control_characters() {
        let common = r#"::1 - - [29/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl""#;
        let json = r#"{"method":"GET","path":"/a"}"#;
        let members = Members::default();
        for (format, line) in
            [(LogFormat::Common, common), (LogFormat::Json(members), json), (LogFormat::Plain, "GET /a 200")]
        {
            for end in ["", "\n", "\r\n", "\r"] {
                assert!(format.read(&format!("{line}{end}")).is_ok(), "{line}{end:?}");
            }
            for character in ['\0', '\u{1b}', '\u{7f}', '\r', '\n', '\u{b}'] {
                let middle = line.replacen("/a", &format!("/a{character}"), 1);
                for line in [format!("{character}{line}"), middle, format!("{line}{character}x")] {
                    assert!(format.read(&line).is_err(), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn long_lines() {
        let line = format!("GET /{}", "a".repeat(LONGEST_LINE));
        assert_eq!(LogFormat::Plain.read(&line), Err(EvidenceError::Unreadable));
    }
}
