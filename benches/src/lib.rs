//! Code that the benchmarks share: sets of routes, requests for them, and the routers under
//! measurement.

#[cfg(feature = "peers")]
pub mod chart;
pub mod clock;
pub mod contenders;
pub mod sets;
pub mod slashes;
