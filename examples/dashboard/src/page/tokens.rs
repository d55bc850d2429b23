//! The pages for API tokens: list, create, rotate, revoke.

use core::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use scopes::export::picker::Link;
use scopes_store::{NewToken, Owner, Page};
use serde::Deserialize;

use super::form::Form;
use super::session::Visitor;
use super::trouble::Trouble;
use super::view_tokens::{self, Draft, Shown};
use super::{TOKENS, permissions, state};
use crate::app::App;
use crate::catalogue::api;
use crate::database::Transaction;
use crate::kinds::events::{TOKEN_CREATED, TOKEN_DELETED, TOKEN_ROTATED};
use crate::kinds::hidden::has_hidden;
use crate::wire::NOTE_LENGTH;

/// How many tokens one page lists.
const PAGE: u32 = 50;

const DAY: u64 = 24 * 60 * 60;

/// The greatest lifetime in days.
const MAX_DAYS: u32 = 3660;

/// The query of the list.
#[derive(Deserialize)]
pub(super) struct ListQuery {
    after: Option<String>,
    /// What was done before, a word of a closed list.
    done: Option<String>,
}

pub(super) async fn list(
    State(app): State<App>,
    visitor: Visitor,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Response, Trouble> {
    let Query(ListQuery { after, done }) = query.map_err(|_| Trouble::Form("its address has a field twice"))?;
    let page = match after {
        None => Page::first(PAGE),
        Some(after) => Page::after(&after, PAGE).map_err(|_| Trouble::NotFound)?,
    };
    // So that the list shows the uses of the last seconds, too.
    app.store.tokens.write_last_used().await?;
    let tokens = theirs(&app, &visitor).list(page).await?;
    let message = match done.as_deref() {
        Some("revoked") => Some("The token is revoked. It opens nothing any more."),
        Some("signed-out") => Some("The other browsers are signed out."),
        _ => None,
    };
    let others = state::count_others(&app.store, &visitor.whose.admin_id, &visitor.session).await?;
    let once = app.forms.issue(&visitor)?;
    Ok(view_tokens::list(&visitor, &tokens, message, others, &once).into_response())
}

/// The form for a new token, filled in as a link proposes.
pub(super) async fn new(
    State(app): State<App>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let picker = permissions::picker(&visitor)?;
    let draft = match Link::parse(&query.unwrap_or_default()) {
        Ok(link) => Draft {
            name: link.token_name().unwrap_or_default().to_owned(),
            days: link.days().or(Some(30)),
            choice: Some(picker.choose(&link)).filter(|_| link.has_scopes()),
            ..Draft::default()
        },
        Err(refused) => Draft { days: Some(30), refused: Some(refused), ..Draft::default() },
    };
    let once = app.forms.issue(&visitor)?;
    Ok(view_tokens::new(&visitor, &draft, &once, &picker).into_response())
}

pub(super) async fn create(State(app): State<App>, visitor: Visitor, form: Form) -> Result<Response, Trouble> {
    let once = form.check(&app, &visitor)?;
    let name = form.one("name")?.trim();
    let days = days(form.one("expires_in")?)?;
    let mut scopes: Vec<api::Scope> = Vec::new();
    for name in form.all("scopes") {
        scopes.push(name.parse().map_err(|_| Trouble::Form("it names a permission that does not exist"))?);
    }
    let problem = if name.is_empty() {
        Some("Give the token a name.")
    } else if name.chars().count() > NOTE_LENGTH || name.chars().any(char::is_control) || has_hidden(name) {
        Some("Give the token a name of at most 100 characters, all of which are visible.")
    } else if scopes.is_empty() {
        Some("Choose at least one permission.")
    } else {
        None
    };
    if let Some(problem) = problem {
        let chosen = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        let draft = Draft { name: name.to_owned(), days, chosen, problem: Some(problem), ..Draft::default() };
        let page = view_tokens::new(&visitor, &draft, &app.forms.issue(&visitor)?, &permissions::picker(&visitor)?);
        return Ok((StatusCode::BAD_REQUEST, page).into_response());
    }
    let new = NewToken::named(name).tenant(&visitor.whose.environment_id).map_err(|_| Trouble::Internal)?;
    let new = scopes.into_iter().fold(new, NewToken::scopes);
    let new = match days {
        Some(days) => new.expires_in(Duration::from_secs(u64::from(days) * DAY)),
        None => new,
    };
    once.spend(&app.store, &visitor).await?;
    let mut transaction = app.store.begin_in(&visitor.whose.environment_id).await?;
    let made = app.store.tokens.within(transaction.connection()).issue(&visitor.may_give, new).await?;
    // Nothing may fail after the commit, because only this answer has the token's text.
    let next = app.forms.issue(&visitor)?;
    app.commit_token(transaction, TOKEN_CREATED, &visitor.whose.environment_id, made.id()).await?;
    Ok((StatusCode::CREATED, view_tokens::made(&visitor, &made, Shown::New, &next)).into_response())
}

pub(super) async fn rotate(
    State(app): State<App>,
    visitor: Visitor,
    Path(token_id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let once = form.check(&app, &visitor)?;
    let grace = match form.one("grace")? {
        "none" => 0,
        "hour" => 60 * 60,
        "day" => DAY,
        "week" => 7 * DAY,
        _ => return Err(Trouble::Form("it has another time than the page offers")),
    };
    // A form for a token that cannot be rotated is not spent.
    theirs(&app, &visitor).get(&token_id).await?;
    once.spend(&app.store, &visitor).await?;
    let mut transaction = app.store.begin_in(&visitor.whose.environment_id).await?;
    let changed = theirs_within(&app, &visitor, &mut transaction);
    let made = changed.rotate(&token_id, Duration::from_secs(grace)).await?;
    drop(changed);
    let next = app.forms.issue(&visitor)?;
    app.commit_token(transaction, TOKEN_ROTATED, &visitor.whose.environment_id, &token_id).await?;
    Ok(view_tokens::made(&visitor, &made, Shown::Rotated { keeps_old: grace > 0 }, &next).into_response())
}

pub(super) async fn revoke(
    State(app): State<App>,
    visitor: Visitor,
    Path(token_id): Path<String>,
    form: Form,
) -> Result<Response, Trouble> {
    let once = form.check(&app, &visitor)?;
    once.spend(&app.store, &visitor).await?;
    let mut transaction = app.store.begin_in(&visitor.whose.environment_id).await?;
    theirs_within(&app, &visitor, &mut transaction).revoke(&token_id).await?;
    app.commit_token(transaction, TOKEN_DELETED, &visitor.whose.environment_id, &token_id).await?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, format!("{TOKENS}?done=revoked"))]).into_response())
}

/// The tokens that act for the person in the session's environment.
fn theirs(app: &App, visitor: &Visitor) -> Owner<'static, api::Scope> {
    app.store.tokens.of_subject(&visitor.whose.admin_id).in_tenant(&visitor.whose.environment_id)
}

/// The same tokens, for changes within a transaction. The person is their author.
fn theirs_within<'t>(app: &App, visitor: &Visitor, transaction: &'t mut Transaction) -> Owner<'t, api::Scope> {
    let theirs = app.store.tokens.within(transaction.connection()).of_subject(&visitor.whose.admin_id);
    theirs.in_tenant(&visitor.whose.environment_id).by(&visitor.whose.admin_id)
}

/// The lifetime of the form; `None` for a token that does not expire.
fn days(text: &str) -> Result<Option<u32>, Trouble> {
    if text == "never" {
        return Ok(None);
    }
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let days = text.parse().ok().filter(|days| is_number && (1..=MAX_DAYS).contains(days));
    days.map(Some).ok_or(Trouble::Form("its lifetime is not a number of days"))
}
