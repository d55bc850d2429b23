//! Overlaps: pairs of routes that match one path, where neither matches all paths of the other.
//!
//! Two walkers descend the trie together. They take a step only if some segment fits both, so that
//! the work grows with the paths that two templates share and not with the number of pairs. They
//! stop where all routes below both have the same demand.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::templates_of;
use super::trie::{Accept, Affix, Node, Position, Trie};
use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::error::Overlap;
use crate::route::{Access, Route, RouteId};
use crate::scope::ScopeId;
use crate::template::Template;

impl UntypedCatalogue {
    /// Pairs of routes of one method that match one path, if neither route matches every path of
    /// the other and their requirements differ.
    ///
    /// Such pairs are legal: the more specific template wins, segment by segment from left to
    /// right. They are worth knowing, because a caller may reach another route than the declaration
    /// suggests.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
    /// declaration.scope("help.read").route("GET", "/users/help/{topic}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let overlaps = catalogue.overlaps();
    /// assert_eq!(overlaps[0].witness(), "/users/help/avatar");
    /// assert_eq!(overlaps[0].winner(), "/users/help/{topic}");
    /// ```
    #[must_use]
    pub fn overlaps(&self) -> Vec<Overlap> {
        overlaps(self)
    }
}

fn overlaps(catalogue: &UntypedCatalogue) -> Vec<Overlap> {
    let templates = templates_of(catalogue);
    let columns: Vec<usize> = catalogue.routes().map(|route| catalogue.method_column(route.method()).0).collect();
    let trie = Trie::build(
        templates.iter().zip(&columns).enumerate().map(|(index, (template, &column))| (template, column, index as u16)),
    );
    let neutral = neutral_value(&trie);
    let demands = DemandMap::of(catalogue, &trie);
    let mut pairs = Pairs {
        catalogue,
        trie: &trie,
        templates: &templates,
        demands,
        neutral,
        witness: Vec::new(),
        found: Vec::new(),
    };
    pairs.visit(Position::Node(0), Position::Node(0), Cover { left: true, right: true });
    pairs.found.sort_by(|a, b| (&a.winner, &a.loser, &a.method).cmp(&(&b.winner, &b.loser, &b.method)));
    pairs.found
}

/// A value that equals no literal and fits no affix, so that only whole-segment parameters match it
/// in the witness.
fn neutral_value(trie: &Trie) -> String {
    let literals: BTreeSet<&str> =
        trie.nodes.iter().flat_map(|node| node.literals.keys().map(String::as_str)).collect();
    let affixes: Vec<&Affix> = trie.nodes.iter().flat_map(|node| &node.affixes).collect();
    let letters = "xyzwqkj".chars().map(String::from);
    let numbered = (1_u32..1000)
        .flat_map(|number| "xyzwqkj".chars().map(move |letter| alloc::format!("{letter}{number}{letter}")));
    letters
        .chain(numbered)
        .find(|value| !literals.contains(value.as_str()) && !affixes.iter().any(|affix| affix.fits(value)))
        .unwrap_or_else(|| String::from("x"))
}

/// Whether each side still matches every path of the other side.
#[derive(Clone, Copy)]
struct Cover {
    left: bool,
    right: bool,
}

/// The demands of the routes below a node.
#[derive(Clone, Copy, Default)]
struct Below {
    /// The columns of their methods, one bit each.
    columns: u64,
    /// The demand of all these routes, if it is the same.
    demand: Option<u32>,
}

impl Below {
    fn join(&mut self, other: Self) {
        match (self.columns, other.columns) {
            (_, 0) => {}
            (0, _) => *self = other,
            _ => {
                self.demand = self.demand.filter(|demand| other.demand == Some(*demand));
                self.columns |= other.columns;
            }
        }
    }

    /// Whether no route of one conflicts with a route of the other.
    fn agrees(self, other: Self) -> bool {
        self.columns & other.columns == 0 || self.demand.is_some() && self.demand == other.demand
    }
}

