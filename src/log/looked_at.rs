//! Remembers which templates of a router were checked, so that each is checked only once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The greatest number of pairs. A router with more templates has more routes than most catalogues.
const MOST: usize = 1024;

/// The number of slots in which a key may be.
const LONGEST_SEARCH: usize = 32;

/// Triples of a catalogue, a method and a template.
///
/// Each answer of an unguarded handler asks it, so it does not have a lock. It keeps only a hash of
/// each triple: of the texts, and not of their addresses, because some routers build the template
/// for each request.
#[derive(Default)]
pub(super) struct LookedAt {
    /// The hashes; 0 is a free slot. Half of the slots stay free, so that searches are short.
    known: OnceLock<Box<[AtomicU64; 2 * MOST]>>,
}

impl LookedAt {
    /// Whether these texts were added.
    pub(super) fn contains(&self, texts: [&str; 3]) -> bool {
        let Some(known) = self.known.get() else { return false };
        let key = key(texts);
        slots(known, key)
            .map(|slot| slot.load(Ordering::Relaxed))
            .take_while(|&found| found != 0)
            .any(|found| found == key)
    }

    /// Adds these texts. A router has a bounded number of templates. If there are more than
    /// [`MOST`], further ones may be left out.
    pub(super) fn add(&self, texts: [&str; 3]) {
        let known = self.known.get_or_init(|| Box::new([const { AtomicU64::new(0) }; 2 * MOST]));
        let key = key(texts);
        for slot in slots(known, key) {
            match slot.compare_exchange(0, key, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return,
                Err(found) if found == key => return,
                Err(_) => {}
            }
        }
    }
}

/// The slots in which a key can be.
#[inline]
fn slots(known: &[AtomicU64; 2 * MOST], key: u64) -> impl Iterator<Item = &AtomicU64> {
    // The upper bits of a product depend on most bits of its factors.
    let start = (key >> 32) as usize % known.len();
    known[start..].iter().chain(&known[..start]).take(LONGEST_SEARCH)
}

/// A hash of the texts that is not 0. Templates are the router's, so that no client can choose
/// texts with equal hashes.
#[inline]
fn key(texts: [&str; 3]) -> u64 {
    texts.iter().fold(0, |hash, text| hashed(hash, text.as_bytes())).max(1)
}

/// Adds a text to a hash, eight bytes at a time.
#[inline]
fn hashed(hash: u64, text: &[u8]) -> u64 {
    let add = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (words, rest) = text.as_chunks::<8>();
    let hash = words.iter().fold(hash, |hash, word| add(hash, u64::from_le_bytes(*word)));
    let last = rest.iter().fold(text.len() as u64, |word, &byte| word << 8 | u64::from(byte));
    add(hash, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_new_once() {
        let looked_at = LookedAt::default();
        for number in 0..MOST {
            let template = format!("/users/{{id}}/things/{number}");
            assert!(!looked_at.contains(["api", "GET", &template]), "{template}");
            looked_at.add(["api", "GET", &template]);
            assert!(looked_at.contains(["api", "GET", &template]), "{template}");
        }
    }

    #[test]
    fn what_was_added_is_found() {
        let looked_at = LookedAt::default();
        let triples = [
            ["api", "GET", "/a"],
            ["api", "GET", "/b"],
            ["api", "POST", "/a"],
            ["other", "GET", "/a"],
            ["api", "GET", "/a\0"],
            ["api", "GET", ""],
            ["api", "", "GET"],
            ["", "api", "GET"],
        ];
        for texts in triples {
            assert!(!looked_at.contains(texts), "{texts:?}");
            looked_at.add(texts);
            looked_at.add(texts);
            assert!(looked_at.contains(texts), "{texts:?}");
        }
        assert!(triples.iter().all(|texts| looked_at.contains(*texts)));
    }

    /// A router may build each template at the address of an earlier one.
    #[test]
    fn another_text_at_the_same_address_is_new() {
        let looked_at = LookedAt::default();
        let mut template = "/users/{a}".to_owned();
        looked_at.add(["api", "GET", &template]);
        template.replace_range(8..9, "b");
        assert!(!looked_at.contains(["api", "GET", &template]));
    }

    /// If there are too many, further ones are left out after a short search.
    #[test]
    fn the_table_is_bounded() {
        let looked_at = LookedAt::default();
        let templates: Vec<_> = (0..4 * MOST).map(|number| format!("/{number}")).collect();
        templates.iter().for_each(|template| looked_at.add(["api", "GET", template]));
        let added = templates.iter().filter(|template| looked_at.contains(["api", "GET", template])).count();
        assert!((MOST..=2 * MOST).contains(&added), "{added}");
    }
}
