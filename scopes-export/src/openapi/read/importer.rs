//! The steps of an import.

use std::collections::HashSet;
use std::rc::Rc;

use scopes_core::UntypedCatalogue;
use scopes_core::declaration::{At as Declared, Declaration, Notation, ScopeDeclaration};
use scopes_core::name::check_wire_name;
use scopes_core::suggest::nearest;
use scopes_core::template::Template;

use super::declare::{About, Draft, Mistake, Routed, Scope, index};
use super::demand::{Demand, Known, decide};
use super::documents::{Documents, Place};
use super::exported::{self, ExportedDocument, ExportedOperation};
use super::fault::Fault;
use super::files::Files;
use super::finding::{DocumentError, Finding, Kind};
use super::import::Import;
use super::kinds::Kinds;
use super::operations::{self, Found, Operation};
use super::options::Options;
use super::schemes::Schemes;
use super::security::Security;
use super::version::Version;
use super::{extension, names, near, paths, routes, security};

/// The most findings about names that are not declared that get a suggestion.
const MAX_SUGGESTIONS: usize = 64;

/// Names, in lower case, that documents write where no scope is needed.
const PLACEHOLDERS: [&str; 9] =
    ["none", "null", "undefined", "n/a", "-", "no_scope", "no-scope", "noscope", "no_scope_required"];

/// Imports a document.
pub(super) fn run(text: &str, label: &str, files: &mut dyn Files, options: &Options) -> Result<Import, DocumentError> {
    let mut documents = Documents::new(text, label, files)?;
    let version = Version::read(&documents)?;
    let root = documents.root();
    let exported = exported::document(&root);
    let exported = exported.map_err(|fault| documents.error(fault.place, fault.message))?.unwrap_or_default();
    let (schemes, faults) = Schemes::read(&mut documents, &root, version == Version::Two);
    let found = operations::read(&mut documents, version, exported.base.as_deref(), options);
    let found = found.map_err(|fault| documents.error(fault.place, fault.message))?;
    let mut importer = Importer { documents, options, schemes, report: Report::default(), kinds: Kinds::default() };
    for fault in faults {
        importer.report.add(Kind::Note, None, fault);
    }
    importer.finish(found, exported)
}

/// What was found, in the order of the steps.
#[derive(Default)]
struct Report {
    findings: Vec<(Place, Kind, Option<String>, Fault)>,
}

impl Report {
    fn add(&mut self, kind: Kind, operation: Option<String>, fault: Fault) {
        self.findings.push((fault.place, kind, operation, fault));
    }
}

struct Importer<'f, 'o> {
    documents: Documents<'f>,
    options: &'o Options,
    schemes: Schemes,
    report: Report,
    kinds: Kinds,
}

/// An operation with what it says about its callers.
struct Judged {
    operation: Operation,
    security: Option<Rc<Security>>,
    exported: Option<ExportedOperation>,
    extension: Option<Vec<Vec<String>>>,
}

impl Importer<'_, '_> {
    fn finish(mut self, found: Found, exported: ExportedDocument) -> Result<Import, DocumentError> {
        let Found { operations, faults, notes, prefix } = found;
        let count = operations.len() + faults.len() + exported.routes.len();
        for (operation, fault) in faults {
            self.report.add(Kind::LeftOut, operation, fault);
        }
        for note in notes {
            self.report.add(Kind::Note, None, note);
        }
        let judged = self.judge(operations);
        let mut routed = self.routed(judged, exported.base.as_deref());
        self.exported_routes(&exported, &prefix, &mut routed);
        let mut draft = self.draft(exported, &prefix, &mut routed)?;
        self.scopes(&mut draft, &routed);
        let mut imported: HashSet<String> = routed.iter().map(|(routed, _)| routed.operation.clone()).collect();
        draft.routes = routed.into_iter().map(|(routed, _)| routed).collect();
        let outcome = draft.compile();
        let outcome = outcome.map_err(|mistake| self.documents.error(mistake.place, mistake.message))?;
        for mistake in outcome.mistakes {
            if let About::Operation { operation, is_left_out: true } = &mistake.about {
                imported.remove(operation);
            }
            self.mistake(mistake);
        }
        self.taken(&outcome.catalogue, &imported, &prefix);
        let position = |place: &Place| self.documents.position(*place);
        let (routes, scopes) =
            (outcome.routes.iter().map(position).collect(), outcome.scopes.iter().map(position).collect());
        self.report.findings.sort_by_key(|(place, kind, ..)| (*place, *kind));
        let findings = self.report.findings.into_iter().map(|(place, kind, operation, fault)| Finding {
            kind,
            rule: fault.rule,
            position: self.documents.position(place),
            operation,
            message: fault.message,
            advice: fault.advice.to_owned(),
        });
        Ok(Import { catalogue: outcome.catalogue, findings: findings.collect(), routes, scopes, operations: count })
    }

