//! The first run: it reads `#[requires]` and prints the questions for the catalogue.
//!
//! | step | module |
//! |---|---|
//! | the arguments of the attribute | [`arguments`], [`expression`], [`name`] |
//! | the function below it, as tokens | [`function`], [`route_attribute`] |
//! | the output | [`expand`]; for an IDE [`navigation`] |

mod arguments;
pub(super) mod expand;
mod expression;
pub(super) mod foreign;
mod function;
pub(super) mod name;
pub(super) mod navigation;
mod quoted;
mod route_attribute;
