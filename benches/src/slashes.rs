//! The floor: what it costs a router of safe code that measures segments merely to find all slashes
//! of a path, eight bytes at a time, before it compares or looks up anything.

/// So many positions are kept.
const KEPT: usize = 32;

/// Where the slashes of a path lie, and how many there are; at most [`KEPT`].
#[inline(never)]
#[must_use]
pub fn positions(path: &[u8]) -> ([u16; KEPT], usize) {
    let (words, rest) = path.as_chunks::<8>();
    let (mut positions, mut count, mut start) = ([0; KEPT], 0, 0);
    for word in words {
        (count, start) = (put(u64::from_le_bytes(*word), start, &mut positions, count), start + 8);
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        match path.last_chunk::<8>() {
            // Without those that were looked at already.
            Some(chunk) => last = (u64::from_le_bytes(*chunk) >> (64 - 8 * rest.len())).to_le_bytes(),
            None => rest.iter().zip(&mut last).for_each(|(byte, slot)| *slot = *byte),
        }
        count = put(u64::from_le_bytes(last), start, &mut positions, count);
    }
    (positions, count)
}

/// Adds the slashes of one word to those that were found.
#[inline(always)]
fn put(word: u64, start: usize, positions: &mut [u16; KEPT], mut count: usize) -> usize {
    const LOW_BITS: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let x = word ^ 0x2f2f_2f2f_2f2f_2f2f;
    // Exact: the highest bit of each byte that is zero.
    let mut zeros = !(((x & LOW_BITS) + LOW_BITS) | x | LOW_BITS);
    while zeros != 0 {
        if let Some(slot) = positions.get_mut(count) {
            *slot = (start + zeros.trailing_zeros() as usize / 8) as u16;
        }
        count += 1;
        zeros &= zeros - 1;
    }
    count
}

/// Whether the positions are right: for a look before they are timed.
#[must_use]
pub fn are_right(path: &[u8]) -> bool {
    let expected = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| at as u16);
    let (positions, count) = positions(path);
    positions.iter().take(count).copied().eq(expected.clone().take(KEPT)) && count == expected.count()
}
