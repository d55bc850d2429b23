//! `security`: an OR of ANDs of schemes, each with names of scopes.

use std::collections::BTreeSet;
use std::rc::Rc;

use scopes_core::suggest::distance;

use super::documents::{At, Documents, Place};
use super::fault::Fault;
use super::options::Options;

const RULE: &str = "security";

/// The name of the member.
const WORD: &str = "security";

/// What a `security` member says.
#[derive(Clone, Debug)]
pub(super) struct Security {
    pub(super) place: Place,
    /// Whether there is the alternative `{}`: no credentials at all.
    pub(super) is_optional: bool,
    pub(super) alternatives: Vec<Alternative>,
}

/// A security requirement: all its schemes and all its scopes together.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) place: Place,
    pub(super) schemes: BTreeSet<Rc<str>>,
    pub(super) scopes: BTreeSet<Rc<str>>,
}

impl Security {
    /// Reads the value of a `security` member, without the names that the user calls placeholders.
    pub(super) fn read(documents: &mut Documents<'_>, at: &At, options: &Options) -> Result<Self, Fault> {
        let at = documents.resolve(at).map_err(|message| Fault::reference(at, message))?;
        let form = |at: &At, what: &str, expected: &str| Fault { rule: RULE, ..Fault::form(at, what, expected) };
        let list = at.node.list().ok_or_else(|| form(&at, "`security`", "an array, and `[]` means public"))?;
        let spend = |documents: &mut Documents<'_>, at: &At, count: usize| {
            documents.spend(count).map_err(|message| Fault::reference(at, message))
        };
        spend(documents, &at, list.len())?;
        let mut security = Self { place: at.place(), is_optional: false, alternatives: Vec::new() };
        for item in list {
            let item = at.within(item);
            let item = documents.resolve(&item).map_err(|message| Fault::reference(&item, message))?;
            let object = item.node.object().ok_or_else(|| form(&item, "a part of `security`", "an object"))?;
            if let Some(fault) = Fault::repeated(&item) {
                return Err(fault);
            }
            if object.members().is_empty() {
                security.is_optional = true;
                continue;
            }
            let mut alternative =
                Alternative { place: item.place(), schemes: BTreeSet::new(), scopes: BTreeSet::new() };
            spend(documents, &item, object.members().len())?;
            for member in object.members() {
                alternative.schemes.insert(Rc::clone(&member.key));
                let names = item.within(&member.value);
                let names = documents.resolve(&names).map_err(|message| Fault::reference(&names, message))?;
                let what = format!("the scopes of `{}`", member.key);
                let list = names.node.list().ok_or_else(|| form(&names, &what, "an array, `[]` if there are none"))?;
                spend(documents, &names, list.len())?;
                for name in list {
                    let name = names.within(name);
                    let text = name.node.text().ok_or_else(|| form(&name, "the name of a scope", "a text"))?;
                    if !options.placeholders.contains(text) {
                        alternative.scopes.insert(text.into());
                    }
                }
            }
            security.alternatives.push(alternative);
        }
        Ok(security)
    }

    /// Whether the requirement is empty: every client may call the operation.
    pub(super) fn is_public(&self) -> bool {
        self.is_optional || self.alternatives.is_empty()
    }
}

/// A member that was probably meant to be `security`. Readers ignore it, and then the operation has
/// another demand than the author thinks.
pub(super) fn misspelt(at: &At) -> Option<Fault> {
    let member = at.node.object()?.members().iter().find(|member| &*member.key != WORD && is_word(&member.key))?;
    let message = format!("`{}` is not a member here, was `{WORD}` meant?", member.key);
    let place = Place { file: at.file, spot: member.spot };
    Some(Fault::new(RULE, place, message, "correct the name"))
}

/// A `security` of a path item. Readers ignore it.
pub(super) fn misplaced(item: &At) -> Option<Fault> {
    let member = item.node.object()?.members().iter().find(|member| is_word(&member.key))?;
    let message = format!("the path item has a member `{}`, which no version knows, and readers ignore it", member.key);
    let place = Place { file: item.file, spot: member.spot };
    Some(Fault::new(RULE, place, message, "move it to the operations, or to the document"))
}

/// Whether a member's name is `security`, or nearly so.
pub(super) fn is_word(key: &str) -> bool {
    let is_as_long = key.len().abs_diff(WORD.len()) <= 1 && key.is_ascii();
    is_as_long && (key.eq_ignore_ascii_case(WORD) || distance(key, WORD) <= 2)
}
