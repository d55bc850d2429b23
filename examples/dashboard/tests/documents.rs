//! What the documents say about the whole API, and where they disagree: the choice that README.md
//! names. Also: each test that README.md names exists.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;
use std::path::Path;

use common::{Request, Server};
use dashboard::catalogue::api;
use dashboard::options::PORT;
use dashboard::verifiers::TOKENS;
use serde_json::json;

/// The enumeration in the answer of `GET /user/tokens` (document 003).
const LISTED: [&str; 18] = [
    "all.read",
    "waas.delegatedAccess.signMessage",
    "waas.authenticate",
    "environment.settings.read",
    "environment.settings.write",
    "environment.apiTokens.read",
    "environment.apiTokens.write",
    "environment.users.read",
    "environment.users.write",
    "environment.analytics.read",
    "environment.webhooks.read",
    "environment.webhooks.write",
    "environment.events.read",
    "environment.events.write",
    "environment.balances.read",
    "gasless.read",
    "gasless.write",
    "flow.write",
];

/// The enumeration in the body of `POST /user/tokens` (documents 001 and 002) lacks these four.
const NOT_IN_THE_BODY: [&str; 4] = ["all.read", "gasless.read", "gasless.write", "flow.write"];

#[tokio::test]
async fn all_eighteen_scopes_can_be_given_to_a_token() {
    let declared: BTreeSet<&str> = api::CATALOGUE.scopes().map(api::Scope::as_str).collect();
    assert_eq!(declared, BTreeSet::from(LISTED));
    // Document 000 describes thirteen. The other five guard no route of the documents.
    let guarding = include_str!("routes.tsv").lines().map(|line| line.split('\t').next().unwrap());
    let guarding: BTreeSet<&str> = guarding.collect();
    assert_eq!(guarding.len(), 13);
    let others: Vec<_> = declared.difference(&guarding).copied().collect();
    assert_eq!(others, ["all.read", "environment.events.write", "flow.write", "gasless.read", "gasless.write"]);

    let server = Server::start().await;
    let session = server.session(&server.seed.admin, &server.seed.live);
    for scopes in [&LISTED[..], &NOT_IN_THE_BODY] {
        let body = json!({"note": "every scope", "scopes": scopes});
        let request = Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&body);
        let made = server.client().send(request).await;
        assert_eq!((made.status, &made.json()["token"]["scopes"]), (201, &json!(scopes)), "{made:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_token_has_56_characters_and_one_of_36_still_works() {
    let made = TOKENS.generate().unwrap();
    let random = made.reveal().strip_prefix("dyn_").unwrap();
    assert!(random.len() == 56 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    // The example of documents 001 and 002: its checksum is its last six characters.
    let example = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";
    assert_eq!(TOKENS.parse(example).unwrap().checksum(), "4n3LFC");

    let server = Server::start().await;
    let (seed, users) = (&server.seed, format!("/api/v0/environments/{}/users", server.seed.live));
    let token = scopes_store::ImportedToken::of_text("example", example, &TOKENS).unwrap();
    let token = token.subject(&seed.admin).tenant(&seed.live).unwrap().scope_names("environment.users.read");
    server.app.store.tokens.import(token).await.unwrap();
    assert_eq!(server.client().send(Request::new("GET", &users).bearer(example)).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn the_header_is_authorization() {
    let server = Server::start().await;
    let (token, users) = (
        server.token(&["all.read"], &server.seed.live).await.raw,
        format!("/api/v0/environments/{}/users", server.seed.live),
    );
    let mut client = server.client();
    for (name, status) in [("Authorization", 200), ("authorization", 200), ("Authentication", 401)] {
        let request = Request::new("GET", &users).header(name, &format!("Bearer {token}"));
        assert_eq!(client.send(request).await.status, status, "{name}");
    }
    server.stop().await;
}

#[tokio::test]
async fn all_three_base_urls_have_one_path() {
    let bases =
        ["https://app.dynamicauth.com/api/v0", "https://app.dynamic.xyz/api/v0", "http://localhost:3333/api/v0"];
    let server = Server::start().await;
    for base in bases {
        let (_, rest) = base.split_once("://").unwrap();
        let (host, path) = rest.split_at(rest.find('/').unwrap());
        assert_eq!(path, api::CATALOGUE.untyped().base());
        // The host that a client names decides nothing.
        let text = format!("GET {path}/eventTypes HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut stream = tokio::net::TcpStream::connect(server.address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert_eq!(PORT, 3333, "the port of the local server");
    server.stop().await;
}

#[tokio::test]
async fn a_jwt_of_an_sdk_user_opens_nothing() {
    let server = Server::start().await;
    // Signed by another key, as the documents' SDK would get it; and a session of this server.
    let foreign = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c2VyIiwiZXhwIjo5OTk5OTk5OTk5fQ.\
                   c2lnbmVkLWJ5LWFub3RoZXIta2V5LWFuZC1ub3Qtb3Vycw";
    let session = server.session(&server.seed.admin, &server.seed.live);
    let mut client = server.client();
    let environment = format!("/api/v0/environments/{}", server.seed.live);
    for target in [environment.clone(), format!("{environment}/users"), "/api/v0/eventTypes".to_owned()] {
        for jwt in [foreign, &session] {
            assert_eq!(client.send(Request::new("GET", &target).bearer(jwt)).await.status, 401, "{target}");
        }
    }
    assert_eq!(client.send(Request::new("GET", "/api/v0/user/tokens").bearer(foreign)).await.status, 401);
    server.stop().await;
}

/// The tests of this package, as `file::test`.
fn tests() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders =
        vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let mut file = path.file_stem().unwrap().to_str().unwrap();
            if file == "mod" {
                file = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                    is_test = true;
                } else if let (true, Some((_, name))) = (is_test, line.split_once("fn ")) {
                    found.insert(format!("{file}::{}", name.split('(').next().unwrap()));
                    is_test = false;
                }
            }
        }
    }
    found
}

#[test]
fn each_test_that_the_readme_names_exists() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let named = readme.split('`').skip(1).step_by(2);
    let is_name = |word: &&str| {
        word.split_once("::").is_some_and(|(file, test)| {
            let is_word = |text: &str| {
                !text.is_empty()
                    && text.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
            };
            is_word(file) && is_word(test)
        })
    };
    let named: BTreeSet<String> = named.filter(is_name).map(str::to_owned).collect();
    let missing: Vec<_> = named.difference(&tests()).cloned().collect();
    assert_eq!(missing, [""; 0]);
    assert!(named.len() > 30, "the table is read: {named:?}");
}
