//! The permission reference of the API's tokens: public pages for readers and for programs.

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::IntoResponse;
use axum::routing::get;
use scopes::export::page::{Page, content_security_policy};

use crate::catalogue::api;

const TITLE: &str = "API token permissions";

/// The pages and their policy. The catalogue does not change while the server runs.
struct Pages {
    html: String,
    markdown: String,
    llms: String,
    policy: String,
}

static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let page = || Page::new(api::CATALOGUE.untyped()).title(TITLE);
    Pages {
        html: page().markdown_at("permissions.md").html(),
        markdown: page().markdown(),
        llms: page().markdown_at("docs/permissions.md").llms_txt(),
        policy: content_security_policy(),
    }
});

/// The routes of the pages, which belong to no catalogue.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/docs/permissions", get(async || answer("text/html; charset=utf-8", &PAGES.html)))
        .route("/docs/permissions.md", get(async || answer("text/markdown; charset=utf-8", &PAGES.markdown)))
        .route("/llms.txt", get(async || answer("text/plain; charset=utf-8", &PAGES.llms)))
}

fn answer(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, PAGES.policy.as_str()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "max-age=300"),
    ];
    (headers, text)
}
