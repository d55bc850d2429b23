//! tower layers for servers that are built of [`tower_service::Service`]s over [`http::Request`]:
//! axum, hyper, tonic, warp.
//!
//! [`Authenticate`] finds out who the caller is and does not answer requests itself. There is one
//! exception: under [`strict`](crate::Settings::strict) and in builds with debug assertions, it
//! replaces the answer of a handler that lacks its guard. For this the body must be axum's, tonic's
//! or warp's, or a `String`. [`Gate`] checks the whole catalogue in front of the handlers. The
//! request passes `Authenticate` first:
//!
//! ```text
//! CORS, timeouts -> Authenticate -> Gate -> handlers with their permits
//! ```

mod authenticate;
mod denial;
mod gate;
mod sent;

pub use authenticate::{AuthenticateFuture, AuthenticateService};

pub use crate::auth::authenticate::Authenticate;
pub use crate::gate::{BodyWith, DenyBody, FromString, Gate};
pub use gate::{GateFuture, GateService};

/// The status that tells whether a handler succeeded. gRPC answers failures with 200 and has their
/// status in a header.
pub(crate) fn outcome<R>(response: &http::Response<R>) -> http::StatusCode {
    // A static, so that the name is not parsed for every response.
    static GRPC_STATUS: http::HeaderName = http::HeaderName::from_static("grpc-status");
    match response.headers().get(&GRPC_STATUS) {
        Some(code) if code != "0" => http::StatusCode::INTERNAL_SERVER_ERROR,
        _ => response.status(),
    }
}
