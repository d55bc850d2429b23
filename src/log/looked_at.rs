//! Remembers which templates of a router were checked, so that each is checked only once.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The greatest number of pairs. A router with more templates has more routes than most catalogues.
const MOST: usize = 1024;

/// The number of slots in which a key may be.
const LONGEST_SEARCH: usize = 32;

/// Pairs of a method and a template.
///
/// Each answer of an unguarded handler asks it, so it does not have a lock. It keeps only a hash of
/// each pair: of the texts, and not of their addresses, because some routers build the template for
/// each request.
#[derive(Default)]
pub(super) struct LookedAt {
    /// The hashes of all pairs; 0 is a free slot. Half of the slots stay free, so that searches are
    /// short.
    known: OnceLock<Box<[AtomicU64; 2 * MOST]>>,
}

impl LookedAt {
    /// Adds a pair, and returns whether it is new. A router has a bounded number of templates. If
    /// there are more than [`MOST`], this may return `false` for further ones.
    pub(super) fn add(&self, method: &str, template: &str) -> bool {
        let known = self.known.get_or_init(|| Box::new([const { AtomicU64::new(0) }; 2 * MOST]));
        let key = key(method, template);
        for slot in slots(known, key) {
            match slot.load(Ordering::Relaxed) {
                found if found == key => return false,
                0 => match slot.compare_exchange(0, key, Ordering::Relaxed, Ordering::Relaxed) {
                    Ok(_) => return true,
                    Err(found) if found == key => return false,
                    Err(_) => {}
                },
                _ => {}
            }
        }
        false
    }
}

/// The slots in which a key can be.
#[inline]
fn slots(known: &[AtomicU64; 2 * MOST], key: u64) -> impl Iterator<Item = &AtomicU64> {
    // The upper bits of a product depend on most bits of its factors.
    let start = (key >> 32) as usize;
    (start..start + LONGEST_SEARCH).map(|at| &known[at % known.len()])
}

/// A hash of two texts that is not 0. Templates are the router's, so that no client can choose
/// texts with equal hashes.
#[inline]
fn key(method: &str, template: &str) -> u64 {
    hashed(hashed(0, method.as_bytes()), template.as_bytes()).max(1)
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
        let templates: Vec<_> = (0..MOST).map(|number| format!("/users/{{id}}/things/{number}")).collect();
        for template in &templates {
            assert!(looked_at.add("GET", template), "{template}");
        }
        for template in &templates {
            assert!(!looked_at.add("GET", template), "{template}");
            // At another address.
            assert!(!looked_at.add("GET", &template.clone()), "{template}");
        }
    }

    #[test]
    fn what_was_added_is_found() {
        let looked_at = LookedAt::default();
        let pairs = [("GET", "/a"), ("GET", "/b"), ("POST", "/a"), ("GET", "/a\0"), ("GET", ""), ("", "GET")];
        for (method, template) in pairs {
            assert!(looked_at.add(method, template), "{method} {template}");
            assert!(!looked_at.add(method, template), "{method} {template}");
        }
        for (method, template) in pairs {
            let elsewhere = template.to_owned();
            assert!(!looked_at.add(method, &elsewhere), "{method} {template}");
        }
    }

    /// A router may build each template at the address of an earlier one.
    #[test]
    fn another_text_at_the_same_address_is_new() {
        let looked_at = LookedAt::default();
        let mut template = "/users/{a}".to_owned();
        assert!(looked_at.add("GET", &template));
        template.replace_range(8..9, "b");
        assert!(looked_at.add("GET", &template));
    }

    /// If there are too many pairs, it returns `false` after a short search.
    #[test]
    fn the_table_is_bounded() {
        let looked_at = LookedAt::default();
        let templates: Vec<_> = (0..4 * MOST).map(|number| format!("/{number}")).collect();
        let added = templates.iter().filter(|template| looked_at.add("GET", template)).count();
        assert!((MOST..=2 * MOST).contains(&added), "{added}");
    }
}
