//! API tokens of the user who is signed in to the dashboard.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

use crate::app::App;
use crate::failure::Failure;
use crate::session_catalogue::dashboard;
use crate::store::StoreError;
use crate::verifiers::SignedIn;
use crate::wire::{CreateToken, TokenList, TokenQuery};

pub(crate) async fn list_user_tokens(
    session: dashboard::Grant,
    State(app): State<App>,
    TokenQuery(page): TokenQuery,
) -> Result<Json<TokenList>, Failure> {
    let signed_in = session.principal_as::<SignedIn>().ok_or(Failure::NotFound)?;
    let admin_id = session.subject().ok_or(Failure::NotFound)?;
    // The session is for one environment, so the tokens of other environments are not listed.
    let here = app.store.tokens.of_subject(admin_id).in_tenant(&signed_in.environment_id);
    Ok(Json(TokenList::new(here.list(page).await.map_err(StoreError::from)?, &app.store).await?))
}

pub(crate) async fn create_user_token(
    session: dashboard::Grant,
    State(app): State<App>,
    body: CreateToken,
) -> Result<impl IntoResponse, Failure> {
    let signed_in = session.principal_as::<SignedIn>().ok_or(Failure::NotFound)?;
    app.issue_token(&signed_in.may_give, &signed_in.environment_id, body).await
}
