//! The record as JSON lines, in ASCII only, so that no id of a token can mislead a terminal.

use std::fmt::Write as _;
use std::io;
use std::sync::atomic::Ordering;

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};

use super::Record;
use super::entry::{Seen, Snapshot};

/// The version of the lines. A change that old readers would misread gets the next one.
const VERSION: u32 = 1;

impl Record {
    /// The line about the recorder, and a line for each token.
    pub(super) fn lines(&self, taken: &[(Box<str>, Snapshot)], now: u64) -> io::Result<String> {
        let mut text = String::new();
        let (catalogue, kind) = (self.catalogue, if self.by_subject { "subject" } else { "token" });
        let (run, dropped) = (self.run, self.dropped.load(Ordering::Relaxed));
        let name = quoted(catalogue.name());
        let head = format!(
            "{{\"usage\":{VERSION},\"catalogue\":{name},\"run\":\"{run:016x}\",\"from\":{},\"to\":{now},\"dropped\":{dropped}}}\n",
            self.since
        );
        text.push_str(&head);
        let known = taken.iter().map(|(id, snapshot)| (kind, quoted(id), snapshot.clone()));
        let shared = [("without-id", &self.without_id), ("without-grant", &self.without_grant)];
        let shared = shared.map(|(caller, entry)| ("caller", quoted(caller), entry.snapshot()));
        for (kind, id, snapshot) in known.chain(shared.into_iter().filter(|(.., snapshot)| !snapshot.is_empty())) {
            line(&mut text, catalogue, (kind, &id), &snapshot).map_err(io::Error::other)?;
        }
        Ok(text)
    }
}

fn line(
    text: &mut String,
    catalogue: &UntypedCatalogue,
    (kind, id): (&str, &str),
    snapshot: &Snapshot,
) -> std::fmt::Result {
    write!(text, "{{\"usage\":{VERSION},\"catalogue\":{},\"{kind}\":{id}", quoted(catalogue.name()))?;
    let scopes = snapshot.scopes().filter_map(|index| catalogue.scope(ScopeId::new(index)));
    list(text, "scopes", scopes.map(|scope| scope.name().to_owned()))?;
    if let Some((first, last)) = snapshot.times {
        write!(text, ",\"first\":{first},\"last\":{last}")?;
    }
    for (name, seen) in [("allowed", Seen::Allowed), ("reported", Seen::Reported), ("denied", Seen::Denied)] {
        let routes = snapshot.routes(seen).filter_map(|index| catalogue.route_at(RouteId::new(index)));
        list(text, name, routes.map(|route| format!("{} {}", route.method(), route.template())))?;
    }
    text.push_str("}\n");
    Ok(())
}

fn list(text: &mut String, name: &str, items: impl Iterator<Item = String>) -> std::fmt::Result {
    write!(text, ",\"{name}\":[")?;
    for (index, item) in items.enumerate() {
        write!(text, "{}{}", if index == 0 { "" } else { "," }, quoted(&item))?;
    }
    text.push(']');
    Ok(())
}

/// A JSON string in ASCII.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a `String` does not fail.
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}
