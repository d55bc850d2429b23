//! A server and a token that may do everything in its live environment.

use dashboard::catalogue::api;
use serde_json::Value;
use tokio::task::JoinSet;

use super::{Client, Request, Response, Server};

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

    /// Sends a body as it is, to a target as it is.
    pub(crate) async fn send_to(&mut self, method: &str, target: &str, body: Option<&str>) -> Response {
        let request = Request::new(method, target).bearer(&self.token);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.client.send(request).await
    }

    /// Asks for a path of the environment.
    pub(crate) async fn get(&mut self, path: &str) -> Response {
        let request = self.request("GET", &format!("{}{path}", self.environment), None);
        self.client.send(request).await
    }

    /// Sends a body to a path of the environment.
    pub(crate) async fn post(&mut self, path: &str, body: &Value) -> Response {
        let request = self.request("POST", &format!("{}{path}", self.environment), Some(body));
        self.client.send(request).await
    }

    /// Sends all requests at the same time, each over a connection of its own, and returns the
    /// answers as they came.
    pub(crate) async fn at_once(&self, requests: impl IntoIterator<Item = Request>) -> Vec<Response> {
        let mut tasks = JoinSet::new();
        for request in requests {
            let mut client = self.server.client();
            tasks.spawn(async move { client.send(request).await });
        }
        tasks.join_all().await
    }

    /// The id of the object of this kind that the environment had at the start.
    pub(crate) fn own(&self, kind: &str) -> String {
        self.server.seed.object(kind, &self.server.seed.live).unwrap().to_owned()
    }
}
