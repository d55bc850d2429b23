//! The tries of both catalogues, over whole paths with their bases. Equal subtrees have one number.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use scopes_core::template::{Piece, pieces};

use super::demand::Demands;
use super::names::Interner;

/// A node, or the routes that end in its `{*rest}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Position {
    Node(u32),
    Rest(u32),
}

/// The routes that end at one place: the number of the method, and the route.
pub(super) type Row = Vec<(u32, u16)>;

#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) literals: BTreeMap<String, u32>,
    /// In the order of precedence.
    pub(super) affixes: Vec<Affix>,
    pub(super) parameter: Option<u32>,
    pub(super) accept: Row,
    pub(super) accept_slash: Row,
    pub(super) rest: Row,
}

#[derive(Debug)]
pub(super) struct Affix {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) child: u32,
}

impl Affix {
    pub(super) fn fits(&self, segment: &str) -> bool {
        segment.len() > self.prefix.len() + self.suffix.len()
            && segment.starts_with(&*self.prefix)
            && segment.ends_with(&*self.suffix)
    }
}

#[derive(Debug)]
pub(super) struct Trie {
    pub(super) nodes: Vec<Node>,
    /// For each node, the number of its subtree, and the number of its `{*rest}` alone.
    numbers: Vec<(u32, u32)>,
}

/// Everything of a node on which the verdicts below it depend.
type Subtree = (Vec<(Row32, String, String, u32)>, [Row32; 3]);
/// Methods and the numbers of demands.
type Row32 = Vec<(u32, u32)>;

/// Gives equal subtrees one number, in both tries.
#[derive(Default)]
pub(super) struct Subtrees(HashMap<Subtree, u32>);

impl Trie {
    pub(super) fn of(demands: &Demands<'_>, methods: &mut Interner<String>, subtrees: &mut Subtrees) -> Self {
        let mut trie = Self { nodes: vec![Node::default()], numbers: Vec::new() };
        for route in demands.catalogue.routes() {
            let method = methods.number(route.method().to_owned());
            trie.add(&route.template(), (method, route.id().index() as u16));
        }
        for node in &mut trie.nodes {
            let rank = |affix: &Affix| {
                let (prefix, suffix) = (affix.prefix.clone(), affix.suffix.clone());
                (Reverse(prefix.len() + suffix.len()), Reverse(prefix.len()), prefix, suffix)
            };
            node.affixes.sort_by_key(rank);
        }
        trie.number(demands, subtrees);
        trie
    }

    fn add(&mut self, template: &str, accepted: (u32, u16)) {
        let mut at = 0_usize;
        for piece in pieces(template) {
            let new = self.nodes.len() as u32;
            let Some(node) = self.nodes.get_mut(at) else { return };
            let child = match piece {
                Piece::Literal("") => return node.accept_slash.push(accepted),
                Piece::Rest(_) => return node.rest.push(accepted),
                Piece::Literal(text) => *node.literals.entry(text.to_owned()).or_insert(new),
                Piece::Parameter { prefix: "", suffix: "", .. } => *node.parameter.get_or_insert(new),
                Piece::Parameter { prefix, suffix, .. } => {
                    match node.affixes.iter().find(|affix| affix.prefix == prefix && affix.suffix == suffix) {
                        Some(affix) => affix.child,
                        None => {
                            let affix = Affix { prefix: prefix.to_owned(), suffix: suffix.to_owned(), child: new };
                            node.affixes.push(affix);
                            new
                        }
                    }
                }
            };
            if child == new {
                self.nodes.push(Node::default());
            }
            at = child as usize;
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.accept.push(accepted);
        }
    }

    /// A child comes after its parent.
    fn number(&mut self, demands: &Demands<'_>, subtrees: &mut Subtrees) {
        let mut numbers = vec![(0, 0); self.nodes.len()];
        let row = |row: &Row| {
            let number = |route: u16| demands.numbers.get(usize::from(route)).copied().unwrap_or(u32::MAX);
            let mut row: Row32 = row.iter().map(|&(method, route)| (method, number(route))).collect();
            row.sort_unstable();
            row
        };
        for (index, node) in self.nodes.iter().enumerate().rev() {
            let of = |child: u32| numbers.get(child as usize).map_or(u32::MAX, |&(number, _): &(u32, u32)| number);
            let literals =
                node.literals.iter().map(|(text, &child)| (Vec::new(), text.clone(), String::new(), of(child)));
            let affixes = node
                .affixes
                .iter()
                .map(|affix| (vec![(1, 0)], affix.prefix.clone(), affix.suffix.clone(), of(affix.child)));
            let parameter = node.parameter.map(|child| (vec![(2, 0)], String::new(), String::new(), of(child)));
            let children = literals.chain(affixes).chain(parameter).collect();
            let rest = row(&node.rest);
            let whole = subtrees.number((children, [row(&node.accept), row(&node.accept_slash), rest.clone()]));
            let rest = subtrees.number((Vec::new(), [Vec::new(), vec![(u32::MAX, 0)], rest]));
            if let Some(entry) = numbers.get_mut(index) {
                *entry = (whole, rest);
            }
        }
        self.numbers = numbers;
    }

    /// The number of everything that may follow a position.
    pub(super) fn subtree(&self, position: Position) -> u32 {
        let of = |node: u32| self.numbers.get(node as usize).copied().unwrap_or_default();
        match position {
            Position::Node(node) => of(node).0,
            Position::Rest(node) => of(node).1,
        }
    }

    pub(super) fn node(&self, position: Position) -> Option<&Node> {
        match position {
            Position::Node(node) => self.nodes.get(node as usize),
            Position::Rest(_) => None,
        }
    }

    /// The positions after one more segment, in the order of precedence.
    pub(super) fn step(&self, positions: &[Position], segment: &str) -> Vec<Position> {
        let mut next = Vec::with_capacity(positions.len() + 1);
        for &position in positions {
            let Some(node) = self.node(position) else {
                next.push(position);
                continue;
            };
            next.extend(node.literals.get(segment).map(|&child| Position::Node(child)));
            let fitting = node.affixes.iter().filter(|affix| affix.fits(segment));
            next.extend(fitting.map(|affix| Position::Node(affix.child)));
            next.extend(node.parameter.map(Position::Node));
            if let (Position::Node(index), false) = (position, node.rest.is_empty()) {
                next.push(Position::Rest(index));
            }
        }
        next
    }

    /// The route that answers a path that ends here. `methods` are the request's method and its
    /// fallback, if it has one: `GET` for `HEAD`.
    pub(super) fn winner(&self, positions: &[Position], methods: &[u32], slash: bool) -> Option<u16> {
        positions
            .iter()
            .find_map(|&position| {
                let row = match position {
                    Position::Node(node) => {
                        let node = self.nodes.get(node as usize)?;
                        if slash { &node.accept_slash } else { &node.accept }
                    }
                    Position::Rest(_) if slash => return None,
                    Position::Rest(node) => &self.nodes.get(node as usize)?.rest,
                };
                methods.iter().find_map(|method| row.iter().find(|(of_route, _)| of_route == method))
            })
            .map(|&(_, route)| route)
    }
}

impl Subtrees {
    fn number(&mut self, subtree: Subtree) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(subtree).or_insert(next)
    }
}
