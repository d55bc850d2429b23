//! What the steps of an import share.

use std::rc::Rc;

use crate::openapi::read::documents::{Documents, Place};
use crate::openapi::read::exported::ExportedOperation;
use crate::openapi::read::fault::Fault;
use crate::openapi::read::finding::Kind;
use crate::openapi::read::kinds::Kinds;
use crate::openapi::read::operations::Operation;
use crate::openapi::read::options::Options;
use crate::openapi::read::schemes::Schemes;
use crate::openapi::read::security::Security;

/// What was found, in the order of the steps.
#[derive(Default)]
pub(super) struct Report {
    pub(super) findings: Vec<(Place, Kind, Option<String>, Fault)>,
}

impl Report {
    pub(super) fn add(&mut self, kind: Kind, operation: Option<String>, fault: Fault) {
        self.findings.push((fault.place, kind, operation, fault));
    }
}

pub(super) struct Importer<'f, 'o> {
    pub(super) documents: Documents<'f>,
    pub(super) options: &'o Options,
    pub(super) schemes: Schemes,
    pub(super) report: Report,
    pub(super) kinds: Kinds,
}

/// An operation with what it says about its callers.
pub(super) struct Judged {
    pub(super) operation: Operation,
    pub(super) security: Option<Rc<Security>>,
    pub(super) exported: Option<ExportedOperation>,
    pub(super) extension: Option<Vec<Vec<String>>>,
}

/// An operation as the document writes it.
pub(super) fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
