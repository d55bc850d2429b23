//! What is worth a second look in a catalogue: legal, but seldom meant.
//!
//! [`lint`] finds it; the command `scopes check` reads the levels and the accepted findings from
//! `scopes.toml`.

use scopes_core::{Note, UntypedCatalogue};

mod finding;
mod names;
mod routes;

pub use finding::{Lint, Rule, Subject};

/// Finds what is worth a second look, in a fixed order.
///
/// ```
/// use scopes_export::{json::from_json, lint::lint};
///
/// let catalogue = from_json(
///     r#"{"name": "api", "scopes": [{"scope": "users.read", "routes": [["GET", "/users"]]}]}"#,
/// )?;
/// let rules: Vec<_> = lint(&catalogue).iter().map(|lint| lint.rule.id()).collect();
/// assert_eq!(rules, ["no-text"]);
/// # Ok::<(), scopes_export::json::JsonError>(())
/// ```
#[must_use]
pub fn lint(catalogue: &UntypedCatalogue) -> Vec<Lint> {
    let mut found = Vec::new();
    for note in catalogue.notes() {
        let (subject, about, message) = match note {
            Note::ScopeWithoutRoute { name } => {
                let subject = catalogue.scope_named(&name).map_or(Subject::Catalogue, Subject::Scope);
                let message = format!("the scope `{name}` opens no route");
                (subject, name, message)
            }
            Note::ParameterSpelling { path, other } => {
                let message = format!("`{path}` and `{other}` name one parameter differently");
                (Subject::Catalogue, other, message)
            }
            Note::NotMerged { path, other } => {
                let message =
                    format!("`{path}` and `{other}` cross, and so do too many others: finding a route takes longer");
                (Subject::Catalogue, path, message)
            }
            // `open-wins` reports it with its routes.
            _ => continue,
        };
        found.push(Lint { rule: Rule::Note, subject, about, message });
    }
    routes::lint(catalogue, &mut found);
    names::lint(catalogue, &mut found);
    found.sort();
    found.dedup();
    found
}
