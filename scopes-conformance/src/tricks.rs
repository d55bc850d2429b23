//! The tricks, made from the path of any route. Each has deceived some router, proxy or
//! hand-written check.

use super::classes;
use super::spelled::Spelled;

/// One request that plays a trick on a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trick {
    /// The class of the trick: a line of the report.
    pub(super) class: &'static str,
    /// The method as sent.
    pub(super) method: String,
    /// The target as sent.
    pub(super) target: Vec<u8>,
    /// The version as sent.
    pub(super) version: &'static str,
    /// The `Host` header of the request.
    pub(super) host: Host,
    /// More header lines.
    pub(super) headers: Vec<String>,
    /// Content type and body, instead of the usual ones.
    pub(super) body: Option<(&'static str, String)>,
}

/// The `Host` of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// The address of the server.
    Own,
    /// No `Host` header is sent.
    Missing,
    /// This text.
    Other(&'static str),
}

impl Trick {
    pub(super) fn new(class: &'static str, method: &str, target: impl Into<Vec<u8>>) -> Self {
        Self {
            class,
            method: method.to_owned(),
            target: target.into(),
            version: "HTTP/1.1",
            host: Host::Own,
            headers: Vec::new(),
            body: None,
        }
    }

    pub(super) fn body(mut self, content_type: &'static str, body: impl Into<String>) -> Self {
        self.body = Some((content_type, body.into()));
        self
    }

    pub(super) fn header(mut self, line: impl Into<String>) -> Self {
        self.headers.push(line.into());
        self
    }
}

/// The other paths of tricks that name one path in the request line and another in a header.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    /// A path that every caller may reach.
    pub(super) public: String,
    /// A path below the base that does not match a route, unless the catalogue has a catch-all.
    pub(super) nowhere: String,
}

/// Makes all tricks with the path of a route.
pub(super) fn tricks(method: &str, spelled: &Spelled, elsewhere: &Elsewhere) -> Vec<Trick> {
    let mut all = Vec::new();
    for (class, targets) in [
        (classes::LETTERS, letters(spelled)),
        (classes::SLASHES, slashes(spelled)),
        (classes::DOTS, dots(spelled)),
        (classes::SEMICOLONS, semicolons(spelled)),
        (classes::CASE, case(spelled)),
        (classes::ENDINGS, endings(&spelled.path())),
        (classes::FORMS, forms(&spelled.path())),
    ] {
        all.extend(targets.into_iter().map(|target| Trick::new(class, method, target)));
    }
    all.extend(raw_bytes(&spelled.path()).into_iter().map(|target| Trick::new(classes::ENDINGS, method, target)));
    all.extend(methods(method, &spelled.path()));
    all.extend(headers(method, &spelled.path(), elsewhere));
    all
}

pub(super) fn encoded(byte: u8) -> String {
    format!("%{byte:02x}")
}

pub(super) fn first_encoded(text: &str) -> String {
    text.split_at_checked(1).map_or_else(String::new, |(first, rest)| encoded(first.as_bytes()[0]) + rest)
}

pub(super) fn last_encoded(text: &str) -> String {
    let at = text.len().saturating_sub(1);
    text.split_at_checked(at)
        .filter(|(_, last)| !last.is_empty())
        .map_or_else(|| text.to_owned(), |(rest, last)| rest.to_owned() + &encoded(last.as_bytes()[0]))
}

fn letters(spelled: &Spelled) -> Vec<String> {
    let mut all = Vec::new();
    for at in spelled.outer_literals() {
        all.push(spelled.with_segment(at, first_encoded));
        all.push(spelled.with_segment(at, last_encoded));
        all.push(spelled.with_segment(at, |text| first_encoded(text).replacen('%', "%25", 1)));
        all.push(spelled.with_segment(at, |text| text.bytes().map(encoded).collect()));
    }
    if let Some((at, _)) = spelled.tenant() {
        all.push(spelled.with_segment(at, first_encoded));
        all.push(spelled.with_segment(at, |text| first_encoded(text).replacen('%', "%25", 1)));
    }
    all
}

fn slashes(spelled: &Spelled) -> Vec<String> {
    let path = spelled.path();
    let mut all: Vec<String> = (0..spelled.len()).map(|at| spelled.with_separator(at, "//")).collect();
    let last = spelled.len().saturating_sub(1);
    for at in if last == 0 { vec![0] } else { vec![1, last] } {
        for separator in ["%2F", "%2f", "%252F", "\\", "%5C", "/%2F", "%2F/", "/\\", "%C0%AF", "%u002f"] {
            all.push(spelled.with_separator(at, separator));
        }
    }
    all.extend(
        ["///", "/%2F/", "\\", "/\\/", "%2F", "/%20/"].map(|start| format!("{start}{}", path.trim_start_matches('/'))),
    );
    all.extend(["/", "//", "/%2F", "%2F", "\\", "%5C"].map(|end| format!("{path}{end}")));
    all
}

