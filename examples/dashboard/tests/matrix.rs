//! Sends every route of the documents' table as every kind of caller, over HTTP.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use common::script::{names_of, steps};
use common::{Client, Request, Response, Server};
use dashboard::catalogue::api;
use dashboard::verifiers::TOKENS;
use serde_json::json;

/// Scope, method and path of every route, taken from the documents and not from the catalogue under
/// test.
const ROUTES: &str = include_str!("routes.tsv");

/// A route of the documents.
#[derive(Clone, Copy, Debug)]
struct Row {
    scope: &'static str,
    method: &'static str,
    path: &'static str,
}

fn rows() -> Vec<Row> {
    let rows = ROUTES.lines().map(|line| {
        let mut fields = line.split('\t');
        let mut field = || fields.next().unwrap();
        Row { scope: field(), method: field(), path: field() }
    });
    rows.collect()
}

/// The owner of a route's data, according to its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    /// The path names the environment.
    Path,
    /// The path names an object of this kind.
    Object(&'static str),
    /// No environment owns it.
    None,
}

impl Row {
    fn owner(self) -> Owner {
        let parameter = self.path.split("/:").nth(1).map(|rest| rest.split('/').next().unwrap());
        match parameter {
            None => Owner::None,
            Some("environmentId") => Owner::Path,
            Some(parameter) => Owner::Object(parameter.strip_suffix("Id").unwrap()),
        }
    }

    fn is(self, method: &str, path: &str) -> bool {
        (self.method, self.path) == (method, path)
    }

    /// Whether a token with only this scope may call the route. By the documents, `all.read` may
    /// read everything.
    fn is_open_to(self, scope: &str) -> bool {
        scope == self.scope || scope == "all.read" && self.scope.ends_with(".read")
    }

    /// Makes a target in this environment.
    fn target(self, server: &Server, environment: &str, token_id: &str) -> String {
        let mut target = String::from("/api/v0");
        for segment in self.path.split('/').skip(1) {
            let Some(name) = segment.strip_prefix(':') else {
                target += &format!("/{segment}");
                continue;
            };
            target += "/";
            target += match (name, self.owner()) {
                ("environmentId", _) => environment,
                (_, Owner::Object(kind)) => server.seed.object(kind, environment).unwrap(),
                ("tokenId", _) => token_id,
                // The guard decides without it.
                _ => "any%20%C3%A9+1",
            };
        }
        target
    }

    fn request(self, target: &str) -> Request {
        let request = Request::new(self.method, target);
        match self.method {
            "POST" => request.json(&json!({"note": "matrix"})),
            _ => request,
        }
    }

    fn assert_lacks_scope(self, response: &Response) {
        assert_eq!((response.status, response.error().as_str()), (403, "Access Forbidden"), "{self:?}");
        let challenge = format!(r#"Bearer realm="api", error="insufficient_scope", scope="{}""#, self.scope);
        assert_eq!(response.header("www-authenticate"), Some(challenge.as_str()), "{self:?}");
        assert_eq!(response.header("accepted-scopes"), Some(self.scope), "{self:?}");
    }
}

#[test]
fn the_catalogue_has_the_documents_routes() {
    let rows = rows();
    assert_eq!(rows.len(), 128);
    let documented: BTreeSet<_> =
        rows.iter().map(|row| (row.method, row.path.to_owned(), vec![row.scope.to_owned()])).collect();
    let declared = api::CATALOGUE.routes().filter(|route| !route.requirement().is_empty());
    let declared: BTreeSet<_> = declared
        .map(|route| {
            let path = route.path().replace('{', ":").replace('}', "");
            let scopes = api::CATALOGUE.accepted(route).iter().map(ToString::to_string).collect();
            (route.method(), path, scopes)
        })
        .collect();
    assert_eq!(declared, documented);
    let names: BTreeSet<_> = api::CATALOGUE.routes().map(scopes::Route::name).collect();
    assert_eq!(names.len(), 131, "128, the environment, and those of the session");

    let owners = |owner: fn(Owner) -> bool| rows.iter().filter(|row| owner(row.owner())).count();
    assert_eq!(
        (owners(|o| o == Owner::Path), owners(|o| matches!(o, Owner::Object(_))), owners(|o| o == Owner::None)),
        (95, 32, 1)
    );
    assert_eq!(api::CATALOGUE.scopes().count(), 18);
    assert_eq!(api::CATALOGUE.routes().filter(|route| route.deprecated().is_some()).count(), 8);
}

#[tokio::test]
async fn every_route_refuses_a_bad_token() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let revoked = server.token(&all, &live).await;
    server.app.store.tokens.of_tenant(&live).revoke(&revoked.id).await.unwrap();
    let unknown = TOKENS.generate().unwrap();
    let mut wrong_checksum = revoked.raw.clone();
    let last = if wrong_checksum.pop() == Some('0') { '1' } else { '0' };
    wrong_checksum.push(last);
    let session = server.session(&server.seed.admin, &live);

