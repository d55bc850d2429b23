//! CORS: pages of the origins that an environment has configured may call its API.
//!
//! A preflight request has no credentials, so it is answered before the gate, and it learns only
//! whether the origin is configured. A path without an environment takes the origins of all
//! environments: the guard decides about the request itself, and the browser adds no credentials of
//! its own, because the answers never allow them.

use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::catalogue::api;
use crate::kinds::Kind as _;
use crate::kinds::sites::Origin;

/// Adds the headers of CORS, and answers preflight requests of configured origins.
pub(crate) async fn cors(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = asked(&request);
    let Some(origin) = allowed(&app, asked).await else {
        let mut response = next.run(request).await;
        // Caches must not give this answer to another origin.
        response.headers_mut().append(VARY, HeaderValue::from_static("origin"));
        return response;
    };
    let is_preflight =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match is_preflight {
        true => StatusCode::NO_CONTENT.into_response(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.append(VARY, HeaderValue::from_static("origin"));
    if is_preflight {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE"));
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("authorization, content-type"));
        headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    } else {
        let exposed = "accepted-scopes, deprecation, link, retry-after, www-authenticate";
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(exposed));
    }
    response
}

/// The origin of a request, and the environment that its path names.
fn asked(request: &Request) -> Option<(String, Option<String>)> {
    let origin = only_origin(request.headers())?.to_str().ok()?;
    let base = api::CATALOGUE.untyped().base();
    let rest = request.uri().path().strip_prefix(base)?;
    let environment_id = rest.strip_prefix("/environments/").and_then(|rest| rest.split('/').next());
    Some((origin.to_owned(), environment_id.map(str::to_owned)))
}

/// Returns the origin if the environment has configured it. A database that fails allows nothing.
async fn allowed(app: &App, asked: Option<(String, Option<String>)>) -> Option<HeaderValue> {
    let (origin, environment_id) = asked?;
    let is_configured = app.store.has_key(environment_id.as_deref(), Origin::KIND, &origin).await.unwrap_or(false);
    if is_configured { HeaderValue::from_str(&origin).ok() } else { None }
}

fn only_origin(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut origins = headers.get_all(ORIGIN).iter();
    let first = origins.next()?;
    origins.next().is_none().then_some(first)
}
