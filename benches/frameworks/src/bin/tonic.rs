//! tonic: methods of the carrier form, with a catalogue of its own, because a gRPC method is
//! `POST /package.Service/Method`.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, BufMut, Bytes};
use frameworks::{CREDENTIALS, Failure, Layers, Run, TENANT};
use http::{HeaderValue, header};
use http_body_util::Full;
use scopes::tower::Gate;
use scopes::{Carrier, Required};
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::service::Routes;
use tonic::{Request, Response, Status};
use tower::{Layer, Service};

use api::permits::*;

scopes::scopes! {
    pub mod api;

    tenant environmentId;

    users.read {
        // The tenant must be in the path of some route. This server does not serve this route.
        GET "/environments/:environmentId/users" as over_http;
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/List" as list;
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Get" as get;
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Export" as export;
    }
    users.write {
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Create" as create;
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Update" as update;
        #[unbound("the method compares the message's environment")]
        POST "/dashboard.Users/Delete" as delete;
    }
}

const METHODS: [&str; 6] = ["List", "Get", "Export", "Create", "Update", "Delete"];

fn main() -> Result<(), Failure> {
    let run = Run::from_arguments()?;
    let routes = Routes::new(Users { with_permits: run.has_permits() }).prepare();
    let grant = api::Grant::new(api::Scopes::all()).for_tenant(TENANT)?;
    let authenticate = run.authenticate(grant);
    tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        match run.layers {
            Layers::Bare => called(routes, &run).await,
            Layers::Authenticate | Layers::Permits => called(authenticate.layer(routes), &run).await,
            Layers::Gate => {
                let gate = Gate::<api::Scope>::new().body_with(Body::new);
                called(authenticate.layer(gate.layer(routes)), &run).await
            }
        }
    })
}

async fn called<A>(mut app: A, run: &Run) -> Result<(), Failure>
where
    A: Service<http::Request<Body>, Response = http::Response<Body>, Error = Infallible>,
{
    let token = HeaderValue::try_from(CREDENTIALS.to_owned())?;
    let _shared = token.clone();
    let message = message(TENANT);
    let _shared = message.clone();
    for _ in 0..run.rounds {
        for method in METHODS {
            let request = http::Request::builder().method("POST").uri(format!("/dashboard.Users/{method}"));
            let request = request.header(header::CONTENT_TYPE, "application/grpc");
            let request = request.header(header::AUTHORIZATION, token.clone());
            let answer = app.call(request.body(Body::new(Full::new(message.clone())))?).await?;
            // A failure is in the headers, a success in the trailers.
            if answer.headers().contains_key("grpc-status") {
                return Err(format!("{method}: {:?}", answer.headers()).into());
            }
        }
    }
    println!("{}", METHODS.len());
    Ok(())
}

/// Frames a message: not compressed, the length, the text.
fn message(text: &str) -> Bytes {
    let mut framed = vec![0];
    framed.put_u32(u32::try_from(text.len()).unwrap_or(0));
    framed.put_slice(text.as_bytes());
    framed.into()
}

/// The code that tonic's generator would write for a proto file.
#[derive(Clone)]
struct Users {
    with_permits: bool,
}

impl NamedService for Users {
    const NAME: &'static str = "dashboard.Users";
}

impl Service<http::Request<Body>> for Users {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        match (request.uri().path(), self.with_permits) {
            ("/dashboard.Users/List" | "/dashboard.Users/Get" | "/dashboard.Users/Export", true) => {
                unary(Guarded::<UsersRead>(PhantomData), request)
            }
            ("/dashboard.Users/Create" | "/dashboard.Users/Update" | "/dashboard.Users/Delete", true) => {
                unary(Guarded::<UsersWrite>(PhantomData), request)
            }
            ("/dashboard.Users/List" | "/dashboard.Users/Get" | "/dashboard.Users/Export", false) => {
                unary(Open, request)
            }
            ("/dashboard.Users/Create" | "/dashboard.Users/Update" | "/dashboard.Users/Delete", false) => {
                unary(Open, request)
            }
            _ => Box::pin(ready(Ok(Status::unimplemented("no such method").into_http()))),
        }
    }
}

type Answer = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

fn unary<M>(method: M, request: http::Request<Body>) -> Answer
where
    M: UnaryService<String, Response = String> + Send + 'static,
    M::Future: Send,
{
    Box::pin(async move { Ok(Grpc::new(Text).unary(method, request).await) })
}

struct Open;

impl UnaryService<String> for Open {
    type Response = String;
    type Future = Ready<Result<Response<String>, Status>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        ready(Ok(answer(&request)))
    }
}

struct Guarded<R>(PhantomData<fn() -> R>);

impl<R: Required<Scope = api::Scope>> UnaryService<String> for Guarded<R> {
    type Response = String;
    type Future = Ready<Result<Response<String>, Status>>;

    fn call(&mut self, request: Request<String>) -> Self::Future {
        let permit = request.permit::<R>();
        let checked = permit.and_then(|permit| permit.same_tenant(request.get_ref()).map(|_| ()));
        ready(checked.map(|()| answer(&request)).map_err(Status::from))
    }
}

fn answer(request: &Request<String>) -> Response<String> {
    Response::new(request.get_ref().len().to_string())
}

/// A codec whose messages are plain text.
#[derive(Clone, Copy)]
struct Text;

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
