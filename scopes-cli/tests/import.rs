//! `scopes import` as a program, compared with what it printed when it was reviewed.
//!
//! `UPDATE_EXPECT=1 cargo test -p scopes-cli` writes the expectations; read the difference.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use self::support::{Answer, Folder, run_in};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/import");

fn run(arguments: &[&str]) -> Answer {
    run_in(HERE, arguments, "")
}

fn expect(file: &str, found: &str) {
    support::expect(HERE, file, found);
}

#[test]
fn block_and_report() {
    let answer = run(&["import", "shop.yaml", "--name", "shop", "--routes", "--all-of", "x-required-scopes"]);
    assert_eq!(answer.code, 1);
    expect("shop.rs.txt", &answer.out);
    expect("shop.report.txt", &answer.err);
}

#[test]
fn json_and_report_file() {
    let folder = Folder::new("report");
    let report = folder.0.join("report.txt");
    let arguments = ["import", "shop.yaml", "--format", "json", "--report", report.to_str().unwrap()];
    let answer = run(&arguments);
    assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    assert!(fs::read_to_string(report).unwrap().contains("left out[path]"));
    let catalogue = scopes_export::json::from_json(&answer.out).unwrap();
    assert_eq!(catalogue.base(), "/v1");
}

/// A document in a git revision, with the files that it names there.
#[test]
fn revisions() {
    let folder = Folder::new("revision");
    folder.write("specs/api.yaml", "openapi: 3.0.0\npaths:\n  /a: {$ref: paths/a.yaml}\n");
    folder.write("specs/paths/a.yaml", "get: {security: []}\n");
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "first"]);
    folder.write("specs/paths/a.yaml", "get: {security: [{o: [x]}]}\n");
    let answer = run_in(&folder.0, &["import", "HEAD:specs/api.yaml"], b"");
    assert!(answer.out.contains("public(") && answer.code == 0, "{}", answer.err);
    let answer = run_in(&folder.0, &["import", "specs/api.yaml"], b"");
    assert!(answer.out.contains("x {") && answer.code == 0, "{}", answer.err);
    let answer = run_in(&folder.0, &["import", "--", "--output=x:api.yaml"], b"");
    assert_eq!((answer.code, answer.err.contains("a revision cannot begin with `-`")), (2, true));
}

/// surfaces.md: `$ref` only to regular files below the document's canonical folder, after symlinks.
#[test]
#[cfg(unix)]
fn files_outside_of_the_folder() {
    let folder = Folder::new("outside");
    folder.write("secret.yaml", "get: {security: []}\n");
    folder.write("specs/inside.yaml", "get: {security: []}\n");
    std::os::unix::fs::symlink(folder.0.join("secret.yaml"), folder.0.join("specs/link.yaml")).unwrap();
    std::os::unix::fs::symlink(folder.0.join("specs/inside.yaml"), folder.0.join("specs/good.yaml")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.0.join("specs/pipe.yaml")).status().unwrap().success());
    let absolute = folder.0.join("secret.yaml");
    let references = [
        "link.yaml",
        "../secret.yaml",
        "%2e%2e/secret.yaml",
        "a/../../secret.yaml",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x.yaml",
        "pipe.yaml",
        ".",
        "none.yaml",
        absolute.to_str().unwrap(),
        "good.yaml",
    ];
    let mut text = "openapi: 3.0.0\npaths:\n".to_owned();
    for (number, reference) in references.iter().enumerate() {
        text += &format!("  /{number}: {{$ref: '{reference}'}}\n");
    }
    folder.write("specs/api.yaml", &text);
    let answer = run_in(&folder.0, &["import", "specs/api.yaml"], b"");
    assert_eq!(answer.code, 1);
    assert_eq!(answer.out.matches("GET ").count(), 1, "{}", answer.out);
    assert!(answer.out.contains("GET \"/11\";"), "{}", answer.out);
    assert_eq!(answer.err.matches("  --> ").count(), references.len() - 1, "{}", answer.err);
    // No files belong to the standard input.
    let answer = run_in(folder.0.join("specs"), &["import", "-"], text.as_bytes());
    assert!(!answer.out.contains("GET"), "{}", answer.out);
}

/// surfaces.md: bytes, files, depth and aliases are bounded.
#[test]
fn bounds() {
    let head = "openapi: 3.0.0\n";
    let bomb = (1..12).fold("x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n".to_owned(), |text, level| {
        let items = vec![format!("*x{}", level - 1); 10].join(", ");
        text + &format!("x{level}: &x{level} [{items}]\n")
    });
    let merges = (1..30).fold("x0: &x0 {a: 1}\n".to_owned(), |text, level| {
        let below = level - 1;
        text + &format!("x{level}: &x{level}\n  <<: [*x{below}, *x{below}, *x{below}, *x{below}]\n  k{level}: [*x{below}, *x{below}, *x{below}]\n")
    });
    let chain = (1..1000)
        .fold("x0: &x0 [a]\n".to_owned(), |text, level| text + &format!("x{level}: &x{level} [*x{}]\n", level - 1));
    let long = format!("{head}x-a: {}\n", "a".repeat(91 * 1024 * 1024));
    let many = format!("{{\"openapi\": [{}1]}}", "1,".repeat(4_100_000));
    for (name, text, expected) in [
        ("aliases", format!("{head}{bomb}"), "there are more than 4000000 values"),
        ("merges", format!("{head}{merges}"), "there are more than 4000000 values"),
        ("alias depth", format!("{head}{chain}"), "stdin>:128:"),
        ("depth", format!("{head}x-a: {}", "[".repeat(100_000)), "stdin>:2:"),
        ("blocks", format!("{head}x-a: {}", "- ".repeat(100_000)), "stdin>:2:"),
        ("JSON depth", format!("{{\"openapi\": {}", "[".repeat(1_000_000)), "more than 127 objects and arrays"),
        ("size", long, "have more than 94371840 bytes"),
        ("values", many, "there are more than 4000000 values"),
        ("own alias", format!("{head}x: &a [*a]\n"), "<stdin>:2:8: "),
        ("documents", format!("{head}---\n{head}"), "the file has more than one YAML document"),
        ("NUL", format!("{head}paths: {{}}\n\0"), "<stdin>:3:1: YAML allows no control characters"),
    ] {
        let answer = run_in(Path::new(HERE), &["import", "-"], text.as_bytes());
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{name}");
        assert!(answer.err.contains(expected) && answer.err.len() < 500, "{name}: {}", answer.err);
    }
}