/// The demands of routes and nodes. The walk skips nodes whose routes have the same demand.
struct DemandMap {
    /// For each route a number; equal numbers are equal demands.
    routes: Vec<u32>,
    /// For each node, all routes at and below it.
    nodes: Vec<Below>,
    /// For each node, the routes that end in its `{*rest}`.
    rests: Vec<Below>,
}

impl DemandMap {
    fn of(catalogue: &UntypedCatalogue, trie: &Trie) -> Self {
        let mut known: BTreeMap<DemandKey, u32> = BTreeMap::new();
        let number = |route: Route<'_>| {
            let next = known.len() as u32;
            *known.entry(demand(route)).or_insert(next)
        };
        let routes: Vec<u32> = catalogue.routes().map(number).collect();
        let below = |accept: &Accept| {
            let mut below = Below::default();
            for &(column, route) in accept {
                below.join(Below { columns: 1 << (column & 63), demand: routes.get(usize::from(route)).copied() });
            }
            below
        };
        let rests: Vec<Below> = trie.nodes.iter().map(|node| below(&node.rest)).collect();
        let mut nodes = rests.clone();
        // A child comes after its parent.
        for (index, node) in trie.nodes.iter().enumerate().rev() {
            let mut all = nodes[index];
            all.join(below(&node.accept));
            all.join(below(&node.accept_slash));
            let affixes = node.affixes.iter().map(|affix| affix.child);
            for child in node.literals.values().copied().chain(affixes).chain(node.parameter) {
                all.join(nodes[child as usize]);
            }
            nodes[index] = all;
        }
        Self { routes, nodes, rests }
    }

    fn below(&self, position: Position) -> Below {
        match position {
            Position::Node(node) => self.nodes.get(node as usize),
            Position::Rest(node) => self.rests.get(node as usize),
        }
        .copied()
        .unwrap_or_default()
    }

    fn of_route(&self, route: u16) -> Option<u32> {
        self.routes.get(usize::from(route)).copied()
    }
}

enum Step<'t> {
    Literal(&'t str),
    Affix(&'t Affix),
    Parameter,
    Rest,
}

struct Pairs<'a> {
    catalogue: &'a UntypedCatalogue,
    trie: &'a Trie,
    templates: &'a [Template],
    demands: DemandMap,
    neutral: String,
    witness: Vec<String>,
    found: Vec<Overlap>,
}

