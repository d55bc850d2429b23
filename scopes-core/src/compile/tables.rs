//! The automaton as tables of numbers, with hashed literals.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::automaton::{Automaton, State};
use super::pools::TextPool;
use super::readings;
use super::slots::{Hash, first_word, last_word};
use super::trie::{Accept, Trie};
use crate::layout::AffixFields;
use crate::matcher::{
    CommonPrefix, DEAD_END, LITERALS, LONG, MAX_SEGMENTS, MORE, NO_AFFIX, NO_NODE, NO_RARE_FIELDS, NO_ROUTE, NO_ROW,
    Node, RareFields, SLASHED, Tables,
};
use crate::method;

/// The state that an empty slot leads to.
pub(super) const NO_STATE: u32 = u32::MAX;

/// The columns of a row: one for each method.
pub(super) struct Columns {
    count: usize,
    /// Pairs of columns: a method and its fallback.
    fallbacks: Vec<(usize, usize)>,
}

impl Columns {
    pub(super) fn of<'m>(methods: &(impl ExactSizeIterator<Item = &'m str> + Clone)) -> Self {
        let column = |name: &str| methods.clone().position(|method| method == name);
        let with_fallback = methods.clone().enumerate();
        let fallbacks = with_fallback.filter_map(|(at, method)| Some((at, column(method::fallback(method)?)?)));
        Self { count: methods.len(), fallbacks: fallbacks.collect() }
    }
}

pub(super) struct Writer<'p> {
    pub(super) pool: &'p mut TextPool,
    columns: &'p Columns,
    pub(super) nodes: Vec<Node>,
    /// For each node, its state.
    pub(super) states: Vec<u32>,
    /// For each state, one of its nodes.
    homes: Vec<u32>,
    affixes: Vec<[u64; 3]>,
    rare_fields: Vec<RareFields>,
    rare_field_ids: BTreeMap<RareFields, u32>,
    rows: Vec<u16>,
    row_ids: BTreeMap<Vec<u16>, u32>,
}

/// Writes the tables; `None` if 16-bit links are not enough.
pub(super) fn write(automaton: &Automaton, trie: &Trie, columns: &Columns, pool: &mut TextPool) -> Option<Tables> {
    let mut writer = Writer {
        pool,
        columns,
        nodes: Vec::from([Node::EMPTY]),
        states: Vec::from([0]),
        homes: alloc::vec![NO_NODE; automaton.states.len()],
        affixes: Vec::new(),
        rare_fields: Vec::from([NO_RARE_FIELDS]),
        rare_field_ids: BTreeMap::from([(NO_RARE_FIELDS, 0)]),
        rows: Vec::new(),
        row_ids: BTreeMap::new(),
    };
    let weights = weights(automaton);
    let hashes: Vec<Hash> = automaton.states.iter().map(|state| writer.literals(&state.literals, &weights)).collect();
    writer.find_homes();
    let mut contents = Vec::with_capacity(hashes.len());
    for (state, hash) in automaton.states.iter().zip(hashes) {
        contents.push(writer.contents(state, hash)?);
    }
    for index in 0..writer.nodes.len() {
        let Some(contents) = contents.get(writer.states[index] as usize) else { continue };
        writer.fill(index, contents);
    }
    writer.defer(automaton, &weights);
    let common_prefix = writer.common_prefix(automaton).unwrap_or(CommonPrefix::NONE);
    let readings = readings::write(trie, &mut writer)?;
    let (nodes, trie) = if automaton.merged { (writer.nodes, Vec::new()) } else { (Vec::new(), writer.nodes) };
    Some(Tables {
        nodes: Cow::Owned(nodes),
        trie: Cow::Owned(trie),
        rare_fields: Cow::Owned(writer.rare_fields),
        affixes: Cow::Owned(writer.affixes),
        rows: Cow::Owned(writer.rows),
        common_prefix,
        readings,
    })
}

