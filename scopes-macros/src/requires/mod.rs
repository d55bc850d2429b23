//! `#[requires]` and the two macros by which it asks a catalogue.
//!
//! | step | module |
//! |---|---|
//! | what was written in the attribute | `arguments`, `expression`, `name` |
//! | the function below it, as tokens | `function`, `sibling` |
//! | what comes out | `expand` |
//! | the catalogue's answer about a name | `known` |
//! | the catalogue's answer about a route | `route` |
//! | both, where nothing is wrong | `usual` |
//!
//! A catalogue is known to its own macro only. So the attribute prints calls of the catalogue's
//! hidden macro, `api::__check! { @names {callback} .. }`, which calls back with its tables, as
//! text, before the tokens it was given.

mod answer;
mod ask;
mod cursor;
mod tokens;
pub(crate) mod wire;

pub(crate) use answer::names::requires_type;
pub(crate) use answer::routes::requires_route;
pub(crate) use ask::expand::attribute;
