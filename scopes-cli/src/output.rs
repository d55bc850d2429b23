//! What a command answers, and whether it may use colours.

use std::io::IsTerminal;

/// The text for the standard output, and whether something was found.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) has_findings: bool,
}

impl Outcome {
    pub(crate) const fn found(text: String, has_findings: bool) -> Self {
        Self { text, has_findings }
    }
}

/// Whether the standard output is a terminal that shows colours, and the user wants them
/// (<https://no-color.org>).
pub(crate) fn use_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    std::io::stdout().is_terminal() && !is_set("NO_COLOR") && !is_dumb
}
