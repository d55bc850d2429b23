//! Deprecations: their dates, and the scopes that replace what is deprecated.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};

use super::{DeprecationDraft, Draft};
use crate::date::Date;
use crate::declaration::{At, DeprecationDeclaration, Place};
use crate::error::CatalogueErrorKind;

/// The mistakes that were reported, each with its place: a route with its deprecation may be listed
/// under many scopes.
pub(super) type Reported = BTreeSet<(Place, String)>;

/// Settles the deprecations of scopes, after all scopes are known.
pub(super) fn of_scopes(draft: &mut Draft<'_>) {
    let mut reported = Reported::new();
    for id in 0..draft.scopes.len() {
        if let Some(deprecated) = &draft.scopes[id].declared.deprecated {
            let settled = settled(draft, deprecated, Some(id as u16), &mut reported);
            draft.scopes[id].deprecated = Some(settled);
        }
    }
}

/// The deprecation of a route, or of the scope with this id.
pub(super) fn settled(
    draft: &mut Draft<'_>,
    declared: &DeprecationDeclaration,
    of: Option<u16>,
    reported: &mut Reported,
) -> DeprecationDraft {
    let since = date(draft, declared.since.as_ref(), reported);
    let sunset = date(draft, declared.sunset.as_ref(), reported);
    let successor = declared.successor.as_ref().and_then(|name| successor(draft, name, of, reported));
    if let (Some((since, first)), Some((sunset, place))) = (since, sunset)
        && sunset < since
        && reported.insert((place, sunset.to_string()))
    {
        let kind = CatalogueErrorKind::SunsetTooEarly { since, sunset };
        draft.conflict(place, kind, first, "deprecated since this day");
    }
    DeprecationDraft {
        reason: declared.reason.clone(),
        since: since.map(|(date, _)| date),
        sunset: sunset.map(|(date, _)| date),
        successor,
    }
}

fn date(draft: &mut Draft<'_>, written: Option<&At<String>>, reported: &mut Reported) -> Option<(Date, Place)> {
    let written = written?;
    match written.value.parse() {
        Ok(date) => Some((date, written.place)),
        Err(error) => {
            if reported.insert((written.place, written.value.clone())) {
                draft.error(written.place, CatalogueErrorKind::Date { text: written.value.clone(), error });
            }
            None
        }
    }
}

fn successor(draft: &mut Draft<'_>, name: &At<String>, of: Option<u16>, reported: &mut Reported) -> Option<u16> {
    let found = draft.scope_of(&name.value);
    let is_deprecated = |scope: u16| draft.scopes[usize::from(scope)].declared.deprecated.is_some();
    if let Some(scope) = found.filter(|scope| Some(*scope) != of && !is_deprecated(*scope)) {
        return Some(scope);
    }
    if !reported.insert((name.place, name.value.clone())) {
        return None;
    }
    match found {
        None => {
            let kind = draft.unknown_scope(&name.value);
            draft.error(name.place, kind);
        }
        found if found == of => draft.error(name.place, CatalogueErrorKind::OwnSuccessor { name: name.value.clone() }),
        Some(scope) => {
            let other = draft.scopes[usize::from(scope)].name.place;
            let kind = CatalogueErrorKind::DeprecatedSuccessor { name: name.value.clone() };
            draft.conflict(name.place, kind, other, "this scope is deprecated, too");
        }
    }
    None
}
