//! The pages at `/dashboard`: people sign in with a one-time code, and make and manage API tokens.
//!
//! | rule | where |
//! |---|---|
//! | a session is a cookie that scripts cannot read; it ends on the server too | `session` |
//! | signing in ends the session that the browser had | `session`, `state` |
//! | only a page of this session changes anything, and each form works once | `form`, `protection` |
//! | a token's text is in the answer to its form only | `tokens` |
//! | each answer has a strict policy, and no other site can show it | `protection` |
//! | each error is a page too, whichever layer answers | `trouble`, `protection` |

use axum::Router;
use axum::routing::{get, post};
use scopes::{Authenticate, Denied, Rendered, Renderer, Settings, TokenSource};

use crate::app::App;

mod assets;
pub mod catalogue;
pub(crate) mod form;
mod permissions;
mod protection;
pub mod session;
mod sign_in;
mod state;
mod tokens;
mod trouble;
mod view;
mod view_tokens;

pub(crate) use assets::is_asset;
pub(crate) use permissions::picker_json;
pub(crate) use protection::{protect, with_error_pages};

use catalogue::pages;

/// Where a person makes tokens.
pub const TOKENS: &str = "/dashboard/developer/api";

/// The handlers, below `/dashboard`.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/sign-out-others", post(sign_in::sign_out_others))
        .route("/assets/{file}", get(assets::asset))
        .route("/developer/api", get(tokens::list).post(tokens::create))
        .route("/developer/api/new", get(tokens::new))
        .route("/developer/api/{tokenId}/rotate", post(tokens::rotate))
        .route("/developer/api/{tokenId}/revoke", post(tokens::revoke))
        .route("/developer/picker.json", get(permissions::for_visitor))
}

/// The cookie is the only credential of the pages.
pub(crate) fn authenticate(app: &App, settings: Settings) -> Authenticate<pages::Scope> {
    let verifier = session::CookieVerifier { store: app.store.clone() };
    let source = TokenSource::cookie(session::cookie_name(app));
    let authenticate = Authenticate::new(verifier).source(source).settings(settings.renderer(SignInFirst));
    match authenticate.clone().own_origins([&app.settings.public_url]) {
        Ok(authenticate) => authenticate,
        Err(error) => {
            tracing::error!(%error, "browsers without Sec-Fetch-Site cannot use the pages, because the public URL is not an origin");
            authenticate
        }
    }
}

/// Leads people without a session to the page that begins one.
#[derive(Clone, Copy, Debug)]
struct SignInFirst;

impl Renderer for SignInFirst {
    fn render(&self, denied: &Denied) -> Rendered {
        let (title, text) = trouble::words(denied.status());
        let page = Rendered::html(view::message(title, text).into_string());
        // The page that was asked for is not remembered: a link from elsewhere must not decide
        // where a person is after signing in.
        page.redirect_to(axum::http::HeaderValue::from_static("/dashboard/sign-in"))
    }
}
