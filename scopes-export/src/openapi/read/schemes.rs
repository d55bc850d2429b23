//! The security schemes, and the scopes that they declare.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::documents::{At, Documents, Place};
use super::fault::Fault;
use super::node::Object;

/// A scope that a scheme declares, with the text for people.
#[derive(Clone, Debug)]
pub(super) struct DeclaredScope {
    pub(super) name: Rc<str>,
    pub(super) text: String,
    pub(super) place: Place,
}

/// The schemes of a document.
#[derive(Debug, Default)]
pub(super) struct Schemes {
    /// The names of the schemes.
    pub(super) names: HashSet<Rc<str>>,
    /// In the order of the document, each once.
    pub(super) scopes: Vec<DeclaredScope>,
    by_name: HashMap<Rc<str>, usize>,
}

impl Schemes {
    /// Reads `components.securitySchemes`, or the `securityDefinitions` of version 2.0. What cannot
    /// be read is reported: only texts for people are lost with it.
    pub(super) fn read(documents: &mut Documents<'_>, root: &At, is_two: bool) -> (Self, Vec<Fault>) {
        let mut reader = Reader { documents, schemes: Self::default(), faults: Vec::new() };
        let at = if is_two {
            root.get("securityDefinitions")
        } else {
            let components = root.get("components").and_then(|at| reader.object(&at, "`components`"));
            components.and_then(|components| components.get("securitySchemes"))
        };
        for (name, scheme) in reader.members(at, "the security schemes") {
            reader.schemes.names.insert(name);
            if is_two {
                reader.scopes(&scheme);
                continue;
            }
            let Some(scheme) = reader.object(&scheme, "a security scheme") else { continue };
            for (name, flow) in reader.members(scheme.get("flows"), "`flows`") {
                if !name.starts_with("x-") {
                    reader.scopes(&flow);
                }
            }
        }
        (reader.schemes, reader.faults)
    }
}

struct Reader<'d, 'f> {
    documents: &'d mut Documents<'f>,
    schemes: Schemes,
    faults: Vec<Fault>,
}

impl Reader<'_, '_> {
    fn object(&mut self, at: &At, what: &str) -> Option<At> {
        let found = match self.documents.resolve(at) {
            Err(message) => Err(Fault::reference(at, message)),
            Ok(at) => match Fault::repeated(&at) {
                Some(fault) => Err(fault),
                None if at.node.object().is_none() => Err(Fault::form(&at, what, "an object")),
                None => Ok(at),
            },
        };
        found.map_err(|fault| self.faults.push(fault)).ok()
    }

    fn members(&mut self, at: Option<At>, what: &str) -> Vec<(Rc<str>, At)> {
        let Some(at) = at.and_then(|at| self.object(&at, what)) else { return Vec::new() };
        let members = at.node.object().map(Object::members).unwrap_or_default();
        members.iter().map(|member| (Rc::clone(&member.key), at.within(&member.value))).collect()
    }

    /// Reads the scopes of a flow.
    fn scopes(&mut self, flow: &At) {
        let Some(flow) = self.object(flow, "a flow") else { return };
        let Some(scopes) = flow.get("scopes").and_then(|at| self.object(&at, "`scopes`")) else { return };
        for member in scopes.node.object().map(Object::members).unwrap_or_default() {
            if member.key.starts_with("x-") && member.value.text().is_none() {
                continue;
            }
            let text = member.value.text().unwrap_or_default().trim_end();
            let known = self.schemes.by_name.get(&member.key);
            match known.and_then(|&known| self.schemes.scopes.get_mut(known)) {
                // Several flows list the same scopes; the first text counts.
                Some(known) if known.text.is_empty() => text.clone_into(&mut known.text),
                Some(_) => {}
                None => {
                    self.schemes.by_name.insert(Rc::clone(&member.key), self.schemes.scopes.len());
                    let place = Place { file: scopes.file, spot: member.spot };
                    let name = Rc::clone(&member.key);
                    self.schemes.scopes.push(DeclaredScope { name, text: text.to_owned(), place });
                }
            }
        }
    }
}
