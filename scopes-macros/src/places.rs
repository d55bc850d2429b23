//! Where things were written: the meaning of the core's [`Place`]s.

use std::collections::HashMap;

use proc_macro2::Span;
use scopes_core::declaration::Place;

/// From one token to another. (Joining spans gives only the first one on a stable compiler.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl Extent {
    /// From the start of one token to the end of another.
    pub(crate) const fn new(start: Span, end: Span) -> Self {
        Self { start, end }
    }

    /// From the start of this one to the end of the other.
    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

/// All places of one input.
#[derive(Debug)]
pub(crate) struct Places {
    spans: Vec<PlaceSpans>,
    /// By the place of the path.
    routes: HashMap<Place, RouteSpans>,
}

/// Where a route was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RouteSpans {
    /// Its name, or else its path.
    pub(crate) name: Span,
    /// Its text, or else its name.
    pub(crate) text: Span,
}

#[derive(Debug)]
struct PlaceSpans {
    extent: Extent,
    /// For dotted names: where each segment begins in the text, and its token.
    segments: Vec<(usize, Span)>,
}

impl Places {
    /// Place 0, the default one, is the whole macro call.
    pub(crate) fn new() -> Self {
        let whole = PlaceSpans { extent: Span::call_site().into(), segments: Vec::new() };
        Self { spans: vec![whole], routes: HashMap::new() }
    }

    /// A new place.
    pub(crate) fn add(&mut self, extent: Extent) -> Place {
        self.add_segmented(extent, Vec::new())
    }

    /// A new place for a dotted name.
    pub(crate) fn add_segmented(&mut self, extent: Extent, segments: Vec<(usize, Span)>) -> Place {
        let place = u32::try_from(self.spans.len()).unwrap_or(0);
        self.spans.push(PlaceSpans { extent, segments });
        Place::new(place)
    }

    /// Remembers where the route of this path was written.
    pub(crate) fn add_route(&mut self, path: Place, spans: RouteSpans) {
        self.routes.insert(path, spans);
    }

    /// Where the route whose path has this place was written.
    pub(crate) fn route(&self, path: Place) -> RouteSpans {
        let unknown = || RouteSpans { name: Span::call_site(), text: Span::call_site() };
        self.routes.get(&path).copied().unwrap_or_else(unknown)
    }

    /// All tokens of a place.
    pub(crate) fn extent(&self, place: Place) -> Extent {
        self.find(place).map_or_else(|| Span::call_site().into(), |spans| spans.extent)
    }

    /// The segment of a dotted name in which this byte of its text lies; the whole place if it is
    /// not a dotted name.
    pub(crate) fn segment(&self, place: Place, offset: usize) -> Extent {
        self.find(place)
            .and_then(|spans| spans.segments.iter().rev().find(|(start, _)| *start <= offset))
            .map_or_else(|| self.extent(place), |(_, span)| (*span).into())
    }

    fn find(&self, place: Place) -> Option<&PlaceSpans> {
        self.spans.get(place.index() as usize)
    }
}
