//! From what an adapter knows of a request to the catalogue's route, and to the other ways in
//! which the path may be read.

pub(crate) mod facts;
#[cfg(any(feature = "tower", feature = "actix-web", feature = "rocket"))]
pub(crate) mod lenient;
pub(crate) mod locate;
#[cfg(any(feature = "tower", feature = "actix-web", feature = "rocket"))]
pub(crate) mod other_readings;
#[cfg(any(feature = "axum", feature = "poem", feature = "salvo"))]
pub(crate) mod values;
