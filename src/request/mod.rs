//! Finds the catalogue's route for the facts that an adapter knows about a request, and the other
//! ways in which software may read the path.

pub(crate) mod all_bytes;
#[cfg(any(feature = "_patterns", feature = "_found_values", test))]
pub(crate) mod byte_set;
pub(crate) mod extended_connect;
pub(crate) mod facts;
pub(crate) mod kept;
#[cfg(feature = "_judge")]
pub(crate) mod lenient;
pub(crate) mod locate;
#[cfg(feature = "_judge")]
pub(crate) mod other_readings;
#[cfg(any(feature = "_found_values", test))]
pub(crate) mod plain_values;
pub(crate) mod undeclared;
#[cfg(any(feature = "_values", feature = "salvo"))]
pub(crate) mod values;
