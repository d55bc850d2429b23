//! Fourth step: the members of each scope, which a grant of the scope also holds.
//!
//! Every pattern is looked up once, and scopes with the same ending are grouped once. Then one
//! depth-first walk finds every cycle and, on its way back, joins the members of each scope.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::Draft;
use super::limits::MAX_MEMBERS;
use crate::declaration::{At, Place};
use crate::error::CatalogueErrorKind;
use crate::name;

/// The greatest number of scopes of a cycle that an error lists in full.
const LONG_CYCLE: usize = 16;

/// A scope that another one includes by name, and the place of that pattern.
type Edge = (u16, Place);

/// What each scope includes directly.
#[derive(Default)]
struct Graph {
    /// For each scope, the scopes that it names.
    named: Vec<Vec<Edge>>,
    /// For each scope, the endings that it names, as positions in `groups`.
    endings: Vec<Vec<u32>>,
    /// The scopes of each ending. None of them includes other scopes.
    groups: Vec<Vec<u16>>,
    /// Positions in `groups`, by ending.
    by_ending: BTreeMap<String, u32>,
}

pub(super) fn resolve(draft: &mut Draft<'_>) {
    if draft.scopes.iter().all(|scope| scope.includes.is_empty()) {
        return;
    }
    let mut graph = Graph::default();
    group(draft, &mut graph);
    for scope in 0..draft.scopes.len() {
        let (named, endings) = looked_up(draft, &graph, scope);
        graph.named.push(named);
        graph.endings.push(endings);
    }
    DepthFirst::new(&graph).all(draft);
}

/// The last segments that a pattern such as `*.read` asks for; `None` for other patterns.
fn ending(pattern: &str) -> Option<&str> {
    let ending = pattern.strip_prefix("*.")?;
    (!ending.contains('*') && name::check_dotted(&alloc::format!("x.{ending}")).is_ok()).then_some(ending)
}

/// Groups the scopes by the endings that patterns ask for. A scope that includes others belongs to
/// no group.
fn group(draft: &Draft<'_>, graph: &mut Graph) {
    for pattern in draft.scopes.iter().flat_map(|scope| &scope.includes) {
        if let Some(ending) = ending(&pattern.value)
            && !graph.by_ending.contains_key(ending)
        {
            graph.by_ending.insert(ending.into(), graph.groups.len() as u32);
            graph.groups.push(Vec::new());
        }
    }
    for (index, scope) in draft.scopes.iter().enumerate().filter(|(_, scope)| scope.includes.is_empty()) {
        for (dot, _) in scope.dotted.match_indices('.') {
            let ending = scope.dotted.get(dot + 1..).unwrap_or_default();
            if let Some(&group) = graph.by_ending.get(ending) {
                graph.groups[group as usize].push(index as u16);
            }
        }
    }
}

/// The scopes and endings that the patterns of a scope refer to.
fn looked_up(draft: &mut Draft<'_>, graph: &Graph, scope: usize) -> (Vec<Edge>, Vec<u32>) {
    let patterns = draft.scopes[scope].includes.clone();
    let (mut named, mut endings) = (Vec::new(), Vec::new());
    let (mut seen, mut members) = (BTreeSet::new(), BTreeSet::new());
    for pattern in &patterns {
        let text = &pattern.value;
        if !seen.insert(text.as_str()) {
            draft.error(pattern.place, CatalogueErrorKind::Repeated { what: "pattern", name: text.clone() });
        } else if let Some(ending) = ending(text) {
            match graph.by_ending.get(ending) {
                Some(&group) if !graph.groups[group as usize].is_empty() => endings.push(group),
                _ => matches_nothing(draft, pattern, ending),
            }
        } else if let Some(member) = draft.scope_of(text) {
            if members.insert(member) {
                named.push((member, pattern.place));
            }
        } else if text.contains('*') {
            draft.error(pattern.place, CatalogueErrorKind::Pattern { pattern: text.clone() });
        } else {
            let kind = draft.unknown_scope(text);
            draft.error(pattern.place, kind);
        }
    }
    endings.sort_unstable();
    (named, endings)
}

fn matches_nothing(draft: &mut Draft<'_>, pattern: &At<String>, ending: &str) {
    let endings = draft.scopes.iter().filter_map(|scope| scope.dotted.rsplit_once('.').map(|(_, last)| last));
    let nearest = draft.pattern_suggestions.nearest(ending, endings.filter(|last| *last != ending));
    let nearest = nearest.map(|last| alloc::format!("*.{last}"));
    let kind = CatalogueErrorKind::PatternMatchesNothing { pattern: pattern.value.clone(), nearest };
    draft.error(pattern.place, kind);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Unseen,
    /// The scope is on the current path of the walk, at this depth.
    Open(usize),
    Done,
}

/// The names and endings that a scope includes. Scopes with the same `Included` have the same
/// members.
type Included = (Vec<u16>, Vec<u32>);

