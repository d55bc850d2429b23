//! Searches a text for one of a few ASCII characters. A search with a pattern of `str` decodes the
//! text, which costs several times as much.

/// A set of ASCII bytes.
pub(crate) struct ByteSet([bool; 256]);

impl ByteSet {
    /// Makes the set of these bytes. Bytes that are not ASCII are left out, because they would be
    /// parts of characters.
    pub(crate) const fn new(bytes: &[u8]) -> Self {
        let mut set = [false; 256];
        let mut at = 0;
        while at < bytes.len() {
            set[bytes[at] as usize] = bytes[at].is_ascii();
            at += 1;
        }
        Self(set)
    }

    /// The position of the first byte of the set.
    pub(crate) fn find(&self, text: &str) -> Option<usize> {
        text.bytes().position(|byte| self.0[usize::from(byte)])
    }
}

#[cfg(test)]
mod tests {
    use super::ByteSet;

    #[test]
    fn a_set_finds_what_a_pattern_of_characters_finds() {
        static SET: ByteSet = ByteSet::new(b":*<");
        for text in ["", "a", ":", "/users/:id<\\d+>", "é:", "a*", "äöü", "\u{13a}\u{13c}", "/{id}"] {
            assert_eq!(SET.find(text), text.find([':', '*', '<']), "{text}");
        }
        let halves = ByteSet::new("é".as_bytes());
        assert_eq!(halves.find("é"), None);
    }
}
