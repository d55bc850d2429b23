//! What protects every page: the headers of answers, and which requests are refused before any
//! handler.

use axum::Router;
use axum::extract::{OriginalUri, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};

use scopes::axum::Gated;

use super::catalogue::pages;
use super::session::is_https;
use super::trouble::{Trouble, as_page};
use super::{TOKENS, view};
use crate::app::App;

/// Only files of this server run, are shown or receive forms; no page of another site frames these
/// pages; and no script turns a text into HTML.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// `same-origin` and not `no-referrer`, with which browsers would send `Origin: null` with forms.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), clipboard-read=()"),
];

/// Refuses what another site has caused, before the gated pages see it.
pub(crate) fn protect(app: &App, pages: Gated<pages::Scope>) -> Router {
    Router::new().fallback_service(pages).layer(from_fn_with_state(app.clone(), guard))
}

/// Gives each answer the headers of pages, and each error a page. Lies around all other layers,
/// because they answer too.
pub(crate) fn with_error_pages(app: &App, pages: Router) -> Router {
    pages.layer(from_fn_with_state(app.clone(), as_pages))
}

async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    match answer_early(&app, &request) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

async fn as_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = as_page(next.run(request).await);
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A file sets its own value.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if is_https(&app) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

fn answer_early(app: &App, request: &Request) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        // The gate asks the same about requests with a cookie. A sign-in has none yet, and another
        // site must not sign a person in under another name either.
        return (!is_own(app, request.headers())).then(|| Trouble::Elsewhere.into_response());
    }
    let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |OriginalUri(uri)| uri);
    // The catalogue has no route for its own base, and people shorten addresses.
    if matches!(uri.path(), "/dashboard" | "/dashboard/") {
        return Some((StatusCode::SEE_OTHER, [(header::LOCATION, TOKENS)]).into_response());
    }
    comes_by_link(request.headers(), uri)
        .then(|| view::arrive(uri.path_and_query().map_or(TOKENS, |target| target.as_str())).into_response())
}

/// Whether a page of this server has caused the request, by what the browser says.
fn is_own(app: &App, headers: &HeaderMap) -> bool {
    let only = |name: HeaderName| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (value, None) => Ok(value.map(HeaderValue::as_bytes)),
            _ => Err(()),
        }
    };
    match (only(HeaderName::from_static("sec-fetch-site")), only(header::ORIGIN)) {
        (Ok(Some(site)), Ok(_)) => site == b"same-origin",
        (Ok(None), Ok(Some(origin))) => origin == app.settings.public_url.as_bytes(),
        _ => false,
    }
}

/// Whether a person comes from a link of another site. The browser then does not send the cookie
/// (`SameSite=Strict`), so a page of this server must make the request again. This only concerns
/// pages that change nothing.
fn comes_by_link(headers: &HeaderMap, uri: &Uri) -> bool {
    let is = |name: &'static str, values: &[&str]| {
        headers.get(name).is_some_and(|found| values.iter().any(|value| found == value))
    };
    let is_page = uri.path() == TOKENS || uri.path().strip_prefix(TOKENS) == Some("/new");
    is_page
        && is("sec-fetch-site", &["cross-site", "same-site"])
        && is("sec-fetch-mode", &["navigate"])
        && is("sec-fetch-dest", &["document"])
}
