//! Where things were written: the meaning of the core's [`Place`]s.

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
        Self { spans: vec![PlaceSpans { extent: Span::call_site().into(), segments: Vec::new() }] }
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
