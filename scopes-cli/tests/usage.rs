//! `scopes minimal` and `scopes unused` as programs, compared with what they printed when that was
//! reviewed.
//!
//! `UPDATE_EXPECT=1 cargo test -p scopes-cli` writes the expectations; read the difference.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use self::support::{Answer, Folder, run_in, shown};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/usage");

/// Runs the command on `api.json`.
fn run(arguments: &[&str], stdin: &[u8]) -> Answer {
    run_in(HERE, &[arguments, &["--catalogue", "api.json"]].concat(), stdin)
}

/// Compares what the command prints with a committed file.
fn expect(file: &str, arguments: &[&str]) -> String {
    let answer = run(arguments, b"");
    support::expect(HERE, &format!("expected/{file}"), &shown(arguments, &answer));
    answer.out
}

fn refused(arguments: &[&str], stdin: &[u8], reason: &str) {
    let Answer { code, out, err } = run(arguments, stdin);
    assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}: {err}");
    assert!(err.starts_with("error: ") && err.contains(reason), "{arguments:?}: {err}");
}

#[test]
fn the_least_scopes() {
    expect("minimal.txt", &["minimal", "usage.jsonl"]);
    expect(
        "minimal-together.txt",
        &["minimal", "usage.jsonl", "--together", "--count-reported", "--keep", "users.write"],
    );
    expect("minimal-token.txt", &["minimal", "usage.jsonl", "--token", "t-2", "--count-reported"]);
    expect("minimal-log.txt", &["minimal", "access.log"]);
    expect("minimal-log-count.txt", &["minimal", "access.log", "--count", "404"]);
    expect("minimal-plain.txt", &["minimal", "plain.txt"]);
    let members = ["--method-member", "request.method", "--path-member", "request.uri", "--time-member", "ts"];
    let arguments = [&["minimal", "caddy.jsonl", "--token-member", "token"][..], &members].concat();
    expect("minimal-json-lines.txt", &arguments);
    expect("minimal-markdown.txt", &["minimal", "usage.jsonl", "--format", "markdown"]);
    let out = expect("minimal-json.txt", &["minimal", "usage.jsonl", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(value["clients"].as_array().unwrap().len(), 4);
    expect("minimal-dropped.txt", &["minimal", "dropped.jsonl"]);
}

#[test]
fn unused_scopes() {
    expect("unused.txt", &["unused", "usage.jsonl", "--min-days", "41"]);
    expect("unused-markdown.txt", &["unused", "usage.jsonl", "--format", "markdown"]);
    expect("unused-json.txt", &["unused", "usage.jsonl", "--format", "json"]);
    expect("unused-log.txt", &["unused", "access.log", "--logs-are-complete"]);
}

/// Whatever may lack something says nothing about what is unused.
#[test]
fn incomplete_evidence_is_refused() {
    refused(&["unused", "dropped.jsonl"], b"", "the recorder has dropped decisions (7)");
    refused(&["unused", "dropped.jsonl", "--logs-are-complete"], b"", "the recorder has dropped decisions (7)");
    refused(&["unused", "access.log"], b"", "--logs-are-complete");
    refused(&["unused", "usage.jsonl", "access.log"], b"", "--logs-are-complete");
    refused(&["unused", "usage.jsonl", "--min-days", "42"], b"", "41 whole days");
    refused(&["unused", "-", "--logs-are-complete", "--min-days", "1"], b"GET /v1/me\n", "has no times");
    refused(&["minimal", "-"], b"", "no evidence about catalogue `api`");
    refused(&["minimal", "-"], b"GET /accounts/acme/users\n", "is its base right?");
    refused(&["minimal", "usage.jsonl", "--token", "t-9"], b"", "none of these tokens");
    refused(&["minimal", "usage.jsonl", "--keep", "users.reed"], b"", "no scope `users.reed`");
    refused(&["minimal", "-"], br#"{"usage":2,"catalogue":"api"}"#, "<stdin>:1: the line has another version");
    refused(
        &["minimal", "-"],
        br#"{"usage":1,"catalogue":"other","run":"a","from":1,"to":2,"dropped":0}"#,
        "lines about other catalogues: 1",
    );
}

#[test]
fn unreadable_lines_are_counted() {
    let log = b"GET /v1/me\n\x16\x03\x01\xff\nGET /v1/me\n\nGET\nGET /v1/me\n";
    refused(&["minimal", "-"], log, "cannot read 2 of 5 lines, and --max-unreadable permits 0");
    refused(&["minimal", "-", "--max-unreadable", "39%"], log, "permits 1");
    refused(&["minimal", "-", "--max-unreadable", "1"], log, "permits 1");
    for most in ["2", "40%"] {
        let Answer { code, out, err } = run(&["minimal", "-", "--max-unreadable", most], log);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains("lines that could not be read: 2"), "{out}");
    }
    // A line without an end is cut while it is read.
    let long = [b"GET /v1/me\nGET /", "a".repeat(1 << 20).as_bytes(), b"\nGET /v1/me"].concat();
    refused(&["minimal", "-"], &long, "cannot read 1 of 3 lines");
}

/// Lines of other systems: line ends of either kind, a mark at the start, no line end at the end.
#[test]
fn lines_end_in_either_way() {
    let log = b"\xef\xbb\xbfGET /v1/me\r\nGET /v1/me\n\r\n\n  \t\r\nGET /v1/me 200\r\n\xef\xbb\xbfGET /v1/me";
    let Answer { code, out, err } = run(&["minimal", "-"], log);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("4 lines of 1 file") && !out.contains("could not be read"), "{out}");
    // Carriage returns alone end no lines: the whole file is one, which is not a request.
    refused(&["minimal", "-", "--lines", "plain"], b"GET /v1/me\rGET /v1/me\r", "cannot read 1 of 1 lines");
}

/// Nothing that never was counts as use, and a file that was cut while it was written has zeros.
#[test]
fn lines_that_cannot_be_are_unreadable() {
    let line = |time: &str| format!("::1 - - [{time}] \"GET /v1/me HTTP/1.1\" 200 5\n");
    let good = line("29/Nov/2025:12:00:00 +0000");
    for bad in [
        line("31/Feb/2026:12:00:00 +0000"),
        line("29/Nov/2026:99:99:99 +0000"),
        line("29/Nov/2026:12:00:60 +0000"),
        line("29/Nov/2026:12:00:00 +9900"),
        line("29/Nov/1969:12:00:00 +0000"),
        format!("\0\0\0\0{good}"),
        format!("{}\0\n", good.trim_end()),
        format!("{}{}\n", good.trim_end(), "x".repeat(65_536)),
    ] {
        let log = format!("{good}{bad}{good}");
        refused(&["minimal", "-"], log.as_bytes(), "cannot read 1 of 3 lines");
    }
    let day = line("31/Dec/2016:23:59:60 +0000");
    let Answer { out, err, .. } = run(&["minimal", "-"], day.as_bytes());
    assert!(out.contains("from 2016-12-31 23:59 UTC"), "{out}{err}");
}

/// The check demands the scopes of both routes.
#[test]
fn a_path_that_two_routes_can_mean_is_use_of_both() {
    let folder = Folder::new("usage-readings");
    let catalogue = r#"{"name": "api", "scopes": [
        {"scope": "users.read", "routes": [["GET", "/users/{id}"]]},
        {"scope": "users.export", "routes": [["GET", "/users/export"]]}
    ]}"#;
    folder.write("api.json", catalogue);
    for (line, expected) in [
        ("GET /users/7 200", "needs     users.read\n"),
        ("GET /users/export 200", "needs     users.export\n"),
        ("GET /users/exp%6Frt 200", "needs     users.read users.export\n"),
        ("GET /users/exp%6Frt 403", "needs     no scope\n"),
    ] {
        let Answer { code, out, err } = run_in(&folder.0, &["minimal", "-", "--catalogue", "api.json"], line);
        assert_eq!(code, 0, "{err}");
        assert!(out.contains(expected), "{line}: {out}");
    }
}