impl<'a> Pairs<'a> {
    fn node(&self, position: Position) -> Option<&'a Node> {
        let (Position::Node(index) | Position::Rest(index)) = position;
        self.trie.nodes.get(index as usize)
    }

    /// Compares two positions and descends. The depth is bounded by the length of the templates.
    fn visit(&mut self, left: Position, right: Position, cover: Cover) {
        if self.demands.below(left).agrees(self.demands.below(right)) {
            return;
        }
        if left != right {
            self.compare(left, right, cover);
        }
        let both_rest = matches!((left, right), (Position::Rest(_), Position::Rest(_)));
        if both_rest {
            return;
        }
        if left == right {
            return self.children_of_one(left);
        }
        for (step_left, next_left) in self.steps(left) {
            // A literal of one side meets at most one literal of the other side: it is looked up,
            // not compared with all.
            if let (Step::Literal(text), Position::Node(_)) = (&step_left, right) {
                if let Some(&child) = self.node(right).and_then(|node| node.literals.get(*text)) {
                    self.step(&step_left, &Step::Literal(text), next_left, Position::Node(child), cover);
                }
                for (step_right, next_right) in
                    self.steps(right).into_iter().filter(|(step, _)| !matches!(step, Step::Literal(_)))
                {
                    self.step(&step_left, &step_right, next_left, next_right, cover);
                }
            } else {
                for (step_right, next_right) in self.steps(right) {
                    self.step(&step_left, &step_right, next_left, next_right, cover);
                }
            }
        }
    }

    /// Descends from one node: each child with itself, and children of different kinds with each
    /// other.
    fn children_of_one(&mut self, position: Position) {
        let cover = Cover { left: true, right: true };
        let steps = self.steps(position);
        let literals = steps.iter().take_while(|(step, _)| matches!(step, Step::Literal(_))).count();
        for (index, (step, next)) in steps.iter().enumerate() {
            self.step(step, step, *next, *next, cover);
            // Two different literals never match the same segment.
            for (other, next_other) in steps.iter().skip(literals.max(index + 1)) {
                self.step(step, other, *next, *next_other, cover);
            }
        }
    }

    fn steps(&self, position: Position) -> Vec<(Step<'a>, Position)> {
        let Some(node) = self.node(position) else { return Vec::new() };
        if let Position::Rest(_) = position {
            return [(Step::Rest, position)].into();
        }
        let Position::Node(index) = position else { return Vec::new() };
        let mut steps: Vec<(Step<'a>, Position)> = node
            .literals
            .iter()
            .map(|(text, &child)| (Step::Literal(text.as_str()), Position::Node(child)))
            .chain(node.affixes.iter().map(|affix| (Step::Affix(affix), Position::Node(affix.child))))
            .collect();
        steps.extend(node.parameter.map(|child| (Step::Parameter, Position::Node(child))));
        if !node.rest.is_empty() {
            steps.push((Step::Rest, Position::Rest(index)));
        }
        steps
    }

    fn step(&mut self, left: &Step<'_>, right: &Step<'_>, next_left: Position, next_right: Position, cover: Cover) {
        let Some(segment) = self.common(left, right) else { return };
        let cover = Cover { left: cover.left && covers(left, right), right: cover.right && covers(right, left) };
        self.witness.push(segment);
        self.visit(next_left, next_right, cover);
        self.witness.pop();
    }

    /// A segment that fits both steps.
    fn common(&self, left: &Step<'_>, right: &Step<'_>) -> Option<String> {
        let affixed = |affix: &Affix| alloc::format!("{}{}{}", affix.prefix, self.neutral, affix.suffix);
        match (left, right) {
            (Step::Literal(a), Step::Literal(b)) => (a == b).then(|| String::from(*a)),
            (Step::Literal(text), Step::Affix(affix)) | (Step::Affix(affix), Step::Literal(text)) => {
                affix.fits(text).then(|| String::from(*text))
            }
            (Step::Literal(text), _) | (_, Step::Literal(text)) => Some(String::from(*text)),
            (Step::Affix(a), Step::Affix(b)) => {
                let prefix = if a.prefix.len() >= b.prefix.len() { &a.prefix } else { &b.prefix };
                let suffix = if a.suffix.len() >= b.suffix.len() { &a.suffix } else { &b.suffix };
                // Checked before a text is allocated, because there may be many affixes at one
                // node.
                let both = prefix.starts_with(&a.prefix) && prefix.starts_with(&b.prefix);
                let both = both && suffix.ends_with(&a.suffix) && suffix.ends_with(&b.suffix);
                both.then(|| alloc::format!("{prefix}{}{suffix}", self.neutral))
            }
            (Step::Affix(affix), _) | (_, Step::Affix(affix)) => Some(affixed(affix)),
            _ => Some(self.neutral.clone()),
        }
    }

    fn compare(&mut self, left: Position, right: Position, cover: Cover) {
        if cover.left || cover.right {
            return;
        }
        let (Some(a), Some(b)) = (self.node(left), self.node(right)) else { return };
        let accept = |position: Position, node: &'a Node| match position {
            Position::Node(_) => &node.accept,
            Position::Rest(_) => &node.rest,
        };
        // The witness may have more segments only if both routes end in `{*rest}`.
        let longest = if matches!((left, right), (Position::Rest(_), Position::Rest(_))) { 2 } else { 0 };
        self.pair(accept(left, a), accept(right, b), "", longest);
        if let (Position::Node(_), Position::Node(_)) = (left, right) {
            self.pair(&a.accept_slash, &b.accept_slash, "/", 0);
        }
    }

    fn pair(&mut self, left: &[(usize, u16)], right: &[(usize, u16)], ending: &str, longest: usize) {
        for &(column, first) in left {
            for &(_, second) in right.iter().filter(|(other, _)| *other == column) {
                let (a, b) = (Route::new(self.catalogue, RouteId(first)), Route::new(self.catalogue, RouteId(second)));
                if first == second || self.demands.of_route(first) == self.demands.of_route(second) {
                    continue;
                }
                let (winner, loser) = if self.wins(first, second) { (a, b) } else { (b, a) };
                let Some(witness) = self.won_by(winner, ending, longest) else { continue };
                self.found.push(Overlap {
                    method: a.method().into(),
                    winner: winner.template(),
                    loser: loser.template(),
                    witness,
                    winner_needs: needs(self.catalogue, winner),
                    loser_needs: needs(self.catalogue, loser),
                    opens: matches!(winner.access(), Access::Public(_)) && loser.access().needs_grant(),
                });
            }
        }
    }

    /// A path that both routes match and that `winner` wins. `None` if a third route wins every
    /// such path: then no client can send a request on which the two conflict.
    fn won_by(&self, winner: Route<'_>, ending: &str, longest: usize) -> Option<String> {
        let mut path = String::from(self.catalogue.base());
        for segment in &self.witness {
            path.push('/');
            path.push_str(segment);
        }
        // A third route may win the shortest path, but not a longer one.
        (0..=longest).find_map(|more| {
            let witness = alloc::format!("{path}{}{ending}", alloc::format!("/{}", self.neutral).repeat(more));
            let found = self.catalogue.at(winner.method(), witness.as_bytes()).ok()?;
            (found.route() == winner).then_some(witness)
        })
    }

    fn wins(&self, first: u16, second: u16) -> bool {
        let specificity = |route: u16| self.templates.get(usize::from(route)).map(Template::specificity);
        specificity(first) < specificity(second)
    }
}

