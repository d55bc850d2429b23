//! What each operation says about its callers.

use std::collections::HashSet;
use std::rc::Rc;

use super::state::{Importer, Judged, name};
use crate::openapi::read::exported;
use crate::openapi::read::extension;
use crate::openapi::read::fault::Fault;
use crate::openapi::read::finding::Kind;
use crate::openapi::read::operations::Operation;
use crate::openapi::read::security::{self, Security};

impl Importer<'_, '_> {
    /// Reads what each operation says about its callers.
    pub(super) fn judge(&mut self, operations: Vec<Operation>) -> Vec<Judged> {
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
                None if operation.misplaced.is_some() => operation.misplaced.clone().map(Err),
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
}
