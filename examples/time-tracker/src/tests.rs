//! Attacks the time tracker, with a key and without.

use rocket::config::{Config, LogLevel};
use rocket::fairing::AdHoc;
use scopes_conformance::Conformance;

use super::*;

/// Serves on a port of its own, and runs the attacks.
fn attacked(key: Option<&str>, grant: impl FnOnce(Conformance<api::Scope>) -> Conformance<api::Scope>) {
    let buckets = Buckets::default();
    let restored = buckets.clone();
    let (tell, told) = std::sync::mpsc::channel();
    let figment = Config::figment().merge(("port", 0)).merge(("log_level", LogLevel::Off)).merge(("workers", 1));
    let server = server(buckets, key.map(str::to_owned)).configure(figment);
    let server = server.attach(AdHoc::on_liftoff("port", move |rocket| {
        let _ = tell.send(rocket.config().port);
        Box::pin(async {})
    }));
    std::thread::spawn(move || rocket::execute(server.launch()).is_ok());
    let address = ([127, 0, 0, 1], told.recv().unwrap()).into();
    let conformance = Conformance::new(address, &api::CATALOGUE)
        .value("bucket", "editor")
        .query_of("POST /api/0/buckets/{bucket}/heartbeat", "pulsetime=5")
        .reset(move || _ = restored.open().entry("editor".to_owned()).or_default());
    let report = grant(conformance).run();
    // The only key opens everything, so no token lacks a scope.
    report.assert_clean();
    assert!(report.unreached.is_empty(), "{report}");
}

#[test]
fn with_a_key() {
    attacked(Some("key-1"), |conformance| conformance.token("key-1", everything()));
}

#[test]
fn without_a_key() {
    attacked(None, |conformance| conformance.anonymous(everything()));
}