    /// Reads what each operation says about its callers.
    fn judge(&mut self, operations: Vec<Operation>) -> Vec<Judged> {
        let root = self.documents.root();
        let inherited = match security::misspelt(&root) {
            Some(fault) => Some(Err(fault)),
            None => root.get("security").map(|at| Security::read(&mut self.documents, &at, self.options).map(Rc::new)),
        };
        for (member, _) in &self.options.members {
            // A wrong name would open what the right one guards.
            if !operations.is_empty() && !operations.iter().any(|operation| operation.at.get(member).is_some()) {
                let message = format!("no operation has the member `{member}`, so it demands nothing");
                let advice = "correct the name that the options have, or leave it out";
                self.report.add(Kind::Inexact, None, Fault::new("extension", root.place(), message, advice));
            }
        }
        let mut judged = Vec::with_capacity(operations.len());
        let mut unknown = HashSet::new();
        for operation in operations {
            let misspelt = security::misspelt(&operation.at);
            let security = match operation.at.get("security") {
                _ if misspelt.is_some() => misspelt.map(Err),
                Some(at) => Some(Security::read(&mut self.documents, &at, self.options).map(Rc::new)),
                None => inherited.clone(),
            };
            let read = security.transpose().and_then(|security| {
                let exported = exported::operation(&operation.at)?;
                let extension = extension::demand(&mut self.documents, &operation.at, self.options)?;
                Ok((security, exported, extension))
            });
            match read {
                Ok((security, exported, extension)) => {
                    if let Some(security) = &security {
                        self.kinds.add(security);
                        self.unknown_schemes(security, &mut unknown);
                    }
                    judged.push(Judged { operation, security, exported, extension });
                }
                Err(fault) => self.report.add(Kind::LeftOut, Some(name(&operation)), fault),
            }
        }
        judged
    }

    /// Points out the schemes that the document does not define, each once.
    fn unknown_schemes(&mut self, security: &Security, unknown: &mut HashSet<Rc<str>>) {
        for alternative in &security.alternatives {
            for scheme in &alternative.schemes {
                if !self.schemes.names.contains(scheme) && unknown.insert(Rc::clone(scheme)) {
                    let message = format!("the document does not define the security scheme `{scheme}`");
                    let fault = Fault::new("unknown-scheme", alternative.place, message, "define it, or name another");
                    self.report.add(Kind::Note, None, fault);
                }
            }
        }
    }

    /// The routes of the operations, each with the path below which it is served.
    fn routed(&mut self, judged: Vec<Judged>, base: Option<&str>) -> Vec<(Routed, String)> {
        let exported = judged.iter().filter_map(|one| one.exported.as_ref()?.route.name.as_ref());
        let mut taken: HashSet<String> = exported.map(|name| name.value.clone()).collect();
        let mut routed = Vec::with_capacity(judged.len());
        for Judged { operation, security, exported, extension } in judged {
            let label = name(&operation);
            let report = &mut self.report;
            let mut add = |kind: Kind, fault: Fault| report.add(kind, Some(label.clone()), fault);
            let route = routes::route(&operation, exported.as_ref(), base, &mut taken, index(0), &mut add);
            let demand = route.and_then(|route| {
                let known = Known {
                    place: operation.place,
                    security: security.as_ref(),
                    extension,
                    exported: exported.as_ref(),
                    undeclared: self.options.undeclared,
                    kinds: &self.kinds,
                };
                Ok((route, decide(known, &mut add)?))
            });
            match demand {
                Ok((route, demand)) => {
                    let (place, prefix) = (operation.place, operation.prefix);
                    routed.push((Routed { route, demand, place, operation: label }, prefix));
                }
                Err(fault) => self.report.add(Kind::LeftOut, Some(label), fault),
            }
        }
        routed
    }

    /// The routes that `paths` cannot say, from the document's `x-scopes`.
    fn exported_routes(&mut self, exported: &ExportedDocument, prefix: &str, routed: &mut Vec<(Routed, String)>) {
        // They are below the base. The servers may have more in front of it, or the paths the base.
        let prefix = match &exported.base {
            Some(base) if self.options.base.is_none() && !prefix.trim_end_matches('/').ends_with(base.as_str()) => base,
            _ => prefix,
        };
        for at in &exported.routes {
            let place = at.place();
            let text = |member: &str| at.node.get(member).and_then(|node| node.text()).unwrap_or_default();
            let label = format!("{} {}", text("method"), text("path"));
            let fault = |message: &str| {
                Fault::new(exported::MEMBER, place, message, "write the document again with the export")
            };
            let read = exported::entry(at).and_then(|entry| {
                let demand = match entry.demand.clone() {
                    Some(exported::ExportedDemand::AnyOf(alternatives))
                        if alternatives.len() <= extension::MAX_ALTERNATIVES =>
                    {
                        Demand::AnyOf(scopes_core::canonical(alternatives))
                    }
                    Some(exported::ExportedDemand::Public(reason)) => Demand::Public(reason),
                    Some(exported::ExportedDemand::Authenticated(reason)) => Demand::Authenticated(reason),
                    Some(exported::ExportedDemand::External(reason)) => Demand::External(reason),
                    _ => return Err(fault("`x-scopes`: the route demands nothing, or too much")),
                };
                let path = entry.path.clone().ok_or_else(|| fault("`x-scopes`: the route has no path"))?;
                Ok((entry.route, path, demand))
            });
            match read {
                Ok((mut route, path, demand)) => {
                    route.path = Declared::new(path, index(0));
                    routed.push((Routed { route, demand, place, operation: label }, prefix.to_owned()));
                }
                Err(fault) => self.report.add(Kind::LeftOut, Some(label), fault),
            }
        }
    }