/// What is missing in the lines is said, because a wrong name of a member looks the same.
#[test]
fn members_that_lines_lack_are_counted() {
    let log = br#"{"method":"GET","path":"/v1/me","status":403,"id":"t-1"}"#;
    let Answer { code, out, err } = run(&["minimal", "-", "--status-member", "code", "--token-member", "token"], log);
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("requests of the log without a status, which count as allowed: 1"), "{out}");
    assert!(out.contains("requests of the log that name no token: 1"), "{out}");
    refused(&["minimal", "-"], br#"{"method":"GET","path":"/v1/me","status":403,"status":200}"#, "cannot read 1 of 1");
}

/// A rotated log is often compressed.
#[test]
fn files_that_are_not_text_are_named() {
    for (bytes, reason) in [
        (&b"\x1f\x8b\x08\x00"[..], "<stdin>: it is compressed: pipe the output of `gzip -dc`"),
        (b"\x28\xb5\x2f\xfd\x00", "`zstd -dc`"),
        (b"\xfd7zXZ\x00", "`xz -dc`"),
        (b"BZh91AY&SY", "`bzip2 -dc`"),
        (b"BZh11AY&SY", "`bzip2 -dc`"),
        (b"\x1f\x9d\x90", "`gzip -dc`"),
        (b"\x04\x22\x4d\x18\x64", "`lz4 -dc`"),
        (b"PK\x03\x04\x14", "`unzip -p`"),
        (b"7z\xbc\xaf\x27\x1c", "`7z x -so`"),
        (b"LZIP\x01", "`lzip -dc`"),
        (b"\xff\x06\x00\x00sNaPpY", "`snzip -dc`"),
        (b"\xff\xfeG\x00", "UTF-16"),
        (b"\xfe\xff\x00G", "UTF-16"),
    ] {
        refused(&["minimal", "-", "--max-unreadable", "100%"], bytes, reason);
    }
}

