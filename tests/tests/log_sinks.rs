//! Where messages for the operator go: to a subscriber of `tracing`, otherwise to a logger of
//! `log`, otherwise to standard error, and each once.
//!
//! A process has one subscriber and one logger, so each case runs in its own process: this test
//! binary, called again with the case's name in its environment.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io;
use std::process::Command;

use axum::body::Body;
use axum::routing::get;
use axum::{Router, http::Request};
use scopes::requires;
use tower::ServiceExt as _;

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[requires(api::users.read)]
async fn people() -> &'static str {
    "people"
}

struct ToOutput;

impl log::Log for ToOutput {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        println!("LOG {} {} {}", record.level(), record.target(), record.args());
    }

    fn flush(&self) {}
}

const CASE: &str = "SCOPES_TEST_LOG_SINK";
const SENTENCE: &str = "the router matched `/people` for GET, which is not a route of catalogue `api`";

/// Runs in the child process: three requests that reveal mistakes of the developers.
#[tokio::test]
async fn child() {
    let Ok(case) = std::env::var(CASE) else { return };
    let sinks: Vec<_> = case.split('+').collect();
    if sinks.contains(&"log") {
        log::set_logger(&ToOutput).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
    }
    if sinks.contains(&"tracing") {
        let level = tracing_subscriber::filter::LevelFilter::WARN;
        tracing_subscriber::fmt().with_ansi(false).with_max_level(level).with_writer(io::stdout).init();
    }
    if sinks.contains(&"muted") {
        let level = tracing_subscriber::filter::LevelFilter::OFF;
        tracing_subscriber::fmt().with_max_level(level).with_writer(io::stdout).init();
    }
    let app = Router::new().route("/people", get(people));
    let app = app.layer(scopes_tests::tokens::authenticate::<api::Scope>("E1", &[("t", "users.read")]));
    for _ in 0..3 {
        let request = Request::get("/people").header("authorization", "Bearer t").body(Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 500);
    }
}

/// Returns what the child process of this case has written.
fn written(case: &str) -> (String, String) {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env(CASE, case)
        .output()
        .unwrap();
    assert!(child.status.success(), "{case}");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(child.stdout), text(child.stderr))
}

#[test]
fn one_sink_gets_every_sentence_once() {
    for (case, output, error) in [
        ("none", None, Some("scopes: error: ")),
        ("log", Some("LOG ERROR scopes "), None),
        ("tracing", Some("ERROR scopes: "), None),
        ("log+tracing", Some("ERROR scopes: "), None),
        // The operator has set the subscriber to discard everything, so nothing is written
        // elsewhere either.
        ("muted+log", None, None),
    ] {
        let (stdout, stderr) = written(case);
        for (text, prefix) in [(&stdout, output), (&stderr, error)] {
            assert_eq!(text.matches(SENTENCE).count(), usize::from(prefix.is_some()), "{case}: {text}");
            let line = prefix.is_none_or(|prefix| text.contains(&format!("{prefix}{SENTENCE}")));
            assert!(line, "{case}: {text}");
        }
        assert!(!stdout.contains("LOG") || case == "log", "{case}: {stdout}");
    }
}
