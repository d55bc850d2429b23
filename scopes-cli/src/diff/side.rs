//! One side of a comparison: a catalogue, a lock file, or an OpenAPI document.

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};
use scopes_export::lock::Lock;
use scopes_export::openapi::read::{Finding, Import, Kind, Options, Position};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::import::read;
use crate::operand::{Operand, text_of};

pub(crate) struct Side {
    content: Content,
}

enum Content {
    Catalogue(Box<Operand>),
    Document { label: String, import: Box<Import>, lock: Box<Lock> },
}

/// A position in one of the files of a side.
#[derive(Clone, Copy)]
pub(crate) struct Spot<'s> {
    pub(crate) file: &'s str,
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl<'s> Spot<'s> {
    pub(crate) fn of(position: &'s Position) -> Self {
        Self { file: position.file(), line: position.line(), column: position.column() }
    }
}

impl Side {
    pub(crate) fn read(operand: &str, options: &Options) -> Result<Self, String> {
        let (label, text) = text_of(operand)?;
        let content = if is_openapi(&text) {
            let import = read(operand, &label, &text, options).map_err(|error| error.to_string())?;
            let lock = Box::new(Lock::new(import.catalogue().clone()));
            Content::Document { label, import: Box::new(import), lock }
        } else {
            Content::Catalogue(Box::new(Operand::of(label, text).map_err(|mistaken| mistaken.to_string())?))
        };
        Ok(Self { content })
    }

    pub(crate) fn label(&self) -> &str {
        match &self.content {
            Content::Catalogue(operand) => &operand.label,
            Content::Document { label, .. } => label,
        }
    }

    pub(crate) fn catalogue(&self) -> &UntypedCatalogue {
        match &self.content {
            Content::Catalogue(operand) => &operand.catalogue,
            Content::Document { import, .. } => import.catalogue(),
        }
    }

    /// The catalogue, with its history if there is one.
    pub(crate) fn lock(&self) -> &Lock {
        match &self.content {
            Content::Catalogue(operand) => &operand.lock,
            Content::Document { lock, .. } => lock,
        }
    }

    pub(crate) const fn is_document(&self) -> bool {
        matches!(self.content, Content::Document { .. })
    }

    /// What the catalogue does not say of the document. It is not compared.
    pub(crate) fn unsaid(&self) -> impl Iterator<Item = &Finding> {
        let findings = match &self.content {
            Content::Catalogue(_) => &[],
            Content::Document { import, .. } => import.findings(),
        };
        findings.iter().filter(|finding| finding.kind() != Kind::Note)
    }

    pub(crate) fn route(&self, id: RouteId) -> Option<Spot<'_>> {
        match &self.content {
            Content::Catalogue(operand) => {
                operand.route(id).map(|place| Spot { file: &operand.label, line: place.line, column: place.column })
            }
            Content::Document { import, .. } => import.route_position(id).map(Spot::of),
        }
    }

    pub(crate) fn scope(&self, id: ScopeId) -> Option<Spot<'_>> {
        match &self.content {
            Content::Catalogue(operand) => {
                operand.scope(id).map(|place| Spot { file: &operand.label, line: place.line, column: place.column })
            }
            Content::Document { import, .. } => import.scope_position(id).map(Spot::of),
        }
    }
}

/// Whether a text is an OpenAPI document and not a catalogue, which is an object in JSON.
fn is_openapi(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Root {
        openapi: Option<IgnoredAny>,
        swagger: Option<IgnoredAny>,
    }
    if !text.trim_start().starts_with('{') {
        return !text.trim_start().is_empty();
    }
    serde_json::from_str::<Root>(text).is_ok_and(|root| root.openapi.is_some() || root.swagger.is_some())
}
