//! What the server records of its tokens.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::{Request, Server};
use dashboard::catalogue::api;
use dashboard::seed::Seed;
use scopes::export::usage::{Client, Evidence, Outcome};

#[tokio::test]
async fn the_file_of_use_names_each_token_and_what_it_used() {
    let file = std::env::temp_dir().join(format!("dashboard-usage-{}.jsonl", std::process::id()));
    let server = Server::start_changed(Seed::new(), |settings| settings.usage = Some(file.clone())).await;
    let environment = server.seed.live.clone();
    let token = server.token(&["environment.users.read", "environment.apiTokens.read"], &environment).await;
    let session = server.session(&server.seed.admin, &environment);
    let users = format!("/api/v0/environments/{environment}/users");
    let mut client = server.client();
    for (request, status) in [
        (Request::new("GET", &users).bearer(&token.raw), 200),
        (Request::new("POST", &users).bearer(&token.raw), 403),
        (Request::new("GET", &users), 401),
        // Sessions have a catalogue of their own.
        (Request::new("GET", "/api/v0/user/tokens").bearer(&session), 200),
    ] {
        assert_eq!(client.send(request).await.status, status);
    }
    server.stop().await;
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(!text.contains(&token.raw));

    let catalogue = api::CATALOGUE.untyped();
    let mut evidence = Evidence::new(catalogue);
    text.lines().for_each(|line| evidence.read_line(line).unwrap());
    let clients: Vec<&Client> = evidence.clients().map(|(client, _)| client).collect();
    assert_eq!(clients, [&Client::Token(token.id), &Client::WithoutGrant]);
    let (_, usage) = evidence.clients().next().unwrap();
    let paths =
        |outcome| usage.routes(outcome).map(|id| catalogue.route_at(id).unwrap().to_string()).collect::<Vec<_>>();
    assert_eq!(paths(Outcome::Allowed), ["GET /api/v0/environments/{environmentId}/users"]);
    assert_eq!(paths(Outcome::Denied), ["POST /api/v0/environments/{environmentId}/users"]);
    assert_eq!(usage.unused_scopes(catalogue), [catalogue.scope_named("environment.apiTokens.read").unwrap()]);
}
