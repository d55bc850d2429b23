//! The kinds of segments that a set of nodes can distinguish, with one text of each.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::trie::Node;

/// A text of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) text: String,
    /// The free part of the text, which may be replaced by any other that no template mentions.
    pub(super) free: Option<(usize, usize)>,
}

/// Words for free parts. None of them is a literal of a template.
pub(super) struct Words {
    literals: HashSet<String>,
}

/// The letters of the words, those that look like a placeholder first.
const LETTERS: &str = "xyzwvuqkjhgfbcdmnprstlaoeiXYZWVUQKJHGFBCDMNPRSTLAOEI0123456789_~!$'()*+,=@&-.:";

impl Words {
    pub(super) fn avoiding<'n>(nodes: impl Iterator<Item = &'n Node>) -> Self {
        Self { literals: nodes.flat_map(|node| node.literals.keys().cloned()).collect() }
    }

    /// A word without these characters. It is neither a literal nor one of the segments before.
    fn word(&self, without: &BTreeSet<char>, before: &[&Segment]) -> Option<String> {
        (1..=64).find_map(|length| {
            let mut words = LETTERS
                .chars()
                .filter(|letter| !without.contains(letter))
                .map(|letter| std::iter::repeat_n(letter, length).collect::<String>());
            words.find(|word| {
                let is_new = !before.iter().any(|segment| {
                    segment.text == *word
                        || segment.free.is_some_and(|(start, end)| segment.text.get(start..end) == Some(word))
                });
                is_new && !self.literals.contains(word) && word.chars().any(|letter| letter != '.')
            })
        })
    }

    /// One text for each kind of segment that these nodes distinguish. `None` if their texts leave
    /// no character for a word.
    ///
    /// Literals are kinds of their own. All other texts differ by the affixes that they fit. A long
    /// text fits every affix whose prefix it begins with and whose suffix it ends with, so one text
    /// for each pair of a prefix and a suffix is enough. In a short text, prefix and suffix overlap
    /// or touch. It may fit fewer affixes, so every short text is tried.
    pub(super) fn segments(&self, nodes: &[&Node], before: &[&Segment]) -> Option<Vec<Segment>> {
        let affixes = || nodes.iter().flat_map(|node| &node.affixes);
        let prefixes: BTreeSet<&str> = affixes().map(|affix| affix.prefix.as_str()).chain([""]).collect();
        let suffixes: BTreeSet<&str> = affixes().map(|affix| affix.suffix.as_str()).chain([""]).collect();
        let letters = prefixes.iter().chain(&suffixes).flat_map(|text| text.chars()).collect();
        let word = self.word(&letters, before)?;
        let is_literal = |text: &str| nodes.iter().any(|node| node.literals.contains_key(text));
        let mut found = Vec::new();
        let mut short = BTreeSet::new();
        for prefix in &prefixes {
            for suffix in &suffixes {
                let text = format!("{prefix}{word}{suffix}");
                // Only a text with affixes may be a literal of these nodes.
                if !is_literal(&text) {
                    found.push(Segment { text, free: Some((prefix.len(), prefix.len() + word.len())) });
                }
                short.extend(overlapping(prefix, suffix));
            }
        }
        let short = short.into_iter().filter(|text| !is_literal(text) && *text != "." && *text != "..");
        found.extend(short.map(|text| Segment { text, free: None }));
        let literals: BTreeMap<&str, ()> =
            nodes.iter().flat_map(|node| node.literals.keys()).map(|text| (text.as_str(), ())).collect();
        found.extend(literals.into_keys().map(|text| Segment { text: text.to_owned(), free: None }));
        Some(found)
    }
}

/// The texts that begin with the prefix, end with the suffix, and have no other character.
fn overlapping(prefix: &str, suffix: &str) -> impl Iterator<Item = String> {
    let longest = prefix.len().max(suffix.len()).max(1);
    (longest..=prefix.len() + suffix.len()).filter_map(move |length| {
        let shared = prefix.len() + suffix.len() - length;
        let text = format!("{prefix}{}", suffix.get(shared..)?);
        (text.ends_with(suffix) && text.starts_with(prefix)).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::overlapping;

    #[test]
    fn texts_without_a_middle() {
        for (prefix, suffix, expected) in [
            ("", "", &[][..]),
            ("a", "", &["a"]),
            ("a", "b", &["ab"]),
            ("ab", "ba", &["aba", "abba"]),
            ("aa", "aa", &["aa", "aaa", "aaaa"]),
            ("abc", "b", &["abcb"]),
        ] {
            assert_eq!(overlapping(prefix, suffix).collect::<Vec<_>>(), expected, "{prefix} {suffix}");
        }
    }
}
