//! The log: one JSON object per line on the standard error, or text on a terminal.

use std::io::{self, IsTerminal as _};

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

/// The form of the log's lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Sends all events of this process to the standard error.
///
/// `level` is for this program and the library `scopes`. Other crates only report errors, because
/// their more detailed events may hold what clients send.
///
/// # Errors
///
/// If the process has a subscriber already.
pub fn start(format: Option<LogFormat>, level: LevelFilter) -> Result<(), TryInitError> {
    let filter = Targets::new().with_default(LevelFilter::ERROR.min(level));
    let filter = filter.with_target("dashboard", level).with_target("scopes", level);
    let format = format.unwrap_or(if io::stderr().is_terminal() { LogFormat::Text } else { LogFormat::Json });
    let lines = fmt::layer().with_writer(io::stderr).with_ansi(false);
    let registry = tracing_subscriber::registry();
    match format {
        LogFormat::Text => registry.with(lines.with_filter(filter)).try_init(),
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_span_list(false);
            registry.with(lines.with_filter(filter)).try_init()
        }
    }
}
