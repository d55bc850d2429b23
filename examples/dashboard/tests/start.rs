//! Runs the program like a new user: the printed commands work, and a second start keeps the data
//! of the first.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "the program makes its own database and tokens")]
mod common;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use common::{Client, Request, Response};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(20);

/// A folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("dashboard test {}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dashboard"));
    command.current_dir(folder).args(arguments).env_remove("DASHBOARD_DATABASE");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The messages of a log, each line of which must be a JSON object.
fn messages(log: &str) -> Vec<String> {
    let message =
        |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["message"].as_str().unwrap().to_owned();
    log.lines().map(message).collect()
}

async fn output(command: &mut Command) -> Output {
    timeout(LIMIT, command.output()).await.expect("it ends in time").unwrap()
}

/// A running server and what it printed.
struct Running {
    child: Child,
    text: String,
}

impl Running {
    async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut text = String::new();
        loop {
            let line = timeout(LIMIT, lines.next_line()).await.expect("it starts in time").unwrap();
            let Some(line) = line else { panic!("it ended after {text}") };
            if line == "Ctrl-C stops the server." {
                return Self { child, text };
            }
            text += &line;
            text.push('\n');
        }
    }

    fn client(&self) -> Client {
        let (_, rest) = self.text.split_once("http://").unwrap();
        Client::new(rest.split('/').next().unwrap().parse().unwrap())
    }

    /// Returns the commands to try, each with the status that the text promises.
    fn commands(&self) -> Vec<(u16, String)> {
        let lines: Vec<_> = self.text.lines().collect();
        let promised = lines.windows(2).filter_map(|pair| {
            let status = pair[0].strip_prefix("# ")?.split(':').next()?.parse().ok()?;
            assert!(pair[1].starts_with("curl -si "), "{pair:?}");
            Some((status, pair[1].to_owned()))
        });
        promised.collect()
    }

    /// Stops the server like a terminal, and returns what it wrote to the standard error.
    async fn interrupt(mut self, signal: &str) -> (ExitStatus, String) {
        let id = self.child.id().unwrap().to_string();
        assert!(output(Command::new("kill").args(["-s", signal, &id])).await.status.success());
        let status = timeout(LIMIT, self.child.wait()).await.expect("it stops in time").unwrap();
        let mut text = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut text).await.unwrap();
        (status, text)
    }
}

/// Splits a command into words like the shell. Leaves `$(..)` to [`send`].
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    // The quote that is open now and, within `$(..)`, whether a quote is open there.
    let (mut quote, mut substituted) = (None, None);
    for (at, character) in command.char_indices() {
        match (character, quote, substituted) {
            ('(', Some('"'), None) if command[..at].ends_with('$') => substituted = Some(false),
            (')', _, Some(false)) => substituted = None,
            ('\'', _, Some(is_quoted)) => substituted = Some(!is_quoted),
            ('\'' | '"', None, None) => {
                quote = Some(character);
                continue;
            }
            (mark, Some(open), None) if mark == open => {
                quote = None;
                continue;
            }
            (' ', None, None) => {
                words.push(std::mem::take(&mut word));
                continue;
            }
            _ => {}
        }
        word.push(character);
    }
    words.push(word);
    words
}

/// Sends the request that curl would send.
async fn send(client: &mut Client, command: &str) -> Response {
    let mut words = words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"));
    let (mut method, mut url, mut headers, mut body) = ("GET".to_owned(), String::new(), Vec::new(), None);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" | "-si" => {}
            "-X" => method = words.next().unwrap(),
            "-H" => headers.push(words.next().unwrap()),
            "-d" => body = words.next(),
            _ => assert!(std::mem::replace(&mut url, word).is_empty(), "two targets in {command}"),
        }
    }
    if let Some((before, inner)) = url.clone().split_once("$(") {
        let (inner, filter) = inner.split_once(" | ").unwrap();
        assert!(filter.starts_with("sed ") && filter.ends_with(')'), "{filter}");
        let made = Box::pin(send(client, inner)).await;
        assert_eq!(made.status, 201, "{made:?}");
        url = format!("{before}{}", made.json()["token"]["id"].as_str().unwrap());
    }
    let target = url.strip_prefix("http://127.0.0.1:").unwrap();
    let mut request = Request::new(&method, &target[target.find('/').unwrap()..]);
    for header in headers {
        let (name, value) = header.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    if let Some(body) = body {
        request = request.body(body);
    }
    client.send(request).await
}

/// Finds the API tokens in a text.
fn api_tokens(text: &str) -> Vec<&str> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let mut tokens: Vec<_> = words.filter(|word| word.starts_with("dyn_")).collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

