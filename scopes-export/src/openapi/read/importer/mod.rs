//! The steps of an import.

mod base;
mod judge;
mod scopes;
mod state;

use std::collections::{HashMap, HashSet};

use scopes_core::UntypedCatalogue;
use scopes_core::declaration::At as Declared;

use self::state::{Importer, Judged, Report, name};
use super::declare::{About, Mistake, Routed, index};
use super::demand::{Demand, Known, decide};
use super::documents::{Documents, Place};
use super::exported::{self, ExportedDocument};
use super::fault::Fault;
use super::files::Files;
use super::finding::{DocumentError, Finding, Kind};
use super::import::Import;
use super::kinds::Kinds;
use super::operations::{self, Found};
use super::options::Options;
use super::schemes::Schemes;
use super::version::Version;
use super::{extension, paths, routes};

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
        // Where the operations are served whose own servers have another path.
        let own = operations.iter().filter(|operation| operation.prefix != prefix);
        let own: HashMap<String, String> = own.map(|operation| (name(operation), operation.prefix.clone())).collect();
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
        self.taken(&outcome.catalogue, &imported, |operation| own.get(operation).unwrap_or(&prefix));
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

    /// Reports the operations that are left out, but whose requests another route takes: then this
    /// route's demand counts for them.
    fn taken<'p>(
        &mut self,
        catalogue: &UntypedCatalogue,
        imported: &HashSet<String>,
        prefix_of: impl Fn(&str) -> &'p String,
    ) {
        let mut taken = Vec::new();
        for (place, kind, operation, _) in &self.report.findings {
            let Some(operation) = operation.as_ref().filter(|one| *kind == Kind::LeftOut && !imported.contains(*one))
            else {
                continue;
            };
            let Some((method, path)) = operation.split_once(' ') else { continue };
            // A fragment is never sent.
            let path = path.split('#').next().unwrap_or_default();
            let target = format!("{}{}", prefix_of(operation).trim_end_matches('/'), paths::example(path));
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
