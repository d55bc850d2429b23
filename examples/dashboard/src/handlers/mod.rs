//! One function for each route, each guarded by the `#[requires]` of its scope. The catalogue says
//! what each route does.
//!
//! If a route names the environment, the guard has compared it with the caller's. If a route names
//! only an object, the handler loads the object, and the permit compares its environment.

use axum::http::StatusCode;

use crate::failure::Failure;
use crate::wire::Answer;

pub(crate) mod access;
pub(crate) mod allowlists;
pub(crate) mod analytics;
pub(crate) mod environments;
pub(crate) mod events;
pub(crate) mod exchanges;
pub(crate) mod exports;
pub(crate) mod forms;
pub(crate) mod global_wallet;
pub(crate) mod name_services;
pub(crate) mod providers;
pub(crate) mod sites;
pub(crate) mod tokens;
pub(crate) mod user_tokens;
pub(crate) mod users;
pub(crate) mod waas;
pub(crate) mod wallets;
pub(crate) mod webhooks;

/// A handler's answer with a body.
type Answered<T> = Result<Answer<T>, Failure>;

/// A handler's answer without a body.
type Done = Result<StatusCode, Failure>;
