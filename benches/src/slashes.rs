//! The lower bound for a router in safe code that measures segments: the cost of only finding all
//! slashes of a path, eight bytes at a time, before any comparison or look-up.

/// The number of positions that are kept.
const KEPT: usize = 32;

/// The positions of a path's slashes, and their number; at most [`KEPT`].
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
            // Without the bytes that were already checked.
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
    // Sets the highest bit of exactly those bytes that are zero.
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

/// Whether the positions are right. Checked before the measurement.
#[must_use]
pub fn are_right(path: &[u8]) -> bool {
    let expected = path.iter().enumerate().filter(|&(_, &byte)| byte == b'/').map(|(at, _)| at as u16);
    let (positions, count) = positions(path);
    positions.iter().take(count).copied().eq(expected.clone().take(KEPT)) && count == expected.count()
}
