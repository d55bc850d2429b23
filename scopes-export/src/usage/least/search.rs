//! The search for the best choice within one part of the problem, by branch and bound.
//!
//! Each node of the search satisfies one more constraint. Its branches are the ways to satisfy it,
//! and a branch excludes the ways of the branches before it, so that the search meets no set twice.
//! A node is left if no set below it can be as good as the best one that is known.

use std::cell::Cell;
use std::cmp::Reverse;

use super::cost::Cost;
use crate::usage::bits::Bits;

/// The greatest number of equally good sets that are named.
pub(super) const MOST_TIES: usize = 8;

/// The unit of the shares in [`Part::bound`]. It is divisible by 1 to 16.
const UNIT: u64 = 720_720;

/// A part of the problem that no other part depends on. Its scopes have numbers of their own.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) scopes: usize,
    pub(super) deprecated: Bits,
    /// The scopes that the client does not hold.
    pub(super) new: Bits,
    /// What must be satisfied: one of the sets of each constraint. The sets contain what their
    /// scopes include.
    pub(super) constraints: Vec<Vec<Bits>>,
    /// The routes without use that a set may open.
    pub(super) unused: Vec<Unused>,
    /// For each scope, the positions in `unused` of the routes that mention it.
    pub(super) mentions: Vec<Vec<usize>>,
    /// How much was done, in units of about 10 ns.
    pub(super) steps: Cell<u64>,
}

/// Routes without use that the same sets open.
#[derive(Debug)]
pub(super) struct Unused {
    pub(super) alternatives: Vec<Bits>,
    /// How many routes there are.
    pub(super) routes: u64,
}

/// What a good set is made by.
#[derive(Clone, Copy, Debug)]
enum Greed {
    Cost,
    Degree,
}

/// The best sets of a part.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) cost: Cost,
    /// The best sets, in the order of their scopes; at least one.
    pub(super) sets: Vec<Bits>,
    /// Whether `sets` has all of them.
    pub(super) has_all: bool,
    /// If the search was given up: no set costs less than this.
    pub(super) bound: Option<Cost>,
}

/// A set that is being built.
#[derive(Clone, Debug)]
struct Node {
    chosen: Bits,
    opened: Bits,
    cost: Cost,
    /// A bound for all sets below the node.
    bound: Cost,
    /// Scopes that the sets below the node do not have.
    banned: Bits,
    /// How many of the excluded sets of several scopes count here.
    excluded: usize,
    branches: std::vec::IntoIter<Bits>,
    /// The branch that is being visited.
    taken: Option<Bits>,
}

struct Search<'p> {
    part: &'p Part,
    most_steps: u64,
    excluded: Vec<Bits>,
    best: Option<Cost>,
    sets: Vec<Bits>,
    has_all: bool,
}

impl Part {
    /// Finds the best sets, unless that takes more steps.
    pub(super) fn solve(&self, most_steps: u64) -> Found {
        let sets = [Greed::Cost, Greed::Degree].map(|greed| self.greedy(greed));
        let [one, two] = sets.map(|set| (self.cost(&set).0, set));
        let (cost, first) = one.min(two);
        let (excluded, sets) = (Vec::new(), Vec::new());
        let mut search = Search { part: self, most_steps, excluded, best: Some(cost), sets, has_all: true };
        let bound = search.run();
        if search.sets.is_empty() {
            search.sets.push(first);
        }
        search.sets.sort();
        Found {
            cost: search.best.unwrap_or(cost),
            sets: search.sets,
            has_all: search.has_all && bound.is_none(),
            bound,
        }
    }

    /// Counts steps. Each of them looks at a set of scopes.
    fn step(&self, steps: usize) {
        let words = 1 + self.scopes as u64 / 128;
        self.steps.set(self.steps.get().saturating_add(steps as u64 * words));
    }

    /// A good set, made in one pass: for each constraint the way that costs least, or the one whose
    /// scopes occur in most other constraints.
    fn greedy(&self, greed: Greed) -> Bits {
        let (mut chosen, mut opened, mut cost) =
            (Bits::new(self.scopes), Bits::new(self.unused.len()), Cost::default());
        let mut occurs_in = vec![Vec::new(); self.scopes];
        for (index, ways) in self.constraints.iter().enumerate() {
            for scope in scopes_of(ways, self.scopes).iter() {
                if let Some(constraints) = occurs_in.get_mut(scope) {
                    constraints.push(index);
                }
            }
        }
        let mut degrees: Vec<usize> = occurs_in.iter().map(Vec::len).collect();
        let mut is_open = vec![true; self.constraints.len()];
        for ways in &self.constraints {
            if ways.iter().any(|way| way.is_subset(&chosen)) {
                continue;
            }
            let degree = |way: &Bits| way.iter().filter_map(|scope| degrees.get(scope)).sum::<usize>();
            let added = ways.iter().map(|way| (self.added(&chosen, &opened, cost, way), way));
            let best = added.min_by_key(|((cost, _), way)| match greed {
                Greed::Cost => (*cost, Reverse(degree(way)), *cost),
                Greed::Degree => (Cost::default(), Reverse(degree(way)), *cost),
            });
            let Some(((new_cost, new_opened), way)) = best else { continue };
            let new = way.without(&chosen);
            chosen.add(way);
            (cost, opened) = (new_cost, new_opened);
            for &index in new.iter().filter_map(|scope| occurs_in.get(scope)).flatten() {
                let (Some(is_open), Some(ways)) = (is_open.get_mut(index), self.constraints.get(index)) else {
                    continue;
                };
                if *is_open && ways.iter().any(|way| way.is_subset(&chosen)) {
                    *is_open = false;
                    for scope in scopes_of(ways, self.scopes).iter() {
                        if let Some(degree) = degrees.get_mut(scope) {
                            *degree -= 1;
                        }
                    }
                }
            }
        }
        chosen
    }

