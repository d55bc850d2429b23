//! Scans of words and blocks of bytes: where a segment ends, and whether all its bytes are common.
//!
//! Plain code on arrays of 16 bytes, which the compiler turns into vector instructions, and
//! arithmetic on words of eight bytes for shorter input.

use super::node::segment_hash;

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Sets no bit in the bytes before the first slash, and only bit 7 in the byte of that slash. The
/// bytes after it may have any bits.
const fn slashes(word: u64) -> u64 {
    let x = word ^ (LOW * b'/' as u64);
    x.wrapping_sub(LOW) & !x & HIGH
}

/// Two measures of how doubtful a byte is. The scan takes the largest values of a block or of
/// several blocks, and compares them only once. The result tells whether all bytes are *common*:
/// letters, digits, `-` and `:`, which make up most identifiers.
#[derive(Clone, Copy)]
struct Doubt(u8, u8);

impl Doubt {
    /// Flipping bit 1 swaps `-` with `/` and `,` with `.`. Then all common bytes are on one side of
    /// a bound, and their lower five bits are 1 to 26. A byte that is not ASCII keeps its highest
    /// bit.
    #[inline(always)]
    const fn of(byte: u8) -> Self {
        Self(byte ^ 2 ^ 0xff, (byte & 0x9f).wrapping_sub(1))
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        Self(self.0.max(other.0), self.1.max(other.1))
    }

    #[inline(always)]
    fn at_most(self, bound: u8) -> bool {
        // A measure above its bound has the highest bit set here, so that one test is enough for
        // both.
        (self.0.saturating_sub(bound - 0x7f) | self.1.saturating_add(0x7f - 25)) < 0x80
    }

    #[inline(always)]
    fn is_common(self) -> bool {
        self.at_most(b'/' ^ 0xff)
    }

    /// Whether all bytes are common, slashes or commas.
    #[inline(always)]
    fn is_common_or_slash(self) -> bool {
        self.at_most(b'/' ^ 2 ^ 0xff)
    }
}

/// The first sixteen bytes after the slash at a position. The end of the path counts as a slash,
/// with zeros after it.
#[inline(always)]
pub(super) fn words_after_slash(path: &[u8], at: usize) -> (u64, u64) {
    match path.get(at..at + 17).and_then(<[u8]>::first_chunk::<17>) {
        Some(&[_, a, b, c, d, e, f, g, h, ref second @ ..]) => {
            (u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes(*second))
        }
        None => last_words(path, at),
    }
}

const SLASH: u64 = b'/' as u64;

/// Like [`words_after_slash`], if fewer than sixteen bytes are left.
#[inline(always)]
fn last_words(path: &[u8], at: usize) -> (u64, u64) {
    let left = path.len().wrapping_sub(at + 1);
    let Some(last) = path.last_chunk::<8>() else { return (short_word(path, at), 0) };
    // The bytes after the last whole word, and a slash.
    let last = (u64::from_le_bytes(*last) >> 8 | SLASH << 56) >> (!left << 3 & 63);
    match path.get(at + 1..at + 9).and_then(<[u8]>::first_chunk::<8>) {
        Some(first) => (u64::from_le_bytes(*first), last),
        None => (last, 0),
    }
}

/// Like [`words_after_slash`], for a path of fewer than eight bytes.
#[cold]
#[inline(never)]
fn short_word(path: &[u8], at: usize) -> u64 {
    let bits = 8 * (path.len() as u32 & 7);
    let word = match (path.first_chunk::<4>(), path.last_chunk::<4>()) {
        // The two halves may overlap.
        (Some(front), Some(back)) => {
            u64::from(u32::from_le_bytes(*front)) | u64::from(u32::from_le_bytes(*back)) << (bits.wrapping_sub(32) & 63)
        }
        _ => path.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    };
    (word | SLASH << bits) >> ((8 * (at + 1)) & 63)
}

/// The length of a UUID, including the slash before it.
pub(super) const UUID: usize = 37;

/// Whether the segment after the slash at a position is as long as a UUID and has only common
/// bytes.
#[inline(always)]
pub(super) fn is_uuid(path: &[u8], at: usize) -> bool {
    // Without closures, which would become separate functions if this function is inlined often.
    if let Some((before, after)) = path.split_at_checked(at + UUID)
        && (after.is_empty() || after[0] == b'/')
        && let Some(left) = before.get(at + 1..)
        && let Some(segment) = left.first_chunk::<36>()
    {
        return is_common_uuid(segment);
    }
    false
}

/// Whether 36 bytes are common. It does not check which of them are hyphens.
#[inline(always)]
fn is_common_uuid(segment: &[u8; 36]) -> bool {
    let mut all = true;
    // A loop, not an iterator: after inlining, only a loop is vectorised.
    for at in 0..16 {
        let doubt = Doubt::of(segment[at]).or(Doubt::of(segment[16 + at])).or(Doubt::of(segment[20 + at]));
        all &= doubt.is_common();
    }
    all
}

