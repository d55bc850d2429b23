//! The parts of a block of `scopes!` after parsing.

use syn::LitStr;

use super::attributes::Annotations;
use super::name::{Pattern, ScopeName};
use super::route::RouteGroup;
use crate::places::Extent;

/// An item of a catalogue: a scope or a block.
pub(crate) enum ParsedItem {
    Scope(ParsedScope),
    Block(ParsedBlock),
}

/// A scope with its routes: `environment.users.read { .. }`.
pub(crate) struct ParsedScope {
    pub(crate) annotations: Annotations,
    pub(crate) name: ScopeName,
    pub(crate) includes: Vec<Pattern>,
    pub(crate) routes: Vec<RouteGroup>,
}

/// A block of routes: `all(a.b, c.d) { .. }`, `public("why") { .. }` and the like.
pub(crate) struct ParsedBlock {
    pub(crate) annotations: Annotations,
    pub(crate) extent: Extent,
    pub(crate) kind: BlockDemand,
    pub(crate) routes: Vec<RouteGroup>,
}

/// The demand of a block.
pub(crate) enum BlockDemand {
    All(Vec<ScopeName>),
    Public(LitStr),
    Authenticated(LitStr),
    External(LitStr),
}
