//! Runs the script over every route of the documents, and checks the committed table of them.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::script::{Names, Step, names_of, steps};
use common::{Request, Response, Server};
use dashboard::catalogue::api;
use dashboard::database::sql;
use dashboard::kinds::{operations, schemas};
use serde_json::Value;

/// Scope, method and path of every route, taken from the documents.
const ROUTES: &str = include_str!("routes.tsv");

/// Method, path, object, verb, change of state and test of every route.
const TABLE: &str = include_str!("objects.tsv");

/// The files that may have the tests of the table.
const TESTS: &[(&str, &str)] = &[
    ("every_route", include_str!("every_route.rs")),
    ("rules", include_str!("rules.rs")),
    ("effects", include_str!("effects.rs")),
    ("webhooks", include_str!("webhooks.rs")),
    ("tokens", include_str!("tokens.rs")),
];

fn documented() -> BTreeSet<(&'static str, &'static str)> {
    let rows = ROUTES.lines().map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        (fields[1], fields[2])
    });
    rows.collect()
}

#[tokio::test]
async fn the_script_creates_reads_changes_and_deletes_through_every_route() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let token = server.token(&all, &live).await.raw;
    let (mut client, mut names) = (server.client(), names_of(&live));
    let (mut served, mut stored) = (BTreeSet::new(), BTreeSet::new());
    let answers = Answers::new();
    for step in steps() {
        let response = step.run(&mut client, &token, &mut names).await;
        answers.check(step.method, step.path, &response);
        if response.status < 300 {
            served.insert((step.method, step.path));
            if check_stored(&server, &step, &names, &response).await {
                stored.insert((step.method, step.path));
            }
        }
    }
    assert_eq!(served, documented());
    assert_eq!(served.len(), 128);
    // Each route that makes or changes something has answered with what the database holds, or with
    // what is gone from it, but for these: tokens are in the token store, a session's answer has
    // its id only, and the others have no id in their path. The script finds these gone.
    let changes = TABLE.lines().skip(1).filter_map(|line| {
        let fields: Vec<_> = line.split('\t').collect();
        let is_change = matches!(fields[3], "create" | "change" | "enable" | "disable" | "delete");
        is_change.then_some((fields[0], fields[1]))
    });
    let elsewhere: Vec<_> = changes.filter(|route| !stored.contains(route)).map(|(_, path)| path).collect();
    assert_eq!(
        elsewhere,
        [
            "/environments/:environmentId/waas/authenticate",
            "/environments/:environmentId/tokens",
            "/environments/:environmentId/nameService/:chainName",
            "/environments/:environmentId/test/account",
            "/environments/:environmentId/waas/policies",
        ]
    );

    // The sample of the documents' introduction, which is in no scope.
    let none = server.token(&[], &live).await;
    let environment = format!("/api/v0/environments/{live}");
    let response = client.send(Request::new("GET", &environment).bearer(&none.raw)).await;
    assert_eq!((response.status, &response.json()["id"]), (200, &Value::from(live.as_str())), "{response:?}");
    assert_eq!(response.json()["type"], "live");
    let sandbox = server.token(&all, &server.seed.sandbox).await;
    assert_eq!(client.send(Request::new("GET", &environment).bearer(&sandbox.raw)).await.status, 403);
    assert_eq!(client.send(Request::new("GET", &environment)).await.status, 401);
    server.stop().await;
}

