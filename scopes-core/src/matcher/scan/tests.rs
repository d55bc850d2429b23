use super::*;
use crate::path_rules;
use std::vec::Vec;

/// Letters, digits and `-._~` (RFC 3986, section 2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Every segment that is plain breaks no rule, and every segment of unreserved characters except
/// the dot segments is plain.
fn check(path: &[u8], length: usize) {
    let expected = path[1..].split_at(length);
    let plain = other_parameter_end(path, 0);
    if is_uuid(path, 0) {
        assert_eq!(plain, Some(UUID));
    }
    let (found, after) = expected;
    assert_eq!(segment_length(&path[1..]), length);
    assert_eq!(plain.map_or(1 + length, |end| end), 1 + length, "{}", path.escape_ascii());
    let plain = plain.is_some();
    assert!(!plain || !found.is_empty());
    let sound = path_rules::check_segment(found).is_ok();
    let unreserved = found.iter().all(|&byte| is_unreserved(byte)) && sound && !found.is_empty();
    assert!(!plain || sound, "{}", found.escape_ascii());
    assert!(plain || !unreserved, "{}", found.escape_ascii());
    assert!(!is_common_path(path, 0) || path_rules::check_path(path).is_ok(), "{}", path.escape_ascii());
    let odd = after.iter().any(|&byte| !Doubt::of(byte).is_common_or_slash());
    assert!(!odd || !is_common_path(path, path.len() - after.len()), "{}", path.escape_ascii());
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
fn words_end_with_a_slash() {
    for length in 1..40 {
        let path: Vec<u8> = (0..length).map(|at| if at == 0 { b'/' } else { b'A' + at }).collect();
        for at in 0..path.len() {
            let mut expected = [path.get(at + 1..).unwrap_or(&[]), b"/"].concat();
            expected.resize(expected.len().max(16), 0);
            let (first, second) = words_after_slash(&path, at);
            assert_eq!([first.to_le_bytes(), second.to_le_bytes()].concat(), expected[..16], "{at} of {length}");
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
                let word = u64::from_le_bytes(bytes.try_into().unwrap());
                assert_eq!(slashes(word).trailing_zeros() / 8, at as u32, "{byte} before {at}");
            }
        }
    }
    assert_eq!(slashes(u64::from_le_bytes(*b"........")), 0);
}