/// The end of the segment after the slash at a position: the next slash, or the end of the path.
/// `None` unless the segment is known to break no rule, which means that it has at least one byte,
/// has only common bytes, and is not `.` or `..`.
#[cold]
#[inline(never)]
pub(super) fn other_parameter_end(path: &[u8], at: usize) -> Option<usize> {
    let rest = path.get(at + 1..)?;
    let (doubts, length) = match (rest.first_chunk::<16>(), path.last_chunk::<16>()) {
        (Some(block), _) => (doubts(block), 16),
        (None, Some(block)) => (doubts(block).checked_shr(128 - 8 * rest.len() as u32).unwrap_or(0), rest.len()),
        (None, None) => return far_parameter_end(path, at),
    };
    let common = (doubts.trailing_zeros() / 8) as usize;
    match rest.get(common) {
        Some(b'/') if common != 0 => Some(at + 1 + common),
        None if length != 0 && length < 16 => Some(path.len()),
        _ => far_parameter_end(path, at),
    }
}

/// Like [`other_parameter_end`], for segments of more than sixteen bytes, and for segments with
/// bytes that are not common.
#[cold]
#[inline(never)]
fn far_parameter_end(path: &[u8], at: usize) -> Option<usize> {
    let rest = path.get(at + 1..)?;
    let (mut left, mut dotted) = (after_common_blocks(rest), false);
    loop {
        let common = left.iter().take_while(|&&byte| Doubt::of(byte).is_common()).count();
        left = left.get(common..)?;
        match left.first() {
            None | Some(b'/') => break,
            Some(b'_' | b'~' | b'.') => {
                dotted = true;
                left = after_unreserved_blocks(left.get(1..)?);
            }
            Some(_) => return None,
        }
    }
    let segment = rest.get(..rest.len() - left.len())?;
    let is_unfit = segment.is_empty() || dotted && matches!(segment, b"." | b"..");
    (!is_unfit).then_some(at + 1 + segment.len())
}

/// Sets all bits of each byte that is not common.
#[inline(always)]
fn doubts(block: &[u8; 16]) -> u128 {
    let mut doubts = [0; 16];
    for at in 0..16 {
        doubts[at] = if Doubt::of(block[at]).is_common() { 0 } else { 0xff };
    }
    u128::from_le_bytes(doubts)
}

/// Skips blocks of common bytes.
#[inline(never)]
fn after_common_blocks(mut left: &[u8]) -> &[u8] {
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if !block.iter().fold(true, |all, &byte| all & Doubt::of(byte).is_common()) {
            break;
        }
        left = following;
    }
    left
}

/// Skips blocks of unreserved bytes, which some identifiers consist of.
#[inline(never)]
fn after_unreserved_blocks(mut left: &[u8]) -> &[u8] {
    let is_unreserved = |byte: u8| Doubt::of(byte).is_common() | (byte == b'_') | (byte == b'~') | (byte == b'.');
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if !block.iter().fold(true, |all, &byte| all & is_unreserved(byte)) {
            break;
        }
        left = following;
    }
    left
}

/// The length of the segment at the beginning of `rest`.
pub(super) fn segment_length(rest: &[u8]) -> usize {
    let mut left = rest;
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if block.iter().fold(false, |any, &byte| any | (byte == b'/')) {
            break;
        }
        left = following;
    }
    rest.len() - left.len() + left.iter().position(|&byte| byte == b'/').unwrap_or(left.len())
}

/// The hash of a segment that starts with these words.
#[inline(always)]
pub(super) fn hash_of_segment((first, second): (u64, u64), multiplier: u64) -> u64 {
    let hits = slashes(first);
    let second = if hits == 0 { before(second, slashes(second)) } else { 0 };
    segment_hash(before(first, hits), second, multiplier)
}

/// Keeps the bytes of a word before its first slash; the others become zero.
#[inline(always)]
const fn before(word: u64, slashes: u64) -> u64 {
    // The lowest bit that is set is the highest bit of its byte.
    word & ((slashes & slashes.wrapping_neg()) >> 7).wrapping_sub(1)
}

/// Whether the rest of a path from a position on is known to have only letters, digits, `-`, `:`,
/// `,` and `/`. Then it breaks no rule and contains no `?`. `false` means unknown.
#[inline(always)]
pub(super) fn is_common_path(path: &[u8], at: usize) -> bool {
    // The last block may overlap bytes that were scanned before.
    match path.last_chunk::<16>() {
        Some(last) => is_common_block(last) && (path.len() <= at + 16 || are_common_blocks(path, at)),
        None => path.iter().skip(at).all(|&byte| Doubt::of(byte).is_common_or_slash()),
    }
}

#[inline(always)]
fn is_common_block(block: &[u8; 16]) -> bool {
    block.iter().fold(true, |all, &byte| all & Doubt::of(byte).is_common_or_slash())
}

#[inline(never)]
fn are_common_blocks(path: &[u8], at: usize) -> bool {
    path.get(at..).is_some_and(|left| left.as_chunks::<16>().0.iter().all(is_common_block))
}

#[cfg(test)]
mod tests;
