//! The one place where sentences for the operator go: `tracing` with the feature, else the standard error.
//!
//! Nothing that a caller sent (token, path, header) is ever written here.

use std::fmt;

/// Something that the developers must put right; the caller gets a generic 500.
#[cfg(feature = "tracing")]
pub(crate) fn error(sentence: fmt::Arguments<'_>) {
    tracing::error!(target: "scopes", "{sentence}");
}

/// Something that the developers must put right; the caller gets a generic 500.
#[cfg(not(feature = "tracing"))]
pub(crate) fn error(sentence: fmt::Arguments<'_>) {
    eprintln!("scopes: error: {sentence}");
}

/// Something that the operators chose and should not forget: what is reported but not enforced.
#[cfg(all(feature = "tower", feature = "tracing"))]
pub(crate) fn warning(sentence: fmt::Arguments<'_>) {
    tracing::warn!(target: "scopes", "{sentence}");
}

/// Something that the operators chose and should not forget: what is reported but not enforced.
#[cfg(all(feature = "tower", not(feature = "tracing")))]
pub(crate) fn warning(sentence: fmt::Arguments<'_>) {
    eprintln!("scopes: warning: {sentence}");
}
