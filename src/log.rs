//! The one place where sentences for the operator go: `tracing` with the feature, else the standard
//! error.
//!
//! Nothing that a caller sent (token, path, header) is ever written here.

use std::fmt;
#[cfg(not(feature = "tracing"))]
use std::io::Write as _;

/// Something that the developers must put right; the caller gets a generic 500.
#[cfg(feature = "tracing")]
pub(crate) fn error(sentence: fmt::Arguments<'_>) {
    tracing::error!(target: "scopes", "{sentence}");
}

/// Something that the developers must put right; the caller gets a generic 500.
#[cfg(not(feature = "tracing"))]
pub(crate) fn error(sentence: fmt::Arguments<'_>) {
    written(format_args!("scopes: error: {sentence}"));
}

/// Something that the operators chose and should not forget: what is reported but not enforced.
#[cfg(feature = "tracing")]
pub(crate) fn warning(sentence: fmt::Arguments<'_>) {
    tracing::warn!(target: "scopes", "{sentence}");
}

/// Something that the operators chose and should not forget: what is reported but not enforced.
#[cfg(not(feature = "tracing"))]
pub(crate) fn warning(sentence: fmt::Arguments<'_>) {
    written(format_args!("scopes: warning: {sentence}"));
}

/// Not `eprintln!`, which panics where the standard error is closed or full: a log that cannot be
/// written must not change what a request is answered with.
#[cfg(not(feature = "tracing"))]
fn written(line: fmt::Arguments<'_>) {
    if cfg!(test) {
        return eprintln!("{line}");
    }
    // In one piece, so that lines of several threads do not mix.
    let _ = std::io::stderr().write_all(format!("{line}\n").as_bytes());
}
