//! What the benchmarks share: sets of routes, requests for them, and the routers that answer.

#[cfg(feature = "peers")]
pub mod chart;
pub mod clock;
pub mod contenders;
pub mod sets;
pub mod slashes;
