//! tonic 0.14: the carrier form for service methods, denials as their `Status`. Authentication is
//! the tower layer in front.
//!
//! A gRPC method is a route of the catalogue, `POST "/package.Service/Method"`. The tenant is in
//! the message and not in the path, so such routes are `#[unbound]` or `#[global]` if the catalogue
//! has a tenant.
//!
//! ```
//! # mod pb { pub struct Environment { pub id: String } pub struct Users; }
//! use scopes::requires;
//! use tonic::{Request, Response, Status};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     tenant environment;
//!     users.read {
//!         GET "/environments/{environment}/users";
//!         #[unbound("the method compares the message's environment")]
//!         POST "/dashboard.Users/List";
//!     }
//! }
//!
//! struct Users;
//!
//! impl Users { // #[tonic::async_trait] impl users_server::Users for Users {
//!     #[requires(api::users.read as permit)]
//!     async fn list(
//!         &self,
//!         #[grant] request: Request<pb::Environment>,
//!     ) -> Result<Response<pb::Users>, Status> {
//!         permit.same_tenant(&request.get_ref().id)?;
//!         Ok(Response::new(pb::Users))
//!     }
//! }
//! # fn main() {}
//! // Server::builder()
//! //     .layer(Authenticate::<api::Scope>::new(verifier))
//! //     .add_service(UsersServer::new(Users))
//! ```
//!
//! # When the check is made
//!
//! tonic has read and decoded the message of a unary call before its method runs. To refuse callers
//! before that, put a [`tower::Gate`](crate::tower::Gate) inside of `Authenticate`: tonic compares
//! paths byte by byte, as the client sent them, so a gate in front of it judges the right route.
//! `Gate::new().body_with(tonic::body::Body::new)` makes tonic's bodies. The gate answers a gRPC
//! call (`POST` with `content-type: application/grpc`) as gRPC: with the `Status` that a method
//! would have returned, in the headers, and without a body. A client gets the same code, message
//! and challenge from the gate and from the method. Any other request gets the HTTP response.

use ::tonic::metadata::MetadataMap;
use ::tonic::{Code, Request, Status};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Response, Uri};
use scopes_core::{Denial, Scope};

use crate::carrier::Carrier;
use crate::check;
use crate::denial::Denied;
use crate::request::facts::Facts;
use crate::required::Required;
use crate::{Caller, Permit};

const GRPC: &str = "application/grpc";

/// Method and target of a request, which tonic does not pass to service methods.
#[derive(Clone)]
struct Target(Method, Uri);

/// Keeps the data that the carrier needs. The authentication layer calls it.
pub(crate) fn keep_target<B>(request: &mut http::Request<B>) {
    let target = Target(request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(target);
}

impl<S: Scope, T> Carrier<S> for Request<T> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        match self.extensions().get() {
            Some(Target(method, uri)) => check::permit(self.extensions(), Facts::of_uri(method, uri)),
            // No authentication layer has seen the request, and the check logs that. If the
            // application has stored the outcome itself, the target is unknown, and the check
            // refuses the request.
            None => check::permit(self.extensions(), Facts::new(&Method::POST, "/").misread()),
        }
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        match self.extensions().get() {
            Some(Target(method, uri)) => check::caller(self.extensions(), Facts::of_uri(method, uri)),
            None => check::caller(self.extensions(), Facts::new(&Method::POST, "/").misread()),
        }
    }
}

/// The metadata holds the challenge and the accepted scopes, under the names of the headers.
impl From<Denied> for Status {
    fn from(denied: Denied) -> Self {
        let code = match (denied.denial(), denied.status().as_u16()) {
            (Some(Denial::CredentialsMalformed), _) | (_, 401) => Code::Unauthenticated,
            (_, 400 | 414) => Code::InvalidArgument,
            (_, 403) => Code::PermissionDenied,
            // tonic gives the same answer to methods that it does not know.
            (_, 404 | 405) => Code::Unimplemented,
            (_, 503) => Code::Unavailable,
            _ => Code::Internal,
        };
        Self::with_metadata(code, denied.to_string(), MetadataMap::from_headers(denied.headers()))
    }
}

/// Whether this is a gRPC call. gRPC-Web has another content type and gets HTTP responses.
///
/// A call is a `POST`. If other methods got such answers, a client that sends the content type
/// could make a cache store the refusal of a `GET`, because its status is 200.
pub(crate) fn is_call(method: &Method, headers: &HeaderMap) -> bool {
    if method != Method::POST {
        return false;
    }
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let after = value.get(..GRPC.len()).filter(|start| start.eq_ignore_ascii_case(GRPC)).map(|_| &value[GRPC.len()..]);
    after.is_some_and(|after| after.is_empty() || after.starts_with(['+', ';', ' ']))
}

/// The answer to a call that is refused before any method runs. A gRPC client would read an HTTP
/// response with a text as a broken message, and report an internal error for every status.
pub(crate) fn refusal(denied: Denied) -> Response<String> {
    Status::from(denied).into_http()
}
