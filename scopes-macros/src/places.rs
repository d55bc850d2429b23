//! Where the parts of a block were written: the core's [`Place`]s as spans.

use std::collections::HashMap;

use proc_macro2::Span;
use scopes_core::declaration::Place;

/// The tokens from one span to another. (On a stable compiler, joining two spans gives only the
/// first one.)
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl Extent {
    /// The tokens from `start` to `end`.
    pub(crate) const fn new(start: Span, end: Span) -> Self {
        Self { start, end }
    }

    /// The tokens from the start of this extent to the end of the other.
    pub(crate) fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

impl From<Span> for Extent {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

/// All places of an input.
#[derive(Debug)]
pub(crate) struct Places {
    spans: Vec<PlaceSpans>,
    /// The spans of routes, by the place of their path.
    routes: HashMap<Place, RouteSpans>,
}

/// The spans at which a route was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RouteSpans {
    /// The route's name; if it has none, its path.
    pub(crate) name: Span,
    /// The route's description; if it has none, its name.
    pub(crate) text: Span,
}

#[derive(Debug)]
struct PlaceSpans {
    extent: Extent,
    /// For dotted names: the position of each segment in the text, and its token.
    segments: Vec<(usize, Span)>,
}

impl Places {
    /// Makes place 0, the default one, which stands for the whole macro call.
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

    /// Records the spans of the route whose path has this place.
    pub(crate) fn add_route(&mut self, path: Place, spans: RouteSpans) {
        self.routes.insert(path, spans);
    }

    /// The spans of the route whose path has this place.
    pub(crate) fn route(&self, path: Place) -> RouteSpans {
        let unknown = || RouteSpans { name: Span::call_site(), text: Span::call_site() };
        self.routes.get(&path).copied().unwrap_or_else(unknown)
    }

    /// All tokens of a place.
    pub(crate) fn extent(&self, place: Place) -> Extent {
        self.find(place).map_or_else(|| Span::call_site().into(), |spans| spans.extent)
    }

    /// The segment of a dotted name at this byte of its text. For other places, the whole place.
    pub(crate) fn segment(&self, place: Place, offset: usize) -> Extent {
        self.find(place)
            .and_then(|spans| spans.segments.iter().rev().find(|(start, _)| *start <= offset))
            .map_or_else(|| self.extent(place), |(_, span)| (*span).into())
    }

    fn find(&self, place: Place) -> Option<&PlaceSpans> {
        self.spans.get(place.index() as usize)
    }
}
