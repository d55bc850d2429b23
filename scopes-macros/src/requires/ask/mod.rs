//! The first run: what `#[requires]` reads, and the questions that it asks the catalogue.

pub(super) mod arguments;
pub(super) mod expand;
pub(super) mod expression;
pub(super) mod function;
pub(super) mod name;
pub(super) mod route_attribute;
