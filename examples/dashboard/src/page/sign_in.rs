//! The beginning and the end of a session.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

use super::form::Form;
use super::session::{self, Visitor};
use super::trouble::Trouble;
use super::{TOKENS, state, view};
use crate::app::App;

pub(super) async fn form() -> Response {
    view::sign_in(None).into_response()
}

pub(super) async fn sign_in(State(app): State<App>, headers: HeaderMap, form: Form) -> Result<Response, Trouble> {
    let Some(cookie) = session::begin(&app, form.one("code")?, &headers).await? else {
        let why = "This code is not good. Each code works once, for an hour.";
        return Ok((StatusCode::UNAUTHORIZED, view::sign_in(Some(why))).into_response());
    };
    Ok((StatusCode::SEE_OTHER, AppendHeaders([(header::SET_COOKIE, cookie)]), [(header::LOCATION, TOKENS)])
        .into_response())
}

pub(super) async fn sign_out(State(app): State<App>, visitor: Visitor, form: Form) -> Result<Response, Trouble> {
    let _ends_the_session = form.check(&app, &visitor)?;
    let cookie = session::end(&app, &visitor).await?.ok_or(Trouble::Internal)?;
    let to = [(header::LOCATION, "/dashboard/sign-in")];
    Ok((StatusCode::SEE_OTHER, AppendHeaders([(header::SET_COOKIE, cookie)]), to).into_response())
}

pub(super) async fn sign_out_others(State(app): State<App>, visitor: Visitor, form: Form) -> Result<Response, Trouble> {
    let _changes_nothing_twice = form.check(&app, &visitor)?;
    state::end_others(&app.store, &visitor.whose.admin_id, &visitor.session).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("{TOKENS}?done=signed-out"))]).into_response())
}