/// Operands that are OpenAPI documents, in every format.
#[test]
fn differences_of_documents() {
    let folder = Folder::new("diff");
    for name in ["shop.yaml", "paths/orders.yaml"] {
        folder.write(name, &fs::read_to_string(Path::new(HERE).join(name)).unwrap());
    }
    folder.git(&["init", "-q"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "first"]);
    // In the file that the document names: an alternative without credentials, and a new operation.
    let orders = fs::read_to_string(folder.0.join("paths/orders.yaml")).unwrap();
    folder.write("paths/orders.yaml", &orders.replace("[{OAuth2: [orders.write]}]", "[{}, {OAuth2: [orders.write]}]"));
    let shop = fs::read_to_string(folder.0.join("shop.yaml")).unwrap();
    folder
        .write("shop.yaml", &shop.replace("OAuth2: [admin]\n  /orders/{id}", "OAuth2: [orders.read]\n  /orders/{id}"));
    let pair = ["diff", "HEAD:shop.yaml", "shop.yaml"];

    let refused = run_in(&folder.0, &pair, b"");
    assert_eq!((refused.code, refused.out.as_str()), (2, ""));
    expect("diff-refused.txt", &refused.err);
    for format in ["text", "json", "github", "markdown"] {
        let arguments = [&pair[..], &["--allow-incomplete", "--format", format]].concat();
        let answer = run_in(&folder.0, &arguments, b"");
        assert_eq!((answer.code, answer.err.as_str()), (1, ""), "{format}");
        expect(&format!("diff-{format}.txt"), &answer.out);
        if format == "json" {
            let schema = run(&["schema", "diff"]).out;
            let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
            let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
            let errors: Vec<String> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(&found)
                .map(|error| error.to_string())
                .collect();
            assert_eq!(errors, [""; 0]);
        }
    }
    // Nothing has changed within what a catalogue can say.
    let answer = run_in(&folder.0, &["diff", "shop.yaml", "shop.yaml", "--allow-incomplete"], b"");
    assert_eq!((answer.code, answer.out.contains("\n0 widening, 0 breaking, 0 notes, 0 texts\n")), (0, true));
}

/// A document and a catalogue.
#[test]
fn document_and_catalogue() {
    let folder = Folder::new("both");
    folder.write("api.yaml", "openapi: 3.0.0\nsecurity: [{o: [users.read]}]\npaths:\n  /users:\n    get: {}\n");
    folder.write(
        "api.json",
        r#"{"name": "api", "scopes": [{"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{id}"]]}]}"#,
    );
    let answer = run_in(&folder.0, &["diff", "api.yaml", "api.json"], b"");
    assert_eq!(answer.code, 1, "{}", answer.err);
    assert!(answer.out.contains("allowed now: GET /users/x with `users.read`"), "{}", answer.out);
    let answer = run_in(&folder.0, &["diff", "api.json", "-"], fs::read(folder.0.join("api.yaml")).unwrap());
    assert!(answer.out.contains("denied now: GET /users/x with `users.read`"), "{}", answer.out);
    let answer = run_in(&folder.0, &["diff", "api.json", "api.json", "--base", "/v1"], b"");
    assert_eq!((answer.code, answer.err.contains("are for OpenAPI documents")), (2, true));
    let answer = run_in(&folder.0, &["diff", "api.yaml", "api.yaml", "--base", "/v1", "--undeclared", "public"], b"");
    assert_eq!(answer.code, 0);
    for text in ["fn main() {}", "", "{\"openapi\": 7", "{\"openapi\": \"3.0.0\", \"paths\": 1}"] {
        folder.write("other", text);
        let answer = run_in(&folder.0, &["diff", "api.yaml", "other"], b"");
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{text}");
        assert!(answer.err.starts_with("error: other:"), "{}", answer.err);
    }
}

#[test]
fn texts_for_terminals() {
    let text = "openapi: 3.0.0\npaths:\n  \"/a\\e[31m\\u202e\":\n    get: {security: []}\n";
    let answer = run_in(Path::new(HERE), &["import", "-"], text.as_bytes());
    assert!(!answer.err.contains(['\u{1b}', '\u{202e}']) && answer.code == 1, "{}", answer.err);
    let answer = run_in(Path::new(HERE), &["import", "-"], b"\xff\xfeo\0");
    assert_eq!((answer.code, answer.err.contains("not UTF-8")), (2, true), "{}", answer.err);
}
