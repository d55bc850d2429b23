//! The files that the pages load: one style, one script, and the picker of scopes.

use axum::extract::Path;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use scopes::export::picker::COMPONENT;

const STYLE: &str = include_str!("assets/page.css");
const SCRIPT: &str = include_str!("assets/page.js");

/// Whether a request reads a file; the path is the one below `/dashboard`. Pages about a rate limit
/// load these files too, so no rate limit counts such a request.
pub(crate) fn is_asset(method: &Method, path: &str) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
        && path.strip_prefix("/assets/").is_some_and(|file| find(file).is_some())
}

pub(super) async fn asset(Path(file): Path<String>) -> Response {
    let Some((kind, text)) = find(&file) else { return StatusCode::NOT_FOUND.into_response() };
    // A new version of the program has new files, so browsers ask each time.
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// The content type and the text of a file.
fn find(file: &str) -> Option<(&'static str, &'static str)> {
    Some(match file {
        "page.css" => ("text/css; charset=utf-8", STYLE),
        "page.js" => ("text/javascript; charset=utf-8", SCRIPT),
        "scopes-picker.js" => ("text/javascript; charset=utf-8", COMPONENT),
        _ => return None,
    })
}