impl Writer<'_> {
    /// Finds a node for each state. A state that no literal leads to gets a node of its own; a
    /// state that several literals lead to has several nodes.
    fn find_homes(&mut self) {
        for (node, state) in self.states.iter().enumerate() {
            if let Some(home) = self.homes.get_mut(*state as usize)
                && *home == NO_NODE
            {
                *home = node as u32;
            }
        }
        for (state, home) in self.homes.iter_mut().enumerate() {
            if *home == NO_NODE {
                *home = self.nodes.len() as u32;
                self.nodes.push(Node::EMPTY);
                self.states.push(state as u32);
            }
        }
    }

    /// The literal of the root that leads to the most states, if a parameter follows it and it
    /// leads to at least a third of all states.
    fn common_prefix(&self, automaton: &Automaton) -> Option<CommonPrefix> {
        let root = automaton.states.first()?;
        let mut seen = alloc::vec![false; automaton.states.len()];
        let sizes = root.literals.iter().map(|literal| (size(automaton, literal.1, &mut seen), literal));
        let (size, (text, state)) = sizes.max_by_key(|(size, _)| *size)?;
        let behind = automaton.states.get(*state as usize)?;
        let fits =
            matches!(text.len(), 6..=14) && behind.affixes.is_empty() && behind.literals.is_empty() && automaton.merged;
        let other = behind.other.filter(|_| fits && size * 3 >= automaton.states.len())?;
        let closed = ["/", text, "/"].concat();
        Some(CommonPrefix {
            words: [first_word(&closed), last_word(&closed)],
            last: closed.len() as u32 - 8,
            nodes: [*self.nodes.get(self.home(*state) as usize)?, *self.nodes.get(self.home(other) as usize)?],
        })
    }

    pub(super) fn home(&self, state: u32) -> u32 {
        self.homes.get(state as usize).copied().unwrap_or(NO_NODE)
    }

    /// The fields that all nodes of a state share, and their rare fields: everything except the
    /// literal.
    fn contents(&mut self, state: &State, hash: Hash) -> Option<(Node, RareFields)> {
        let (accept, accept_slash) = (self.row(&state.accept)?, self.row(&state.accept_slash)?);
        let affix = self.affixes_of(state)?;
        // If there are affixes, the node for any other segment is the last entry among them.
        let other = if state.affixes.is_empty() { state.other } else { None };
        let other = other.map_or(NO_NODE, |state| self.home(state));
        let mut node = Node::EMPTY;
        (node.multiplier, node.slots, node.shift) = (hash.multiplier, hash.first, hash.shift);
        (node.other, node.accept) = (other, accept);
        node.flags = if affix == NO_AFFIX && other == NO_NODE { DEAD_END } else { 0 }
            | if accept_slash == NO_ROW { 0 } else { SLASHED }
            | if hash.shift == 0 { 0 } else { LITERALS };
        Some((node, [accept_slash, u32::from(affix), 0, 0]))
    }

    /// Copies the fields that all nodes of a state share into one of its nodes.
    fn fill(&mut self, index: usize, (contents, rare): &(Node, RareFields)) {
        let node = &mut self.nodes[index];
        let own = self.rare_fields[node.rare as usize];
        let rare = [rare[0], rare[1], own[2], own[3]];
        let Node { multiplier, slots, shift, other, accept, flags, .. } = *contents;
        let flags = node.flags & (LONG | MORE) | flags;
        *node = Node { multiplier, slots, shift, other, accept, flags, ..*node };
        self.nodes[index].rare = self.rare(rare);
    }

    /// Rare fields for a node that no literal leads to.
    pub(super) fn without_literal(&mut self, rare: u32) -> u32 {
        let [accept_slash, affix, ..] = self.rare_fields.get(rare as usize).copied().unwrap_or(NO_RARE_FIELDS);
        self.rare([accept_slash, affix, 0, 0])
    }

    pub(super) fn rare(&mut self, rare: RareFields) -> u32 {
        let (rare_fields, next) = (&mut self.rare_fields, self.rare_field_ids.len() as u32);
        *self.rare_field_ids.entry(rare).or_insert_with(|| {
            rare_fields.push(rare);
            next
        })
    }

    /// The best route for each method. A method with a fallback (`HEAD`) takes the most specific
    /// template of both methods. If both have the same template, its own route wins.
    pub(super) fn row(&mut self, accepts: &[Accept]) -> Option<u32> {
        if accepts.iter().all(Vec::is_empty) {
            return Some(NO_ROW);
        }
        let mut row = alloc::vec![NO_ROUTE; self.columns.count];
        let mut claim = |column: usize, route: u16| match row.get_mut(column) {
            Some(slot) if *slot == NO_ROUTE => *slot = route,
            _ => {}
        };
        for accept in accepts {
            for &(column, route) in accept {
                claim(column, route);
            }
            for &(method, fallback) in &self.columns.fallbacks {
                if let Some(&(_, route)) = accept.iter().find(|(column, _)| *column == fallback) {
                    claim(method, route);
                }
            }
        }
        if let Some(&id) = self.row_ids.get(&row) {
            return Some(id);
        }
        for columns in row.chunks(16) {
            let bits = columns.iter().enumerate().filter(|&(_, &route)| route != NO_ROUTE);
            self.rows.push(bits.fold(0, |set, (column, _)| set | 1 << column));
        }
        let id = u32::try_from(self.rows.len()).ok().filter(|id| *id != NO_ROW)?;
        self.rows.extend_from_slice(&row);
        self.row_ids.insert(row, id);
        Some(id)
    }

    fn affixes_of(&mut self, state: &State) -> Option<u16> {
        let rest = self.row(&state.rest)?;
        if state.affixes.is_empty() && rest == NO_ROW {
            return Some(NO_AFFIX);
        }
        let first = u16::try_from(self.affixes.len()).ok().filter(|first| *first != NO_AFFIX)?;
        let mut group = Vec::new();
        for affix in &state.affixes {
            let (prefix, suffix) = (self.pool.add(&affix.prefix), self.pool.add(&affix.suffix));
            // A template has at most `MAX_LENGTH` bytes.
            let (next, shortest) = (self.home(affix.next), affix.shortest as u16);
            group.push(AffixFields { prefix, suffix, next, shortest, is_rest: false, is_last: false });
        }
        if !state.affixes.is_empty()
            && let Some(other) = state.other
        {
            let next = self.home(other);
            group.push(AffixFields { prefix: 0, suffix: 0, next, shortest: 1, is_rest: false, is_last: false });
        }
        if rest != NO_ROW {
            group.push(AffixFields { prefix: 0, suffix: 0, next: rest, shortest: 0, is_rest: true, is_last: false });
        }
        if let Some(last) = group.last_mut() {
            last.is_last = true;
        }
        self.affixes.extend(group.iter().map(AffixFields::pack));
        Some(first)
    }
}

