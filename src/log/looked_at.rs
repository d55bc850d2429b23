//! Remembers which templates of a router were checked, so that each is checked only once.

use std::iter;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The greatest number of pairs. A router with more templates has more routes than most catalogues.
const MOST: usize = 1024;

/// The number of slots in which a key may be.
const LONGEST_SEARCH: usize = 32;

/// The number of recent pairs, which are found by the addresses of their texts, two in a bucket. A
/// power of two.
const RECENT: usize = 512;

/// Pairs of a method and a template.
///
/// Every request asks it, so it does not have a lock. If the texts of a pair have the same
/// addresses as the last time, it finds the pair without reading them.
pub(super) struct LookedAt {
    recent: [AtomicU64; RECENT],
    /// The hashes of all pairs; 0 is a free slot. Half of the slots stay free, so that searches are
    /// short.
    known: OnceLock<Box<[AtomicU64]>>,
}

impl Default for LookedAt {
    fn default() -> Self {
        Self { recent: [const { AtomicU64::new(0) }; RECENT], known: OnceLock::new() }
    }
}

impl LookedAt {
    /// Whether this pair was added.
    #[inline]
    pub(super) fn contains(&self, method: &str, template: &str) -> bool {
        let place = place(method, template);
        let [first, second] = self.bucket(place);
        first.load(Ordering::Relaxed) == place
            || second.load(Ordering::Relaxed) == place
            || self.contains_elsewhere(place, [method, template])
    }

    #[cold]
    fn contains_elsewhere(&self, place: u64, texts: [&str; 2]) -> bool {
        let key = key(texts);
        let found = |slot: &AtomicU64| slot.load(Ordering::Relaxed);
        let is_known = self.slots(key).map(found).take_while(|&found| found != 0).any(|found| found == key);
        if is_known {
            self.note(place);
        }
        is_known
    }

    /// Adds a pair, and returns whether it is new. A router has a bounded number of templates. If
    /// there are more than [`MOST`], this may return `false` for further ones.
    pub(super) fn add(&self, method: &str, template: &str) -> bool {
        if self.contains(method, template) {
            return false;
        }
        let key = key([method, template]);
        self.note(place(method, template));
        for slot in self.slots(key) {
            match slot.compare_exchange(0, key, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return true,
                Err(found) if found == key => return false,
                Err(_) => {}
            }
        }
        false
    }

    /// The slots in which a key can be.
    fn slots(&self, key: u64) -> impl Iterator<Item = &AtomicU64> {
        let known = self.known.get_or_init(|| iter::repeat_with(AtomicU64::default).take(2 * MOST).collect());
        let start = key as usize % known.len();
        known[start..].iter().chain(&known[..start]).take(LONGEST_SEARCH)
    }

    fn note(&self, place: u64) {
        let [first, second] = self.bucket(place);
        let free = if first.load(Ordering::Relaxed) == 0 { first } else { second };
        free.store(place, Ordering::Relaxed);
    }

    #[inline]
    fn bucket(&self, place: u64) -> [&AtomicU64; 2] {
        // The upper bits of a product depend on most bits of its factors.
        let start = (place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize % (RECENT / 2) * 2;
        [&self.recent[start], &self.recent[start | 1]]
    }
}

/// The addresses of two texts as one number. The texts of standard methods and of a router's
/// templates do not move.
#[inline]
fn place(method: &str, template: &str) -> u64 {
    method.as_ptr() as u64 ^ (template.as_ptr() as u64).rotate_left(32)
}

/// A hash of two texts that is not 0.
fn key(texts: [&str; 2]) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    texts.hash(&mut hasher);
    hasher.finish().max(1)
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
            assert!(!looked_at.contains(method, template), "{method} {template}");
            assert!(looked_at.add(method, template), "{method} {template}");
            assert!(looked_at.contains(method, template), "{method} {template}");
        }
        for (method, template) in pairs {
            let elsewhere = template.to_owned();
            assert!(looked_at.contains(method, &elsewhere) && looked_at.contains(method, &elsewhere));
        }
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
