//! All pairs of routes that the two catalogues find for one request, each with a path.
//!
//! The walk descends both tries at once. A state is the list of positions that a path leads to in
//! each trie, in the order of precedence. From each state it goes on with one text of each kind of
//! segment that the state can distinguish (see `segments`), so that it reaches every pair of routes
//! that any path reaches. It stops where both lists have equal subtrees, because there every path
//! gets the same verdict from both. It visits each state once.

use std::collections::{BTreeMap, HashSet, VecDeque};

use super::TooComplex;
use super::demand::{Demand, Demands, Owner};
use super::names::Interner;
use super::segments::{Segment, Words};
use super::trie::{Position, Subtrees, Trie};

/// The greatest number of states that are visited. Two catalogues of 10,000 routes have about
/// 20,000.
const MOST_STATES: usize = 1_000_000;

/// The two routes that answer one request: a route of the old catalogue and a route of the new one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    pub(super) method: String,
    pub(super) routes: [Option<u16>; 2],
    /// Whether both paths name the same tenant.
    same_tenant: bool,
    /// The segment whose value breaks a strict rule that only one of the routes lifts.
    pub(super) raw: Option<usize>,
}

/// A path, and the tenants that it names.
#[derive(Clone, Debug)]
pub(super) struct Witness {
    pub(super) path: String,
    pub(super) tenants: [Option<String>; 2],
}

pub(super) fn pairs(demands: [&Demands<'_>; 2]) -> Result<BTreeMap<Pair, Witness>, TooComplex> {
    let mut methods = Interner::new();
    let mut subtrees = Subtrees::default();
    let tries = demands.map(|demands| Trie::of(demands, &mut methods, &mut subtrees));
    let names = demands.map(|demands| demands.catalogue.methods().map(str::to_owned).collect::<Vec<_>>()).concat();
    let requests: BTreeMap<String, Vec<u32>> = names
        .into_iter()
        .map(|method| {
            let answering = std::iter::once(method.as_str()).chain(scopes_core::method::fallback(&method));
            let numbers = answering.map(|method| methods.number(method.to_owned())).collect();
            (method, numbers)
        })
        .collect();
    let words = Words::avoiding(tries.iter().flat_map(|trie| &trie.nodes));
    let walk = Walk { demands, tries, requests, words, states: Vec::new(), found: BTreeMap::new() };
    walk.run()
}

struct State {
    positions: [Vec<Position>; 2],
    /// The state before and the segment between.
    parent: Option<(usize, Segment)>,
}

struct Walk<'d> {
    demands: [&'d Demands<'d>; 2],
    tries: [Trie; 2],
    /// For each request method, the numbers of the methods whose routes answer it: the method
    /// itself, and its fallback.
    requests: BTreeMap<String, Vec<u32>>,
    words: Words,
    states: Vec<State>,
    found: BTreeMap<Pair, Witness>,
}