#[tokio::test]
async fn the_first_start_prints_what_is_true_and_the_second_keeps_it() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    assert!(server.text.contains("new database, dashboard.db"), "{}", server.text);
    let tokens: Vec<_> = api_tokens(&server.text).into_iter().map(str::to_owned).collect();
    assert_eq!(tokens.len(), 3);

    let commands = server.commands();
    let statuses: Vec<_> = commands.iter().map(|(status, _)| *status).collect();
    assert_eq!(statuses, [200, 401, 403, 403, 201, 200, 401, 403, 204]);
    let mut client = server.client();
    let mut bodies = Vec::new();
    for (status, command) in &commands {
        let response = send(&mut client, command).await;
        assert_eq!(response.status, *status, "{command} {response:?}");
        bodies.push(response);
    }
    let challenge = bodies[2].header("www-authenticate").unwrap();
    assert!(challenge.contains(r#"scope="environment.users.write""#), "no scope");
    assert_eq!(bodies[3].header("www-authenticate"), None, "other environment");
    let made = bodies[4].json()["token"]["id"].clone();
    let listed = bodies[5].json();
    assert!(listed["tokens"].as_array().unwrap().iter().any(|token| token["id"] == made), "made and listed");
    // Two of the printed tokens are of the session's environment.
    assert_eq!(listed["tokens"].as_array().unwrap().len(), 3);

    // Runs the printed lines themselves if curl is installed.
    if Command::new("curl").arg("--version").output().await.is_ok() {
        for (status, command) in &commands {
            let printed = output(Command::new("sh").args(["-c", command]).stdin(Stdio::null())).await;
            let printed = String::from_utf8(printed.stdout).unwrap();
            assert!(printed.starts_with(&format!("HTTP/1.1 {status} ")), "{command} {printed}");
        }
    }

    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{status} {log}");
    assert_eq!(messages(&log).last().unwrap(), "stopped");
    assert_eq!(folder.files(), ["dashboard.db"], "what was pending is written");

    let mut again = program(&folder.0, &["--port=0"]);
    again.env("DASHBOARD_DATABASE", folder.0.join("dashboard.db"));
    let again = Running::start(again).await;
    assert!(again.text.contains("begin anew") && again.text.contains("rm -f '/"), "{}", again.text);
    assert_eq!(api_tokens(&again.text), [""; 0]);
    let (status, command) = again.commands().remove(0);
    let mut client = again.client();
    let response = send(&mut client, &command).await;
    assert_eq!((response.status, status), (200, 200));
    assert!(response.json()["tokens"].as_array().unwrap().iter().any(|token| token["id"] == made));
    // Each old token still has the same effect, also on another port.
    for (status, command) in commands {
        assert_eq!(send(&mut client, &command).await.status, status, "{command}");
    }
    let (status, log) = again.interrupt("TERM").await;
    assert!(status.success() && tokens.iter().all(|token| !log.contains(token)), "{status} {log}");
}

#[tokio::test]
async fn a_client_that_never_ends_its_request_does_not_hold_the_server() {
    use tokio::io::AsyncWriteExt as _;

    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0", "--database", "-odd name.db"])).await;
    assert_eq!(server.client().send(Request::new("GET", "/")).await.status, 401);
    let (_, rest) = server.text.split_once("http://").unwrap();
    let mut slow = tokio::net::TcpStream::connect(rest.split('/').next().unwrap()).await.unwrap();
    let session = server.text.lines().map(str::trim).find(|line| line.starts_with("eyJ")).unwrap();
    let head = format!("POST /api/v0/user/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session}\r\n");
    slow.write_all(head.as_bytes()).await.unwrap();
    // The interim answer shows that the handler asks for the body. The client sends only its first
    // byte.
    slow.write_all(b"Content-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n{")
        .await
        .unwrap();
    let mut interim = [0; 12];
    timeout(LIMIT, slow.read_exact(&mut interim)).await.expect("the body is asked for").unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100");
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{status} {log}");
    assert_eq!(folder.files(), ["-odd name.db"]);
}

#[tokio::test]
async fn what_cannot_be_served_is_said() {
    let folder = Folder::new();
    let busy = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = busy.local_addr().unwrap().port().to_string();
    let in_use = format!("port {port} is in use");
    for (arguments, code, part) in [
        (&["--port", &port][..], 1, &*in_use),
        (&["--port", "0", "--database", "no/such/folder/a.db"], 1, "the database cannot be opened"),
        (&["--port", "x"], 2, "--port <PORT>"),
        (&["--data", "a.db"], 2, "unexpected argument '--data'"),
    ] {
        let output = output(&mut program(&folder.0, arguments)).await;
        let log = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{arguments:?} {log}");
        assert!(log.starts_with("error: ") && log.contains(part), "{arguments:?} {log}");
    }
    assert_eq!(folder.files(), [""; 0], "no tokens are made that were not printed");

    let foreign = folder.0.join("notes.txt");
    std::fs::write(&foreign, "not a database, and longer than the header of one: ".repeat(10)).unwrap();
    let output = output(&mut program(&folder.0, &["--port", "0", "--database", "notes.txt"])).await;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert!(std::fs::read_to_string(&foreign).unwrap().starts_with("not a database"));
}

#[tokio::test]
async fn a_scope_that_is_gone_is_logged_once() {
    let folder = Folder::new();
    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    let (status, reader) = server.commands().remove(0);
    assert_eq!(status, 200, "a request of a token");
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success() && messages(&log) == ["stopped"], "{log}");
    // Another version of the program has issued the token.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.0.join("dashboard.db"));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let changed =
        sqlx::query("UPDATE scopes_tokens SET scopes = scopes || ' from.later'").execute(&pool).await.unwrap();
    assert_eq!(changed.rows_affected(), 3);
    pool.close().await;

    let server = Running::start(program(&folder.0, &["--port", "0"])).await;
    let mut client = server.client();
    for _ in 0..3 {
        assert_eq!(send(&mut client, &reader).await.status, 200);
    }
    let (status, log) = server.interrupt("INT").await;
    assert!(status.success(), "{log}");
    let expected = ["an unknown scope is stored, and grants nothing", "answered", "answered", "answered", "stopped"];
    assert_eq!((log.matches("from.later").count(), messages(&log)), (1, expected.map(str::to_owned).into()), "{log}");
}
