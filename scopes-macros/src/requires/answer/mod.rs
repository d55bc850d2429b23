//! The second run: the hidden macro of a catalogue has added its tables, and the questions are answered.

pub(super) mod fast;
pub(super) mod names;
pub(super) mod routes;