/// A depth-first walk over the included scopes. It keeps its path in a list instead of recursing,
/// because the path can have as many entries as there are scopes.
struct DepthFirst<'g> {
    graph: &'g Graph,
    visits: Vec<Visit>,
    /// The current path: each scope on it, and how many of the scopes that it names were visited.
    way: Vec<(u16, usize)>,
    /// One bit per scope: the members of the scope that is being joined.
    held: Vec<u64>,
    /// For each list of includes, a scope that has it.
    known: BTreeMap<Included, u16>,
    members: usize,
}

impl<'g> DepthFirst<'g> {
    fn new(graph: &'g Graph) -> Self {
        let count = graph.named.len();
        Self {
            graph,
            visits: alloc::vec![Visit::Unseen; count],
            way: Vec::new(),
            held: alloc::vec![0; count.div_ceil(64)],
            known: BTreeMap::new(),
            members: 0,
        }
    }

    fn all(&mut self, draft: &mut Draft<'_>) {
        for scope in 0..self.graph.named.len() {
            if self.visits[scope] == Visit::Unseen {
                self.from(draft, scope as u16);
            }
        }
    }

    fn from(&mut self, draft: &mut Draft<'_>, first: u16) {
        self.enter(first);
        while let Some((scope, next)) = self.way.last_mut() {
            let scope = *scope;
            let Some(&(member, _)) = self.graph.named[usize::from(scope)].get(*next) else {
                self.way.pop();
                self.join(draft, scope);
                self.visits[usize::from(scope)] = Visit::Done;
                continue;
            };
            *next += 1;
            match self.visits[usize::from(member)] {
                Visit::Unseen => self.enter(member),
                // The pattern that closes the cycle is reported here. Without it, no scope includes
                // itself.
                Visit::Open(depth) => self.report_cycle(draft, depth),
                Visit::Done => {}
            }
        }
    }

    fn enter(&mut self, scope: u16) {
        self.visits[usize::from(scope)] = Visit::Open(self.way.len());
        self.way.push((scope, 0));
    }

    /// Sets the members of a scope: everything reachable without the scope itself, in declaration
    /// order.
    fn join(&mut self, draft: &mut Draft<'_>, scope: u16) {
        let graph = self.graph;
        let (named, endings) = (&graph.named[usize::from(scope)], &graph.endings[usize::from(scope)]);
        if named.is_empty() && endings.is_empty() || self.members > MAX_MEMBERS {
            return;
        }
        let mut included: Included = (named.iter().map(|(member, _)| *member).collect(), endings.clone());
        included.0.sort_unstable();
        let members = match self.known.get(&included) {
            Some(&same) => draft.scopes[usize::from(same)].members.clone(),
            None => {
                self.known.insert(included, scope);
                self.held(draft, named, endings)
            }
        };
        self.members += members.len();
        if self.members > MAX_MEMBERS {
            let kind = CatalogueErrorKind::TooMany { what: "members of scopes with `includes`", limit: MAX_MEMBERS };
            return draft.error(draft.scopes[usize::from(scope)].name.place, kind);
        }
        draft.scopes[usize::from(scope)].members = members;
    }

    fn held(&mut self, draft: &Draft<'_>, named: &[Edge], endings: &[u32]) -> Vec<u16> {
        let held = &mut self.held;
        held.fill(0);
        let mut add = |member: u16| {
            let (word, bit) = (&mut held[usize::from(member / 64)], 1 << (member % 64));
            let new = *word & bit == 0;
            *word |= bit;
            new
        };
        for group in endings {
            for &member in &self.graph.groups[*group as usize] {
                add(member);
            }
        }
        for &(member, _) in named {
            // A scope that is not finished is part of a cycle, which is an error. If a scope was
            // added before, its members were added with it, or it has none because an ending has
            // added it.
            if self.visits[usize::from(member)] == Visit::Done && add(member) {
                for &further in &draft.scopes[usize::from(member)].members {
                    add(further);
                }
            }
        }
        let mut members = Vec::new();
        for (index, word) in self.held.iter().enumerate() {
            let mut left = *word;
            while left != 0 {
                members.push((index * 64) as u16 + left.trailing_zeros() as u16);
                left &= left - 1;
            }
        }
        members
    }

    /// Reports a cycle: the current scope names a scope that is already on the path. The error
    /// begins at the scope of the cycle that is declared first.
    fn report_cycle(&self, draft: &mut Draft<'_>, depth: usize) {
        let cycle = &self.way[depth..];
        let is_long = cycle.len() > LONG_CYCLE;
        let first = if is_long { Some(0) } else { (0..cycle.len()).min_by_key(|at| cycle[*at].0) }.unwrap_or_default();
        let (scope, next) = cycle[first];
        let name = |at: usize| draft.scopes[usize::from(cycle[at % cycle.len()].0)].name.value.clone();
        let names = if is_long {
            let half = LONG_CYCLE / 2;
            let end = (cycle.len() - half..=cycle.len()).map(name);
            (0..half).map(name).chain([String::new()]).chain(end).collect()
        } else {
            (first..=first + cycle.len()).map(name).collect()
        };
        // The pattern that leads to the next scope of the cycle.
        let (_, place) = self.graph.named[usize::from(scope)][next - 1];
        draft.error(place, CatalogueErrorKind::IncludesCycle { names });
    }
}
