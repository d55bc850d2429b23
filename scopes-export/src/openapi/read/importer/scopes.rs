//! The scopes of a catalogue, and what is worth a look about their names.

use std::collections::HashSet;

use scopes_core::declaration::ScopeDeclaration;
use scopes_core::name::check_wire_name;
use scopes_core::suggest::nearest;

use super::state::Importer;
use crate::openapi::read::declare::{Draft, Routed, Scope};
use crate::openapi::read::demand::Demand;
use crate::openapi::read::fault::Fault;
use crate::openapi::read::finding::Kind;
use crate::openapi::read::{names, near};

/// The most findings about names that are not declared that get a suggestion.
const MAX_SUGGESTIONS: usize = 64;

/// Names, in lower case, that documents write where no scope is needed.
const PLACEHOLDERS: [&str; 9] =
    ["none", "null", "undefined", "n/a", "-", "no_scope", "no-scope", "noscope", "no_scope_required"];

impl Importer<'_, '_> {
    /// Adds the scopes of the schemes and those that only operations name.
    pub(super) fn scopes(&mut self, draft: &mut Draft, routed: &[(Routed, String)]) {
        let mut known: HashSet<String> =
            draft.scopes.iter().map(|scope| scope.declaration.name.value.clone()).collect();
        let has_declared = !self.schemes.scopes.is_empty();
        for scope in std::mem::take(&mut self.schemes.scopes) {
            if let Err(error) = check_wire_name(&scope.name) {
                let message = format!("`{}` cannot be a scope: {error}", scope.name);
                let advice = "give the scope another name in the document";
                // No operation is affected here: one that needs the scope has a finding of its own.
                self.report.add(Kind::Note, None, Fault::new("scope-name", scope.place, message, advice));
                continue;
            }
            if known.insert(scope.name.to_string()) {
                let mut declaration = ScopeDeclaration::new(&*scope.name);
                declaration.description = scope.text;
                draft.scopes.push(Scope { declaration, place: scope.place });
            }
        }
        let declared: Vec<String> = draft.scopes.iter().map(|scope| scope.declaration.name.value.clone()).collect();
        let mut suggestions = 0;
        for (routed, _) in routed {
            let Demand::AnyOf(alternatives) = &routed.demand else { continue };
            for name in alternatives.iter().flatten() {
                if known.contains(name) {
                    continue;
                }
                known.insert(name.clone());
                draft.scopes.push(Scope { declaration: ScopeDeclaration::new(name.as_str()), place: routed.place });
                if has_declared {
                    suggestions += 1;
                    let near = || nearest(name, declared.iter().map(String::as_str));
                    let near = if suggestions <= MAX_SUGGESTIONS { near() } else { None };
                    let near = near.map(|near| format!(", did it mean `{near}`?")).unwrap_or_default();
                    let message = format!("no security scheme declares the scope `{name}`{near}");
                    let fault = Fault::new("undeclared-scope", routed.place, message, "declare it in its scheme");
                    self.report.add(Kind::Note, Some(routed.operation.clone()), fault);
                }
            }
        }
        self.name_scopes(draft);
    }

    /// Gives the scopes their names in Rust, and points out names that are nearly the same.
    fn name_scopes(&mut self, draft: &mut Draft) {
        let mut declarations: Vec<ScopeDeclaration> =
            draft.scopes.iter_mut().map(|scope| std::mem::take(&mut scope.declaration)).collect();
        let changed = names::settle_dotted(&mut declarations);
        let wires: Vec<String> = declarations.iter().map(|scope| scope.name.value.clone()).collect();
        for (scope, declaration) in draft.scopes.iter_mut().zip(declarations) {
            scope.declaration = declaration;
        }
        for index in changed {
            let Some(scope) = draft.scopes.get(index) else { continue };
            let Some(dotted) = &scope.declaration.dotted else { continue };
            let message = format!("the scope `{}` is `{}` in Rust", scope.declaration.name.value, dotted.value);
            self.report.add(Kind::Note, None, Fault::new("rust-name", scope.place, message, ""));
        }
        for (wire, scope) in wires.iter().zip(&draft.scopes) {
            if PLACEHOLDERS.contains(&wire.to_ascii_lowercase().as_str()) {
                let message = format!("`{wire}` is imported as a scope, so a caller needs it");
                let advice = "if it means that no scope is needed, name it with --no-scope";
                self.report.add(Kind::Note, None, Fault::new("placeholder", scope.place, message, advice));
            }
        }
        let wires: Vec<&str> = wires.iter().map(String::as_str).collect();
        for (first, second) in near::pairs(&wires) {
            let (Some(one), Some(other), Some(scope)) = (wires.get(first), wires.get(second), draft.scopes.get(second))
            else {
                continue;
            };
            let message = format!("`{one}` and `{other}` are nearly the same name");
            let advice = "if they are one scope, write one name";
            self.report.add(Kind::Note, None, Fault::new("near-names", scope.place, message, advice));
        }
    }
}
