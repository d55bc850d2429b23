//! What `#![strict]` makes an error: what is only worth a note without it.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::Draft;
use crate::catalogue::UntypedCatalogue;
use crate::declaration::Place;
use crate::error::CatalogueErrorKind;

/// An overlap is an error, reported at the route that loses.
pub(super) fn refuse_overlaps(draft: &mut Draft<'_>, catalogue: &UntypedCatalogue) {
    let places: BTreeMap<(String, String), Place> =
        draft.routes.iter().map(|route| ((draft.method_of(route), route.path.clone()), route.place)).collect();
    for overlap in catalogue.overlaps() {
        let place_of = |path: &str| {
            let path = path.strip_prefix(catalogue.base()).unwrap_or(path);
            places.get(&(overlap.method.clone(), path.into())).copied().unwrap_or_default()
        };
        let (place, twin) = (place_of(&overlap.loser), place_of(&overlap.winner));
        draft.conflict(place, CatalogueErrorKind::Overlap(overlap), twin, "this route wins");
    }
}

/// Templates that could not be merged are an error, reported at one of the routes that prevent it.
pub(super) fn refuse_search(draft: &mut Draft<'_>, first: u16, second: u16) {
    let (Some(route), Some(other)) = (draft.routes.get(usize::from(first)), draft.routes.get(usize::from(second)))
    else {
        return;
    };
    let kind = CatalogueErrorKind::NotMerged { path: route.path.clone(), other: other.path.clone() };
    let (place, twin) = (route.place, other.place);
    draft.conflict(place, kind, twin, "the other one");
}
