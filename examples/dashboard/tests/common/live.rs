//! A server and a token that may do everything in its live environment.

use dashboard::catalogue::api;
use serde_json::Value;

use super::{Client, Request, Server};

/// A server, a client of it, and a token of the live environment that holds all scopes.
pub(crate) struct Live {
    pub(crate) server: Server,
    pub(crate) client: Client,
    pub(crate) token: String,
    /// The path of the environment, below the base of the API.
    pub(crate) environment: String,
}

impl Live {
    pub(crate) async fn start() -> Self {
        let server = Server::start().await;
        let all: Vec<_> = api::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let token = server.token(&all, &server.seed.live).await.raw;
        let environment = format!("/environments/{}", server.seed.live);
        Self { client: server.client(), server, token, environment }
    }

    /// A request with the token, to a path below the base of the API.
    pub(crate) fn request(&self, method: &str, path: &str, body: Option<&Value>) -> Request {
        let request = Request::new(method, &format!("/api/v0{path}")).bearer(&self.token);
        match body {
            Some(body) => request.json(body),
            None => request,
        }
    }
}
