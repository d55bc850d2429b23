//! Runs the command `scopes-conformance` against the running program: all routes, tokens in the
//! database, two environments. No handler runs that should not, and each route was reached.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use common::program::{Folder, Running, api_tokens, program};
use common::script::{names_of, steps};
use common::{Client, Request};
use dashboard::catalogue::api;
use dashboard::server::{HANDLER, HANDLER_TENANT};
use dashboard::session_catalogue::dashboard as sessions;
use scopes::UntypedCatalogue;
use serde_json::{Value, json};
use tokio::process::Command;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_runs_that_should_not() {
    let folder = Folder::new();
    let options = ["--port", "0", "--log", "warn", "--name-handlers"];
    let unlimited = ["--token-rate", "0", "--address-rate", "0", "--failure-rate", "0"];
    let server = Running::start(program(&folder.0, &[&options[..], &unlimited].concat())).await;
    let mut client = server.client();
    let session = server.text.lines().map(str::trim).find(|line| line.starts_with("eyJ")).unwrap();
    let everything: Vec<&str> = api::CATALOGUE.scopes().map(api::Scope::as_str).collect();
    let (all, live) = token(&mut client, session, &everything).await;
    let (none, _) = token(&mut client, session, &["flow.write"]).await;
    // The last token that the program prints is for the sandbox.
    let sandbox = server.text.lines().rev().find(|line| line.trim().starts_with("sandbox ")).unwrap();
    let foreign = api_tokens(sandbox)[0].to_owned();
    let sandbox_id = server.text.lines().find_map(|line| line.trim().strip_prefix("sandbox ")).unwrap().trim();

    // The objects that paths name exist: the script has made them, and has not deleted any.
    let mut names = names_of(&live);
    for step in
        steps().iter().filter(|step| step.method != "DELETE" && !step.path.ends_with("/revoke") && step.status < 300)
    {
        let response = client.send(step.request(&names).bearer(&all)).await;
        assert!(matches!(response.status, 200..300 | 404 | 409), "{step:?} {response:?}");
        if response.status == step.status {
            step.remember(&response, &mut names);
        }
    }
    // A run deletes tokens, and not those that it uses.
    let spare = client.send(Request::new("GET", "/api/v0/user/tokens").bearer(session)).await.json();
    let spare = spare["tokens"].as_array().unwrap().iter().find(|token| token["note"] == "user import").unwrap();
    names.insert("tokenId".to_owned(), spare["id"].as_str().unwrap().to_owned());

    let bodies: serde_json::Map<String, Value> = steps()
        .into_iter()
        .filter_map(|step| {
            let body: Value = serde_json::from_str(&step.sent(&names)?).unwrap();
            Some((format!("{} {}", step.method, template(step.path)), json!({"body": body})))
        })
        .collect();
    let tokens = json!([
        {"env": "EVERYTHING", "scopes": everything, "tenants": [live]},
        {"env": "NOTHING", "scopes": ["flow.write"], "tenants": [live]},
        {
            "env": "FOREIGN", "tenants": [sandbox_id],
            "scopes": ["environment.apiTokens.read", "environment.apiTokens.write", "environment.users.read"],
        },
    ]);
    let of_names = names.iter().filter(|(name, _)| {
        let is_parameter = |route: scopes::Route<'_>| route.path().contains(&format!("{{{name}}}"));
        *name != "environmentId" && api::CATALOGUE.routes().any(is_parameter)
    });
    let values: Vec<_> = of_names.map(|(name, value)| format!("--value={name}={value}")).collect();
    let secrets = [("EVERYTHING", all.as_str()), ("NOTHING", &none), ("FOREIGN", &foreign), ("SESSION", session)];
    let run = Attack { folder: &folder.0, address: server.address(), secrets: &secrets };
    run.assert_complete(api::CATALOGUE.untyped(), &tokens, &Value::Object(bodies), &values).await;

    // The routes of the other catalogue, which sessions open.
    let tokens = json!([
        {"env": "SESSION", "scopes": [], "tenants": "any"},
    ]);
    let bodies = json!({"POST /api/v0/user/tokens": {"body": {"note": "made by an attack"}}});
    run.assert_complete(sessions::CATALOGUE.untyped(), &tokens, &bodies, &[]).await;

    let (status, log) = server.interrupt("TERM").await;
    assert!(status.success(), "{log}");
}

/// What all runs of the command share.
struct Attack<'a> {
    folder: &'a Path,
    address: SocketAddr,
    /// The variables that hold the tokens.
    secrets: &'a [(&'static str, &'a str)],
}

impl Attack<'_> {
    /// Runs the command. No handler runs that should not, and each route is reached.
    async fn assert_complete(&self, catalogue: &UntypedCatalogue, tokens: &Value, bodies: &Value, values: &[String]) {
        let mut catalogue: Value = serde_json::from_str(&scopes::export::json::to_json(catalogue)).unwrap();
        // External routes are those of the other catalogue.
        catalogue.as_object_mut().unwrap().remove("external");
        let mut command = Command::new(conformance().await);
        for (option, content) in [("--catalogue", &catalogue), ("--tokens", tokens), ("--bodies", bodies)] {
            let file = self.folder.join(format!("{}.json", &option[2..]));
            std::fs::write(&file, content.to_string()).unwrap();
            command.arg(option).arg(file);
        }
        command.args(["--handler-header", HANDLER, "--complete"]);
        if catalogue["tenant"].is_string() {
            command.args(["--tenant-header", HANDLER_TENANT]);
        }
        command.args(["--address", &self.address.to_string(), "--rate", "100000"]).args(values);
        command.envs(self.secrets.iter().copied()).stdin(Stdio::null());
        let output = command.output().await.unwrap();
        let report = String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(&output.stderr);
        println!("{report}");
        assert_eq!(output.status.code(), Some(0), "clean and complete");
        for (_, secret) in self.secrets {
            assert!(!report.contains(secret), "the report shows a token");
        }
    }
}

/// Makes a token of the session's environment. Returns its text and the environment.
async fn token(client: &mut Client, session: &str, scopes: &[&str]) -> (String, String) {
    let body = json!({"note": "made for the attacks", "scopes": scopes});
    let response = client.send(Request::new("POST", "/api/v0/user/tokens").bearer(session).json(&body)).await;
    let token = response.json()["token"].take();
    (token["rawToken"].as_str().unwrap().to_owned(), token["projectEnvironmentId"].as_str().unwrap().to_owned())
}

/// The template of a path of the documents.
fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    format!("/api/v0{}", segments.collect::<Vec<_>>().join("/"))
}

/// The command. Cargo has built it for the tests of the workspace; for the tests of this package
/// alone it is built here.
async fn conformance() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_dashboard")).with_file_name("scopes-conformance");
    if std::env::var_os("SCOPES_REQUIRE_ALL").is_none_or(|all| all != "1") || !program.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "scopes-conformance", "--bin", "scopes-conformance"]);
        assert!(build.status().await.unwrap().success());
    }
    program
}
