//! Checks each byte of a short text, sixteen bytes at a time.

/// Whether a rule holds for each byte. The compiler applies a rule without branches to sixteen
/// bytes at once.
#[inline(always)]
pub(crate) fn all_bytes(text: &[u8], rule: impl Fn(u8) -> bool + Copy) -> bool {
    let (blocks, rest) = text.as_chunks::<16>();
    let holds = move |block: &[u8; 16]| block.iter().fold(true, |holds, &byte| holds & rule(byte));
    match text.last_chunk::<16>() {
        // The last sixteen bytes overlap the ones before.
        Some(last) => blocks.iter().chain([last]).all(holds),
        None => rest.iter().all(|&byte| rule(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::all_bytes;

    #[test]
    fn a_rule_holds_for_all_bytes_or_fails_for_one() {
        for length in 0..50 {
            let mut text = vec![b'a'; length];
            assert!(all_bytes(&text, |byte| byte == b'a'));
            for at in 0..length {
                text[at] = b'b';
                assert!(!all_bytes(&text, |byte| byte == b'a'), "{length} {at}");
                text[at] = b'a';
            }
        }
    }
}