fn dots(spelled: &Spelled) -> Vec<String> {
    let path = spelled.path();
    let last = spelled.len().saturating_sub(1);
    let mut all = Vec::new();
    for at in if last == 0 { vec![0] } else { vec![0, last] } {
        for between in [
            "/./",
            "/x/../",
            "/%2e/",
            "/x/%2e%2e/",
            "/x/.%2E/",
            "/x%2F..%2F",
            "/x\\..\\",
            "/x/..;/",
            "/x/%252e%252e/",
            "/../",
            "/x/%C0%AE%C0%AE/",
        ] {
            all.push(spelled.with_separator(at, between));
        }
    }
    all.extend(["/.", "/x/..", "/%2e", "/x/%2e%2e", "/.;", "/x/..;"].map(|end| format!("{path}{end}")));
    all
}

fn semicolons(spelled: &Spelled) -> Vec<String> {
    let path = spelled.path();
    let mut all: Vec<String> =
        (0..spelled.len()).map(|at| spelled.with_segment(at, |text| format!("{text};x=1"))).collect();
    all.push(format!("/;{path}"));
    all.push(format!("/;x{path}"));
    all.extend([";", ";.json", "%3B", "%3Bx=1", "/;", ";/"].map(|end| format!("{path}{end}")));
    all
}

fn case(spelled: &Spelled) -> Vec<String> {
    let literals = spelled.outer_literals();
    let mut all: Vec<String> = literals.iter().map(|&at| spelled.with_segment(at, swapped)).collect();
    all.push(spelled.with_segments(str::to_uppercase));
    all
}

/// The text with its first letter in the other case.
pub(super) fn swapped(text: &str) -> String {
    let Some((first, rest)) = text.split_at_checked(1) else { return text.to_owned() };
    let upper = first.to_ascii_uppercase();
    (if upper == first { first.to_ascii_lowercase() } else { upper }) + rest
}

fn endings(path: &str) -> Vec<String> {
    [
        "%00",
        "%00.json",
        "%0a",
        "%0d%0a",
        "%0d",
        "%20",
        "%09",
        "%7f",
        "%",
        "%2",
        "%ZZ",
        "%u002e",
        "%FF",
        "%ED%A0%80",
        "%E2%80%8B",
        ".json",
        ".css",
        ".html",
        "~",
        "+",
        "*",
        ":",
        "&",
        "%23",
        "%3F",
        "?",
        "??",
        "#",
        "#/../..",
        "%2500",
    ]
    .map(|end| format!("{path}{end}"))
    .into()
}

fn raw_bytes(path: &str) -> Vec<Vec<u8>> {
    [&b"\t"[..], b"\0", b"\x80", b"\xC0\xAF", b"<>", b"\"", b"^", b"|", b"`", b"{}"]
        .map(|end| [path.as_bytes(), end].concat())
        .into()
}

fn forms(path: &str) -> Vec<String> {
    let below = path.trim_start_matches('/');
    vec![
        format!("http://localhost{path}"),
        format!("http://localhost//{below}"),
        format!("https://elsewhere.test{path}"),
        format!("HTTP://localhost{path}"),
        format!("http://user@localhost{path}"),
        format!("//elsewhere.test{path}"),
        below.to_owned(),
        format!("?x={path}"),
        format!("/?x={path}"),
        format!("/#{path}"),
        format!("*{path}"),
        format!("{path}?a=/../..&b=%2F"),
    ]
}

fn methods(method: &str, path: &str) -> Vec<Trick> {
    let plain = |sent: &str| Trick::new(classes::METHODS, sent, path);
    let mut all = Vec::new();
    for other in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW"] {
        if other != method {
            all.push(plain(other));
        }
        for name in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
            if other != method && matches!(other, "GET" | "POST" | "OPTIONS") {
                all.push(plain(other).header(format!("{name}: {method}")));
            }
        }
    }
    all.push(plain(&method.to_lowercase()));
    all.push(plain(&swapped(&method.to_lowercase())));
    all.push(plain(&format!("{method}X")));
    for carrier in ["GET", "POST"] {
        all.push(Trick::new(classes::METHODS, carrier, format!("{path}?_method={method}")));
    }
    if let Some(form) = ["_method=PUT", "_method=DELETE", "_method=PATCH", "_method=POST", "_method=GET"]
        .into_iter()
        .find(|form| form.strip_prefix("_method=") == Some(method))
    {
        all.push(plain("POST").body("application/x-www-form-urlencoded", form));
    }
    all
}

