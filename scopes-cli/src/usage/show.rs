//! What both commands say about their evidence.

use std::fmt::Write as _;

use jiff::Timestamp;
use scopes_core::{Route, RouteId, ScopeId, Tenancy, UntypedCatalogue};
use serde_json::{Value, json};

use super::read::Read;
use crate::escape;

/// The greatest number of routes in one line of text.
const MOST_ROUTES: usize = 6;

const DAY: u64 = 86_400;

pub(super) fn name(catalogue: &UntypedCatalogue, id: ScopeId) -> String {
    catalogue.scope(id).map(|scope| scope.name().to_owned()).unwrap_or_default()
}

pub(super) fn names(catalogue: &UntypedCatalogue, ids: &[ScopeId]) -> Vec<String> {
    ids.iter().map(|id| name(catalogue, *id)).collect()
}

pub(super) fn route(catalogue: &UntypedCatalogue, id: RouteId) -> String {
    catalogue.route_at(id).map(|route| format!("{} {}", route.method(), route.template())).unwrap_or_default()
}

pub(super) fn routes(catalogue: &UntypedCatalogue, ids: &[RouteId]) -> Vec<String> {
    ids.iter().map(|id| route(catalogue, *id)).collect()
}

/// Some routes in a line, and how many more there are.
pub(super) fn some(routes: &[String]) -> String {
    let shown = routes.iter().take(MOST_ROUTES).map(String::as_str).collect::<Vec<_>>().join(", ");
    match routes.len().saturating_sub(MOST_ROUTES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// What is special about the tenant of a route.
pub(super) fn peculiarity(route: Route<'_>) -> &'static str {
    match route.tenancy() {
        Tenancy::Unbound(_) => " (unbound)",
        Tenancy::Global(_) => " (global)",
        Tenancy::Bound | Tenancy::NotApplicable => "",
    }
}

pub(super) fn time(seconds: u64) -> String {
    let timestamp = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    timestamp.map_or_else(|| "an impossible time".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

pub(super) fn days(read: &Read<'_>) -> Option<u64> {
    read.evidence.window().map(|(from, to)| to.saturating_sub(from) / DAY)
}

impl Read<'_> {
    /// What the evidence is, a sentence a line.
    pub(super) fn sentences(&self) -> Vec<String> {
        let files = if self.files == 1 { "1 file".to_owned() } else { format!("{} files", self.files) };
        let mut sentences = vec![match self.evidence.window() {
            Some((from, to)) => {
                let days = to.saturating_sub(from) / DAY;
                format!("{} lines of {files}, from {} to {} ({days} whole days)", self.lines, time(from), time(to))
            }
            None => format!("{} lines of {files}, without times", self.lines),
        }];
        let dropped = self.evidence.dropped();
        let others = self.evidence.of_other_catalogues();
        let unknown: Vec<String> = self.evidence.unknown().map(str::to_owned).collect();
        for (number, what) in [
            (dropped, "decisions that the recorder dropped because it was full, so routes may be missing here"),
            (self.unreadable, "lines that could not be read"),
            (self.without_route, "requests of the log for no route of the catalogue"),
            (self.undecided, "requests of the log whose status does not tell whether they were allowed"),
            (self.without_status, "requests of the log without a status, which count as allowed"),
            (self.without_token, "requests of the log that name no token"),
            (others, "lines about other catalogues"),
        ] {
            if number > 0 {
                sentences.push(format!("{what}: {number}"));
            }
        }
        if !unknown.is_empty() {
            sentences.push(format!("the catalogue no longer has: {}", some(&unknown)));
        }
        if self.has_logs {
            sentences.push(
                "an access log has no scopes, and its status may come from the handler or from the gate".to_owned(),
            );
        }
        sentences
    }

    pub(super) fn json(&self) -> Value {
        let (from, to) = self.evidence.window().unzip();
        json!({
            "files": self.files,
            "lines": self.lines,
            "unreadable": self.unreadable,
            "without_route": self.without_route,
            "undecided": self.undecided,
            "without_status": self.without_status,
            "without_token": self.without_token,
            "dropped": self.evidence.dropped(),
            "of_other_catalogues": self.evidence.of_other_catalogues(),
            "unknown": self.evidence.unknown().collect::<Vec<_>>(),
            "from": from,
            "to": to,
            "has_logs": self.has_logs,
        })
    }
}

/// A value as text for the standard output.
pub(super) fn json_text(value: &Value) -> Result<String, String> {
    let text = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    Ok(escape::json(&text) + "\n")
}

/// A line of Markdown's list, from parts that are texts of files and words of our own.
pub(super) fn bullet(text: &mut String, what: &str, items: &[String]) {
    if !items.is_empty() {
        let shown: Vec<String> = items.iter().map(|item| escape::markdown(item)).collect();
        let _ = writeln!(text, "- {what}: {}", shown.join(", "));
    }
}
