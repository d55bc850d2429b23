//! The report as JSON.

use scopes_conformance::{Breach, Class, OfRoute, Report, Unreached, Untried};
use serde_json::{Value, json};

/// The version of the format. It changes if a member is removed or gets another meaning.
const VERSION: u32 = 1;

/// Writes the report as one JSON object on several lines.
pub(crate) fn json(report: &Report) -> String {
    let breach = |Breach { class, request, caller, status, reason, .. }: &Breach| json!({ "class": class, "request": request, "caller": caller, "status": status, "reason": reason });
    let class = |Class { name, requests, ran, breaches, .. }: &Class| json!({ "class": name, "requests": requests, "ran": ran, "breaches": breaches });
    let of_route = |OfRoute { route, requests, ran, breaches, .. }: &OfRoute| json!({ "route": route, "requests": requests, "ran": ran, "breaches": breaches });
    let unreached = |Unreached { route, reason, .. }: &Unreached| json!({ "route": route, "reason": reason });
    let untried =
        |Untried { route, class, reason, .. }: &Untried| json!({ "route": route, "class": class, "reason": reason });
    let value = json!({
        "version": VERSION,
        "clean": report.is_clean(),
        "complete": report.is_complete(),
        "requests": report.requests,
        "breach_count": report.breach_count(),
        "breaches": list(&report.breaches, breach),
        "classes": list(&report.classes, class),
        "routes": list(&report.routes, of_route),
        "reached": report.reached,
        "reached_by_token": report.reached_by_token,
        "need_token": report.need_token,
        "unreached": list(&report.unreached, unreached),
        "untried": list(&report.untried, untried),
        "made_up_tenant": report.made_up_tenant,
        "left_out": report.left_out,
        "read_only": report.read_only,
        "problems": list(&report.problems, |problem| problem.to_string().into()),
        "unanswered": report.unanswered,
        "stopped": report.stopped,
    });
    format!("{value:#}\n")
}

fn list<T>(items: &[T], of: impl Fn(&T) -> Value) -> Vec<Value> {
    items.iter().map(of).collect()
}
