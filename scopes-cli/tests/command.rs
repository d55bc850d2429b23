//! Every command as a program, compared with what it printed when it was reviewed.
//!
//! `UPDATE_EXPECT=1 cargo test -p scopes-cli` writes the expectations; read the difference.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};

use self::support::{Answer, Folder, run_in, shown};

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

fn run(arguments: &[&str]) -> Answer {
    run_in(HERE, arguments, "")
}

fn expect(file: &str, found: &str) {
    support::expect(HERE, file, found);
}

const PAIRS: [&str; 5] = ["literals", "demands", "tenants", "paths", "names"];

#[test]
fn pairs() {
    for pair in PAIRS {
        let arguments = ["diff", "old.json", "new.json"];
        let answer = run_in(Path::new(HERE).join("pairs").join(pair), &arguments, "");
        expect(&format!("pairs/{pair}/expected.txt"), &shown(&arguments, &answer));
    }
}

#[test]
fn formats_of_diff() {
    for format in ["json", "github", "markdown"] {
        let arguments = [
            "diff",
            "pairs/literals/old.json",
            "pairs/literals/new.json",
            "--tokens",
            "tokens.jsonl",
            "--format",
            format,
        ];
        let answer = run(&arguments);
        expect(&format!("expected/diff-{format}.txt"), &shown(&arguments, &answer));
        if format == "json" {
            assert_fits("diff", &answer.out);
        }
    }
    let arguments = ["diff", "pairs/literals/old.json", "pairs/literals/new.json", "--tokens", "tokens.jsonl"];
    expect("expected/diff-tokens.txt", &shown(&arguments, &run(&arguments)));
    let arguments =
        ["diff", "pairs/literals/old.json", "pairs/literals/new.json", "--format", "github", "--source", "api.rs.txt"];
    expect("expected/diff-source.txt", &shown(&arguments, &run(&arguments)));
}

/// The text fits the schema that the command prints.
fn assert_fits(schema: &str, text: &str) {
    let schema = serde_json::from_str(&run(&["schema", schema]).out).unwrap();
    let document = serde_json::from_str(text).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}\n{text}");
}

