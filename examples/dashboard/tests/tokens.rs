//! Makes, lists and revokes tokens through the API, as administrators and with tokens.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use common::{Request, Response, Server};
use dashboard::catalogue::api;
use dashboard::database::sql;
use dashboard::seed::Seed;
use dashboard::server::BODY_LIMIT;
use dashboard::store::{Admin, Membership, TOKEN_LIMIT};
use dashboard::verifiers::TOKENS;
use serde_json::{Value, json};

const USER_TOKENS: &str = "/api/v0/user/tokens";

fn tokens_of(environment_id: &str) -> String {
    format!("/api/v0/environments/{environment_id}/tokens")
}

fn post(target: &str, credential: &str, body: &impl ToString) -> Request {
    Request::new("POST", target).bearer(credential).json(body)
}

fn get(target: &str, credential: &str) -> Request {
    Request::new("GET", target).bearer(credential)
}

fn delete(environment_id: &str, token_id: &str, credential: &str) -> Request {
    Request::new("DELETE", &format!("{}/{token_id}", tokens_of(environment_id))).bearer(credential)
}

fn fields(object: &Value) -> BTreeSet<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

/// `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`: the pattern of the
/// documents for UUIDs of version 4.
fn is_uuid_v4(text: &Value) -> bool {
    let text = text.as_str().unwrap();
    let lengths: Vec<_> = text.split('-').map(str::len).collect();
    let is_hexadecimal = text.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f'));
    let byte = |at: usize| text.as_bytes()[at];
    lengths == [8, 4, 4, 4, 12] && is_hexadecimal && byte(14) == b'4' && b"89ab".contains(&byte(19))
}

