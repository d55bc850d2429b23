//! A wallet dashboard's documented API as a server: 128 routes declared in one
//! [`scopes!`](scopes::scopes) block, API tokens in a database, and a second catalogue for people
//! who are signed in.

pub mod app;
pub mod catalogue;
pub mod database;
mod docs;
pub mod failure;
mod handlers;
pub mod logs;
pub mod metrics;
pub mod options;
pub mod page;
mod rate;
mod render;
mod routes;
pub mod seed;
pub mod server;
pub mod session;
pub mod session_catalogue;
pub mod settings;
pub mod store;
#[cfg(test)]
mod testing;
pub mod verifiers;
pub mod welcome;
pub mod wire;
