//! The pages of the permission reference, which everyone may read.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use self::common::{Request, Server};
use dashboard::catalogue::api;

/// Scope, method and path of the documented API.
const DOCUMENTED: &str = include_str!("routes.tsv");

#[tokio::test]
async fn the_pages_are_public_and_closed() {
    let server = Server::start().await;
    let mut client = server.client();
    for (path, content_type, begin) in [
        ("/docs/permissions", "text/html; charset=utf-8", "<!doctype html>"),
        ("/docs/permissions.md", "text/markdown; charset=utf-8", "# API token permissions\n"),
        ("/llms.txt", "text/plain; charset=utf-8", "# API token permissions\n"),
    ] {
        let page = client.send(Request::new("GET", path)).await;
        assert_eq!((page.status, page.header("content-type")), (200, Some(content_type)), "{path}");
        assert!(page.body.starts_with(begin), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{path}: {policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{path}: {policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
        // A wrong token makes no difference, and no other method is there.
        let again = client.send(Request::new("GET", path).bearer("dash_wrong")).await;
        assert_eq!(again, page, "{path}");
        assert_eq!(client.send(Request::new("HEAD", path)).await.status, 200, "{path}");
        assert_eq!(client.send(Request::new("POST", path)).await.status, 405, "{path}");
    }
    assert_eq!(client.send(Request::new("GET", "/docs/permissions/")).await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn the_markdown_lists_exactly_the_documented_triples() {
    let server = Server::start().await;
    let page = server.client().send(Request::new("GET", "/docs/permissions.md")).await.body;
    let documented: BTreeSet<String> = DOCUMENTED.lines().map(str::to_owned).collect();
    let mut listed = BTreeSet::new();
    for section in page.split("\n### `").skip(1) {
        let (scope, rest) = section.split_once("`\n").unwrap();
        let rows = rest.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| `"));
        for row in rows {
            let (method, rest) = row.trim_start_matches("| `").split_once("` `").unwrap();
            let path = rest.split_once('`').unwrap().0.replace('{', ":").replace('}', "");
            assert!(listed.insert(format!("{scope}\t{method}\t{path}")), "{row} is listed twice");
        }
    }
    assert_eq!(listed, documented);
    server.stop().await;
}

#[tokio::test]
async fn links_to_scopes_and_routes_find_their_places() {
    let server = Server::start().await;
    let page = server.client().send(Request::new("GET", "/docs/permissions")).await.body;
    let catalogue = api::CATALOGUE.untyped();
    let scopes = catalogue.scopes().map(scopes::ScopeInfo::anchor);
    for anchor in scopes.chain(catalogue.routes().map(scopes::Route::anchor)) {
        assert_eq!(page.matches(&format!(" id=\"{}\"", anchor.id())).count(), 1, "{anchor}");
    }
    server.stop().await;
}
