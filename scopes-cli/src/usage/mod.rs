//! `scopes minimal` and `scopes unused`: proposals from what was recorded about clients.

pub(crate) mod args;
pub(crate) mod minimal;
mod read;
mod show;
pub(crate) mod unused;
