//! The program itself: started with arguments, stopped like by a terminal, and the commands that it
//! prints.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{Client, Request, Response};

pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A folder for one test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("dashboard test {}", uuid::Uuid::new_v4()));
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _gone = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dashboard"));
    command.current_dir(folder).args(arguments).env_remove("DASHBOARD_DATABASE");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The messages of a log, each line of which must be a JSON object.
pub(crate) fn messages(log: &str) -> Vec<String> {
    let message =
        |line| serde_json::from_str::<serde_json::Value>(line).unwrap()["message"].as_str().unwrap().to_owned();
    log.lines().map(message).collect()
}

pub(crate) async fn output(command: &mut Command) -> Output {
    timeout(LIMIT, command.output()).await.expect("it ends in time").unwrap()
}

/// A running server and what it printed.
pub(crate) struct Running {
    child: Child,
    pub(crate) text: String,
    log: Arc<Mutex<String>>,
    /// Reads the log all the time, because a full pipe would stop the program.
    reading: JoinHandle<()>,
}

impl Running {
    pub(crate) async fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut error = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(String::new()));
        let read = Arc::clone(&log);
        let reading = tokio::spawn(async move {
            let mut line = String::new();
            while error.read_line(&mut line).await.unwrap() > 0 {
                read.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut text = String::new();
        loop {
            let line = timeout(LIMIT, lines.next_line()).await.expect("it starts in time").unwrap();
            let Some(line) = line else {
                reading.await.unwrap();
                panic!("it ended after {text:?}, and said {:?}", log.lock().unwrap())
            };
            if line == "Ctrl-C stops the server." {
                return Self { child, text, log, reading };
            }
            text += &line;
            text.push('\n');
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let (_, rest) = self.text.split_once("http://").unwrap();
        rest.split('/').next().unwrap().parse().unwrap()
    }

    pub(crate) fn client(&self) -> Client {
        Client::new(self.address())
    }

    /// Returns the commands to try, each with the status that the text promises.
    pub(crate) fn commands(&self) -> Vec<(u16, String)> {
        let lines: Vec<_> = self.text.lines().collect();
        let promised = lines.windows(2).filter_map(|pair| {
            let status = pair[0].strip_prefix("# ")?.split(':').next()?.parse().ok()?;
            assert!(pair[1].starts_with("curl -si "), "{pair:?}");
            Some((status, pair[1].to_owned()))
        });
        promised.collect()
    }

    /// Waits until the log holds a text.
    pub(crate) async fn logs(&self, text: &str) {
        let logged = async {
            while !self.log.lock().unwrap().contains(text) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = timeout(LIMIT, logged).await;
        in_time.unwrap_or_else(|_| panic!("{text:?} is not in the log: {}", self.log.lock().unwrap()));
    }

    /// Stops the server like a terminal, and returns what it wrote to the standard error.
    pub(crate) async fn interrupt(mut self, signal: &str) -> (ExitStatus, String) {
        kill(signal, &self.child).await;
        let status = timeout(LIMIT, self.child.wait()).await.expect("it stops in time").unwrap();
        self.reading.await.unwrap();
        (status, self.log.lock().unwrap().clone())
    }
}

/// Sends a signal to a program.
pub(crate) async fn kill(signal: &str, child: &Child) {
    let id = child.id().unwrap().to_string();
    assert!(output(Command::new("kill").args(["-s", signal, &id])).await.status.success());
}

/// Splits a command into words like the shell. Leaves `$(..)` to [`send`].
pub(crate) fn words(command: &str) -> Vec<String> {
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
pub(crate) async fn send(client: &mut Client, command: &str) -> Response {
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
pub(crate) fn api_tokens(text: &str) -> Vec<&str> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let mut tokens: Vec<_> = words.filter(|word| word.starts_with("dyn_")).collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