/// Whether every segment that fits `inner` fits `outer`.
fn covers(outer: &Step<'_>, inner: &Step<'_>) -> bool {
    match (outer, inner) {
        (Step::Rest, _) => true,
        (_, Step::Rest) => false,
        (Step::Parameter, _) => true,
        (_, Step::Parameter) => false,
        (Step::Affix(outer), Step::Affix(inner)) => {
            inner.prefix.starts_with(&outer.prefix) && inner.suffix.ends_with(&outer.suffix)
        }
        (Step::Affix(_), Step::Literal(_)) => true,
        (Step::Literal(_), Step::Affix(_)) => false,
        (Step::Literal(outer), Step::Literal(inner)) => outer == inner,
    }
}

/// The demand of a route, in words.
fn needs(catalogue: &UntypedCatalogue, route: Route<'_>) -> String {
    match route.access() {
        Access::Public(_) => return "no credentials".into(),
        Access::Authenticated(_) => return "a grant".into(),
        Access::External(_) => return "a check outside of the catalogue".into(),
        Access::Scoped => {}
    }
    let name = |id| catalogue.scope(id).map_or("", ScopeInfo::name);
    let terms: Vec<String> =
        route.requirement().iter().map(|term| term.ids().map(name).collect::<Vec<_>>().join(" and ")).collect();
    // With a comma where readers could not tell `and` from `or`.
    terms.join(if route.requirement().iter().any(|term| term.len() > 1) { ", or " } else { " or " })
}

/// The kind of access, and the scopes of each alternative.
type DemandKey = (u8, Vec<Vec<ScopeId>>);

fn demand(route: Route<'_>) -> DemandKey {
    let kind = match route.access() {
        Access::Scoped => 0,
        Access::Public(_) => 1,
        Access::Authenticated(_) => 2,
        Access::External(_) => 3,
    };
    (kind, route.requirement().iter().map(|term| term.ids().collect()).collect())
}
