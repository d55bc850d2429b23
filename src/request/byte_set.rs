//! Searches a text for one of a few ASCII characters, eight bytes at a time. A search with a
//! pattern of `str` decodes the text, which costs several times as much.

/// A set of ASCII bytes.
pub(crate) struct ByteSet<const N: usize>([u8; N]);

/// Each byte is 1.
const ONES: u64 = u64::MAX / 255;

impl<const N: usize> ByteSet<N> {
    /// Makes the set of these bytes. Bytes that are not ASCII would be parts of characters, so they
    /// do not compile.
    pub(crate) const fn new(bytes: &[u8; N]) -> Self {
        assert!(bytes.is_ascii(), "a set of bytes has ASCII characters only");
        Self(*bytes)
    }

    /// The position of the first byte of the set.
    #[inline]
    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        let (words, rest) = text.as_chunks::<8>();
        for (at, word) in words.iter().enumerate() {
            let found = self.0.iter().fold(0, |found, &sign| found | places_of(sign, u64::from_le_bytes(*word)));
            if found != 0 {
                return Some(at * 8 + found.trailing_zeros() as usize / 8);
            }
        }
        let is_in = |byte: &u8| self.0.iter().fold(false, |is_in, sign| is_in | (sign == byte));
        rest.iter().position(is_in).map(|at| words.len() * 8 + at)
    }
}

/// Sets the highest bit of each byte of a word that is this byte. Bytes above the lowest one found
/// may be set wrongly, so only the lowest counts.
#[inline]
const fn places_of(sign: u8, word: u64) -> u64 {
    let differences = word ^ (ONES * sign as u64);
    differences.wrapping_sub(ONES) & !differences & (ONES << 7)
}

#[cfg(test)]
mod tests {
    use super::ByteSet;

    #[test]
    fn a_set_finds_what_a_pattern_of_characters_finds() {
        static SET: ByteSet<3> = ByteSet::new(b":*<");
        for text in [
            "",
            "a",
            ":",
            "/users/:id<\\d+>",
            "é:",
            "a*",
            "äöü",
            "\u{13a}\u{13c}",
            "/{id}",
            "seven b:",
            "eight by:",
            "/users/and/more/<id>",
            ";;;;;;;;:",
            "\u{ba}\u{ba}\u{ba}\u{ba}:",
        ] {
            assert_eq!(SET.find(text.as_bytes()), text.find([':', '*', '<']), "{text}");
        }
    }

    /// A byte that differs from the sign by one bit is not found, whatever its neighbours are.
    #[test]
    fn every_pair_of_bytes_in_every_place() {
        static SET: ByteSet<2> = ByteSet::new(b"/%");
        for first in 0..=u8::MAX {
            for second in 0..=u8::MAX {
                let text = [b'a', first, second, b'b', b'c', b'd', b'e', b'f', first, second];
                let expected = text.iter().position(|byte| b"/%".contains(byte));
                assert_eq!(SET.find(&text), expected, "{first} {second}");
            }
        }
    }
}