/// Checks the documented fields of a token, in the answer that made it or in a list.
fn assert_token(token: &Value, seed: &Seed, environment_id: &str, note: &str, scopes: &[&str], is_new: bool) {
    let mut expected = BTreeSet::from([
        "id",
        "checksum",
        "createdBy",
        "createdAt",
        "note",
        "projectEnvironmentId",
        "projectEnvironment",
        "scopes",
    ]);
    if is_new {
        expected.extend(["rawToken", "active"]);
        let raw = token["rawToken"].as_str().unwrap();
        let body = raw.strip_prefix("dyn_").unwrap();
        assert!(body.len() == 56 && body.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{raw}");
        assert_eq!(TOKENS.parse(raw).unwrap().checksum(), token["checksum"]);
        assert!(raw.ends_with(token["checksum"].as_str().unwrap()));
        assert_eq!(token["active"], true);
    }
    assert_eq!(fields(token), expected);
    assert!(is_uuid_v4(&token["id"]), "{token}");
    assert_eq!(token["checksum"].as_str().unwrap().len(), 6);
    let created_at = token["createdAt"].as_str().unwrap();
    assert!(created_at.len() == 20 && created_at.ends_with('Z'), "{created_at}");
    let age = jiff::Timestamp::now().as_second() - created_at.parse::<jiff::Timestamp>().unwrap().as_second();
    assert!((0..60).contains(&age), "{created_at}");
    assert_eq!(
        token["createdBy"],
        json!({
            "id": seed.admin, "alias": "ada", "firstName": "Ada", "lastName": "Example", "email": "ada@example.com",
        })
    );
    assert!(is_uuid_v4(&token["createdBy"]["id"]));
    assert_eq!(token["note"], note);
    assert_eq!(token["projectEnvironmentId"], environment_id);
    assert_eq!(token["projectEnvironment"], json!({"id": environment_id}));
    assert_eq!(token["scopes"], json!(scopes));
}

fn made(response: &Response) -> Value {
    assert_eq!(response.status, 201, "{response:?}");
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let body = response.json();
    assert_eq!(fields(&body), BTreeSet::from(["token"]));
    body["token"].clone()
}

fn listed(response: &Response) -> Vec<Value> {
    assert_eq!(response.status, 200, "{response:?}");
    assert!(!response.body.contains("rawToken") && !response.body.contains("dyn_"), "{response:?}");
    let body = response.json();
    assert_eq!(fields(&body), BTreeSet::from(["tokens"]));
    body["tokens"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_administrator_makes_and_lists_tokens() {
    let server = Server::start().await;
    let (seed, live) = (&server.seed, &server.seed.live);
    let mut client = server.client();
    let session = server.session(&seed.admin, live);
    assert_eq!(listed(&client.send(get(USER_TOKENS, &session)).await), [Value::Null; 0]);

    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    assert_eq!(all.len(), 18);
    let longest = "é".repeat(100);
    let cases: [(Value, &str, &[&str]); 6] = [
        // The body of the documents' example.
        (
            json!({"note": "<string>", "scopes": ["waas.delegatedAccess.signMessage"]}),
            "<string>",
            &["waas.delegatedAccess.signMessage"],
        ),
        (json!({"note": "<string>", "scopes": []}), "<string>", &[]),
        (json!({"note": "no scopes named"}), "no scopes named", &[]),
        (json!({"note": longest, "scopes": all}), &longest, &all),
        (json!({"scopes": ["flow.write", "all.read"], "note": ""}), "", &["flow.write", "all.read"]),
        (json!({"note": "n", "scopes": ["all.read", "all.read"]}), "n", &["all.read"]),
    ];
    let mut ids = Vec::new();
    for (body, note, scopes) in &cases {
        let token = made(&client.send(post(USER_TOKENS, &session, &body)).await);
        assert_token(&token, seed, live, note, scopes, true);

        // It works at once, for its scopes only.
        let raw = token["rawToken"].as_str().unwrap();
        let users = client.send(get(&format!("/api/v0/environments/{live}/users"), raw)).await;
        let reads = scopes.contains(&"all.read");
        assert_eq!(users.status, if reads { 200 } else { 403 }, "{body}");
        ids.push(token["id"].clone());
    }
    let tokens = listed(&client.send(get(USER_TOKENS, &session)).await);
    assert_eq!(tokens.iter().map(|token| token["id"].clone()).collect::<Vec<_>>(), ids, "oldest first");
    for (token, (_, note, scopes)) in tokens.iter().zip(&cases) {
        assert_token(token, seed, live, note, scopes, false);
    }

    // A session for another environment makes and lists tokens of that environment only.
    let sandbox = server.session(&seed.admin, &seed.sandbox);
    let token = made(&client.send(post(USER_TOKENS, &sandbox, &json!({"note": "s"}))).await);
    assert_token(&token, seed, &seed.sandbox, "s", &[], true);
    let there = listed(&client.send(get(USER_TOKENS, &sandbox)).await);
    assert_eq!(there.iter().map(|token| &token["note"]).collect::<Vec<_>>(), ["s"]);
    assert_eq!(listed(&client.send(get(USER_TOKENS, &session)).await).len(), 6);
    assert_eq!(server.tokens_of(live).await.len(), 6);
    server.stop().await;
}

#[tokio::test]
async fn tokens_make_list_and_revoke_tokens_of_their_environment() {
    let server = Server::start().await;
    let (seed, live) = (&server.seed, &server.seed.live);
    let mut client = server.client();
    let names = ["environment.apiTokens.read", "environment.apiTokens.write", "environment.users.read"];
    let issuer = server.token(&names, live).await;

    let body = json!({"note": "child", "scopes": ["environment.users.read", "environment.apiTokens.write"]});
    let child = made(&client.send(post(&tokens_of(live), &issuer.raw, &body)).await);
    assert_token(&child, seed, live, "child", &["environment.users.read", "environment.apiTokens.write"], true);
    let child_raw = child["rawToken"].as_str().unwrap();
    let grandchild = made(&client.send(post(&tokens_of(live), child_raw, &json!({"note": "grandchild"}))).await);
    assert_token(&grandchild, seed, live, "grandchild", &[], true);
    let other = made(&client.send(post(&tokens_of(live), &issuer.raw, &json!({"note": "other"}))).await);

    let tokens = listed(&client.send(get(&tokens_of(live), &issuer.raw)).await);
    let notes: Vec<_> = tokens.iter().map(|token| token["note"].as_str().unwrap()).collect();
    assert_eq!(notes, ["made for a test", "child", "grandchild", "other"]);
    assert_token(&tokens[1], seed, live, "child", &["environment.users.read", "environment.apiTokens.write"], false);
    // The administrator's token has made them, so they count as the administrator's.
    let session = server.session(&seed.admin, live);
    assert_eq!(listed(&client.send(get(USER_TOKENS, &session)).await), tokens);

    let id = |token: &Value| token["id"].as_str().unwrap().to_owned();
    for (token_id, why) in [("unknown", "unknown"), (&*id(&child).to_uppercase(), "other spelling")] {
        let response = client.send(delete(live, token_id, &issuer.raw)).await;
        assert_eq!((response.status, response.error().as_str()), (404, "Not found"), "{why}");
    }
    let foreign = server.token(&[], &seed.sandbox).await;
    assert_eq!(client.send(delete(live, &foreign.id, &issuer.raw)).await.status, 404, "another environment's token");
    assert_eq!(client.send(delete(&seed.sandbox, &foreign.id, &issuer.raw)).await.status, 403);
    assert!(server.tokens_of(&seed.sandbox).await.iter().any(|t| t.id() == foreign.id));

    // Revocation also revokes the tokens that the token has made, and is final.
    let revoked = client.send(delete(live, &id(&child), &issuer.raw)).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (204, ""));
    assert_eq!(client.send(delete(live, &id(&child), &issuer.raw)).await.status, 404);
    for raw in [child_raw, grandchild["rawToken"].as_str().unwrap()] {
        let response = client.send(get(&tokens_of(live), raw)).await;
        assert_eq!((response.status, response.error().as_str()), (401, "No jwt provided!"));
    }
    let left = listed(&client.send(get(&tokens_of(live), &issuer.raw)).await);
    assert_eq!(left.iter().map(id).collect::<Vec<_>>(), [issuer.id.clone(), id(&other)]);
    // A token may also revoke itself.
    assert_eq!(client.send(delete(live, &issuer.id, &issuer.raw)).await.status, 204);
    assert_eq!(client.send(get(&tokens_of(live), other["rawToken"].as_str().unwrap())).await.status, 401);
    assert_eq!(listed(&client.send(get(USER_TOKENS, &session)).await).len(), 0);
    let sandbox = server.session(&seed.admin, &seed.sandbox);
    assert_eq!(listed(&client.send(get(USER_TOKENS, &sandbox)).await).len(), 1, "the sandbox's is left");
    server.stop().await;
}

#[tokio::test]
async fn a_user_cannot_give_scopes_that_he_lacks() {
    let mut seed = Seed::new();
    let limited = "00000000-0000-4000-8000-000000000001".to_owned();
    seed.contents.admins.push(Admin {
        id: limited.clone(),
        alias: "eve".to_owned(),
        first_name: "Eve".to_owned(),
        last_name: "Example".to_owned(),
        email: "eve@example.com".to_owned(),
    });
    seed.contents.memberships.push(Membership {
        admin_id: limited.clone(),
        environment_id: seed.live.clone(),
        scopes: "all.read flow.write".to_owned(),
    });
    let server = Server::start_with(seed).await;
    let live = &server.seed.live;
    let mut client = server.client();
    let writer = "environment.apiTokens.write";
    let every_read = api::Scope::ALL.iter().map(|scope| scope.as_str()).filter(|name| *name != "all.read");
    let every_read: Vec<_> = every_read.filter(|name| name.ends_with(".read")).chain([writer]).collect();
    let credentials = [
        (tokens_of(live), server.token(&[writer, "environment.users.read"], live).await.raw),
        (tokens_of(live), server.token(&[writer, "all.read"], live).await.raw),
        (tokens_of(live), server.token(&every_read, live).await.raw),
        (USER_TOKENS.to_owned(), server.session(&limited, live)),
    ];
    for (credential, asked, named) in [
        (0, &["environment.users.read"][..], ""),
        (0, &["environment.users.write"], "`environment.users.write`"),
        (0, &["environment.users.read", "flow.write", "gasless.read"], "`gasless.read`, `flow.write`"),
        (0, &["all.read"], "`all.read`"),
        (1, &["all.read", "environment.users.read", "gasless.read"], ""),
        (1, &["environment.users.write"], "`environment.users.write`"),
        // A user with every read scope of today does not have the read scopes of later versions.
        (2, &["environment.users.read", "gasless.read"], ""),
        (2, &["all.read"], "`all.read`"),
        (3, &["all.read", "environment.settings.read", "flow.write"], ""),
        (3, &["environment.settings.write", "flow.write"], "`environment.settings.write`"),
    ] {
        let (target, credential) = &credentials[credential];
        let response = client.send(post(target, credential, &json!({"note": "n", "scopes": asked}))).await;
        if named.is_empty() {
            assert_eq!(made(&response)["scopes"], json!(asked));
            continue;
        }
        let expected = format!("`scopes`: not yours to give: {named}");
        assert_eq!((response.status, response.error()), (403, expected), "{asked:?}");
    }
    let others = server.tokens_of(live).await;
    assert_eq!(
        others.iter().filter(|token| token.subject() == Some(&limited)).count(),
        1,
        "refused ones store nothing"
    );
    server.stop().await;
}

#[tokio::test]
async fn a_wrong_body_is_told_what_is_wrong() {
    let server = Server::start().await;
    let live = &server.seed.live;
    let mut client = server.client();
    let issuer = server.token(&["environment.apiTokens.write"], live).await;
    let session = server.session(&server.seed.admin, live);
    let long = json!({"note": "é".repeat(101)}).to_string();
    for (target, credential) in [(USER_TOKENS, &session), (&*tokens_of(live), &issuer.raw)] {
        for (body, part) in [
            ("", "malformed body"),
            ("{", "malformed body"),
            ("note=n", "malformed body"),
            ("[]", "an object with the fields `note` and `scopes`"),
            ("{}", "`note` is required"),
            (r#"{"note": 7}"#, "`note` must be a string"),
            (&long, "`note` must have at most 100 characters"),
            (r#"{"note": "n", "scopes": null}"#, "`scopes` must be a list"),
            (r#"{"note": "n", "scopes": "all.read"}"#, "`scopes` must be a list"),
            (r#"{"note": "n", "scopes": [7]}"#, "`scopes` must be a list"),
            (
                r#"{"note": "n", "scopes": ["environment.users.reed"]}"#,
                "`scopes`: unknown scope `environment.users.reed`, did you mean `environment.users.read`?",
            ),
            (r#"{"note": "n", "scopes": ["All.Read"]}"#, "`scopes`: unknown scope `All.Read`"),
            (r#"{"note": "n", "scopes": ["all.read flow.write"]}"#, "`scopes`: unknown scope"),
            (r#"{"note": "n", "active": true}"#, "unknown field `active`"),
            (r#"{"note": "a\u0000b"}"#, "`note`: control characters and invisible ones are not allowed"),
            (r#"{"note": "n", "note": "m"}"#, "duplicate field `note`"),
        ] {
            let response = client.send(post(target, credential, &body)).await;
            assert_eq!(response.status, 400, "{body} {response:?}");
            assert!(response.error().contains(part), "{body} {response:?}");
        }
        let good = json!({"note": "n"}).to_string();
        for content_type in ["text/plain", "application/x-www-form-urlencoded", ""] {
            let request = Request::new("POST", target).bearer(credential);
            let request = if content_type.is_empty() { request } else { request.header("Content-Type", content_type) };
            let response = client.send(request.body(good.as_str())).await;
            assert_eq!(
                (response.status, response.error().as_str()),
                (400, "`Content-Type` must be application/json"),
                "{content_type}"
            );
        }
        let padding = |length: usize| format!("{}{}", good, " ".repeat(length - good.len()));
        assert_eq!(client.send(post(target, credential, &padding(BODY_LIMIT))).await.status, 201);
        let response = client.send(post(target, credential, &padding(BODY_LIMIT + 1))).await;
        assert_eq!((response.status, response.error().as_str()), (413, "the body is too large"));
    }
    // A caller who may not call the route does not learn what is wrong with the body.
    let response = client.send(post(&tokens_of(live), &session, &"{")).await;
    assert_eq!(response.status, 401);
    let reader = server.token(&["environment.apiTokens.read"], live).await;
    assert_eq!(client.send(post(&tokens_of(live), &reader.raw, &"{")).await.status, 403);
    assert_eq!(server.tokens_of(live).await.len(), 4, "two tokens, two of the right size");
    server.stop().await;
}

#[tokio::test]
async fn each_kind_of_credential_opens_its_own_routes_only() {
    let server = Server::start().await;
    let (admin, live) = (&server.seed.admin, &server.seed.live);
    let mut client = server.client();
    let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let token = server.token(&all, live).await;
    let session = server.session(admin, live);
    let elsewhere = dashboard::session::Sessions::new(&[7; 32]);
    let identity = |admin_id: &str, environment_id: &str| dashboard::session::Session {
        admin_id: admin_id.to_owned(),
        environment_id: environment_id.to_owned(),
    };
    let minute = std::time::Duration::from_secs(60);
    let forged = elsewhere.issue(&identity(admin, live), minute).unwrap();
    let stranger = server.session(&token.id, live);
    let homeless = server.session(admin, &token.id);
    let payload = session.split('.').nth(1).unwrap();
    let unsigned = format!("eyJhbGciOiJub25lIn0.{payload}.");
    let posting = json!({"note": "n"});
    for (name, credential) in [
        ("an API token with all scopes", &*token.raw),
        ("another key", &forged),
        ("an unknown administrator", &stranger),
        ("an environment without members", &homeless),
        ("no signature", &unsigned),
        ("something", "x"),
    ] {
        for request in [get(USER_TOKENS, credential), post(USER_TOKENS, credential, &posting)] {
            let response = client.send(request).await;
            assert_eq!((response.status, response.error().as_str()), (401, "No jwt provided!"), "{name}");
        }
    }
    for request in [Request::new("GET", USER_TOKENS), Request::new("POST", USER_TOKENS).json(&posting)] {
        let response = client.send(request).await;
        assert_eq!((response.status, response.error().as_str()), (401, "No jwt provided!"));
        assert_eq!(response.header("www-authenticate"), Some(r#"Bearer realm="api""#));
    }
    for method in ["DELETE", "PUT", "PATCH"] {
        let response = client.send(Request::new(method, USER_TOKENS).bearer(&session)).await;
        assert_eq!((response.status, response.header("allow")), (405, Some("GET, HEAD, POST")), "{method}");
    }
    for target in [tokens_of(live), format!("/api/v0/environments/{live}/users"), "/api/v0/eventTypes".to_owned()] {
        assert_eq!(client.send(get(&target, &session)).await.status, 401, "{target}");
        assert_eq!(client.send(get(&target, &token.raw)).await.status, 200, "{target}");
    }
    assert_eq!(client.send(get(USER_TOKENS, &session)).await.status, 200);
    // Two credentials in one request are refused.
    let both = client.send(get(USER_TOKENS, &session).bearer(&token.raw)).await;
    assert_eq!(both.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_list_has_pages() {
    let server = Server::start().await;
    let (seed, live) = (&server.seed, &server.seed.live);
    let mut client = server.client();
    let session = server.session(&seed.admin, live);
    let reader = server.token(&["environment.apiTokens.read"], live).await;
    for at in 0..4 {
        made(&client.send(post(USER_TOKENS, &session, &json!({"note": at.to_string()}))).await);
    }
    for (list, credential) in [(USER_TOKENS, &session), (&*tokens_of(live), &reader.raw)] {
        let whole = listed(&client.send(get(list, credential)).await);
        assert_eq!(whole.len(), 5);
        let (mut found, mut query) = (Vec::new(), "limit=2".to_owned());
        for is_last in [false, false, true] {
            let response = client.send(get(&format!("{list}?{query}"), credential)).await;
            assert_eq!(response.status, 200, "{response:?}");
            let body = response.json();
            found.extend(body["tokens"].as_array().unwrap().clone());
            assert_eq!(body.get("next").is_none(), is_last, "{body}");
            query = format!("limit=2&cursor={}", body["next"].as_str().unwrap_or_default());
        }
        assert_eq!(found, whole);
        for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=1.\u{0}", "limit=1&limit=2"] {
            let response = client.send(get(&format!("{list}?{}", query.replace('\u{0}', "%00")), credential)).await;
            assert_eq!(response.status, 400, "{query} {response:?}");
            assert!(!response.error().is_empty());
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn an_administrator_has_a_limit_of_tokens() {
    let server = Server::start().await;
    let (seed, live) = (&server.seed, &server.seed.live);
    let mut client = server.client();
    let session = server.session(&seed.admin, live);
    let issuer = server.token(&["environment.apiTokens.write"], live).await;
    for _ in 1..TOKEN_LIMIT {
        server.token(&[], live).await;
    }
    for (target, credential) in [(USER_TOKENS, &session), (&*tokens_of(live), &issuer.raw)] {
        let response = client.send(post(target, credential, &json!({"note": "n"}))).await;
        assert_eq!(response.status, 403, "{response:?}");
        assert!(response.error().contains("limit of 500 tokens"), "{response:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_token_ends_with_its_makers_membership() {
    let server = Server::start().await;
    let (seed, live) = (&server.seed, &server.seed.live);
    let mut client = server.client();
    let issuer = server.token(&["environment.apiTokens.read", "environment.apiTokens.write"], live).await;
    let elsewhere = server.token(&["environment.apiTokens.read"], &seed.sandbox).await;
    let child = made(&client.send(post(&tokens_of(live), &issuer.raw, &json!({"note": "child"}))).await);
    server.app.store.end_membership(&seed.admin, live).await.unwrap();
    for raw in [&*issuer.raw, child["rawToken"].as_str().unwrap()] {
        for request in [get(&tokens_of(live), raw), post(&tokens_of(live), raw, &json!({"note": "n"}))] {
            let response = client.send(request).await;
            assert_eq!((response.status, response.error().as_str()), (401, "No jwt provided!"));
        }
    }
    assert_eq!(client.send(get(&tokens_of(&seed.sandbox), &elsewhere.raw)).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_token_whose_answer_cannot_be_made_does_not_exist() {
    let server = Server::start().await;
    let session = server.session(&server.seed.admin, &server.seed.live);
    let database = &server.app.store.database;
    database.execute(sql("ALTER TABLE admins RENAME COLUMN alias TO gone")).await.unwrap();
    let mut client = server.client();
    let body = json!({"note": "n", "scopes": ["all.read"]});
    assert_eq!(client.send(post(USER_TOKENS, &session, &body)).await.status, 500);
    assert_eq!(server.tokens_of(&server.seed.live).await.len(), 0, "its text is lost");

    database.execute(sql("ALTER TABLE admins RENAME COLUMN gone TO alias")).await.unwrap();
    assert_eq!(client.send(post(USER_TOKENS, &session, &body)).await.status, 201);
    server.stop().await;
}
