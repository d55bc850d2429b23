//! The command on servers that this library does not guard.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod server;

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use server::{Keys, Mistake, Running, TOKENS, start};

const CATALOGUE: &str = r#"{
    "name": "api", "tenant": "account",
    "scopes": [
        { "scope": "users.read", "routes": [["GET", "/accounts/{account}/users"]] },
        { "scope": "users.write", "routes": [["POST", "/accounts/{account}/users"]] }
    ],
    "public": [{ "reason": "liveness probe", "routes": [["GET", "/health"]] }]
}"#;

/// A test's own folder, removed at the end.
struct Files(PathBuf);

impl Files {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("command-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let files = Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name));
        fs::create_dir_all(&files.0).unwrap();
        files.with("api.json", CATALOGUE).with("tokens.json", &tokens(""))
    }

    fn with(self, name: &str, text: &str) -> Self {
        fs::write(self.0.join(name), text).unwrap();
        self
    }

    /// Runs the command on an address, with more arguments.
    fn run(&self, address: &str, more: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_scopes-conformance"));
        command.current_dir(&self.0).env("READER", TOKENS[0].0).env("OTHER_TOKEN", TOKENS[2].0);
        command.args(["--catalogue", "api.json", "--tokens", "tokens.json", "--address", address]);
        let output = command.args(more).output().unwrap();
        // The output never shows a token, in any case of its letters.
        for text in [&output.stdout, &output.stderr] {
            let text = String::from_utf8(text.clone()).unwrap();
            assert!(!text.to_lowercase().contains("secret"), "{text}");
            assert!(!text.chars().any(|character| character.is_control() && character != '\n'), "{text:?}");
        }
        output
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The file of tokens; the last one comes from the environment.
fn tokens(more: &str) -> String {
    let entry = |(token, scopes, tenant): &(&str, &str, &str)| {
        let scopes: Vec<&str> = scopes.split(' ').collect();
        let source =
            if *tenant == "A2" { r#""env": "OTHER_TOKEN""#.to_owned() } else { format!(r#""token": "{token}""#) };
        format!(r#"{{ {source}, "scopes": {scopes:?}, "tenants": ["{tenant}"]{more} }}"#)
    };
    format!("[{}]", TOKENS.iter().map(entry).collect::<Vec<_>>().join(","))
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn run(server: &Running, more: &[&str]) -> Output {
    Files::new().run(&server.address.to_string(), more)
}

#[test]
fn a_sound_server_is_clean() {
    let server = start(Mistake::Nothing, Keys::Bearer);
    let output = run(&server, &["--complete"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(text(&output.stdout).contains("routes reached by callers who may: 3 of 3"), "{output:?}");
    assert_eq!(text(&output.stderr), format!("attacking {0} ({0})\n", server.address));
    assert!(server.asked.lock().unwrap().iter().any(|line| line.starts_with("POST ")));
}

#[test]
fn breaches_are_told() {
    for (mistake, class, request) in [
        (Mistake::Tenant, "other tenant", "GET /accounts/A1/users"),
        (Mistake::Escapes, "encoded letters", "GET /accounts/A1/%75sers"),
    ] {
        let server = start(mistake, Keys::Bearer);
        let output = run(&server, &[]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(text(&output.stdout).contains(&format!("BREACH: {class}: `{request}` by ")), "{output:?}");
        let output = run(&server, &["--format", "json"]);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["version"], &report["clean"]), (&1.into(), &false.into()), "{report}");
        let found = report["breaches"].as_array().unwrap().iter();
        assert!(found.clone().any(|breach| breach["class"] == class && breach["request"] == request), "{report}");
        assert!(report["breach_count"].as_u64().unwrap() >= found.count() as u64, "{report}");
    }
}

#[test]
fn the_report_as_json() {
    let server = start(Mistake::Nothing, Keys::Bearer);
    let output = run(&server, &["--format", "json", "--without", "corpus"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["clean"], &report["complete"], &report["version"]), (&true.into(), &true.into(), &1.into()));
    assert_eq!(report["requests"].as_u64(), Some(server.asked.lock().unwrap().len() as u64), "{report}");
    assert_eq!((report["reached"].as_u64(), report["routes"].as_array().map(Vec::len)), (Some(3), Some(3)), "{report}");
    assert_eq!(report["left_out"], serde_json::json!(["corpus"]));
}

#[test]
fn tokens_in_a_header() {
    let server = start(Mistake::Nothing, Keys::Header);
    let output = run(&server, &["--token-in", "header:X-Api-Key", "--complete"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let files = Files::new().with("tokens.json", &tokens(r#", "in": "header:X-Api-Key""#));
    let output = files.run(&server.address.to_string(), &["--complete"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // Tokens that are sent as bearer tokens open no route of this server, so nothing is proven.
    let output = run(&server, &["--without", "credentials"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(text(&output.stdout).contains("PROBLEM: token 1 has opened no handler"), "{output:?}");
}

/// The command does not follow redirects.
#[test]
fn redirects_are_not_followed() {
    let server = start(Mistake::Redirects, Keys::Bearer);
    let output = run(&server, &["--without", "corpus", "--without", "headers", "--without", "detours"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let health = server.asked.lock().unwrap().iter().filter(|line| line.contains("/health")).count();
    assert_eq!(health, 1, "the route itself");
}

#[test]
fn reading_sends_no_other_method() {
    let server = start(Mistake::Nothing, Keys::Bearer);
    let output = run(&server, &["--read-only"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let asked = server.asked.lock().unwrap();
    assert!(asked.len() > 100, "{}", asked.len());
    for line in asked.iter() {
        assert!(["GET ", "HEAD ", "OPTIONS "].iter().any(|method| line.starts_with(method)), "{line}");
    }
    // Routes that were not reached make the report incomplete.
    assert_eq!(run(&server, &["--read-only", "--complete"]).status.code(), Some(2));
}

#[test]
fn what_cannot_be_run() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let server = start(Mistake::Nothing, Keys::Bearer);
    let address = server.address.to_string();
    let typo = tokens("").replace("users.write", "users.writ");
    let cases: [(Files, &str, &[&str], &str); 9] = [
        (Files::new(), &closed, &[], "STOPPED EARLY: no connection to "),
        (
            Files::new().with("tokens.json", &typo),
            &address,
            &[],
            "error: token 2: no scope of the catalogue is named `users.writ`; did you mean `users.write`?\n",
        ),
        (
            Files::new().with("tokens.json", "[{\"token\": \"sEcret"),
            &address,
            &[],
            "error: the tokens are not JSON: line 1, column 18\n",
        ),
        (
            Files::new().with("api.json", "{\"name\": \"api\", \"scops\": \"\u{1b}[2J\u{202e}\"}"),
            &address,
            &[],
            "error: the catalogue: ",
        ),
        (Files::new(), &address, &["--bodies", "sEcret.json"], "error: the file of --bodies cannot be read: "),
        (Files::new(), &address, &["--value", "usr=1"], "PROBLEM: no path of the catalogue has a parameter `usr`"),
        (Files::new(), &address, &["--without", "corpsu"], "error: invalid value 'corpsu' for '--without <CLASS>'"),
        (Files::new(), &address, &["--time-limit", "0"], "write a number of seconds above 0"),
        (
            Files::new().with("tokens.json", &tokens("").replace("OTHER_TOKEN", "NO_SUCH_VARIABLE")),
            &address,
            &[],
            "error: token 3: the environment variable `NO_SUCH_VARIABLE` is not set",
        ),
    ];
    for (files, address, more, expected) in cases {
        let output = files.run(address, more);
        assert_eq!(output.status.code(), Some(2), "{expected}: {output:?}");
        let both = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(both.contains(expected), "{expected}: {both}");
    }
    assert_eq!(*server.asked.lock().unwrap(), [""; 0]);
}

#[test]
fn other_hosts_need_leave() {
    for address in ["192.0.2.1:80", "0.0.0.0:80", "[::ffff:192.0.2.1]:80"] {
        let output = Files::new().run(address, &["--allow-host", "elsewhere.test"]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert!(text(&output.stderr).contains("which is not this machine"), "{output:?}");
    }
    // `--all-methods` needs `--allow-host`.
    let output = Files::new().run("127.0.0.1:9", &["--all-methods"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn help_has_an_example() {
    for (argument, expected) in [("--help", "\"scope\": \"users.read\""), ("-h", "Exit status: 0 clean")] {
        let output = Command::new(env!("CARGO_BIN_EXE_scopes-conformance")).arg(argument).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let help = text(&output.stdout);
        let example = "scopes-conformance --catalogue api.json --tokens tokens.json --address 127.0.0.1:3000";
        assert!(help.contains(example) && help.contains(expected), "{help}");
    }
}

/// The command accepts the example files that `--help` shows.
#[test]
fn the_files_of_the_help_are_read() {
    let output = Command::new(env!("CARGO_BIN_EXE_scopes-conformance")).arg("--help").output().unwrap();
    let help = text(&output.stdout);
    let part = |start: &str, end: &str| help.split_once(start).unwrap().1.split_once(end).unwrap().0.to_owned();
    let catalogue = part("api.json:\n", "\n\n");
    let tokens = part("environment variable that holds it:\n", "    \"tenants\" may be");
    let bodies = part("or by the route's name:\n", "\n\n");
    let server = start(Mistake::Nothing, Keys::Bearer);
    let tokens = tokens.replace("test-writer", TOKENS[1].0).replace("test-other", TOKENS[2].0);
    let tokens = tokens.replace("header:X-Api-Key", "bearer");
    let files = Files::new().with("api.json", &catalogue).with("tokens.json", &tokens).with("bodies.json", &bodies);
    let output = files.run(&server.address.to_string(), &["--bodies", "bodies.json", "--complete"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
