//! Words and blocks of bytes: where a segment ends, and whether all of its bytes are beyond doubt.
//!
//! Plain code on arrays of 16 bytes, which the compiler turns into vector instructions, and arithmetic on words of
//! eight bytes for what is shorter.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Has bits in no byte before the first slash, and in that bit 7; what comes behind it does not count.
const fn slashes(word: u64) -> u64 {
    let x = word ^ (LOW * b'/' as u64);
    x.wrapping_sub(LOW) & !x & HIGH
}

/// A letter, a digit, `-` or `:`: nearly every byte of nearly every identifier. Written without branches, in signed
/// bytes, so that a block of them becomes a few vector instructions.
#[inline(always)]
const fn is_common(byte: u8) -> bool {
    const TOP: u8 = 0x7f;
    // Swapping `-` with `/` and `,` with `.` leaves all that is wanted above one bound, and 1 to 26 in its lower five bits.
    ((byte ^ 2) as i8 > b'.' as i8) & (((byte & 0x1f).wrapping_add(TOP - 26) as i8) > (TOP - 26) as i8)
}

/// A letter, a digit or one of `-._~`, no `/`: the unreserved characters (RFC 3986, section 2.3).
#[inline(always)]
const fn is_unreserved(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    letter | digit | (byte == b'-') | (byte == b'.') | (byte == b'_') | (byte == b'~')
}

/// The first eight bytes behind the slash that `left` begins with, zero-filled past the end of the path.
#[inline(always)]
pub(super) fn word_after_slash(path: &[u8], left: &[u8]) -> u64 {
    match left.first_chunk::<9>() {
        Some(&[_, a, b, c, d, e, f, g, h]) => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        None => leading_word(path, left.get(1..).unwrap_or(&[])),
    }
}

/// The first eight bytes of `rest`, which ends where `path` ends, zero-filled past the end.
#[inline(always)]
fn leading_word(path: &[u8], rest: &[u8]) -> u64 {
    if let Some(chunk) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*chunk);
    }
    match (path.last_chunk::<8>(), rest.len()) {
        (_, 0) => 0,
        (Some(chunk), length) => u64::from_le_bytes(*chunk) >> ((64 - 8 * length) & 63),
        (None, _) => short_word(rest),
    }
}

#[cold]
#[inline(never)]
fn short_word(rest: &[u8]) -> u64 {
    rest.iter().take(8).rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// What follows the segment behind the slash that `left` begins with (empty, or a slash first), if the segment is known
/// to break no rule: unreserved characters, at least one, and not `.` or `..`. `None` is a maybe.
#[inline(never)]
pub(super) fn after_plain_segment<'p>(path: &[u8], left: &'p [u8]) -> Option<&'p [u8]> {
    let (_, rest) = left.split_first()?;
    let Some((_, mut left)) = rest.split_first_chunk::<16>().filter(|(block, _)| are_common(block)) else {
        return after_short_segment(path, rest);
    };
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if !are_common(block) {
            break;
        }
        left = following;
    }
    let mut hits = slashes(leading_word(rest, left));
    if hits == 0
        && let Some((_, following)) = left.split_first_chunk::<8>()
    {
        // The second half of the block that was given up.
        left = following;
        hits = slashes(leading_word(rest, left));
        if hits == 0 && left.len() >= 8 {
            // Then something else than a slash was the reason.
            return after_unreserved_segment(rest);
        }
    }
    // Without a slash less than a word is left, and all of it is the segment's.
    let after = if hits == 0 { &[] } else { left.get((hits.trailing_zeros() / 8) as usize..)? };
    // The blocks were in order; the last 16 bytes hold what is left behind them.
    match rest.get(..rest.len() - after.len()).and_then(<[u8]>::last_chunk::<16>) {
        Some(last) if are_common(last) => Some(after),
        _ => after_unreserved_segment(rest),
    }
}

/// As [`after_plain_segment`], for a segment that has less than 16 common bytes at its beginning.
#[inline(never)]
fn after_short_segment<'p>(path: &[u8], rest: &'p [u8]) -> Option<&'p [u8]> {
    let first = leading_word(path, rest);
    let (mut word, mut hits, mut left) = (first, slashes(first), rest);
    if hits == 0
        && let Some((block, following)) = rest.split_first_chunk::<8>()
    {
        if !are_common(block) {
            return after_unreserved_segment(rest);
        }
        left = following;
        word = leading_word(path, left);
        hits = slashes(word);
        if hits == 0 && left.len() >= 8 {
            return after_unreserved_segment(rest);
        }
    }
    let length = if hits == 0 { left.len() } else { (hits.trailing_zeros() / 8) as usize };
    // What lies behind the segment does not count.
    let counted = (1 << (8 * length)) - 1;
    let alone = (word & counted) | ((LOW * b'0' as u64) & !counted);
    let after = left.get(length..)?;
    if are_common(&alone.to_le_bytes()) && after.len() < rest.len() {
        Some(after)
    } else {
        after_unreserved_segment(rest)
    }
}

