//! A small correct server, and the reports of runs against it and against servers with a mistake.

mod anonymous;
mod broken;
mod client;
mod deprecated;
mod fixture;
mod limits;
mod missed;
mod overlaps;
mod places;
mod problems;
mod report;
mod state;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use scopes_core::ScopeSet;

use super::*;
use fixture::{ALL_READ, CATALOGUE, EVENTS_READ, TestScope, USERS_READ, USERS_WRITE};
use scopes::{Catalogue, Grant};

struct Asked {
    /// The number of the connection.
    connection: usize,
    method: String,
    target: String,
    /// The version as sent: `HTTP/1.1`.
    version: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    fn grant(&self) -> Option<Grant<TestScope>> {
        let mut all = self.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        let (_, value) = all.next()?;
        if all.next().is_some() { None } else { known(value.strip_prefix("Bearer ")?) }
    }
}

/// Returns the grant of a test token, such as `secret-reader-e1`.
fn known(token: &str) -> Option<Grant<TestScope>> {
    let (name, tenant) = token.strip_prefix("secret-")?.split_once('-')?;
    let scopes: ScopeSet<TestScope> = match name {
        "reader" => USERS_READ.into(),
        "writer" => USERS_WRITE.into(),
        "both" => [USERS_WRITE, EVENTS_READ].into_iter().collect(),
        "auditor" => ALL_READ.into(),
        "owner" => [USERS_READ, USERS_WRITE].into_iter().collect(),
        _ => return None,
    };
    matches!(tenant, "e1" | "e2").then(|| Grant::new(scopes).for_tenant(tenant).unwrap())
}

/// The handler that should run for this request, if one should.
fn due(method: &str, target: &str, grant: Option<&Grant<TestScope>>) -> Option<String> {
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    let decision = CATALOGUE.decide(&method, target, grant);
    decision.is_allowed().then(|| decision.route().unwrap().name().to_owned())
}

fn right(asked: &Asked) -> Option<String> {
    due(&asked.method, &asked.target, asked.grant().as_ref())
}

/// Decides which handler runs, if one does.
type Rule = fn(&Asked) -> Option<String>;

/// A server whose rule names the handler that runs, if one does.
fn serve(rule: Rule) -> SocketAddr {
    serve_answers(move |asked| Some(answer(asked, rule(asked))))
}

/// Gives the answer; `None` closes the connection.
type Answers = dyn Fn(&Asked) -> Option<String> + Send + Sync;

/// A server whose rule gives the answer.
fn serve_answers(rule: impl Fn(&Asked) -> Option<String> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let rule: Arc<Answers> = Arc::new(rule);
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let (stream, rule) = (stream.unwrap(), rule.clone());
            std::thread::spawn(move || connection(number, stream, &*rule));
        }
    });
    address
}

fn connection(number: usize, stream: TcpStream, rule: &Answers) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let line = |reader: &mut BufReader<TcpStream>| -> Option<String> {
        let mut bytes = Vec::new();
        reader.read_until(b'\n', &mut bytes).ok().filter(|read| *read > 0)?;
        Some(bytes.into_iter().map(char::from).collect::<String>().trim_end_matches(['\r', '\n']).to_owned())
    };
    loop {
        let first = line(&mut reader)?;
        let (method, rest) = first.split_once(' ')?;
        let (target, version) = rest.rsplit_once(' ').filter(|(_, version)| version.starts_with("HTTP/1."))?;
        let mut headers = Vec::new();
        loop {
            let line = line(&mut reader)?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let (method, target, version) = (method.to_owned(), target.to_owned(), version.to_owned());
        let mut asked = Asked { connection: number, method, target, version, headers, body: String::new() };
        let length = asked.header("content-length").and_then(|length| length.parse::<u64>().ok());
        if let Some(length) = length {
            (&mut reader).take(length).read_to_string(&mut asked.body).ok()?;
        }
        writer.write_all(rule(&asked)?.as_bytes()).ok()?;
        if length.is_some() {
            return None;
        }
    }
}

/// The answer of a handler, or a refusal if none has run.
fn answer(asked: &Asked, handler: Option<String>) -> String {
    with_body(asked, handler, "ok")
}

/// Like `answer`, with this body.
fn with_body(asked: &Asked, handler: Option<String>, body: &str) -> String {
    let status = if handler.is_some() { "200 OK" } else { "403 Forbidden" };
    let mark = handler.map_or_else(String::new, |handler| match handler.split_once(" of ") {
        Some((handler, tenant)) => format!("X-Handler: {handler}\r\nX-Tenant: {tenant}\r\n"),
        None => format!("X-Handler: {handler}\r\n"),
    });
    let shown = if asked.method == "HEAD" { "" } else { body };
    let close = if asked.header("content-length").is_some() { "Connection: close\r\n" } else { "" };
    format!("HTTP/1.1 {status}\r\n{mark}{close}Content-Length: {}\r\n\r\n{shown}", body.len())
}

const TOKENS: [&str; 3] = ["secret-writer-e1", "secret-both-e2", "secret-auditor-e1"];

fn conformance(rule: Rule) -> Conformance<TestScope> {
    attacks_on(serve(rule))
}

fn attacks_on(address: SocketAddr) -> Conformance<TestScope> {
    let start = Conformance::new(address, &CATALOGUE).value("user", "u7").time_limit(Duration::from_secs(2));
    TOKENS.iter().fold(start, |all, token| all.token(*token, known(token).unwrap()))
}

/// Leaves out the many tricks that do not matter for a test.
fn without_tricks(conformance: Conformance<TestScope>) -> Conformance<TestScope> {
    without_tricks_but(&[], conformance)
}

fn without_tricks_but(kept: &[&str], conformance: Conformance<TestScope>) -> Conformance<TestScope> {
    OF_TRICKS.into_iter().filter(|class| !kept.contains(class)).fold(conformance, Conformance::without)
}

/// Decodes every valid escape.
fn decoded(text: &str) -> String {
    let mut pieces = text.split('%');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |decoded, piece| {
        let byte = piece.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        byte.map_or_else(
            || format!("{decoded}%{piece}"),
            |byte| format!("{decoded}{}{}", char::from(byte), &piece[2..]),
        )
    })
}

/// The classes of tricks.
const OF_TRICKS: [&str; 20] = [
    "encoded letters",
    "slashes",
    "dots",
    "detours",
    "semicolons",
    "case",
    "endings",
    "target forms",
    "methods",
    "headers",
    "two tenants",
    "credentials",
    "repeated tokens",
    "token case",
    "query tokens",
    "body tokens",
    "tenant case",
    "version and host",
    "content types",
    "corpus",
];

fn everything() -> Grant<TestScope> {
    Grant::new(ScopeSet::all()).for_any_tenant()
}
