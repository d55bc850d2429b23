//! The first run: what `#[requires]` reads, and the questions that it asks the catalogue.
//!
//! | step | module |
//! |---|---|
//! | what the attribute says | [`arguments`], [`expression`], [`name`] |
//! | the function below it, as tokens | [`function`], [`route_attribute`] |
//! | what is printed | [`expand`]; for an IDE [`navigation`] |

mod arguments;
pub(super) mod expand;
mod expression;
pub(super) mod foreign;
mod function;
pub(super) mod name;
pub(super) mod navigation;
mod quoted;
mod route_attribute;
