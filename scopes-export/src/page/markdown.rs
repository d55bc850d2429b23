//! The page as Markdown.

use std::fmt::Write as _;

use scopes_core::markdown::{Span, code, in_cell};
use scopes_core::{Anchor, Route, ScopeInfo};

use super::source::{Source, summary, visible_spans};
use super::words::{badges, counts, endpoints, open_to, schedule};
use crate::reference::{ScopeFacts, list, tenancy};

pub(super) fn markdown(page: &Source<'_>) -> String {
    let catalogue = page.catalogue();
    let mut text = format!("# {}\n\n", human(&page.heading()));
    let purpose = human(&visible_spans(catalogue.description()));
    if !purpose.is_empty() {
        let _ = write!(text, "{}\n\n", at_line_start(purpose));
    }
    let _ = write!(text, "{}.", counts(catalogue));
    if !catalogue.base().is_empty() {
        let _ = write!(text, " All paths are below {}.", code(catalogue.base()));
    }
    if let Some(tenant) = catalogue.tenant() {
        let _ = write!(text, " The parameter {} names the tenant, which the token must cover.", code(tenant));
    }
    text.push_str(" Grant a token the scopes that it needs and no others.\n");
    for group in page.reference.groups() {
        if !group.name().is_empty() {
            let _ = write!(text, "\n## {}\n", code(group.name()));
        } else if page.reference.groups().len() > 1 {
            text.push_str("\n## Other scopes\n");
        }
        for facts in group.scopes().filter_map(|id| page.reference.scope(id)) {
            scope(page, facts, &mut text);
        }
    }
    all_endpoints(page, &mut text);
    text
}

fn scope(page: &Source<'_>, facts: &ScopeFacts<'_>, text: &mut String) {
    let scope = facts.scope();
    let _ = write!(text, "\n{}\n\n### {}\n", target(&scope.anchor()), code(scope.name()));
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = write!(text, "\n**{name}:** {value}\n");
        }
    };
    line("Title", &human(&scope.title().map(visible_spans).unwrap_or_default()));
    line("Description", &human(&summary(scope.description())));
    line("Access", &badges(facts).map(|badge| badge.label.to_lowercase()).collect::<Vec<_>>().join(", "));
    if let Some(deprecation) = scope.deprecation() {
        let why = human(&visible_spans(deprecation.reason()));
        let why = if why.is_empty() { "this scope will go away" } else { &why };
        line(&schedule(deprecation, linked), why);
    }
    let catalogue = page.catalogue();
    let names = |ids: &mut dyn Iterator<Item = scopes_core::ScopeId>| {
        list(&ids.filter_map(|id| catalogue.scope(id)).map(linked).collect::<Vec<_>>())
    };
    line("Includes", &names(&mut scope.members()));
    line("Included by", &names(&mut facts.included_by()));
    line("Earlier names", &list(&scope.old_names().map(code).collect::<Vec<_>>()));
    if facts.routes().is_empty() {
        return;
    }
    text.push_str("\n| Method & Endpoint | Description |\n| --- | --- |\n");
    for route in facts.routes() {
        let beside = page.reference.beside(*route, scope.id());
        let mut remarks = description(*route);
        remarks.extend(beside.also_needs(linked).map(|names| format!("Also needs {names}.")));
        remarks.extend(beside.or_instead(linked).map(|names| format!("Or instead {names}.")));
        remarks.extend(notes(*route));
        let _ = writeln!(text, "| {} | {} |", endpoint(*route), in_cell(&remarks.join(" ")));
    }
}

/// The table of all endpoints. The anchors of routes are here.
fn all_endpoints(page: &Source<'_>, text: &mut String) {
    let endpoints = endpoints(page.catalogue());
    if endpoints.is_empty() {
        return;
    }
    text.push_str("\n## All endpoints\n\n| Method & Endpoint | Needs | Description |\n| --- | --- | --- |\n");
    for route in endpoints {
        let needs = match open_to(route.access()) {
            None => page.reference.phrase(route, linked),
            Some((_, who, why)) => format!("{who}: {}", human(&visible_spans(why))),
        };
        let mut remarks = description(route);
        remarks.extend(notes(route));
        let (target, endpoint) = (target(&route.anchor()), endpoint(route));
        let _ = writeln!(text, "| {target}{endpoint} | {} | {} |", in_cell(&needs), in_cell(&remarks.join(" ")));
    }
}

fn endpoint(route: Route<'_>) -> String {
    in_cell(&format!("{} {}", code(route.method()), code(route.path())))
}

fn description(route: Route<'_>) -> Vec<String> {
    Some(human(&summary(route.description()))).filter(|text| !text.is_empty()).into_iter().collect()
}

/// What is unusual about a route, each as a sentence.
fn notes(route: Route<'_>) -> impl Iterator<Item = String> {
    let tenancy = tenancy(route).map(|(word, why)| format!("**{word}**: {}", human(&visible_spans(why))));
    let deprecation = route.deprecation().map(|deprecation| {
        let why = human(&visible_spans(deprecation.reason()));
        let colon = if why.is_empty() { "." } else { ": " };
        format!("**{}**{colon}{why}", schedule(deprecation, linked))
    });
    tenancy.into_iter().chain(deprecation)
}

/// A link to the section of a scope.
fn linked(scope: ScopeInfo<'_>) -> String {
    format!("[{}]({})", code(scope.name()), scope.anchor())
}

fn target(anchor: &Anchor) -> String {
    format!("<a id=\"{}\"></a>", anchor.id())
}

/// A human text: code stays code, and no other character has a meaning.
pub(super) fn human(spans: &[Span]) -> String {
    let mut text = String::new();
    for span in spans {
        match span {
            // A bar cannot be escaped after a backslash.
            Span::Code(inner) if inner.contains("\\|") => plain(inner, &mut text),
            Span::Code(inner) => text.push_str(&code(inner)),
            Span::Text(inner) => plain(inner, &mut text),
        }
    }
    text
}

/// Writes a text so that it makes no link, no mention and no HTML. What renderers look for in plain
/// text (`@name`, `#1`, `https:`, `www.`, `:emoji:`) is broken by a character reference.
fn plain(text: &str, into: &mut String) {
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        match character {
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '&' if next.is_ascii_alphanumeric() || next == '#' => into.push_str("&amp;"),
            '@' => into.push_str("&#64;"),
            '#' if !next.is_whitespace() => into.push_str("&#35;"),
            ':' if !next.is_whitespace() => into.push_str("&#58;"),
            '.' if ends_in_www(into) => into.push_str("&#46;"),
            '-' if before.eq_ignore_ascii_case(&'h') && next.is_ascii_digit() => into.push_str("&#45;"),
            '_' if before.is_alphanumeric() && next.is_alphanumeric() => into.push('_'),
            // The identifier of a heading.
            '{' if matches!(next, '#' | '.') => into.push_str("\\{"),
            '\\' | '`' | '*' | '_' | '~' | '[' | ']' | '$' | '^' => into.extend(['\\', character]),
            _ => into.push(character),
        }
        before = character;
    }
}

fn ends_in_www(text: &str) -> bool {
    text.len().checked_sub(3).and_then(|start| text.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case("www"))
}

/// Escapes what would begin a heading, a list or a line at the beginning of a paragraph.
fn at_line_start(text: String) -> String {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    match text.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => format!("{}\\{}", text.split_at(digits).0, text.split_at(digits).1),
        Some(b'#' | b'+' | b'-' | b'=' | b'|' | b':') if digits == 0 => format!("\\{text}"),
        _ => text,
    }
}