/// Compares the objects of an answer with the rows of the database, which an echo of the request
/// would not have written. After a deletion, no row is left. Returns whether there was one to
/// compare.
async fn check_stored(server: &Server, step: &Step, names: &Names, response: &Response) -> bool {
    let row = async |id: &str| {
        let select =
            sql("SELECT environment_id, enabled, updated_at, body FROM objects WHERE id = $1 OR parent_id = $1");
        server.app.store.database.all(select.bind(id)).await.unwrap()
    };
    if step.method == "DELETE" {
        let id = step.target(names).rsplit('/').next().unwrap().to_owned();
        assert!(row(&id).await.is_empty(), "{step:?}");
        return id.len() == 36;
    }
    // A message changes by itself when it is sent.
    if step.method == "GET" || step.path.ends_with("/tokens") || step.path.ends_with("/redeliver") {
        return false;
    }
    let mut found = Vec::new();
    objects(&response.json(), &mut found);
    for object in &found {
        let rows = row(object["id"].as_str().unwrap()).await;
        let row = rows.iter().find(|row| {
            let body: Value = serde_json::from_str(&row.text("body").unwrap()).unwrap();
            body.as_object().unwrap().iter().all(|(name, value)| object.get(name) == Some(value))
        });
        let row = row.unwrap_or_else(|| panic!("{step:?} {object} is not stored"));
        assert_eq!(row.text("environment_id").unwrap(), server.seed.live, "{step:?}");
        let updated_at: jiff::Timestamp = object["updatedAt"].as_str().unwrap().parse().unwrap();
        let stored = i128::from(row.number("updated_at").unwrap()) * 1000;
        assert_eq!(updated_at.as_nanosecond(), stored, "the time is that of later answers: {step:?}");
        if let Some(enabled) = row.optional_number("enabled").unwrap() {
            assert_eq!(object["enabled"], enabled == 1, "{step:?}");
        }
    }
    !found.is_empty()
}

/// All objects of the API within an answer.
fn objects(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(fields) if fields.contains_key("id") && fields.contains_key("updatedAt") => {
            found.push(value.clone());
        }
        Value::Object(fields) => fields.values().for_each(|value| objects(value, found)),
        Value::Array(items) => items.iter().for_each(|value| objects(value, found)),
        _ => {}
    }
}

/// The documented answers of each route.
struct Answers(BTreeMap<(String, String), BTreeMap<u16, Option<jsonschema::Validator>>>);

impl Answers {
    fn new() -> Self {
        let schemas = schemas();
        let mut answers = BTreeMap::new();
        for operation in operations() {
            let route = api::CATALOGUE.routes().find(|route| route.name() == operation.route).unwrap();
            let path = route.path().replace('{', ":").replace('}', "");
            let path = path.strip_prefix(api::CATALOGUE.untyped().base()).unwrap_or(&path).to_owned();
            let of_route = operation.answers.iter().map(|answer| {
                let validator = answer.schema.as_ref().map(|name| {
                    let mut schema = schemas[name].clone();
                    schema["components"] = serde_json::json!({"schemas": schemas.clone()});
                    jsonschema::validator_for(&schema).unwrap()
                });
                (answer.status, validator)
            });
            answers.insert((route.method().to_owned(), path), of_route.collect());
        }
        Self(answers)
    }

    /// The answer has a documented status, and a body that fits the schema.
    fn check(&self, method: &str, path: &str, response: &Response) {
        let of_route = &self.0[&(method.to_owned(), path.to_owned())];
        let documented = of_route.get(&response.status);
        let documented = documented.unwrap_or_else(|| panic!("{method} {path} {} is undocumented", response.status));
        if let Some(validator) = documented {
            let body = response.json();
            let problems: Vec<_> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{method} {path} {problems:?} {body}");
        }
    }
}

#[test]
fn the_table_has_every_route_with_its_test() {
    let mut rows = BTreeSet::new();
    let steps = steps();
    for line in TABLE.lines().skip(1) {
        let fields: Vec<_> = line.split('\t').collect();
        let [method, path, object, verb, change, test] = fields[..] else { panic!("{line:?}") };
        assert!(rows.insert((method, path)), "{line:?} twice");
        assert!(!object.is_empty() && !change.is_empty(), "{line:?}");
        let statuses: BTreeSet<_> = steps
            .iter()
            .filter(|step| (step.method, step.path) == (method, path) && step.status < 300)
            .map(|step| step.status)
            .collect();
        let expected = match verb {
            "create" => 201,
            "delete" => 204,
            "read" | "list" | "change" | "enable" | "disable" | "compute" | "revoke" | "send" => 200,
            _ => panic!("{line:?}"),
        };
        assert_eq!(statuses, [expected].into(), "{line:?}");
        assert_eq!(change == "none", matches!(verb, "read" | "list" | "compute"), "{line:?}");
        for test in test.split(", ") {
            let (file, function) = test.split_once("::").unwrap_or_else(|| panic!("{line:?}"));
            let source = TESTS.iter().find(|(name, _)| *name == file).unwrap_or_else(|| panic!("{line:?}")).1;
            assert!(source.contains(&format!("fn {function}(")), "{line:?}");
        }
    }
    assert_eq!(rows, documented());
}