    /// The cost of a set, and the unused routes that it opens.
    fn cost(&self, set: &Bits) -> (Cost, Bits) {
        self.added(&Bits::new(self.scopes), &Bits::new(self.unused.len()), Cost::default(), set)
    }

    /// The cost of a set with more scopes, and the unused routes that it opens.
    fn added(&self, chosen: &Bits, opened: &Bits, cost: Cost, more: &Bits) -> (Cost, Bits) {
        let (mut cost, mut opened) = (cost, opened.clone());
        for unused in self.opens(chosen, &opened, more) {
            opened.insert(unused);
            cost.unused_routes += self.unused.get(unused).map_or(0, |unused| unused.routes);
        }
        for scope in more.iter().filter(|&scope| !chosen.contains(scope)) {
            cost.deprecated += u64::from(self.deprecated.contains(scope));
            cost.added += u64::from(self.new.contains(scope));
            cost.scopes += 1;
        }
        (cost, opened)
    }

    /// The unused routes that more scopes open.
    fn opens(&self, chosen: &Bits, opened: &Bits, more: &Bits) -> Vec<usize> {
        let mut found = Vec::new();
        for scope in more.iter().filter(|&scope| !chosen.contains(scope)) {
            let mentions = self.mentions.get(scope).map_or(&[][..], Vec::as_slice);
            self.step(1 + 2 * mentions.len());
            for &index in mentions {
                let Some(unused) = self.unused.get(index).filter(|_| !opened.contains(index)) else { continue };
                if unused.alternatives.iter().any(|way| way.is_within(chosen, more)) {
                    found.push(index);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What every set costs at least that contains `chosen` and satisfies the open constraints.
    ///
    /// Each constraint pays for the cheapest of its ways. If several constraints can open the same
    /// route, each pays an equal share of it, because one set opens it once for all of them. The
    /// same holds for scopes.
    fn bound(&self, node: &Node, open: &[Vec<&Bits>]) -> Cost {
        struct Way {
            routes: Vec<usize>,
            scopes: Vec<usize>,
        }
        let way = |way: &&Bits| Way {
            routes: self.opens(&node.chosen, &node.opened, way),
            scopes: way.iter().filter(|&scope| !node.chosen.contains(scope)).collect(),
        };
        self.step(8 * open.len());
        let open: Vec<Vec<Way>> = open.iter().map(|ways| ways.iter().map(way).collect()).collect();
        let mut route_sharers = vec![0_u64; self.unused.len()];
        let mut scope_sharers = vec![0_u64; self.scopes];
        for ways in &open {
            count_once(&mut route_sharers, ways.iter().flat_map(|way| &way.routes));
            count_once(&mut scope_sharers, ways.iter().flat_map(|way| &way.scopes));
        }
        let share = |sharers: &[u64], index: usize| UNIT / sharers.get(index).copied().unwrap_or(1).max(1);
        let of_routes = |way: &Way| {
            let routes = |index: usize| self.unused.get(index).map_or(0, |unused| unused.routes);
            way.routes.iter().map(|&index| routes(index) * share(&route_sharers, index)).sum::<u64>()
        };
        let of_scopes = |way: &Way| way.scopes.iter().map(|&scope| share(&scope_sharers, scope)).sum::<u64>();
        let of_scopes_in = |way: &Way, set: &Bits| {
            let counted = way.scopes.iter().filter(|&&scope| set.contains(scope));
            counted.map(|&scope| share(&scope_sharers, scope)).sum::<u64>()
        };
        let of_deprecated = |way: &Way| of_scopes_in(way, &self.deprecated);
        let of_new = |way: &Way| of_scopes_in(way, &self.new);
        // Whole numbers: what is paid in part is paid in full.
        let sum = |pay: &dyn Fn(&Way) -> u64| {
            open.iter().filter_map(|ways| ways.iter().map(pay).min()).sum::<u64>().div_ceil(UNIT)
        };
        Cost {
            deprecated: node.cost.deprecated + sum(&of_deprecated),
            unused_routes: node.cost.unused_routes + sum(&of_routes),
            scopes: node.cost.scopes + sum(&of_scopes),
            added: node.cost.added + sum(&of_new),
        }
    }
}

fn scopes_of(ways: &[Bits], scopes: usize) -> Bits {
    let mut all = Bits::new(scopes);
    for way in ways {
        all.add(way);
    }
    all
}

/// Adds one for each number, however often it occurs.
fn count_once<'a>(counts: &mut [u64], numbers: impl Iterator<Item = &'a usize>) {
    let mut numbers: Vec<usize> = numbers.copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    for number in numbers {
        if let Some(count) = counts.get_mut(number) {
            *count += 1;
        }
    }
}

impl Search<'_> {
    /// Visits the nodes, in an order that begins with what is cheap. Returns a bound for what was
    /// not visited, if the steps were used up.
    fn run(&mut self) -> Option<Cost> {
        let root = Node {
            chosen: Bits::new(self.part.scopes),
            opened: Bits::new(self.part.unused.len()),
            cost: Cost::default(),
            bound: Cost::default(),
            banned: Bits::new(self.part.scopes),
            excluded: 0,
            branches: Vec::new().into_iter(),
            taken: None,
        };
        let mut path: Vec<Node> = self.visit(root).into_iter().collect();
        while let Some(node) = path.last_mut() {
            if self.part.steps.get() > self.most_steps {
                // What is below the nodes of the path was visited in part only.
                self.has_all = false;
                let bound = path.iter().map(|node| node.bound).min()?;
                return self.best.filter(|best| bound < *best).map(|_| bound);
            }
            self.excluded.truncate(node.excluded);
            // The later branches exclude the one before them.
            if let Some(taken) = node.taken.take() {
                let new = taken.without(&node.chosen);
                if new.len() == 1 {
                    node.banned.add(&new);
                } else {
                    self.excluded.push(taken);
                    node.excluded += 1;
                }
            }
            let bound = node.bound;
            let Some(branch) = node.branches.next().filter(|_| self.is_promising(bound)) else {
                path.pop();
                continue;
            };
            let (cost, opened) = self.part.added(&node.chosen, &node.opened, node.cost, &branch);
            let mut chosen = node.chosen.clone();
            chosen.add(&branch);
            let (excluded, branches, banned) = (node.excluded, Vec::new().into_iter(), node.banned.clone());
            node.taken = Some(branch);
            path.extend(self.visit(Node { chosen, opened, cost, bound, banned, excluded, branches, taken: None }));
        }
        None
    }

    /// Satisfies what has one way only, and finds the branches. `None` if nothing below the node is
    /// needed.
    fn visit(&mut self, mut node: Node) -> Option<Node> {
        let open = loop {
            let mut open = Vec::new();
            let mut has_changed = false;
            for ways in &self.part.constraints {
                self.part.step(ways.len());
                if ways.iter().any(|way| way.is_subset(&node.chosen)) {
                    continue;
                }
                let is_excluded = |way: &&Bits| {
                    way.intersects(&node.banned) || self.excluded.iter().any(|set| set.is_within(&node.chosen, way))
                };
                let left: Vec<&Bits> = ways.iter().filter(|way| !is_excluded(way)).collect();
                self.part.step(ways.len() * self.excluded.len());
                match *left {
                    [] => return None,
                    [way] => {
                        (node.cost, node.opened) = self.part.added(&node.chosen, &node.opened, node.cost, way);
                        node.chosen.add(way);
                        has_changed = true;
                    }
                    _ => open.push(left),
                }
            }
            // What is open may be satisfied now.
            if !has_changed {
                break open;
            }
        };
        // Several ways of one constraint may have become parts of an excluded set.
        if self.excluded.iter().any(|set| set.is_subset(&node.chosen)) {
            return None;
        }
        if open.is_empty() {
            self.found(node.chosen, node.cost);
            return None;
        }
        node.bound = node.bound.max(self.part.bound(&node, &open));
        if !self.is_promising(node.bound) {
            return None;
        }
        let mut branches: Vec<Bits> = open.into_iter().min_by_key(Vec::len)?.into_iter().cloned().collect();
        branches.sort_by_cached_key(|way| self.part.added(&node.chosen, &node.opened, node.cost, way).0);
        node.branches = branches.into_iter();
        Some(node)
    }

    /// Whether a set that costs this much is worth a search.
    fn is_promising(&mut self, bound: Cost) -> bool {
        match self.best {
            Some(best) if bound == best && self.sets.len() >= MOST_TIES => {
                self.has_all = false;
                false
            }
            Some(best) => bound <= best,
            None => true,
        }
    }

    fn found(&mut self, set: Bits, cost: Cost) {
        match self.best {
            Some(best) if cost > best => return,
            Some(best) if cost == best => {}
            _ => {
                self.sets.clear();
                self.has_all = true;
            }
        }
        self.best = Some(cost);
        if self.sets.len() < MOST_TIES {
            self.sets.push(set);
        } else {
            self.has_all = false;
        }
    }
}