impl State {
    /// The states that one segment can lead to.
    fn next(&self) -> impl Iterator<Item = u32> {
        let literals = self.literals.iter().map(|(_, next)| *next);
        literals.chain(self.affixes.iter().map(|affix| affix.next)).chain(self.other)
    }
}

/// The approximate number of states that each state leads to. A state that several states lead to
/// counts several times. States beyond the longest template (after a `{*rest}`) do not count.
fn weights(automaton: &Automaton) -> Vec<u32> {
    fn weigh(automaton: &Automaton, state: u32, depth: usize, weights: &mut [u32]) -> u32 {
        let (Some(known), Some(weight)) = (automaton.states.get(state as usize), weights.get_mut(state as usize))
        else {
            return 0;
        };
        if *weight != 0 || depth > MAX_SEGMENTS {
            return *weight;
        }
        *weight = 1;
        let sum = known.next().fold(1_u32, |sum, next| sum.saturating_add(weigh(automaton, next, depth + 1, weights)));
        weights[state as usize] = sum;
        sum
    }
    let mut weights = alloc::vec![0; automaton.states.len()];
    weigh(automaton, 0, 0, &mut weights);
    weights
}

/// The number of states that can be reached from a state and were not seen before.
fn size(automaton: &Automaton, state: u32, seen: &mut [bool]) -> usize {
    let (mut waiting, mut size) = (Vec::from([state]), 0);
    while let Some(state) = waiting.pop() {
        let Some(known) = seen.get_mut(state as usize).filter(|known| !**known) else { continue };
        *known = true;
        size += 1;
        let Some(state) = automaton.states.get(state as usize) else { continue };
        waiting.extend(state.next());
    }
    size
}
