//! tonic: service methods of the carrier form on a real HTTP/2 server, alone and below the tower
//! gate. It has a catalogue of its own: a gRPC method is `POST /package.Service/Method`, and the
//! tenant is in the message.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut};
use http_body::Body as HttpBody;
use scopes::tower::{Authenticate, Gate};
use scopes::{Grant, Permit, Required, Settings, check, requires};
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::StdError;
use tonic::server::{Grpc, NamedService};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};
use tower::util::option_layer;
use tower::{Service, service_fn};

use crate::server::{AcceptsAll, Journal, Layers, Running, Seen, Tokens};
use crate::tokens::{anonymous, every_source};

scopes::scopes! {
    /// A service with every kind of method.
    pub mod api;

    tenant environment;

    /// Read items.
    items.read {
        // The tenant must be in the path of some route. This server does not serve this route.
        GET "/environments/:environment/items" as over_http;
        #[unbound("the method compares the message's environment")]
        POST "/suite.Items/List" as list;
        #[unbound("the method compares the message's environment")]
        POST "/suite.Items/Summary" as summary;
    }
    /// Change items.
    items.write {
        #[unbound("the method compares the message's environment")]
        POST "/suite.Items/Create" as create;
        #[unbound("the method compares the environment of each message")]
        POST "/suite.Items/Upload" as upload;
    }
    /// Read the formats.
    items.export {
        #[deprecated(since = "2026-11-01", sunset = "2027-05-01")]
        #[global("the formats are the same for all users")]
        POST "/suite.Items/Formats" as formats;
    }
    /// Read reports.
    reports.read {
        #[unbound("the method compares the message's environment")]
        POST "/suite.Items/Summary" as summary;
    }
    /// Everything that can be read.
    all.read includes *.read;

    all(items.write, reports.read) {
        #[unbound("the method compares the message's environment")]
        POST "/suite.Items/Copy" as copy;
    }
    public("liveness probe") {
        POST "/suite.Items/Health" as health;
        #[deprecated(since = "1970-01-01")]
        POST "/suite.Items/OldHealth" as old_health;
    }
    authenticated("who am I") {
        #[global("the caller")]
        POST "/suite.Items/Me" as me;
    }
}

/// How the server is set up.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// The verifier.
    pub tokens: Tokens,
    /// Where methods record that they ran.
    pub journal: Journal,
    /// How many authentication layers there are.
    pub layers: Layers,
    /// Whether the server takes every kind of credentials, not only bearer tokens.
    pub every_source: bool,
    /// The scopes that callers without credentials have, for the tenant `E1`.
    pub anonymous: &'static [&'static str],
    /// Whether the methods lie below the gate.
    pub gated: bool,
}

/// Serves on a free port of the loopback interface: HTTP/2, and also HTTP/1.1 for attacks that
/// HTTP/2 clients cannot send.
///
/// # Panics
/// If no port is free.
pub async fn start(setup: &Setup) -> Running {
    let incoming = TcpIncoming::bind(([127, 0, 0, 1], 0).into()).expect("a free port").with_nodelay(Some(true));
    let address = incoming.local_addr().expect("an address");
    let settings = Settings::new().realm("suite").expect("a realm").strict();
    let right = (setup.layers != Layers::Missing)
        .then(|| Authenticate::<api::Scope>::new(setup.tokens.clone()).settings(settings))
        .map(|right| right.anonymous(anonymous(setup.anonymous)))
        .map(|right| if setup.every_source { every_source(right, &setup.tokens) } else { right });
    let outer = (setup.layers == Layers::Stale).then(|| Authenticate::<api::Scope>::new(AcceptsAll));
    let gate = setup.gated.then(|| Gate::<api::Scope>::new().body_with(Body::new));
    let server = Server::builder()
        .accept_http1(true)
        .layer(option_layer(outer))
        .layer(option_layer(right))
        .layer(option_layer(gate))
        .add_service(ItemsServer(Arc::new(Items { journal: setup.journal.clone() })))
        .serve_with_incoming(incoming);
    Running::task(
        address,
        tokio::spawn(async move {
            let _ = server.await;
        }),
    )
}

#[derive(Debug)]
struct Items {
    journal: Journal,
}

impl Items {
    #[requires(api::items.read as permit, POST "/suite.Items/List")]
    async fn list(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        self.compared("list", &permit, request.get_ref())
    }

    #[requires(any(api::items.read, api::reports.read) as permit, POST "/suite.Items/Summary")]
    async fn summary(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        self.compared("summary", &permit, request.get_ref())
    }

