//! Random inputs that pass the first checks: a seed combines the elements of each entry's language.

mod answers;
mod macros;
mod openapi;
mod routes;
mod texts;
mod usage;

pub(crate) use answers::{challenge, credentials, headers};
pub(crate) use macros::{dsl, requirement};
pub(crate) use openapi::{openapi, openapi_merge};
pub(crate) use routes::{compiler, matcher, route_grammar};
pub(crate) use texts::{catalogue_json, claims, scope_list, token};
pub(crate) use usage::usage;

/// Scope names of the catalogue in `hostile`.
const NAMES: &[&str] = &[
    "users.read",
    "users.write",
    "files.read",
    "all.read",
    "a,b=c;d",
    "https://example.com/auth/drive?x={y}<z>",
    "{}()[]~!'*^|@",
];
