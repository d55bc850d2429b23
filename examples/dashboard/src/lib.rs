//! A wallet dashboard's documented API as a server: 128 routes declared in one
//! [`scopes!`](scopes::scopes) block, objects and API tokens in a database, and a second catalogue
//! for people who are signed in.

pub mod app;
pub mod catalogue;
mod cors;
pub mod database;
mod docs;
pub mod failure;
mod handlers;
pub mod kinds;
pub mod logs;
pub mod metrics;
mod objects;
pub mod openapi;
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
mod usage;
pub mod verifiers;
pub mod webhooks;
pub mod welcome;
pub mod wire;
