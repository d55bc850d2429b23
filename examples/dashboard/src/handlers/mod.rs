//! One function for each route, each guarded by the `#[requires]` of its scope. The catalogue says
//! what each route does.
//!
//! If a route names the environment, the guard has compared it with the caller's. If a route names
//! only an object, the handler looks up the object's environment, and the permit compares it.

pub(crate) mod access;
pub(crate) mod answer;
pub(crate) mod events;
pub(crate) mod forms;
pub(crate) mod global_wallet;
pub(crate) mod providers;
pub(crate) mod reports;
pub(crate) mod sites;
pub(crate) mod tokens;
pub(crate) mod user_tokens;
pub(crate) mod users;
pub(crate) mod waas;
pub(crate) mod wallets;
