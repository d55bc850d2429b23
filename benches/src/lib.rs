//! What the benchmarks share: sets of routes, requests for them, and the routers that answer.

pub mod contenders;
pub mod sets;
