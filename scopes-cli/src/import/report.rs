//! The report of an import.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scopes_export::openapi::read::{Finding, Import, Kind};

use crate::escape;

/// All findings, those with one cause together.
pub(super) fn report(label: &str, import: &Import) -> String {
    let (routes, scopes) = (import.catalogue().routes().len(), import.catalogue().scopes().len());
    let count = |kind| import.findings().iter().filter(|finding| finding.kind() == kind).count();
    let mut text = String::new();
    for (kind, heading) in [(Kind::LeftOut, "left out"), (Kind::Inexact, "inexact"), (Kind::Note, "note")] {
        let findings = import.findings().iter().filter(|finding| finding.kind() == kind);
        grouped(findings, heading, &mut text);
    }
    let _ = writeln!(
        text,
        "{label}: {} operations; the catalogue has {routes} routes and {scopes} scopes; {} left out, {} inexact, {} notes",
        import.operations(),
        count(Kind::LeftOut),
        count(Kind::Inexact),
        count(Kind::Note),
    );
    text
}

/// Writes each cause once, with the operations that it concerns, in the order of the first of them.
pub(crate) fn grouped<'i>(findings: impl Iterator<Item = &'i Finding>, heading: &str, text: &mut String) {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut by_cause: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for finding in findings {
        let cause = (finding.rule(), finding.message(), finding.advice());
        let at = *by_cause.entry(cause).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.push(finding);
        }
    }
    for group in groups {
        let Some(first) = group.first() else { continue };
        let _ = writeln!(text, "{heading}[{}]: {}", first.rule(), escape::line(first.message()));
        for finding in &group {
            let operation = finding.operation().map(|operation| format!(" {}", escape::line(operation)));
            let position = escape::line(&finding.position().to_string());
            let _ = writeln!(text, "  --> {position}{}", operation.unwrap_or_default());
        }
        if !first.advice().is_empty() {
            let _ = writeln!(text, "  {}", escape::line(first.advice()));
        }
        text.push('\n');
    }
}