/// What follows the segment at the beginning of `rest`.
pub(super) fn after_segment(rest: &[u8]) -> &[u8] {
    let length = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
    rest.get(length..).unwrap_or(&[])
}

#[inline(always)]
fn are_common<const N: usize>(bytes: &[u8; N]) -> bool {
    bytes.iter().fold(true, |all, &byte| all & is_common(byte))
}

/// For what has other bytes than the common ones: an underscore is no reason to look at every escape.
#[cold]
#[inline(never)]
fn after_unreserved_segment(rest: &[u8]) -> Option<&[u8]> {
    let after = after_segment(rest);
    let segment = rest.get(..rest.len() - after.len())?;
    let (blocks, last) = segment.as_chunks::<16>();
    let plain = blocks.iter().all(|block| block.iter().fold(true, |all, &byte| all & is_unreserved(byte)))
        && last.iter().all(|&byte| is_unreserved(byte));
    (plain && !matches!(segment, b"" | b"." | b"..")).then_some(after)
}

/// Whether what is left of a path is known to be nothing but letters, digits, `-`, `:` and `/`: then it breaks no rule and
/// holds no `?`. False is a maybe.
pub(super) fn is_common_path(path: &[u8], left: &[u8]) -> bool {
    let fits = |byte: u8| is_common(byte) | (byte == b'/');
    let (blocks, last) = left.as_chunks::<16>();
    let all_fit = |block: &[u8; 16]| block.iter().fold(true, |all, &byte| all & fits(byte));
    // The last block may reach back to what was looked at before.
    blocks.iter().all(all_fit)
        && path
            .last_chunk::<16>()
            .map_or_else(|| last.iter().all(|&byte| fits(byte)), |block| last.is_empty() || all_fit(block))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::octets;
    use std::vec::Vec;

    /// Every segment that is plain breaks no rule, and every one of unreserved characters but the dots is plain.
    fn check(path: &[u8], length: usize) {
        let expected = path[1..].split_at(length);
        let plain = after_plain_segment(path, path);
        let (found, after) = expected;
        assert_eq!(after_segment(&path[1..]), after);
        assert_eq!(plain.unwrap_or(after), after, "{}", path.escape_ascii());
        let plain = plain.is_some();
        assert!(!plain || !found.is_empty());
        let sound = octets::check_segment(found).is_ok();
        let unreserved = found.iter().all(|&byte| is_unreserved(byte)) && sound && !found.is_empty();
        assert!(!plain || sound, "{}", found.escape_ascii());
        assert!(plain || !unreserved, "{}", found.escape_ascii());
        assert!(!is_common_path(path, path) || octets::check_path(path).is_ok(), "{}", path.escape_ascii());
        let odd = after.iter().any(|&byte| !is_common(byte) && byte != b'/');
        assert!(!odd || !is_common_path(path, after), "{}", path.escape_ascii());
    }

    #[test]
    fn segments_agree_with_the_rules() {
        let pieces: [&[u8]; 14] = [
            b"",
            b"a",
            b".",
            b"..",
            b"a.b",
            b"0123456",
            b"01234567",
            b"a-23456789",
            b"0123456789abcdef",
            b"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            b"usr_2hYxK9.~aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            b"%41",
            b"x\x80y",
            b"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa?aaaaaaaaaaaaaaaaa",
        ];
        for first in pieces {
            for second in pieces {
                for tail in pieces {
                    let path: Vec<u8> = [b"/", first, second, b"/", tail].concat();
                    let length = first.len() + second.len();
                    check(&path, length);
                    check(&path[length + 1..], tail.len());
                }
            }
        }
    }

    #[test]
    fn each_byte_at_each_place() {
        for length in [1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 31, 32, 33, 48, 49] {
            for at in 0..length {
                for byte in (0..=255_u8).filter(|&byte| byte != b'/') {
                    for behind in [0, 1, 7, 20] {
                        let mut path = [b'0'; 80];
                        path[0] = b'/';
                        path[1 + at] = byte;
                        path[1 + length] = b'/';
                        check(&path[..=length + behind], length);
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_slash_of_a_word() {
        for behind in [0, u64::MAX, u64::from_le_bytes(*b"........"), u64::from_le_bytes(*b"////////")] {
            for byte in (0..=255_u8).filter(|&byte| byte != b'/') {
                for at in 0..8 {
                    let bytes = (u64::from(byte) * LOW).to_le_bytes();
                    let mut bytes = [&bytes[..at], b"/", &behind.to_le_bytes()].concat();
                    bytes.truncate(8);
                    let word = leading_word(&bytes, &bytes);
                    assert_eq!(slashes(word).trailing_zeros() / 8, at as u32, "{byte} before {at}");
                }
            }
        }
        assert_eq!(slashes(u64::from_le_bytes(*b"........")), 0);
    }
}
