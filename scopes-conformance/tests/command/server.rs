//! A small server like one in another language: it does not use this library and checks tokens by
//! hand.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The mistake of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    Nothing,
    /// It does not compare the tenant of the path.
    Tenant,
    /// It checks the path as it came and serves it decoded.
    Escapes,
    /// It redirects callers without a good token to a place that would answer.
    Redirects,
}

/// Where the server looks for tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keys {
    Bearer,
    Header,
}

/// Tokens: secret, scopes, account.
pub(crate) const TOKENS: [(&str, &str, &str); 3] = [
    ("sEcret-reader", "users.read", "A1"),
    ("sEcret-writer", "users.write", "A1"),
    ("sEcret-other", "users.read users.write", "A2"),
];

pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    /// The request lines that the server got.
    pub(crate) asked: Arc<Mutex<Vec<String>>>,
}

pub(crate) fn start(mistake: Mistake, keys: Keys) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let log = Arc::clone(&log);
            std::thread::spawn(move || serve(stream.unwrap(), mistake, keys, &log));
        }
    });
    Running { address, asked }
}

fn serve(stream: TcpStream, mistake: Mistake, keys: Keys, log: &Mutex<Vec<String>>) -> Option<()> {
    let mut writer = stream.try_clone().ok()?;
    let mut reader = BufReader::new(stream);
    let mut line = || -> Option<String> {
        let mut bytes = Vec::new();
        reader.read_until(b'\n', &mut bytes).ok().filter(|read| *read > 0)?;
        Some(bytes.into_iter().map(char::from).collect::<String>().trim_end_matches(['\r', '\n']).to_owned())
    };
    let first = line()?;
    let mut headers = Vec::new();
    while let Some((name, value)) = line()?.split_once(':') {
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    log.lock().unwrap().push(first.clone());
    let mut words = first.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let (status, answer) = answered(mistake, keys, method, target, &headers);
    let shown = if method == "HEAD" { "" } else { answer };
    let location = if status.starts_with("302") { "Location: /health\r\n" } else { "" };
    let head =
        format!("HTTP/1.1 {status}\r\n{location}Connection: close\r\nContent-Length: {}\r\n\r\n{shown}", answer.len());
    writer.write_all(head.as_bytes()).ok()
}

type Headers = [(String, String)];

fn answered(
    mistake: Mistake,
    keys: Keys,
    method: &str,
    target: &str,
    headers: &Headers,
) -> (&'static str, &'static str) {
    let path = target.split('?').next().unwrap_or_default();
    let path = if mistake == Mistake::Escapes { path.replace("%75", "u") } else { path.to_owned() };
    let segments: Vec<&str> = path.split('/').collect();
    let (account, needed) = match (method, &*segments) {
        ("GET" | "HEAD", ["", "health"]) => return ("200 OK", "fine"),
        ("GET" | "HEAD", ["", "accounts", account, "users"]) => (*account, "users.read"),
        ("POST", ["", "accounts", account, "users"]) => (*account, "users.write"),
        _ => return ("404 Not Found", ""),
    };
    let token = TOKENS.iter().find(|(token, ..)| is_sent(token, keys, headers));
    let may = |(_, scopes, own): &(&str, &str, &str)| {
        scopes.split(' ').any(|scope| scope == needed) && (mistake == Mistake::Tenant || *own == account)
    };
    let is_unguarded = mistake == Mistake::Escapes && target.contains("%75");
    match token {
        _ if is_unguarded => ("200 OK", "[]"),
        Some(token) if may(token) => ("200 OK", "[]"),
        None if mistake == Mistake::Redirects => ("302 Found", ""),
        _ => ("403 Forbidden", ""),
    }
}

fn is_sent(token: &str, keys: Keys, headers: &Headers) -> bool {
    let (name, value) = match keys {
        Keys::Bearer => ("authorization", format!("Bearer {token}")),
        Keys::Header => ("x-api-key", token.to_owned()),
    };
    let mut all = headers.iter().filter(|(found, _)| found == name);
    all.next().is_some_and(|(_, found)| *found == value) && all.next().is_none()
}
