//! The additional errors of `#![strict]`; without it, these findings are only worth a note.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::Draft;
use crate::catalogue::UntypedCatalogue;
use crate::declaration::{At, Place};
use crate::error::CatalogueErrorKind;

/// Reports each overlap at the route that loses, unless that route accepts it. Without `#![strict]`
/// overlaps are allowed, so an `#[overlaps]` is an error there.
pub(super) fn overlaps(draft: &mut Draft<'_>, catalogue: &UntypedCatalogue) {
    if draft.declaration.strict {
        let is_sound = draft.errors.is_empty();
        let unneeded = refuse(draft, catalogue);
        // The other route of an overlap may be missing because of another mistake.
        if is_sound {
            for (place, method, path) in unneeded {
                draft.error(place, CatalogueErrorKind::OverlapsUnneeded { method, path });
            }
        }
        return;
    }
    let accepted: Vec<Place> =
        draft.routes.iter().flat_map(|route| &route.overlaps).map(|reason| reason.place).collect();
    for place in accepted {
        draft.error(place, CatalogueErrorKind::OverlapsWithoutStrict);
    }
}

/// Each `#[overlaps]` that accepts nothing: its place, and the method and path of its route.
type Unneeded = Vec<(Place, String, String)>;

/// Reports the overlaps that are not accepted. Each `#[overlaps]` accepts one.
fn refuse(draft: &mut Draft<'_>, catalogue: &UntypedCatalogue) -> Unneeded {
    let routes: BTreeMap<(String, String), usize> = draft
        .routes
        .iter()
        .enumerate()
        .map(|(index, route)| ((draft.method_of(route), route.path.clone()), index))
        .collect();
    let mut accepted = alloc::vec![0_usize; draft.routes.len()];
    for overlap in catalogue.overlaps() {
        let index_of = |path: &str| {
            let path = path.strip_prefix(catalogue.base()).filter(|path| path.starts_with('/')).unwrap_or("/");
            routes.get(&(overlap.method.clone(), path.into())).copied()
        };
        let (Some(loser), Some(winner)) = (index_of(&overlap.loser), index_of(&overlap.winner)) else { continue };
        let (Some(route), Some(other)) = (draft.routes.get(loser), draft.routes.get(winner)) else { continue };
        let Some(accepted) = accepted.get_mut(loser) else { continue };
        if *accepted < route.overlaps.len() {
            *accepted += 1;
            continue;
        }
        let (place, twin) = (route.place, other.place);
        let kind = CatalogueErrorKind::Overlap { overlap, others_accepted: *accepted > 0 };
        draft.conflict(place, kind, twin, "this route wins");
    }
    let with_counts = draft.routes.iter().zip(accepted);
    let unneeded = with_counts.flat_map(|(route, accepted)| {
        let of_route = |reason: &At<String>| (reason.place, draft.method_of(route), route.path.clone());
        route.overlaps.iter().skip(accepted).map(of_route)
    });
    unneeded.collect()
}

/// Reports an error for templates that could not be merged, at one of the routes that prevent it.
pub(super) fn refuse_search(draft: &mut Draft<'_>, first: u16, second: u16) {
    let (Some(route), Some(other)) = (draft.routes.get(usize::from(first)), draft.routes.get(usize::from(second)))
    else {
        return;
    };
    let kind = CatalogueErrorKind::NotMerged { path: route.path.clone(), other: other.path.clone() };
    let (place, twin) = (route.place, other.place);
    draft.conflict(place, kind, twin, "the other one");
}