#[test]
fn the_level_decides_about_the_exit_code() {
    let code = |pair: &str, level: &str| {
        let (old, new) = (format!("pairs/{pair}/old.json"), format!("pairs/{pair}/new.json"));
        run(&["diff", &old, &new, "--fail-on", level]).code
    };
    assert_eq!(["never", "widening", "breaking", "note", "text"].map(|level| code("literals", level)), [0, 1, 1, 1, 1]);
    let folder = Folder::new("levels");
    folder.write("a.json", r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET", "/a"]]}]}"#);
    folder.write("b.json", r#"{"name": "api", "scopes": [{"scope": "a", "title": "A", "routes": [["GET", "/a"]]}]}"#);
    folder.write("c.json", r#"{"name": "api", "scopes": [{"scope": "a"}]}"#);
    folder.write("d.json", r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET", "/a"]]}, {"scope": "b"}]}"#);
    let code = |new: &str, level: &str| run_in(&folder.0, &["diff", "a.json", new, "--fail-on", level], "").code;
    for (new, codes) in
        [("a.json", [0, 0, 0, 0]), ("b.json", [0, 0, 0, 1]), ("d.json", [0, 0, 1, 1]), ("c.json", [0, 1, 1, 1])]
    {
        assert_eq!(["widening", "breaking", "note", "text"].map(|level| code(new, level)), codes, "{new}");
    }
}

#[test]
fn lock() {
    let folder = Folder::new("lock");
    let (old, new) = ("pairs/literals/old.json", "pairs/literals/new.json");
    for (name, file) in [("old.json", old), ("new.json", new)] {
        folder.write(name, &std::fs::read_to_string(Path::new(HERE).join(file)).unwrap());
    }
    let mut text = String::new();
    let mut step = |arguments: &[&str]| {
        let answer = run_in(&folder.0, arguments, "");
        text.push_str(&shown(arguments, &answer));
        answer.code
    };
    assert_eq!(step(&["lock", "old.json"]), 0);
    let created = folder.read("api.scopes.json");
    assert_eq!(step(&["lock", "old.json"]), 0);
    assert_eq!(step(&["lock", "new.json"]), 1);
    assert_eq!(step(&["lock", "new.json", "--accept"]), 1);
    assert_eq!(step(&["lock", "new.json", "--accept", "--accept-widening"]), 2);
    assert_eq!(
        step(&["lock", "new.json", "--accept", "--accept-widening", "--reason", "me", "--until", "2026-13-01"]),
        2
    );
    assert_eq!(folder.read("api.scopes.json"), created, "a refusal changes nothing");
    assert_eq!(
        step(&["lock", "new.json", "api.scopes.json", "--accept", "--accept-widening", "--reason", "reviewed"]),
        0
    );
    assert_eq!(step(&["diff", "new.json", "api.scopes.json", "--fail-on", "text"]), 0);
    expect("expected/lock.txt", &text);
    expect("expected/api.scopes.json", &folder.read("api.scopes.json"));
    assert_fits("catalogue", &folder.read("api.scopes.json"));
}

#[test]
fn check() {
    for format in ["text", "json", "github"] {
        let arguments = ["check", "checked.json", "--format", format, "--config", "scopes.toml"];
        let answer = run(&arguments);
        expect(&format!("expected/check-{format}.txt"), &shown(&arguments, &answer));
        if format == "json" {
            assert_fits("check", &answer.out);
        }
    }
    // Without a configuration.
    let folder = Folder::new("check");
    folder.write("target/scopes/api.json", &std::fs::read_to_string(Path::new(HERE).join("checked.json")).unwrap());
    let answer = run_in(&folder.0, &["check"], "");
    assert_eq!(answer.code, 1);
    assert!(answer.out.contains(" --> target/scopes/api.json:"), "{}", answer.out);
    for (config, message) in [
        ("[rules]\nnone = \"warn\"", "scopes.toml:2:8: no rule is called `none`"),
        ("[rules]\noverlap = \"fatal\"", "scopes.toml:2:11: unknown variant"),
        ("[[accepted]]\nrule = \"overlap\"\nabout = \"x\"\nreason = \" \"", "scopes.toml:1:1: the reason is empty"),
        (
            "[[accepted]]\nrule = \"overlap\"\nabout = \"x\"\nreason = \"y\"\nuntil = \"soon\"",
            "scopes.toml:1:1: until: ",
        ),
        ("[rule]", "scopes.toml:1:2: unknown field `rule`"),
    ] {
        folder.write("scopes.toml", config);
        let answer = run_in(&folder.0, &["check"], "");
        assert!(answer.code == 2 && answer.err.contains(message), "{config}: {}", answer.err);
    }
}

#[test]
fn check_shows_mistakes_and_acceptances_that_are_not_needed() {
    let folder = Folder::new("mistakes");
    folder.write(
        "api.json",
        "{\n  \"name\": \"api\",\n  \"scopes\": [\n    {\"scope\": \"a b\", \"routes\": [[\"GET\", \"users\"]]}\n  ]\n}\n",
    );
    folder.write("syntax.json", "{\n  \"name\": api\n}");
    folder
        .write("good.json", r#"{"name": "api", "scopes": [{"scope": "a", "title": "A", "routes": [["GET", "/a"]]}]}"#);
    folder.write("scopes.toml", "[[accepted]]\nrule = \"overlap\"\nabout = \"GET /gone\"\nreason = \"x\"\n");
    let mut text = String::new();
    for arguments in
        [&["check", "api.json", "syntax.json"][..], &["check", "good.json"], &["check", "api.json", "--format", "json"]]
    {
        let answer = run_in(&folder.0, arguments, "");
        text.push_str(&shown(arguments, &answer));
        if arguments.contains(&"json") {
            assert_fits("check", &answer.out);
        }
    }
    expect("expected/check-mistakes.txt", &text);
}

#[test]
fn tokens_with_removed_names_count() {
    let folder = Folder::new("removed");
    let locked = r#"{"name": "api", "removed": [{"scope": "a", "meaning": ["GET /old"]}]}"#;
    folder.write("api.scopes.json", locked);
    folder.write("new.json", r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET", "/a"]]}]}"#);
    let answer = run_in(&folder.0, &["diff", "api.scopes.json", "new.json"], "");
    assert!(answer.code == 1 && answer.out.contains("allowed now: GET /a with `a`"), "{}", answer.out);
    let all = ["lock", "new.json", "api.scopes.json", "--accept", "--accept-widening", "--reason", "x"];
    let answer = run_in(&folder.0, &all, "");
    assert!(
        answer.code == 1 && answer.out.contains("the scope `a` was removed and cannot come back"),
        "{}",
        answer.out
    );
    assert_eq!(folder.read("api.scopes.json"), locked);
}

#[test]
fn what_cannot_be_compared_is_not_equal() {
    // The route demands seventeen scopes together. A token can hold each of them by itself or
    // through a wider scope.
    let numbers = || 0..17;
    let scopes: Vec<String> = numbers()
        .map(|n| {
            format!(r#"{{"scope": "s{n}"}}, {{"scope": "t{n}"}}, {{"scope": "both{n}", "includes": ["s{n}", "t{n}"]}}"#)
        })
        .collect();
    let catalogue = |letter: char| {
        let needed: Vec<String> = numbers().map(|n| format!(r#""{letter}{n}""#)).collect();
        let (scopes, needed) = (scopes.join(","), needed.join(","));
        format!(
            r#"{{"name": "api", "scopes": [{scopes}], "requirements": [{{"route": ["GET", "/"], "any_of": [[{needed}]]}}]}}"#
        )
    };
    let folder = Folder::new("complex");
    folder.write("old.json", &catalogue('s'));
    folder.write("new.json", &catalogue('t'));
    let answer = run_in(&folder.0, &["diff", "old.json", "new.json", "--fail-on", "never"], "");
    assert!(answer.code == 2 && answer.err.contains("not compared: "), "{} {}{}", answer.code, answer.out, answer.err);
    assert_eq!(run_in(&folder.0, &["diff", "old.json", "old.json"], "").code, 0);
}

#[test]
fn explain() {
    let mut text = String::new();
    for arguments in [
        &["explain", "GET", "/v1/accounts/acme/users?all"][..],
        &["explain", "GET", "/v1/accounts/acme/users", "--scopes", "users.read nope", "--tenant", "acme"],
        &["explain", "GET", "/v1/accounts/acme/users", "--scopes", "users.read", "--tenant", "other"],
        &["explain", "HEAD", "/v1/users/7", "--scopes", "", "--tenant", "*"],
        &["explain", "GET", "/v1/types", "--scopes", "users.read"],
        &["explain", "GET", "/v1/a%2Fb/../c"],
        &["explain", "POST", "/v1/types"],
    ] {
        let mut all = arguments.to_vec();
        all.extend(["--catalogue", "pairs/tenants/old.json"]);
        text.push_str(&shown(&all, &run(&all)));
    }
    for target in ["/files/all", "/files/a.zip", "/files/a%2Ezip"] {
        let all = ["explain", "GET", target, "--scopes", "users.read", "--catalogue", "pairs/literals/old.json"];
        text.push_str(&shown(&all, &run(&all)));
    }
    expect("expected/explain.txt", &text);
}

#[test]
fn help_and_completions() {
    let mut text = String::new();
    for command in ["diff", "lock", "check", "explain", "minimal", "unused", "picker", "link", "schema", "completions"]
    {
        let arguments = ["help", command];
        let answer = run(&arguments);
        assert_eq!(answer.code, 0);
        text.push_str(&shown(&arguments, &answer));
    }
    text.push_str(&shown(&["--help"], &run(&["--help"])));
    expect("expected/help.txt", &text);
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let answer = run(&["completions", shell]);
        assert!(answer.code == 0 && answer.out.contains("accept-widening"), "{shell}");
    }
    assert_eq!(run(&[]).code, 2);
    assert_eq!(run(&["frobnicate"]).code, 2);
}

#[test]
fn operands_that_cannot_be_read() {
    let folder = Folder::new("operands");
    folder.write("good.json", r#"{"name": "api"}"#);
    folder.write("syntax.json", "{\n  \"name\": \"api\",\n  \"scopes\": [1]\n}");
    folder.write(
        "mistake.json",
        "{\"name\": \"api\", \"scopes\": [\n  {\"scope\": \"a\", \"routes\": [[\"GET\", \"no-slash\"]]}\n]}",
    );
    folder.write(
        "requirement.json",
        "{\"name\": \"api\",\n \"requirements\": [{\"route\": [\"GET\", \"/\"], \"any_of\": [[\"a\"]]}]}",
    );
    folder.write("version.json", r#"{"version": 2, "name": "api"}"#);
    std::fs::write(folder.0.join("bytes.json"), b"{\"name\": \"\xff\"}").unwrap();
    for (operand, message) in [
        ("none.json", "error: none.json: cannot read it: "),
        ("syntax.json", "error: syntax.json:3:14: "),
        ("mistake.json", "error: mistake.json:2:29: "),
        ("requirement.json", "error: requirement.json:2:55: "),
        ("version.json", "error: version.json:1:13: version 2 is not known"),
        ("bytes.json", "error: bytes.json: the text is not UTF-8 at byte 10"),
        (".", "error: .: cannot read it: "),
        ("HEAD:none.json", "error: HEAD:none.json: no such file, and git does not know it: "),
    ] {
        for arguments in [["diff", "good.json", operand], ["diff", operand, "good.json"]] {
            let answer = run_in(&folder.0, &arguments, "");
            assert!(answer.code == 2 && answer.err.starts_with(message), "{operand}: {} {}", answer.code, answer.err);
            assert_eq!(answer.out, "", "{operand}");
        }
    }
    // A part that the comparison does not need must be sound as well.
    for (member, message) in [
        (r#""removed": [{"scope": "a"}]"#, "history.json: missing field `meaning`"),
        (r#""accepted": [1]"#, "history.json: invalid type"),
        (r#""removed": [], "removed": []"#, "history.json:1:"),
    ] {
        folder.write("history.json", &format!(r#"{{"name": "api", {member}}}"#));
        for arguments in [["diff", "good.json", "history.json"], ["diff", "history.json", "good.json"]] {
            let answer = run_in(&folder.0, &arguments, "");
            assert!(answer.code == 2 && answer.err.contains(message), "{member}: {} {}", answer.code, answer.err);
        }
    }
    for line in
        ["{}", r#"{"id": "a"}"#, r#"{"id": "a", "scopes": 1}"#, "x", r#"{"id": "a", "scopes": [], "tenant": "a/b"}"#]
    {
        folder.write("tokens.jsonl", &format!("{{\"id\": \"good\", \"scopes\": []}}\n\n{line}\n"));
        let answer = run_in(&folder.0, &["diff", "good.json", "good.json", "--tokens", "tokens.jsonl"], "");
        assert!(answer.code == 2 && answer.err.starts_with("error: tokens.jsonl:3: "), "{line}: {}", answer.err);
    }
    assert_eq!(run_in(&folder.0, &["diff", "-", "good.json"], r#"{"name": "api"}"#).code, 0);
    assert_eq!(run_in(&folder.0, &["diff", "-", "-"], r#"{"name": "api"}"#).code, 2);
    assert_eq!(run_in(&folder.0, &["explain", "GET", "/"], "").code, 2);
}

#[test]
fn files_of_a_revision() {
    let folder = Folder::new("git");
    folder.git(&["init", "-q"]);
    folder.write("api.json", r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET", "/a"]]}]}"#);
    folder.git(&["add", "api.json"]);
    folder.git(&["commit", "-qm", "first"]);
    folder.write("api.json", r#"{"name": "api", "scopes": [{"scope": "a"}]}"#);
    let answer = run_in(&folder.0, &["diff", "HEAD:api.json", "api.json"], "");
    assert!(answer.code == 1 && answer.out.contains("--> HEAD:api.json:1:"), "{}{}", answer.out, answer.err);
    assert_eq!(run_in(&folder.0, &["diff", "HEAD:./api.json", "HEAD:api.json"], "").code, 0);
    // A revision that looks like an option of git is refused.
    for revision in ["--output=pwned:api.json", "-p:api.json", "--help:api.json"] {
        let answer = run_in(&folder.0, &["diff", "api.json", "--", revision], "");
        assert!(answer.code == 2 && answer.err.contains("a revision cannot begin with `-`"), "{}", answer.err);
    }
    assert!(!folder.0.join("pwned").exists());
}

#[test]
fn hostile_texts_stay_texts() {
    let folder = Folder::new("hostile");
    let hostile = std::fs::read_to_string(Path::new(HERE).join("hostile.json")).unwrap();
    folder.write("hostile.json", &hostile);
    folder.write("empty.json", r#"{"name": "api"}"#);
    let is_odd =
        |character: char| character.is_control() && character != '\n' || "\u{202e}\u{2066}\u{9b}".contains(character);
    for arguments in [
        &["diff", "empty.json", "hostile.json"][..],
        &["diff", "hostile.json", "empty.json", "--format", "json"],
        &["diff", "hostile.json", "empty.json", "--format", "github"],
        &["diff", "hostile.json", "empty.json", "--format", "markdown"],
        &["check", "hostile.json"],
        &["check", "hostile.json", "--format", "json"],
        &["check", "hostile.json", "--format", "github"],
        &["explain", "GET", "/things/@all", "--catalogue", "hostile.json"],
        &["explain", "GET", "/\u{1b}[31m\u{202e}", "--scopes", "\u{7}", "--catalogue", "hostile.json"],
        &["explain", "GET", "/", "--catalogue", "\u{1b}[31m.json"],
    ] {
        let answer = run_in(&folder.0, arguments, "");
        for (what, text) in [("out", &answer.out), ("err", &answer.err)] {
            assert!(!text.contains(is_odd), "{arguments:?} {what}: {text:?}");
        }
        if arguments.contains(&"github") {
            assert!(answer.out.lines().all(|line| line.starts_with("::") && line.matches("%0A%0A").count() == 0));
            let commands = ["error", "warning", "notice"].map(|command| format!("\n::{command}"));
            let lines = answer.out.lines().count();
            let begun: usize =
                commands.iter().map(|command| format!("\n{}", answer.out).matches(command.as_str()).count()).sum();
            assert_eq!(begun, lines, "{}", answer.out);
        }
        if arguments.contains(&"markdown") {
            for odd in ["<b>", "](", "@all", "<img", "::error"] {
                assert!(!answer.out.contains(odd), "{odd}: {}", answer.out);
            }
        }
    }
}

#[test]
fn a_reader_that_goes_away_is_not_an_error() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
        .args(["schema", "catalogue"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn pages_of_the_reference() {
    let catalogue = "pairs/demands/new.json";
    for (format, extension) in [("markdown", "md"), ("llms", "txt")] {
        let arguments =
            ["docs", catalogue, "--format", format, "--title", "Example API", "--markdown", "permissions.md"];
        let answer = run(&arguments);
        assert_eq!((answer.code, answer.err.as_str()), (0, ""));
        expect(&format!("expected/docs-{format}.{extension}"), &answer.out);
    }
    let html = run(&["docs", catalogue, "--markdown", "permissions.md"]).out;
    assert!(html.starts_with("<!doctype html>") && html.contains("<a href=\"permissions.md\">"));
    assert_eq!(run(&["docs", "missing.json"]).code, 2);
    for address in ["http://example.com/permissions.md", "//example.com", "javascript:alert(1)", "a b"] {
        let answer = run(&["docs", catalogue, "--markdown", address]);
        assert_eq!((answer.code, answer.out.as_str()), (2, ""), "{address}");
        assert!(answer.err.contains("--markdown: write a file"), "{address}");
    }
}