    /// The catalogue without scopes and routes. The base is the one of `x-scopes`, or the path
    /// below which all operations are served. Otherwise the paths of the routes are whole.
    fn draft(
        &self,
        exported: ExportedDocument,
        prefix: &str,
        routed: &mut [(Routed, String)],
    ) -> Result<Draft, DocumentError> {
        let ExportedDocument { name, description, base, tenant, scopes, .. } = exported;
        let root = self.documents.root().place();
        let mut declaration = Declaration::new("api");
        declaration.notation = Notation::Json;
        if let Some(name) = self.options.name.clone().or(name) {
            declaration.name = name;
        }
        if !is_module(&declaration.name) {
            let message = format!("`{}` cannot be the name of the catalogue's module", declaration.name);
            return Err(self.documents.error(root, message));
        }
        declaration.description = description;
        declaration.tenant = tenant.map(|tenant| Declared::from(tenant.as_str()));
        let common = routed.first().map_or(prefix, |(_, prefix)| prefix).trim_end_matches('/').to_owned();
        let common = Some(common).filter(|base| routed.iter().all(|(_, prefix)| prefix.trim_end_matches('/') == base));
        for (routed, prefix) in routed.iter_mut() {
            let path = &mut routed.route.path.value;
            *path = paths::below(prefix.trim_end_matches('/'), path);
            // The path of the API itself has no slash at its end.
            if !path.ends_with('/') {
                routed.route.trailing_slash = None;
            }
        }
        let exported = base.filter(|_| self.options.base.is_none());
        let is_possible = |base: &String| {
            let is_literal = Template::parse(base).is_ok_and(|base| base.is_literal() && !base.trailing_slash());
            is_literal && routed.iter().all(|(routed, _)| paths::without_base(base, &routed.route.path.value).is_some())
        };
        if let Some(base) = [exported, common].into_iter().flatten().find(is_possible) {
            for (routed, _) in routed.iter_mut() {
                let path = paths::without_base(&base, &routed.route.path.value).unwrap_or_default().to_owned();
                routed.route.path.value = path;
            }
            declaration.base = Some(Declared::from(base.as_str()));
        }
        let scopes = scopes.into_iter().map(|(declaration, place)| Scope { declaration, place }).collect();
        Ok(Draft { declaration, root, scopes, routes: Vec::new() })
    }

    /// Adds the scopes of the schemes and those that only operations name.
    fn scopes(&mut self, draft: &mut Draft, routed: &[(Routed, String)]) {
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

    /// Reports the operations that are left out, but whose requests another route takes: then this
    /// route's demand counts for them.
    fn taken(&mut self, catalogue: &UntypedCatalogue, imported: &HashSet<String>, prefix: &str) {
        let mut taken = Vec::new();
        for (place, kind, operation, _) in &self.report.findings {
            let Some(operation) = operation.as_ref().filter(|one| *kind == Kind::LeftOut && !imported.contains(*one))
            else {
                continue;
            };
            let Some((method, path)) = operation.split_once(' ') else { continue };
            // A fragment is never sent.
            let path = path.split('#').next().unwrap_or_default();
            let target = format!("{}{}", prefix.trim_end_matches('/'), paths::example(path));
            if let Ok(found) = catalogue.at(method, target.as_bytes()) {
                let message = format!("the operation is left out, but `{}` takes its requests", found.route());
                let advice = "serve the operation by a router whose templates the gate sees, or not at all";
                taken.push((operation.clone(), Fault::new("taken", *place, message, advice)));
            }
        }
        for (operation, fault) in taken {
            self.report.add(Kind::Inexact, Some(operation), fault);
        }
    }

    fn mistake(&mut self, mistake: Mistake) {
        let Mistake { about, place, message } = mistake;
        let (operation, advice) = match about {
            About::Operation { operation, .. } => {
                (Some(operation), "serve the operation outside of the catalogue, or change it")
            }
            About::Scope | About::Document => (None, "change the name of the scope"),
        };
        self.report.add(Kind::LeftOut, operation, Fault::new("catalogue", place, message, advice));
    }
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// Whether a module can have the name: the block that is printed must compile.
fn is_module(name: &str) -> bool {
    let is_word = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    is_word && scopes_core::name::check_dotted(name).is_ok() && scopes_core::name::identifier(name) == name
}
