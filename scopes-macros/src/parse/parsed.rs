//! What a block of `scopes!` consists of, once it is read.

use syn::LitStr;

use super::attributes::Annotations;
use super::name::{Pattern, ScopeName};
use super::route::RouteGroup;
use crate::places::Extent;

/// What a catalogue consists of.
pub(crate) enum ParsedItem {
    Scope(ParsedScope),
    Block(ParsedBlock),
}

/// `environment.users.read { .. }`
pub(crate) struct ParsedScope {
    pub(crate) annotations: Annotations,
    pub(crate) name: ScopeName,
    pub(crate) includes: Vec<Pattern>,
    pub(crate) routes: Vec<RouteGroup>,
}

/// `all(a.b, c.d) { .. }`, `public("why") { .. }` and their like.
pub(crate) struct ParsedBlock {
    pub(crate) annotations: Annotations,
    pub(crate) extent: Extent,
    pub(crate) kind: BlockDemand,
    pub(crate) routes: Vec<RouteGroup>,
}

/// What a block demands.
pub(crate) enum BlockDemand {
    All(Vec<ScopeName>),
    Public(LitStr),
    Authenticated(LitStr),
    External(LitStr),
}