    #[requires(api::items.write as permit, POST "/suite.Items/Create")]
    async fn create(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        self.compared("create", &permit, request.get_ref())
    }

    #[requires(api::items.write as permit, POST "/suite.Items/Upload")]
    async fn upload(&self, #[grant] request: Request<Streaming<String>>) -> Result<Response<String>, Status> {
        let mut messages = request.into_inner();
        let mut last = None;
        while let Some(message) = messages.message().await? {
            last = Some(self.compared("upload", &permit, &message)?);
        }
        last.ok_or_else(|| Status::invalid_argument("no message"))
    }

    #[requires(all(api::items.write, api::reports.read) as permit, POST "/suite.Items/Copy")]
    async fn copy(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        self.compared("copy", &permit, request.get_ref())
    }

    #[requires(api::items.export as permit, POST "/suite.Items/Formats")]
    async fn formats(&self, #[grant] request: Request<String>) -> Result<Response<String>, Status> {
        Ok(self.seen("formats", permit.subject(), None, request.get_ref()))
    }

    async fn health(&self, request: Request<String>) -> Result<Response<String>, Status> {
        Ok(self.seen("health", None, None, request.get_ref()))
    }

    async fn old_health(&self, request: Request<String>) -> Result<Response<String>, Status> {
        Ok(self.seen("old_health", None, None, request.get_ref()))
    }

    async fn me(&self, request: Request<String>) -> Result<Response<String>, Status> {
        let facts = check::Facts::new(&http::Method::POST, "/suite.Items/Me");
        let grant: Grant<api::Scope> = check::grant(request.extensions(), facts)?;
        Ok(self.seen("me", grant.subject(), None, request.get_ref()))
    }

    fn compared<R: Required>(
        &self,
        route: &'static str,
        permit: &Permit<R>,
        environment: &str,
    ) -> Result<Response<String>, Status> {
        permit.same_tenant(environment)?;
        Ok(self.seen(route, permit.subject(), Some(environment), environment))
    }

    fn seen(
        &self,
        route: &'static str,
        subject: Option<&str>,
        tenant: Option<&str>,
        message: &str,
    ) -> Response<String> {
        self.journal.write(Seen {
            route,
            method: "POST",
            subject: subject.map(str::to_owned),
            tenant: tenant.map(str::to_owned),
            body: Some(message.to_owned()),
            ..Seen::default()
        });
        Response::new(format!("{route} by {} in {message}", subject.unwrap_or("unknown")))
    }
}

/// The code that tonic's generator would write for a proto file.
#[derive(Clone, Debug)]
struct ItemsServer(Arc<Items>);

impl NamedService for ItemsServer {
    const NAME: &'static str = "suite.Items";
}

impl<B> Service<http::Request<B>> for ItemsServer
where
    B: HttpBody + Send + 'static,
    B::Error: Into<StdError> + Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        let items = Arc::clone(&self.0);
        macro_rules! unary {
            ($method:ident) => {
                Box::pin(async move {
                    let method = service_fn(move |message: Request<String>| {
                        let items = Arc::clone(&items);
                        async move { items.$method(message).await }
                    });
                    Ok(Grpc::new(Text).unary(method, request).await)
                })
            };
        }
        match request.uri().path() {
            "/suite.Items/List" => unary!(list),
            "/suite.Items/Summary" => unary!(summary),
            "/suite.Items/Create" => unary!(create),
            "/suite.Items/Copy" => unary!(copy),
            "/suite.Items/Formats" => unary!(formats),
            "/suite.Items/Health" => unary!(health),
            "/suite.Items/OldHealth" => unary!(old_health),
            "/suite.Items/Me" => unary!(me),
            "/suite.Items/Upload" => Box::pin(async move {
                let method = service_fn(move |messages: Request<Streaming<String>>| {
                    let items = Arc::clone(&items);
                    async move { items.upload(messages).await }
                });
                Ok(Grpc::new(Text).client_streaming(method, request).await)
            }),
            _ => Box::pin(async { Ok(Status::unimplemented("no such method").into_http()) }),
        }
    }
}

/// A codec whose messages are plain text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text;

impl Codec for Text {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Text {
    type Item = String;
    type Error = Status;

    fn encode(&mut self, item: String, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item.as_bytes());
        Ok(())
    }
}

impl Decoder for Text {
    type Item = String;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<String>, Status> {
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        String::from_utf8(bytes.to_vec()).map(Some).map_err(|_| Status::invalid_argument("no text"))
    }
}