/// Clients choose texts of logs. None of them controls the terminal or makes a link.
#[test]
fn hostile_texts_are_shown_escaped() {
    let hostile = "\u{1b}[31m\u{202e}\u{200b}\n  needs everything";
    let lines = format!(
        "{{\"method\":\"GET\",\"path\":\"/v1/me\",\"token\":\"t{0}\"}}\n",
        hostile.chars().map(|character| format!("\\u{:04x}", u32::from(character))).collect::<String>()
    );
    for format in ["text", "json", "markdown"] {
        let arguments = ["minimal", "-", "--token-member", "token", "--format", format];
        let Answer { code, out, err } = run(&arguments, lines.as_bytes());
        assert_eq!(code, 0, "{err}");
        assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{200b}']), "{format}: {out}");
        assert!(!out.contains("\n  needs everything"), "{format}: {out}");
        assert!(out.contains("u{1b}") || out.contains("u001b") || out.contains("u\\{1b\\}"), "{format}: {out}");
    }
    let lines = br#"{"usage":1,"catalogue":"api","run":"a","from":1,"to":2,"dropped":0}
{"usage":1,"catalogue":"api","token":"t\n  x","scopes":["users.read"],"first":1,"last":2,"allowed":["GET /v1/me","GET /gone\n  x"]}"#;
    for (command, code) in [("minimal", 0), ("unused", 1)] {
        let Answer { code: found, out, err } = run(&[command, "-"], lines);
        assert_eq!(found, code, "{err}");
        assert!(!out.contains("\n  x") && out.contains("GET /gone\\u{a}  x"), "{out}");
    }
    let Answer { out, err, .. } = run(&["minimal", "\u{1b}[31mmissing"], b"");
    assert_eq!(out, "");
    assert!(err.contains("\\u{1b}[31mmissing: cannot read it"), "{err}");
}

/// The memory does not grow with the file: the program gets less than the file's size.
#[cfg(target_os = "linux")]
#[test]
fn a_large_log_takes_little_memory() {
    const LINES: usize = 20_000;
    let file = std::env::temp_dir().join(format!("scopes-usage-{}.log", std::process::id()));
    let request = "::1 - - [29/Nov/2025:12:00:00 +0000] \"GET /v1/accounts/acme/users HTTP/1.1\" 200 512";
    let line = format!("{request} \"-\" \"{}\"\n", "agent ".repeat(1_200));
    fs::write(&file, line.repeat(LINES)).unwrap();
    let script = format!("ulimit -v 65536; exec \"$0\" minimal {} --catalogue api.json", file.display());
    let output =
        Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_scopes")]).current_dir(HERE).output().unwrap();
    let size = fs::metadata(&file).unwrap().len();
    fs::remove_file(&file).unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(size > 2 * 65_536 * 1024, "{size}");
    assert!(out.contains(&format!("{LINES} lines of 1 file")), "{out}{}", String::from_utf8_lossy(&output.stderr));
}

fn schema(name: &str) -> jsonschema::Validator {
    let schema = serde_json::from_str(&run_in(HERE, &["schema", name], b"").out).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// Every answer fits the schema, which describes every member and permits no other.
#[test]
fn answers_in_json_fit_their_schemas() {
    let members = ["--method-member", "request.method", "--path-member", "request.uri", "--time-member", "ts"];
    let caddy = [&["caddy.jsonl", "--token-member", "token"][..], &members].concat();
    let evidence: [&[&str]; 7] = [
        &["usage.jsonl"],
        &["usage.jsonl", "access.log"],
        &["access.log"],
        &["plain.txt"],
        &["dropped.jsonl"],
        &caddy,
        &["-", "--lines", "plain"],
    ];
    for (command, options) in [
        ("minimal", &[][..]),
        ("minimal", &["--together", "--count-reported", "--keep", "users.write"]),
        ("unused", &["--logs-are-complete"]),
    ] {
        let schema = schema(command);
        let mut fitting = 0;
        for evidence in evidence {
            let arguments = [&[command], evidence, options, &["--format", "json"]].concat();
            let Answer { code, out, err } = run(&arguments, b"GET /v1/me\n");
            // A recorder that has dropped decisions proves nothing unused.
            assert_eq!(code == 2, evidence == ["dropped.jsonl"] && command == "unused", "{arguments:?}: {err}");
            let Ok(answer) = serde_json::from_str::<Value>(&out) else { continue };
            let errors: Vec<String> = schema.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{arguments:?}: {errors:?}\n{out}");
            fitting += 1;
            for member in ["version", "catalogue", "evidence", "clients"] {
                let mut lacking = answer.clone();
                lacking.as_object_mut().unwrap().remove(member);
                assert!(!schema.is_valid(&lacking), "{member} is required");
            }
            let mut other = answer.clone();
            other["evidence"]["other"] = Value::Null;
            assert!(!schema.is_valid(&other), "no other members");
        }
        assert!(fitting >= evidence.len() - 1, "{command}: {fitting}");
    }
}

#[test]
fn the_schema_of_the_recorders_lines() {
    let schema = schema("usage");
    for line in fs::read_to_string(Path::new(HERE).join("usage.jsonl")).unwrap().lines() {
        assert!(schema.is_valid(&serde_json::from_str(line).unwrap()), "{line}");
    }
}
