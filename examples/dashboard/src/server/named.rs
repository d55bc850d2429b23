//! Headers that name the handler which answered, for `scopes-conformance`: it learns which handler
//! ran, also if the handler has answered with an error.

use axum::extract::{MatchedPath, RawPathParams, Request};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use scopes::Scope;

/// The header with the route's name.
pub const HANDLER: &str = "x-handler";
/// The header with the environment that the path names.
pub const HANDLER_TENANT: &str = "x-handler-tenant";

/// Names the handler. Lies inside of the gate, directly around the handlers.
pub(super) async fn name<S: Scope>(
    path: MatchedPath,
    parameters: RawPathParams,
    request: Request,
    next: Next,
) -> Response {
    let catalogue = S::catalogue();
    let route = catalogue.route_by_template(request.method().as_str(), path.as_str());
    let tenant = parameters.iter().find(|(name, _)| Some(*name) == catalogue.tenant());
    let tenant = tenant.and_then(|(_, value)| HeaderValue::from_str(value).ok());
    let mut response = next.run(request).await;
    if let Some(name) = route.and_then(|route| HeaderValue::from_str(route.name()).ok()) {
        response.headers_mut().insert(HANDLER, name);
    }
    if let Some(tenant) = tenant {
        response.headers_mut().insert(HANDLER_TENANT, tenant);
    }
    response
}
