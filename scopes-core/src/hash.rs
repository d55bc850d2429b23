//! Hashes of texts, which must be the same in the compiler and at run time.
//!
//! [`fnv`] is for short texts. [`build`] and [`candidate`] are a perfect hash: from a wire name to
//! its scope in one probe.
//!
//! The table of the perfect hash has the seed, the number of bits that choose the bucket, one
//! displacement for each bucket, and the slots. The number of slots is a power of two. A name's
//! hash chooses its bucket, and the bucket's displacement moves the name to a slot of its own. A
//! name that is not in the table is moved to some slot as well, so one comparison decides.

use alloc::vec;
use alloc::vec::Vec;

/// FNV-1a. It gives the same 64 bits at compile time and at run time. Callers fold them to fewer
/// bits.
pub(crate) fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// A slot without a scope.
const FREE: u16 = u16::MAX;

/// The number of seeds that are tried. Each seed fails for few catalogues, if any.
const SEEDS: u16 = 64;

/// The table of these names, which must be distinct. Empty if no seed works.
pub(crate) fn build<'n>(names: &(impl ExactSizeIterator<Item = &'n str> + Clone)) -> Vec<u16> {
    (0..SEEDS).find_map(|seed| with_seed(seed, names.clone())).unwrap_or_default()
}

/// The position of the only name that may be equal to this one.
#[inline]
pub(crate) fn candidate(table: &[u16], name: &[u8]) -> Option<u16> {
    let &[seed, bucket_bits, ref rest @ ..] = table else { return None };
    let hash = hash(seed, name);
    let (displacements, slots) = rest.split_at_checked(1 << (bucket_bits & 15))?;
    let displacement = *displacements.get(bucket(hash, bucket_bits))?;
    let found = *slots.get(slot(hash, displacement, slots.len()))?;
    (found != FREE).then_some(found)
}

fn with_seed<'n>(seed: u16, names: impl ExactSizeIterator<Item = &'n str>) -> Option<Vec<u16>> {
    let count = names.len();
    // At least a quarter of the slots is free, and a bucket has about two names, so a displacement
    // is found soon.
    let slots = (count + count / 3).next_power_of_two().max(2);
    let bucket_bits = (count / 2).next_power_of_two().max(2).ilog2().min(15) as u16;
    let mut buckets = vec![Vec::new(); 1 << bucket_bits];
    for (position, name) in names.enumerate() {
        let hash = hash(seed, name.as_bytes());
        buckets[bucket(hash, bucket_bits)].push((hash, u16::try_from(position).ok()?));
    }
    let mut order: Vec<usize> = (0..buckets.len()).collect();
    order.sort_by_key(|&bucket| core::cmp::Reverse(buckets[bucket].len()));
    let start = 2 + buckets.len();
    let mut table = vec![FREE; start + slots];
    table[..start].fill(0);
    table[..2].copy_from_slice(&[seed, bucket_bits]);
    let mut taken = Vec::new();
    for bucket in order {
        let displacement = (0..=u16::MAX).find(|&displacement| {
            taken.clear();
            buckets[bucket].iter().all(|&(hash, _)| {
                let slot = slot(hash, displacement, slots);
                let free = table[start + slot] == FREE && !taken.contains(&slot);
                taken.push(slot);
                free
            })
        })?;
        table[2 + bucket] = displacement;
        for &(hash, position) in &buckets[bucket] {
            table[start + slot(hash, displacement, slots)] = position;
        }
    }
    Some(table)
}

/// The bucket, from the upper bits. The slot comes from the lower bits.
#[inline]
fn bucket(hash: u64, bits: u16) -> usize {
    (hash >> 48) as usize & ((1 << (bits & 15)) - 1)
}

#[inline]
fn slot(hash: u64, displacement: u16, slots: usize) -> usize {
    let step = (hash >> 24) | 1;
    hash.wrapping_add(step.wrapping_mul(u64::from(displacement))) as usize & slots.wrapping_sub(1)
}

/// Hashes eight bytes in each step. The last step hashes the last eight bytes, some of them again.
#[inline]
fn hash(seed: u16, name: &[u8]) -> u64 {
    let start = (name.len() as u64 ^ u64::from(seed) << 32).wrapping_mul(MULTIPLIER);
    let (words, tail) = name.as_chunks::<8>();
    let hash = words.iter().fold(start, |hash, word| mixed(hash, u64::from_le_bytes(*word)));
    let last = match name.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => tail.iter().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    let hash = mixed(hash, last);
    hash ^ (hash >> 32)
}

#[inline]
fn mixed(hash: u64, word: u64) -> u64 {
    let product = (hash ^ word).wrapping_mul(MULTIPLIER);
    product ^ (product >> 29)
}

/// An odd number without a pattern: 2^64 divided by the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;
    use alloc::format;
    use alloc::string::String;
    use proptest::prelude::*;

    fn check(names: &[String]) {
        let table = build(&names.iter().map(String::as_str));
        assert!(!table.is_empty(), "{} names", names.len());
        for (position, name) in names.iter().enumerate() {
            assert_eq!(candidate(&table, name.as_bytes()), Some(position as u16), "{name}");
        }
    }

    #[test]
    fn every_name_has_a_slot_of_its_own() {
        for count in [0, 1, 2, 3, 13, 64, 128, 900, 20_000] {
            check(&(0..count).map(|number| format!("environment.thing{number}.read")).collect::<Vec<_>>());
            check(&(0..count).map(|number| format!("{number}")).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_table_has_no_name() {
        for table in [&[] as &[u16], &[0], &[0, 0], &[0, 15, 1], &[0, 99, 1, 2], &[0, 1, 0, 0]] {
            assert_eq!(candidate(table, b"a"), None, "{table:?}");
        }
    }

    proptest! {
        #[test]
        fn any_names(names in proptest::collection::btree_set("[ -~]{0,40}", 0..300)) {
            let names: BTreeSet<String> = names;
            check(&names.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn no_table_panics(table: Vec<u16>, name: Vec<u8>) {
            let _ = candidate(&table, &name);
        }
    }
}
