//! tonic 0.14: the carrier form for service methods, denials as their `Status`. Authentication is
//! the tower layer in front.
//!
//! A gRPC method is a route of the catalogue, `POST "/package.Service/Method"`. The tenant is in
//! the message and not in the path, so such routes are `#[unbound]` or `#[global]` where the
//! catalogue has a tenant.
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
//! paths byte by byte, as they are sent, so that the gate is right in front of it.
//! `Gate::new().body_with(tonic::body::Body::new)` makes tonic's bodies. What the gate refuses of
//! gRPC (`POST` with `content-type: application/grpc`) it answers as gRPC: the `Status` that a
//! method would have returned, in the headers, and no body. A client sees code, message and
//! challenge, whether the gate or the method refused. Any other request gets the bare HTTP answer.

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

/// Method and target of a request, which tonic does not hand on to service methods.
#[derive(Clone)]
struct Target(Method, Uri);

/// Keeps what the carrier needs; called by the authentication layer.
pub(crate) fn keep_target<B>(request: &mut http::Request<B>) {
    let target = Target(request.method().clone(), request.uri().clone());
    request.extensions_mut().insert(target);
}

impl<S: Scope, T> Carrier<S> for Request<T> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        match self.extensions().get() {
            Some(Target(method, uri)) => check::permit(self.extensions(), Facts::of_uri(method, uri)),
            // Without it there is no authentication either, and the check logs the sentence for
            // that. An application that stores an authentication by hand has no target to be judged
            // by.
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

/// Challenge and accepted scopes are in the metadata, under the names of the headers.
impl From<Denied> for Status {
    fn from(denied: Denied) -> Self {
        let code = match (denied.denial(), denied.status().as_u16()) {
            (Some(Denial::CredentialsMalformed), _) | (_, 401) => Code::Unauthenticated,
            (_, 400 | 414) => Code::InvalidArgument,
            (_, 403) => Code::PermissionDenied,
            // tonic answers so to methods that it does not know.
            (_, 404 | 405) => Code::Unimplemented,
            (_, 503) => Code::Unavailable,
            _ => Code::Internal,
        };
        Self::with_metadata(code, denied.to_string(), MetadataMap::from_headers(denied.headers()))
    }
}

/// Whether this is a call of gRPC itself; gRPC-Web has another content type and takes HTTP answers.
///
/// A call is a `POST`. If other methods were answered so, a client that sends the content type
/// could have a cache keep the refusal of a `GET`, because its status is 200.
pub(crate) fn is_call(method: &Method, headers: &HeaderMap) -> bool {
    if method != Method::POST {
        return false;
    }
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let after = value.get(..GRPC.len()).filter(|start| start.eq_ignore_ascii_case(GRPC)).map(|_| &value[GRPC.len()..]);
    after.is_some_and(|after| after.is_empty() || after.starts_with(['+', ';', ' ']))
}

/// The answer to a call that reaches no method. A client takes the text of an HTTP answer for a
/// broken message, and the whole for an internal error, whatever its status.
pub(crate) fn refusal(denied: Denied) -> Response<String> {
    Status::from(denied).into_http()
}
