//! One function for each route, each guarded by the `#[requires]` of its scope; the catalogue says
//! what the routes are for.
//!
//! A handler whose route names the environment was let in for it. One whose route names an object
//! alone looks up the object's environment and has the permit compare it.

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