impl Walk<'_> {
    fn run(mut self) -> Result<BTreeMap<Pair, Witness>, TooComplex> {
        let root = [vec![Position::Node(0)], vec![Position::Node(0)]];
        let mut seen: HashSet<[Vec<Position>; 2]> = HashSet::from([root.clone()]);
        let mut queue = VecDeque::from([0]);
        self.states.push(State { positions: root, parent: None });
        while let Some(index) = queue.pop_front() {
            let Some(state) = self.states.get(index) else { break };
            let [old, new] = &self.tries;
            let [positions_old, positions_new] = &state.positions;
            let alike = positions_old.len() == positions_new.len()
                && positions_old.iter().zip(positions_new).all(|(a, b)| old.subtree(*a) == new.subtree(*b));
            if alike {
                continue;
            }
            let before = self.segments_before(index);
            let before: Vec<&Segment> = before.iter().collect();
            let nodes: Vec<_> = (positions_old.iter().filter_map(|position| old.node(*position)))
                .chain(positions_new.iter().filter_map(|position| new.node(*position)))
                .collect();
            let segments = self.words.segments(&nodes, &before).ok_or(TooComplex::Texts)?;
            let next: Vec<_> = segments
                .into_iter()
                .map(|segment| {
                    let positions = [old.step(positions_old, &segment.text), new.step(positions_new, &segment.text)];
                    (positions, segment)
                })
                .filter(|(positions, _)| positions.iter().any(|positions| !positions.is_empty()))
                .collect();
            self.compare(index);
            for (positions, segment) in next {
                if seen.contains(&positions) {
                    continue;
                }
                seen.insert(positions.clone());
                queue.push_back(self.states.len());
                self.states.push(State { positions, parent: Some((index, segment)) });
            }
            if self.states.len() > MOST_STATES {
                return Err(TooComplex::Paths);
            }
        }
        Ok(self.found)
    }

    fn segments_before(&self, index: usize) -> Vec<Segment> {
        let mut segments = Vec::new();
        let mut at = index;
        while let Some((parent, segment)) = self.states.get(at).and_then(|state| state.parent.as_ref()) {
            segments.push(segment.clone());
            at = *parent;
        }
        segments.reverse();
        segments
    }

    /// Compares the routes that answer the path that ends here, without and with a slash.
    fn compare(&mut self, index: usize) {
        let segments = self.segments_before(index);
        let Some(state) = self.states.get(index) else { return };
        let mut found = Vec::new();
        for slash in [false, true] {
            // A path has at least its slash.
            if segments.is_empty() && !slash {
                continue;
            }
            for (method, answering) in &self.requests {
                let [old, new] = &state.positions;
                let [trie_old, trie_new] = &self.tries;
                let routes = [trie_old.winner(old, answering, slash), trie_new.winner(new, answering, slash)];
                self.pair(method, routes, &segments, slash, &mut found);
            }
        }
        for (pair, witness) in found {
            self.found.entry(pair).or_insert(witness);
        }
    }

    fn pair(
        &self,
        method: &str,
        routes: [Option<u16>; 2],
        segments: &[Segment],
        slash: bool,
        found: &mut Vec<(Pair, Witness)>,
    ) {
        let [old, new] = self.demands;
        let [route_old, route_new] = routes;
        let of = |demands: &Demands<'_>, route: Option<u16>| {
            route.and_then(|route| demands.numbers.get(usize::from(route)).copied())
        };
        if of(old, route_old) == of(new, route_new) {
            return;
        }
        let demand = |side: usize| -> Option<&Demand> {
            let (demands, route) = (self.demands.get(side)?, routes.get(side).copied().flatten()?);
            demands.demands.get(usize::from(route))
        };
        let mut add = |raw: Option<usize>| {
            let texts: Vec<String> = segments
                .iter()
                .enumerate()
                .map(|(index, segment)| match segment.free {
                    Some((start, end)) if raw == Some(index) => {
                        // An unescaped `^` is legal only where a parameter is `#[raw]`.
                        let word = segment.text.get(start..end).unwrap_or_default();
                        let (before, after) = (
                            segment.text.get(..start).unwrap_or_default(),
                            segment.text.get(end..).unwrap_or_default(),
                        );
                        format!("{before}{word}^{word}{after}")
                    }
                    _ => segment.text.clone(),
                })
                .collect();
            let tenants = [0, 1].map(|side| match demand(side).map(|demand| &demand.owner) {
                Some(Owner::Path(place)) => place.value(&texts),
                _ => None,
            });
            let mut path = texts.iter().map(|text| format!("/{text}")).collect::<String>();
            if slash {
                path.push('/');
            }
            let [first, second] = &tenants;
            let same_tenant = first == second;
            found.push((Pair { method: method.to_owned(), routes, same_tenant, raw }, Witness { path, tenants }));
        };
        add(None);
        // If one catalogue finds no route, unusual values make no further difference.
        let (Some(first), Some(second)) = (demand(0), demand(1)) else { return };
        for (index, segment) in segments.iter().enumerate() {
            if segment.free.is_some() && first.lifts(index) != second.lifts(index) {
                add(Some(index));
            }
        }
    }
}
