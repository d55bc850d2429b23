//! Usage figures and exports.

use axum::Json;
use scopes::requires;

use crate::catalogue::api;
use crate::handlers::answer::Answer;

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/visits")]
pub(crate) async fn get_visits() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/wallets")]
pub(crate) async fn get_wallet_analytics() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/overview")]
pub(crate) async fn get_analytics_overview() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/topline")]
pub(crate) async fn get_analytics_topline() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/engagement")]
pub(crate) async fn get_engagement() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.analytics.read as permit, GET "/environments/:environmentId/analytics/walletsBreakdown")]
pub(crate) async fn get_wallets_breakdown() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports")]
pub(crate) async fn list_exports() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports/:exportId/download")]
pub(crate) async fn download_export() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.read as permit, GET "/environments/:environmentId/exports/:exportId")]
pub(crate) async fn get_export() -> Json<Answer> {
    Answer::of(&permit)
}

#[requires(api::environment.users.write as permit, POST "/environments/:environmentId/exports")]
pub(crate) async fn create_export() -> Json<Answer> {
    Answer::of(&permit)
}
