//! The groups of the suite for gRPC, sent by a real tonic client. Such a client sees code, message
//! and metadata.

mod anonymous;
mod attacks;
mod callers;
mod retiring;
mod sources;
mod wire;

use std::str::FromStr;
use std::time::Duration;

use http::uri::PathAndQuery;
use tokio::time::timeout;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::codegen::tokio_stream::once;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Response, Status};
use tower::{Service, ServiceExt};

use super::Group;
use crate::server::{Holder, Running, Seen};
use crate::servers::tonic::{Setup, Text, start};

const LIST: &str = "/suite.Items/List";
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs all groups, with the names and in the order of [`run`](super::run).
pub async fn run(gated: bool) -> Vec<Group> {
    let setup = || Setup { gated, ..Setup::default() };
    vec![
        callers::methods_by_callers(setup()).await,
        callers::access(setup()).await,
        wire::other_methods(setup()).await,
        Group::not_applicable("nests, names", "gRPC has one table of paths, without parameters or mounts"),
        wire::layers(gated).await,
        Group::not_applicable("tenants", "a method's path names no tenant"),
        wire::credentials_and_bodies(setup()).await,
        sources::group(setup()).await,
        anonymous::group(setup()).await,
        retiring::group(setup()).await,
        Group::not_applicable("remedies", "a denial of gRPC has no body"),
        attacks::many_clients(setup()).await,
        Group::not_applicable(
            "attack corpus",
            "its rows are paths with parameters; derived attacks put methods' paths in them",
        ),
        attacks::escalations(setup()).await,
        attacks::derived(setup()).await,
        Group::not_applicable("overlaps", "a method's path has no parameters, so that none lies within another"),
    ]
}

/// A server, a client, and the records of the methods.
struct Session {
    running: Running,
    setup: Setup,
    channel: Channel,
}

impl Session {
    async fn start(setup: Setup) -> Self {
        let running = start(&setup).await;
        let channel = channel(&running).await;
        Self { running, setup, channel }
    }

    fn token(&self, scopes: &[&str], tenants: &[&str]) -> String {
        self.setup.tokens.issue(Holder::new("person", scopes, tenants))
    }

    /// Makes a call with these values of `authorization`, and returns what ran.
    async fn call(&self, path: &str, authorization: &[String], message: &str) -> (Result<String, Status>, Vec<Seen>) {
        let answer = call(self.channel.clone(), path, authorization, message).await;
        (answer, self.setup.journal.take())
    }

    /// Returns the code, and the method that ran.
    async fn outcome(&self, path: &str, token: Option<&str>, message: &str) -> (Code, Option<&'static str>) {
        let authorization: Vec<String> = token.into_iter().map(|token| format!("Bearer {token}")).collect();
        let (answer, seen) = self.call(path, &authorization, message).await;
        (answer.map_or_else(|status| status.code(), |_| Code::Ok), seen.first().map(|seen| seen.route))
    }
}

async fn channel(running: &Running) -> Channel {
    let endpoint = Endpoint::from_shared(format!("http://{}", running.address())).expect("an address");
    endpoint.connect().await.expect("the server listens")
}

fn with<T>(message: T, authorization: &[String]) -> Request<T> {
    let mut request = Request::new(message);
    for value in authorization {
        request.metadata_mut().append("authorization", value.parse().expect("a value"));
    }
    request
}

async fn call(channel: Channel, path: &str, authorization: &[String], message: &str) -> Result<String, Status> {
    call_with(channel, path, with(message.to_owned(), authorization)).await
}

async fn call_with(channel: Channel, path: &str, request: Request<String>) -> Result<String, Status> {
    let path_and_query = PathAndQuery::from_str(path).expect("a path");
    let mut grpc = Grpc::new(channel);
    let answered = timeout(PATIENCE, async {
        grpc.ready().await.map_err(|error| Status::unknown(error.to_string()))?;
        if path.ends_with("/Upload") {
            grpc.client_streaming(request.map(once), path_and_query, Text).await
        } else {
            grpc.unary(request, path_and_query, Text).await
        }
    });
    answered.await.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer in time"))).map(Response::into_inner)
}

/// The challenge and the accepted scopes in the status's metadata.
fn metadata(status: &Status) -> (Option<&str>, Option<&str>) {
    let value = |name: &str| status.metadata().get(name).and_then(|value| value.to_str().ok());
    (value("www-authenticate"), value("accepted-scopes"))
}

/// Sends a request over the client's transport, with any method, path and query.
async fn send(session: &Session, method: &str, target: &str, token: Option<&str>) -> (u16, Option<Code>) {
    let mut channel = session.channel.clone();
    let mut request = http::Request::builder().method(method).uri(target).header("content-type", "application/grpc");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    // One message: `E1`.
    let body = Body::new(http_body_util::Full::new(bytes::Bytes::from_static(b"\0\0\0\0\x02E1")));
    let answered =
        timeout(PATIENCE, async { channel.ready().await?.call(request.body(body).expect("a request")).await });
    match answered.await {
        Ok(Ok(response)) => {
            let code = Status::from_header_map(response.headers()).map(|status| status.code());
            (response.status().as_u16(), code)
        }
        Ok(Err(_)) => (0, None),
        Err(_) => (1, None),
    }
}
