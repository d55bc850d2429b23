//! Sends the requests of `try.txt` and compares the answers with those in the file. The tests of
//! the examples include this file.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const LINES: &str = include_str!("try.txt");

/// The request that a `curl` command sends.
pub(super) struct Tried {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Name and value.
    pub(super) header: Option<(&'static str, &'static str)>,
    pub(super) body: &'static str,
}

impl Tried {
    fn new(command: &'static str) -> Self {
        let between = |start: &str, end: &str| Some(command.split_once(start)?.1.split_once(end)?.0);
        let body = command.split_once("-d ").map(|(_, body)| body.trim());
        Self {
            method: if body.is_some() { "POST" } else { "GET" },
            path: between("localhost:3000", " ").expect("a URL of this server"),
            header: between("-H '", "'").map(|header| header.split_once(": ").expect("a name and a value")),
            body: body.unwrap_or_default(),
        }
    }
}

/// Gets the status and the body of each request from `answer`, and compares both with the line.
pub(super) fn each(answer: impl Fn(&Tried) -> (u16, String)) {
    assert!(LINES.lines().count() > 5, "there are lines to try");
    for line in LINES.lines() {
        let (command, expected) = line.split_once(" # ").expect("each line says what is answered");
        let (status, body) = answer(&Tried::new(command));
        let found = if status == 200 { format!("{status} {body}") } else { status.to_string() };
        assert_eq!(found.trim_end(), expected, "{command}");
    }
}

/// Sends each request to a server at this address. Blocks.
#[allow(dead_code, reason = "a function of AWS Lambda has no address")]
pub(super) fn lines(address: SocketAddr) {
    each(|tried| ask(address, tried));
}

fn ask(address: SocketAddr, Tried { method, path, header, body }: &Tried) -> (u16, String) {
    let header = header.map(|(name, value)| format!("{name}: {value}\r\n")).unwrap_or_default();
    let length = body.len();
    let kind = "application/x-www-form-urlencoded";
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n{header}\
         Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the server answers and closes");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an empty line after the headers");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, body.to_owned())
}
