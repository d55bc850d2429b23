//! The attribute `#[requires]`, and the two macros with which it asks a catalogue.
//!
//! | run | what it does | module |
//! |---|---|---|
//! | first | `#[requires]` edits the function and asks | [`ask`] |
//! | second | `requires_type!` and `requires_route!` answer | [`answer`] |
//! | between them | the text of questions and tables | [`wire`] |
//!
//! Only the hidden macro of a catalogue knows the catalogue. So the attribute prints calls of that
//! macro, `api::__check! { @names {callback} .. }`. The hidden macro calls `callback` with its
//! tables as text, followed by the tokens of the question.

mod answer;
mod ask;
pub(crate) mod cursor;
pub(crate) mod tokens;
pub(crate) mod wire;

pub(crate) use answer::names::requires_type;
pub(crate) use answer::routes::requires_route;
pub(crate) use ask::expand::attribute;
