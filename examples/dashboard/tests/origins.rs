//! Origins for CORS: what an environment configures is what browsers send, or is refused.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use common::{Request, Response, Server};
use serde_json::json;

const ALLOWED: &str = "access-control-allow-origin";

struct Site {
    server: Server,
    token: String,
    origins: String,
}

impl Site {
    async fn start() -> Self {
        let server = Server::start().await;
        let token = server.token(&["environment.settings.write"], &server.seed.live).await.raw;
        let origins = format!("/api/v0/environments/{}/origins", server.seed.live);
        Self { server, token, origins }
    }

    async fn configure(&self, origin: &str) -> Response {
        let request = Request::new("POST", &self.origins).bearer(&self.token);
        self.server.client().send(request.json(&json!({"origin": origin}))).await
    }

    /// Whether a page of this origin may call the API.
    async fn allows(&self, origin: &str) -> bool {
        let request = Request::new("OPTIONS", &self.origins).header("Origin", origin);
        let answer = self.server.client().send(request.header("Access-Control-Request-Method", "GET")).await;
        let is_allowed = answer.header(ALLOWED) == Some(origin);
        assert!(is_allowed || answer.header(ALLOWED).is_none(), "{origin}: {answer:?}");
        is_allowed
    }
}

#[tokio::test]
async fn a_configured_origin_is_the_one_that_browsers_send() {
    let site = Site::start().await;
    for (configured, sent) in [
        ("https://a.example", "https://a.example"),
        ("https://b.example:443", "https://b.example"),
        ("https://b.example:8443", "https://b.example:8443"),
        ("https://c.example:80", "https://c.example:80"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://127.0.0.1:65535", "http://127.0.0.1:65535"),
        // Browsers send the names of hosts in ASCII.
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://xn--e1afmkfd.xn--p1ai", "https://xn--e1afmkfd.xn--p1ai"),
    ] {
        assert!(!site.allows(sent).await, "{sent} before it is configured");
        let made = site.configure(configured).await;
        assert_eq!((made.status, &made.json()["origin"]), (201, &json!(sent)), "{configured}: {made:?}");
        assert!(site.allows(sent).await, "{sent}");
        for same in [configured, sent] {
            let again = site.configure(same).await;
            assert!(again.status == 409 && again.error().contains("origin"), "{same}: {again:?}");
        }
    }
    // A port is a part of the origin.
    for other in ["https://a.example:8443", "https://b.example:443", "http://localhost:80", "http://a.example"] {
        assert!(!site.allows(other).await, "{other}");
    }
    site.server.stop().await;
}

#[tokio::test]
async fn what_no_browser_sends_is_refused_with_its_field() {
    let site = Site::start().await;
    for wrong in [
        "null",
        "*",
        "https://*.example.com",
        "https://a.example/",
        "https://a.example/path",
        "https://a.example?x",
        "https://a.example#x",
        "https://A.example",
        "HTTPS://a.example",
        "https://bücher.example",
        "https://user@a.example",
        "https://user:secret@a.example",
        "https://[::1]",
        "https://[::1]:443",
        "https://192.0.2.1",
        "https://a.example.",
        "https://a.example:",
        "https://a.example:0",
        "https://a.example:0443",
        "https://a.example:65536",
        "https://a.example, https://b.example",
        " https://a.example",
        "https://a.example ",
        "https://",
        "a.example",
        "//a.example",
        "http://a.example",
        "file://",
        "",
    ] {
        let refused = site.configure(wrong).await;
        assert_eq!(refused.status, 400, "{wrong}: {refused:?}");
        assert!(refused.error().contains("`origin` must be"), "{wrong}: {refused:?}");
        assert!(!refused.body.contains("secret"), "{refused:?}");
    }
    let (status, text) = (site.configure("https://a.example/").await.status, site.configure("null").await.error());
    assert!(status == 400 && text.contains("such as https://example.com"), "{text}");
    site.server.stop().await;
}