    let mut client = server.client();
    for row in rows() {
        let target = row.target(&server, &live, &revoked.id);
        let absent = client.send(row.request(&target)).await;
        assert_eq!((absent.status, absent.error().as_str()), (401, "No jwt provided!"), "{row:?}");
        assert_eq!(absent.header("www-authenticate"), Some(r#"Bearer realm="api""#), "{row:?}");

        let refused = client.send(row.request(&target).bearer(unknown.reveal())).await;
        assert_eq!((refused.status, refused.error().as_str()), (401, "No jwt provided!"), "{row:?}");
        assert_eq!(
            refused.header("www-authenticate"),
            Some(r#"Bearer realm="api", error="invalid_token", error_description="the access token is invalid""#)
        );
        for (kind, token) in [("revoked", &revoked.raw), ("wrong checksum", &wrong_checksum), ("session", &session)] {
            let response = client.send(row.request(&target).bearer(token)).await;
            assert_eq!(response, refused, "{kind} {row:?}");
        }
        let basic = client.send(row.request(&target).header("Authorization", "Basic eDp5")).await;
        assert_eq!(basic, absent, "another scheme {row:?}");
        let query = client.send(row.request(&format!("{target}?access_token={}", unknown.reveal()))).await;
        assert_eq!(query, absent, "token in the query {row:?}");
    }
    server.stop().await;
}

/// Runs the script with tokens of one scope each. Each step is tried first with every scope that
/// does not open its route, so the script would fail if one of these had an effect.
#[tokio::test]
async fn exactly_the_right_scope_passes() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let mut tokens = Vec::new();
    for scope in api::Scope::ALL {
        tokens.push((scope.as_str(), server.token(&[scope.as_str()], &live).await.raw));
    }
    let (rows, mut client, mut names) = (rows(), server.client(), names_of(&live));
    let mut tried = BTreeSet::new();
    for step in steps() {
        let row = rows.iter().find(|row| row.is(step.method, step.path)).unwrap();
        for (scope, token) in &tokens {
            if !row.is_open_to(scope) {
                row.assert_lacks_scope(&client.send(step.request(&names).bearer(token)).await);
            } else if step.method == "GET" || *scope == row.scope {
                step.run(&mut client, token, &mut names).await;
            }
            tried.insert((*scope, step.method, step.path));
        }
    }
    assert_eq!(tried.len(), 18 * 128);
    // `all.read` passes everywhere where it should: it reads as well as the narrow scope.
    let reading = rows.iter().filter(|row| row.is_open_to("all.read")).count();
    assert_eq!(reading, rows.iter().filter(|row| row.scope.ends_with(".read")).count());
    server.stop().await;
}

#[tokio::test]
async fn a_token_is_good_for_its_own_environment() {
    let server = Server::start().await;
    let (live, sandbox) = (server.seed.live.clone(), server.seed.sandbox.clone());
    let mut client = server.client();
    for row in rows() {
        let token = server.token(&[row.scope], &sandbox).await;
        let victim = server.token(&[], &live).await;
        let response = client.send(row.request(&row.target(&server, &live, &victim.id)).bearer(&token.raw)).await;
        if row.owner() == Owner::None {
            assert_eq!(response.status, 200, "{row:?}");
            continue;
        }
        // A body is read before an object is loaded, so its mistakes are found first.
        let body_first = matches!(row.owner(), Owner::Object(_)) && matches!(response.status, 400);
        if body_first {
            assert!(row.method != "GET" && response.error().starts_with('`'), "{row:?} {response:?}");
            continue;
        }
        assert_eq!((response.status, response.error().as_str()), (403, "Access Forbidden"), "{row:?}");
        // Another scope would not help.
        assert_eq!(response.header("www-authenticate"), None, "{row:?}");
    }
    let intact = server.tokens_of(&live).await;
    assert_eq!(intact.len(), 128, "no token of the live environment was made or revoked");
    server.stop().await;
}

#[tokio::test]
async fn an_unknown_path_tells_no_caller_anything() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let token = server.token(&["all.read"], &live).await;
    let mut client = server.client();
    let users = format!("/api/v0/environments/{live}/users");
    for (method, target, anonymous, known) in [
        ("GET", "/api/v0/none".to_owned(), 401, 404),
        ("GET", "/api/v0".to_owned(), 401, 404),
        ("GET", "/api/v0/user/none".to_owned(), 401, 401),
        ("GET", "/api/v0/user".to_owned(), 401, 401),
        ("PATCH", users.clone(), 401, 405),
        ("GET", format!("{users}/"), 401, 404),
        ("GET", format!("/api/v0/environments/{live}//users"), 401, 404),
        ("GET", format!("/api/v0/environments/{live}/users/../tokens"), 400, 400),
        ("GET", format!("{users}/a%2Fb"), 400, 400),
        ("GET", format!("/{users}"), 401, 404),
        ("HEAD", users.clone(), 401, 200),
        ("GET", "/".to_owned(), 401, 404),
        ("GET", "/metrics".to_owned(), 401, 404),
    ] {
        let without = client.send(Request::new(method, &target)).await;
        let with = client.send(Request::new(method, &target).bearer(&token.raw)).await;
        assert_eq!((without.status, with.status), (anonymous, known), "{method} {target}");
        for response in [without, with].iter().filter(|response| method != "HEAD" && response.status != 200) {
            assert!(!response.error().is_empty());
        }
    }
    let response = client.send(Request::new("PATCH", &users).bearer(&token.raw)).await;
    assert_eq!(response.header("allow"), Some("GET, HEAD, POST"));
    let twice = Request::new("GET", &users).bearer(&token.raw).bearer(&token.raw);
    assert_eq!(client.send(twice).await.status, 400);
    let absent = Request::new("GET", "/api/v0/users/95b11417-f18f-457f-8804-68e361f9164f").bearer(&token.raw);
    let absent = Client::new(server.address).send(absent).await;
    assert_eq!((absent.status, absent.error().as_str()), (404, "Not found"), "no such object");
    server.stop().await;
}
