//! The route on the other side that was probably meant.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::method;
use crate::quoted::Quoted;
use crate::suggest::Suggestions;
use crate::template::shape::shape;

/// A route of one side, whole.
pub(super) struct Known<'m> {
    method: &'m str,
    path: String,
    shape: String,
}

impl<'m> Known<'m> {
    pub(super) fn new(method: &'m str, path: String) -> Self {
        Self { method, shape: shape_of(&path), path }
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

/// A path without the names of its parameters.
pub(super) fn shape_of(path: &str) -> String {
    shape(path).map(char::from).collect()
}

/// The positions of routes by their shapes.
pub(super) fn index<'k>(known: &'k [Known<'_>]) -> BTreeMap<&'k str, Vec<usize>> {
    let mut by_shape: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (position, route) in known.iter().enumerate() {
        by_shape.entry(&route.shape).or_default().push(position);
    }
    by_shape
}

/// Finds the routes of one side that are nearest to a route of the other.
pub(super) struct Near<'k> {
    /// Whose routes these are, for the message.
    side: &'static str,
    known: &'k [Known<'k>],
    by_shape: BTreeMap<&'k str, Vec<usize>>,
    /// The shapes with their segments in reverse order, so that the paths that end alike stand
    /// together.
    by_end: BTreeMap<String, usize>,
    suggestions: Suggestions,
}

/// A route that differs in one thing only.
#[derive(Clone, Debug)]
pub(super) enum NearMiss {
    /// The same path with these methods.
    Methods { side: &'static str, methods: Vec<String> },
    /// The same path with a slash at the end, or without it.
    Slash { side: &'static str, route: String },
    /// The same path below another base.
    Base { side: &'static str, route: String },
    /// The same path without the literal text beside its parameters.
    Text { side: &'static str, route: String },
    /// A path of as many segments whose text is alike.
    Alike { side: &'static str, route: String },
}

impl<'k> Near<'k> {
    pub(super) fn new(side: &'static str, known: &'k [Known<'k>]) -> Self {
        let by_end = known.iter().enumerate().map(|(position, route)| (reversed(&route.shape, route.method), position));
        Self { side, known, by_shape: index(known), by_end: by_end.collect(), suggestions: Suggestions::new() }
    }

    pub(super) fn miss(&mut self, method: &str, path: &str) -> Option<NearMiss> {
        let (side, shape) = (self.side, shape_of(path));
        let other = match shape.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => [&*shape, "/"].concat(),
        };
        if let Some(methods) = self.methods(&shape) {
            return Some(NearMiss::Methods { side, methods });
        }
        let shown = |route: &Known<'_>| [route.method, " ", &route.path].concat();
        if let Some(route) = self.of_shape(&other, method) {
            return Some(NearMiss::Slash { side, route: shown(route) });
        }
        if let Some(route) = self.of_shape(&without_text(&shape), method) {
            return Some(NearMiss::Text { side, route: shown(route) });
        }
        if let Some(route) = self.at_other_base(method, &shape) {
            return Some(NearMiss::Base { side, route: shown(&self.known[route]) });
        }
        let segments = |shape: &str| shape.matches('/').count();
        let candidates = self.known.iter().filter(|route| is_alike(route.method, method)).map(|route| &*route.shape);
        let candidates = candidates.filter(|candidate| segments(candidate) == segments(&shape));
        let alike = self.suggestions.nearest(&shape, candidates)?.to_owned();
        self.of_shape(&alike, method).map(|route| NearMiss::Alike { side, route: shown(route) })
    }

    /// The first route of this shape with this method.
    fn of_shape(&self, shape: &str, method: &str) -> Option<&'k Known<'k>> {
        let positions = self.by_shape.get(shape)?;
        positions.iter().map(|&position| &self.known[position]).find(|route| is_alike(route.method, method))
    }

    fn methods(&self, shape: &str) -> Option<Vec<String>> {
        let positions = self.by_shape.get(shape)?;
        let mut methods: Vec<String> =
            positions.iter().map(|&position| self.known[position].method.to_owned()).collect();
        methods.sort();
        methods.dedup();
        Some(methods)
    }

    /// The route whose path is this one with more or fewer segments in front.
    fn at_other_base(&self, method: &str, shape: &str) -> Option<usize> {
        let mine = reversed(shape, method);
        // Nearly every path ends with a parameter.
        let has_literal =
            |end: &str| end.split('\n').skip(1).any(|segment| !segment.is_empty() && !segment.starts_with('{'));
        // A longer one stands directly after this one.
        let longer = self.by_end.range(mine.clone()..).next().filter(|(key, _)| key.starts_with(&mine));
        if let Some((_, &position)) = longer.filter(|_| has_literal(&mine)) {
            return Some(position);
        }
        let ends = mine.match_indices('\n').rev().map(|(end, _)| &mine[..=end]);
        ends.filter(|end| has_literal(end)).find_map(|end| self.by_end.get(end)).copied()
    }
}

/// Whether a route of one method may be meant by one of another.
fn is_alike(one: &str, other: &str) -> bool {
    one == "*" || other == "*" || method::answers(one, other) || method::answers(other, one)
}

/// A shape without the literal text beside its parameters.
fn without_text(shape: &str) -> String {
    let mut text = String::new();
    for (index, segment) in shape.split('/').enumerate() {
        text.push_str(if index > 0 { "/" } else { "" });
        text.push_str(if segment.contains("{}") { "{}" } else { segment });
    }
    text
}

/// The method and the segments of a shape, the last one first, each with a separator after it.
fn reversed(shape: &str, method: &str) -> String {
    let mut text = [method, "\n"].concat();
    for segment in shape.rsplit('/') {
        if !segment.is_empty() || text.len() == method.len() + 1 {
            text.push_str(segment);
            text.push('\n');
        }
    }
    text
}

impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Methods { side, methods } => {
                write!(f, "the {side} has this path with ")?;
                for (index, method) in methods.iter().enumerate() {
                    write!(f, "{}`{}`", if index > 0 { ", " } else { "" }, Quoted(method))?;
                }
                Ok(())
            }
            Self::Slash { side, route } => {
                let slash = if route.ends_with('/') { "with a slash" } else { "without a slash" };
                write!(f, "the {side} has `{}`, {slash} at the end", Quoted(route))
            }
            Self::Text { side, route } => {
                write!(f, "the {side} has `{}`, without the text beside the parameter", Quoted(route))
            }
            Self::Base { side, route } => write!(f, "the {side} has `{}`, below another base", Quoted(route)),
            Self::Alike { side, route } => write!(f, "the {side} has the similar `{}`", Quoted(route)),
        }
    }
}
