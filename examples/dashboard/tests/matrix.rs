//! Sends every route of the documents' table as every kind of caller, over HTTP.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Client, Request, Response, Server};
use dashboard::catalogue::api;
use dashboard::store::Kind;
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
    Object(Kind),
    /// No environment owns it.
    None,
}

impl Row {
    fn owner(self) -> Owner {
        let parameter = self.path.split("/:").nth(1).map(|rest| rest.split('/').next().unwrap());
        match parameter {
            None => Owner::None,
            Some("environmentId") => Owner::Path,
            Some(parameter) => {
                let kind = parameter.strip_suffix("Id").unwrap();
                Owner::Object(*Kind::ALL.iter().find(|known| known.as_str() == kind).unwrap())
            }
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

    /// Makes a target in this environment, and the parameters that the handler must see.
    fn target(self, server: &Server, environment: &str, token_id: &str) -> (String, BTreeMap<String, String>) {
        let mut target = String::from("/api/v0");
        let mut parameters = BTreeMap::new();
        for segment in self.path.split('/').skip(1) {
            let Some(name) = segment.strip_prefix(':') else {
                target += &format!("/{segment}");
                continue;
            };
            let (raw, decoded) = match (name, self.owner()) {
                ("environmentId", _) => (environment.to_owned(), environment.to_owned()),
                (_, Owner::Object(kind)) => {
                    let id = server.seed.object(kind, environment).unwrap();
                    (id.to_owned(), id.to_owned())
                }
                ("tokenId", _) => (token_id.to_owned(), token_id.to_owned()),
                // Both catalogue and handler decode it once.
                _ => (format!("{name}%20%C3%A9+1"), format!("{name} é+1")),
            };
            target += &format!("/{raw}");
            parameters.insert(name.to_owned(), decoded);
        }
        (target, parameters)
    }

    fn request(self, target: &str) -> Request {
        let request = Request::new(self.method, target);
        match self.method {
            "POST" => request.json(&json!({"note": "matrix"})),
            _ => request,
        }
    }

    /// Checks the answer to a caller whom the guard lets through.
    fn assert_passed(self, response: &Response, parameters: &BTreeMap<String, String>) {
        if self.path.ends_with("/tokens") || self.path.ends_with("/tokens/:tokenId") {
            let status = match self.method {
                "GET" => 200,
                "POST" => 201,
                _ => 204,
            };
            assert_eq!(response.status, status, "{self:?} {response:?}");
            return;
        }
        assert_eq!(response.status, 200, "{self:?} {response:?}");
        let base = self.path.split('/').map(|segment| match segment.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => segment.to_owned(),
        });
        let template = format!("/api/v0{}", base.collect::<Vec<_>>().join("/"));
        let route = api::CATALOGUE.route(&self.method.parse().unwrap(), &template).unwrap();
        let expected = json!({"route": route.name(), "scope": self.scope, "parameters": parameters});
        assert_eq!(response.json(), expected, "{self:?}");
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
    assert_eq!(names.len(), 130, "128 and those of the session");

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
        let (target, _) = row.target(&server, &live, &revoked.id);
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

#[tokio::test]
async fn exactly_the_right_scope_passes() {
    let server = Server::start().await;
    let live = server.seed.live.clone();
    let rows = rows();
    let mut client = server.client();
    let mut passed = 0;
    for scope in api::Scope::ALL {
        let token = server.token(&[scope.as_str()], &live).await;
        for &row in &rows {
            let open = row.is_open_to(scope.as_str());
            // A revoked token does not exist for the next request.
            let victim = match open && row.is("DELETE", "/environments/:environmentId/tokens/:tokenId") {
                true => server.token(&[], &live).await.id,
                false => token.id.clone(),
            };
            let (target, parameters) = row.target(&server, &live, &victim);
            let response = client.send(row.request(&target).bearer(&token.raw)).await;
            if open {
                row.assert_passed(&response, &parameters);
                passed += 1;
            } else {
                row.assert_lacks_scope(&response);
            }
        }
    }
    let reading = rows.iter().filter(|row| row.scope.ends_with(".read")).count();
    assert_eq!(passed, 128 + reading);
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
        let (target, parameters) = row.target(&server, &live, &victim.id);
        let response = client.send(row.request(&target).bearer(&token.raw)).await;
        if row.owner() == Owner::None {
            row.assert_passed(&response, &parameters);
            continue;
        }
        assert_eq!((response.status, response.error().as_str()), (403, "Access Forbidden"), "{row:?}");
        // Another scope would not help.
        assert_eq!(response.header("www-authenticate"), None, "{row:?}");

        let victim = server.token(&[], &sandbox).await;
        let (target, parameters) = row.target(&server, &sandbox, &victim.id);
        let response = client.send(row.request(&target).bearer(&token.raw)).await;
        row.assert_passed(&response, &parameters);
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
    let absent =
        Client::new(server.address).send(Request::new("GET", "/api/v0/users/unknown").bearer(&token.raw)).await;
    assert_eq!((absent.status, absent.error().as_str()), (404, "Not found"), "no such object");
    server.stop().await;
}
