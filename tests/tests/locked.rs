//! `scopes::assert_locked!` and `scopes::export::catalogue_file!`, as a crate uses them.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use scopes::export::lock::{Accept, Lock, today};

mod rights {
    scopes::scopes! {
        /// The locked catalogue of this test.
        pub mod api;
        users.read { GET "/users"; GET "/users/{user}"; }
        users.write { POST "/users"; }
        public("liveness probe") { GET "/health"; }
    }
}

use rights::api;

scopes::export::catalogue_file!(api, "target/scopes/tests-locked.json");
scopes::export::catalogue_file!(fn under_another_name, rights::api, "target/scopes/tests-locked.json");

#[test]
fn the_committed_file_is_that_of_the_catalogue() {
    scopes::assert_locked!("fixtures/locked/api.scopes.json");
    scopes::assert_locked!(crate::rights::api, "fixtures/locked/api.scopes.json");
}

#[test]
fn the_test_writes_what_the_command_reads() {
    under_another_name();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("target/scopes/tests-locked.json")).unwrap();
    assert_eq!(text, scopes::export::json::to_json(api::CATALOGUE.untyped()));
}

/// Names and texts that have a meaning in JSON, Markdown, HTML and rustdoc.
#[test]
fn a_hostile_catalogue_is_written_and_read() {
    use scopes::export::json::{from_json, to_json};
    let catalogue = scopes_fixture_catalogue::hostile::r#type::CATALOGUE.untyped();
    let text = to_json(catalogue);
    let read = from_json(&text).unwrap();
    assert_eq!(to_json(&read), text);
    assert_eq!(scopes::export::diff::diff(catalogue, &read).unwrap().findings(), []);
}

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The message of the assertion with this lock file, and whether the file is the same afterwards.
fn message(name: &str, text: Option<&[u8]>) -> String {
    let folder = Folder(std::env::temp_dir().join(format!("scopes-locked-{name}-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    let path = folder.0.join("api.scopes.json");
    if let Some(text) = text {
        std::fs::write(&path, text).unwrap();
    }
    let file = path.to_str().unwrap().to_owned();
    let panic = catch_unwind(move || scopes::assert_locked!(api, &file)).unwrap_err();
    assert_eq!(std::fs::read(&path).ok().as_deref(), text, "the assertion never writes");
    panic.downcast_ref::<String>().unwrap().replace(folder.0.to_str().unwrap(), "..")
}

#[test]
fn a_missing_or_broken_file_fails() {
    let missing = message("missing", None);
    assert!(missing.starts_with("cannot read the lock file `../api.scopes.json`: "), "{missing}");
    assert!(missing.contains("scopes lock"), "{missing}");
    for (name, text) in
        [("empty", &b""[..]), ("bytes", b"\xff"), ("json", b"{}"), ("removed", br#"{"name": "api", "removed": 1}"#)]
    {
        let message = message(name, Some(text));
        assert!(message.contains("the lock file `../api.scopes.json`"), "{name}: {message}");
    }
}

#[test]
fn a_difference_fails_with_the_command() {
    let current = api::CATALOGUE.untyped();
    let text = Lock::new(current.clone()).to_json();
    for (name, before, after, option) in [
        (
            "narrower",
            r#""path": "/users/{user}""#,
            r#""path": "/users/{user}/more""#,
            "--accept --accept-widening --reason",
        ),
        ("wider", r#""path": "/health""#, r#""path": "/ready""#, "--accept --accept-widening --reason"),
        ("renamed", r#""name": "get_health""#, r#""name": "healthy""#, "api.scopes.json\n"),
    ] {
        assert!(text.contains(before), "{name}");
        let message = message(name, Some(text.replace(before, after).as_bytes()));
        assert!(message.starts_with("the catalogue `api` differs from its lock file"), "{message}");
        assert!(message.contains(option), "{name}: {message}");
    }
}

#[test]
fn an_expired_acceptance_fails() {
    let narrower = scopes::export::json::from_json(
        r#"{"name": "api", "scopes": [{"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{user}"]]},
            {"scope": "users.write"}], "public": [{"reason": "liveness probe", "routes": [["GET", "/health"]]}]}"#,
    )
    .unwrap();
    let mut accept = Accept::default();
    (accept.widening, accept.reason, accept.until) = (true, "for a week".into(), Some("2025-01-01".parse().unwrap()));
    let lock = Lock::new(narrower).updated(api::CATALOGUE.untyped(), &accept, today()).unwrap();
    let message = message("expired", Some(lock.to_json().as_bytes()));
    assert!(message.contains("was accepted until 2025-01-01 only, because: for a week"), "{message}");
    assert!(message.contains("--accept-widening --reason"), "{message}");
}