fn headers(method: &str, path: &str, Elsewhere { public, nowhere }: &Elsewhere) -> Vec<Trick> {
    let mut all = Vec::new();
    for name in ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Original-Uri", "X-Forwarded-Path"] {
        all.push(Trick::new(classes::HEADERS, method, &**public).header(format!("{name}: {path}")));
        all.push(Trick::new(classes::HEADERS, method, &**nowhere).header(format!("{name}: {path}")));
        all.push(Trick::new(classes::HEADERS, method, path).header(format!("{name}: {public}")));
    }
    for line in [
        "X-Forwarded-For: 127.0.0.1",
        "X-Real-IP: 127.0.0.1",
        "X-Forwarded-Host: localhost",
        "X-Forwarded-Prefix: /public",
        "x-middleware-subrequest: middleware",
        "X-Remote-User: admin",
        "X-Authenticated: true",
        "Forwarded: for=127.0.0.1;by=127.0.0.1",
        "Connection: Authorization",
        "Referer: http://localhost/",
        "Upgrade: websocket",
    ] {
        all.push(Trick::new(classes::HEADERS, method, path).header(line));
    }
    all
}

/// The request as declared, with other versions and hosts, and with content types that make some
/// guards skip their checks.
pub(super) fn wrappings(method: &str, path: &str) -> Vec<Trick> {
    let plain = |version, host| Trick { version, host, ..Trick::new(classes::VERSIONS, method, path) };
    let mut all: Vec<Trick> = [
        ("HTTP/1.0", Host::Missing),
        ("HTTP/1.0", Host::Own),
        ("HTTP/1.1", Host::Missing),
        ("HTTP/1.1", Host::Other("")),
        ("HTTP/1.1", Host::Other("localhost")),
    ]
    .map(|(version, host)| plain(version, host))
    .into();
    let part = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--\r\n";
    for (content_type, body) in [
        ("multipart/form-data; boundary=x", part),
        ("multipart/mixed; boundary=x", part),
        ("application/octet-stream", "1"),
    ] {
        all.push(Trick::new(classes::CONTENT_TYPES, method, path).body(content_type, body));
    }
    all
}

/// Requests that name two tenants, by a caller who is authorized for `own` and not for the tenant
/// of the path.
pub(super) fn tenants(method: &str, spelled: &Spelled, own: &str, parameter: &str) -> Vec<Trick> {
    let Some((at, foreign)) = spelled.tenant() else { return Vec::new() };
    let mut all: Vec<Trick> = [
        format!("{own}/../{foreign}"),
        format!("{own}/%2e%2e/{foreign}"),
        format!("{own}%2F..%2F{foreign}"),
        format!("{own}\\..\\{foreign}"),
        format!("{own}/..;/{foreign}"),
        format!("{own}/{foreign}"),
        format!("{own}//{foreign}"),
        format!("{foreign};{own}"),
        format!("{foreign},{own}"),
        format!("{own},{foreign}"),
        format!("{foreign}%00{own}"),
        format!("{foreign}%00"),
        format!("{foreign}%20"),
        format!("%20{foreign}"),
        format!("{foreign}%2F"),
        format!("{foreign}?{own}"),
        format!("{foreign}%3F{own}"),
        first_encoded(foreign),
        foreign.bytes().map(encoded).collect(),
        format!("{{{parameter}}}"),
        format!(":{parameter}"),
        "*".into(),
        "%2A".into(),
        "..".into(),
        "%2e%2e".into(),
        "".into(),
        "null".into(),
    ]
    .into_iter()
    .map(|text| Trick::new(classes::TWO_TENANTS, method, spelled.with_segment(at, |_| text.clone())))
    .collect();
    let path = spelled.path();
    all.push(Trick::new(classes::TWO_TENANTS, method, format!("{path}?{parameter}={own}")));
    for line in [
        format!("X-Tenant-Id: {own}"),
        format!("X-{parameter}: {own}"),
        format!("X-Original-URL: {}", spelled.with_segment(at, |_| own.to_owned())),
        format!("X-Forwarded-Prefix: /{own}"),
    ] {
        all.push(Trick::new(classes::TWO_TENANTS, method, path.clone()).header(line));
    }
    all
}
