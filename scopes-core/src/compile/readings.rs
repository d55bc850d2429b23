//! Writes the trie as the tables of [`Readings`].

use alloc::borrow::Cow;
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::tables::Writer;
use super::trie::{Node, Trie};
use crate::layout::pair;
use crate::matcher::NO_NODE;
use crate::readings::Readings;

/// Writes the tables; `None` if there are too many rows to number.
pub(super) fn write(trie: &Trie, writer: &mut Writer<'_>) -> Option<Readings> {
    let (mut nodes, mut literals, mut texts) = (Vec::new(), Vec::new(), Vec::new());
    for node in &trie.nodes {
        let first_literal = literals.len() as u32;
        literals.extend(node.literals.iter().map(|(text, &next)| [writer.pool.add(text), u64::from(next)]));
        let first_text = texts.len() as u32;
        for affix in &node.affixes {
            let text = [&affix.prefix, &affix.suffix].map(|text| writer.pool.add(text));
            texts.push([text[0], text[1], u64::from(affix.child)]);
        }
        let rows = [&node.accept, &node.accept_slash, &node.rest];
        let [accept, slash, rest] = rows.map(|routes| writer.row(core::slice::from_ref(routes)));
        nodes.push([
            pair(first_literal, node.literals.len() as u32),
            pair(first_text, node.affixes.len() as u32),
            pair(node.parameter.unwrap_or(NO_NODE), accept?),
            pair(slash?, rest?),
        ]);
    }
    let empty_values: BTreeSet<String> = affixes(trie).map(|(prefix, suffix)| [prefix, suffix].concat()).collect();
    Some(Readings {
        nodes: Cow::Owned(nodes),
        literals: Cow::Owned(literals),
        texts: Cow::Owned(texts),
        bytes: bytes(trie),
        literal_is_text: literals_of(trie).any(|literal| empty_values.contains(literal)),
        text_ends_escape: affixes(trie).any(|(_, suffix)| suffix.starts_with(|first: char| first.is_ascii_hexdigit())),
        has_rest: trie.nodes.iter().any(|node| !node.rest.is_empty()),
    })
}

fn literals_of(trie: &Trie) -> impl Iterator<Item = &String> {
    trie.nodes.iter().flat_map(|node: &Node| node.literals.keys())
}

fn affixes(trie: &Trie) -> impl Iterator<Item = (&str, &str)> {
    trie.nodes.iter().flat_map(|node| &node.affixes).map(|affix| (affix.prefix.as_str(), affix.suffix.as_str()))
}

/// The bytes that occur in literals and in text around parameters, one bit each.
fn bytes(trie: &Trie) -> [u64; 4] {
    let mut set = [0; 4];
    let texts = affixes(trie).flat_map(|(prefix, suffix)| [prefix, suffix]);
    for byte in literals_of(trie).map(String::as_str).chain(texts).flat_map(str::bytes) {
        set[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    set
}
