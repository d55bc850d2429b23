//! Finds the routes that a path can be read as, if its segments are decoded before they are
//! compared.
//!
//! The [`matcher`](crate::matcher) compares the raw path, by strict rules. Routers, file systems
//! and handlers decode first, and many routers do not know literal text beside a parameter. So this
//! search finds more: it compares literals and text with the decoded segment, a value beside text
//! may be empty, and `{*rest}` accepts empty segments after its first one. Each node of the trie is
//! visited at most once.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::catalogue::UntypedCatalogue;
use crate::layout::{Text, halves};
pub use crate::matcher::Readings;
use crate::matcher::{Column, MAX_SEGMENTS};
use crate::path_rules;
use crate::route::{Route, RouteId};

/// The decoded segments of a path below the base, at most as many as templates have.
pub(crate) struct DecodedSegments<'p> {
    /// A trailing slash is an empty last segment.
    decoded: Vec<Cow<'p, [u8]>>,
    /// How many segments the whole path has.
    count: usize,
}

impl<'p> DecodedSegments<'p> {
    /// Splits at raw slashes, then decodes each segment once. A segment with a bad escape stays as
    /// it was sent.
    pub(crate) fn of(path: &'p [u8]) -> Self {
        let raw = || path.split(|&byte| byte == b'/').skip(1);
        let decode = |segment| path_rules::decode_bytes(segment).unwrap_or(Cow::Borrowed(segment));
        // A template has at most this number of segments, and a slash after them.
        Self { decoded: raw().take(MAX_SEGMENTS + 1).map(decode).collect(), count: raw().count() }
    }

    fn get(&self, index: usize) -> Option<&[u8]> {
        self.decoded.get(index).map(AsRef::as_ref)
    }

    /// The text of a parameter that is one segment or a part of it.
    pub(crate) fn value(&self, segment: usize, prefix: usize, suffix: usize) -> Option<&[u8]> {
        let segment = self.get(segment)?;
        segment.get(prefix..segment.len().checked_sub(suffix)?)
    }
}

impl UntypedCatalogue {
    /// The routes of a method that match these segments. The one with the highest precedence comes
    /// first.
    pub(crate) fn read_as<'c>(&'c self, method: &str, segments: &DecodedSegments<'_>) -> Vec<Route<'c>> {
        let mut walk = DecodedWalk { catalogue: self, column: self.method_column(method), segments, found: Vec::new() };
        walk.visit(0, 0);
        walk.found
    }
}

struct DecodedWalk<'c, 's, 'p> {
    catalogue: &'c UntypedCatalogue,
    column: Column,
    segments: &'s DecodedSegments<'p>,
    found: Vec<Route<'c>>,
}

impl<'c> DecodedWalk<'c, '_, '_> {
    /// Depth is bounded by the templates, which have at most [`MAX_SEGMENTS`] segments.
    fn visit(&mut self, node: u32, depth: usize) {
        let readings = &self.catalogue.parts.tables.readings;
        let Some(&[literals, texts, others, rows]) = readings.nodes.get(node as usize) else { return };
        let ((parameter, row), (row_slash, row_rest)) = (halves(others), halves(rows));
        if depth == self.segments.count {
            return self.accept(row);
        }
        let Some(segment) = self.segments.get(depth) else { return };
        if segment.is_empty() && depth + 1 == self.segments.count {
            self.accept(row_slash);
        }
        if let Some(next) = self.literal(group(&readings.literals, literals), segment) {
            self.visit(next, depth + 1);
        }
        for &[prefix, suffix, next] in group(&readings.texts, texts) {
            if self.has_text(segment, prefix, suffix) {
                self.visit(next as u32, depth + 1);
            }
        }
        if !segment.is_empty() {
            self.visit(parameter, depth + 1);
            self.accept(row_rest);
        }
    }

    fn literal(&self, literals: &[[u64; 2]], segment: &[u8]) -> Option<u32> {
        let found = literals.binary_search_by(|&[text, _]| self.catalogue.bytes(text).cmp(segment)).ok()?;
        literals.get(found).map(|&[_, next]| next as u32)
    }

    fn has_text(&self, segment: &[u8], prefix: Text, suffix: Text) -> bool {
        let (prefix, suffix) = (self.catalogue.bytes(prefix), self.catalogue.bytes(suffix));
        segment.len() >= prefix.len() + suffix.len() && segment.starts_with(prefix) && segment.ends_with(suffix)
    }

    fn accept(&mut self, row: u32) {
        if let Some(route) = self.catalogue.parts.tables.route(row, self.column) {
            self.found.push(Route::new(self.catalogue, RouteId(route)));
        }
    }
}

/// The entries of one node. `place` holds the index of the first one, and their number.
fn group<T>(all: &[T], place: u64) -> &[T] {
    let (first, count) = halves(place);
    all.get(first as usize..).and_then(|group| group.get(..count as usize)).unwrap_or(&[])
}
