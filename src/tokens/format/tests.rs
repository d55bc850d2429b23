use std::collections::HashSet;

use super::*;

const SAMPLE: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";
const FORMAT: TokenFormat = TokenFormat::new("dyn_").accepting(36);

/// CRC-32 bit by bit and base 62 by repeated division, sharing nothing with the code above.
fn oracle(random: &str) -> String {
    let mut crc: u32 = !0;
    for byte in random.bytes() {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc % 2 == 1 { (crc / 2) ^ 0xEDB8_8320 } else { crc / 2 };
        }
    }
    let alphabet: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').collect();
    let mut rest = u64::from(!crc);
    let mut text = String::new();
    while rest > 0 {
        text.insert(0, alphabet[(rest % 62) as usize]);
        rest /= 62;
    }
    format!("{text:0>6}")
}

/// Reproducible numbers for the loops below (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn body(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(ALPHABET[self.below(62)])).collect()
    }
}

fn error(text: &str) -> Option<ParseTokenError> {
    FORMAT.parse(text).err()
}

#[test]
fn checksum_vectors() {
    for (random, expected) in [
        ("aGLjTe3TUN40vSE75sTtgUx9AjIe0q", "4n3LFC"),
        ("", "000000"),
        // The usual check value of this CRC is 0xCBF43926 = 3421780262.
        ("123456789", "3Jzrme"),
    ] {
        assert_eq!(oracle(random), expected, "oracle for `{random}`");
        assert_eq!(TokenFormat::checksum(random), expected.as_bytes());
    }
}

#[test]
fn checksum_agrees_with_the_oracle() {
    let mut numbers = Numbers(0x5C09E5);
    let mut padded = 0;
    for round in 0..3_000 {
        let random = numbers.body(round % 70);
        let checksum = TokenFormat::checksum(&random);
        assert_eq!(checksum, oracle(&random).as_bytes(), "`{random}`");
        padded += usize::from(checksum[0] == b'0');
    }
    assert!(padded > 100, "the loop saw too few leading zeros: {padded}");
}

#[test]
fn parse_table() {
    use ParseTokenError::{Alphabet, Checksum, Length, Prefix};
    for (text, expected) in [
        (SAMPLE, None),
        ("", Some(Prefix)),
        ("dyn", Some(Prefix)),
        ("dyn_", Some(Length)),
        ("DYN_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC", Some(Prefix)),
        (" dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC", Some(Prefix)),
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC ", Some(Length)),
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LF", Some(Length)),
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LF_", Some(Alphabet)),
        ("dyn_-GLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC", Some(Alphabet)),
        // Lengths are in bytes: 34 characters here, 38 bytes.
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0qéééé", Some(Length)),
        // 36 bytes, with a character across the start of the checksum.
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0én3LFC", Some(Alphabet)),
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q\0n3LFC", Some(Alphabet)),
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFc", Some(Checksum)),
        ("dyn_AGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC", Some(Checksum)),
        // A value above 2^32: no CRC at all.
        ("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0qZZZZZZ", Some(Checksum)),
    ] {
        assert_eq!(error(text), expected, "`{text}`");
    }
}

#[test]
fn lengths() {
    let mut numbers = Numbers(7);
    let mut text_of = |body_length: usize| {
        let random = numbers.body(body_length - CHECKSUM_LENGTH);
        format!("dyn_{random}{}", oracle(&random))
    };
    let formats: [(TokenFormat, &[usize]); 4] = [
        (TokenFormat::new("dyn_"), &[56]),
        (FORMAT, &[36, 56]),
        (TokenFormat::new("dyn_").issuing(28), &[28]),
        (TokenFormat::new("dyn_").issuing(251).accepting(64).accepting(63), &[63, 64, 251]),
    ];
    for length in CHECKSUM_LENGTH..600 {
        let text = text_of(length);
        for (format, accepted) in &formats {
            let expected = accepted.contains(&length);
            assert_eq!(format.accepts_length(length), expected, "{length}");
            assert_eq!(format.parse(&text).is_ok(), expected, "{length}");
        }
    }
    assert!(!FORMAT.accepts_length(0) && !FORMAT.accepts_length(usize::MAX));
    assert!(TokenFormat::new("_").accepting(254).accepts_length(254));
}

#[test]
fn one_wrong_character_or_two_swapped_are_noticed() {
    let mut numbers = Numbers(11);
    for _ in 0..2_000 {
        let random = numbers.body(30);
        let text = format!("dyn_{random}{}", oracle(&random));
        assert_eq!(error(&text), None);

        let at = 4 + numbers.below(36);
        let mut wrong = text.clone().into_bytes();
        wrong[at] = ALPHABET[numbers.below(62)];
        if wrong != text.as_bytes() {
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(error(&wrong), Some(ParseTokenError::Checksum), "`{wrong}`");
        }

        let at = 4 + numbers.below(35);
        let mut swapped = text.clone().into_bytes();
        swapped.swap(at, at + 1);
        if swapped != text.as_bytes() {
            let swapped = String::from_utf8(swapped).unwrap();
            assert_eq!(error(&swapped), Some(ParseTokenError::Checksum), "`{swapped}`");
        }
    }
}

#[test]
fn prefixes() {
    use InvalidTokenFormat::{EmptyPrefix, PrefixCharacter, PrefixEnd, TokenTooLong};
    const LONG: &str = {
        const BYTES: [u8; 200] = [b'_'; 200];
        match core::str::from_utf8(&BYTES) {
            Ok(text) => text,
            Err(_) => "",
        }
    };
    for (prefix, expected) in [
        ("dyn_", None),
        ("acme-live_pat_", None),
        ("7_", None),
        (&LONG[1..], None),
        ("", Some(EmptyPrefix)),
        ("dyn", Some(PrefixEnd)),
        ("dyn-", Some(PrefixEnd)),
        ("d yn_", Some(PrefixCharacter)),
        ("dyn_ ", Some(PrefixCharacter)),
        ("dÿn_", Some(PrefixCharacter)),
        ("dyn._", Some(PrefixCharacter)),
        (LONG, Some(TokenTooLong)),
    ] {
        assert_eq!(TokenFormat::try_new(prefix).err(), expected, "`{prefix}`");
    }
}

#[test]
fn body_lengths() {
    use InvalidTokenFormat::{BodyTooShort, TokenTooLong};
    for (length, expected) in [
        (0, Some(BodyTooShort)),
        (27, Some(BodyTooShort)),
        (28, None),
        (251, None),
        (252, Some(TokenTooLong)),
        (usize::MAX, Some(TokenTooLong)),
    ] {
        assert_eq!(FORMAT.try_issuing(length).err(), expected, "{length}");
        assert_eq!(FORMAT.try_accepting(length).err(), expected, "{length}");
    }
    // The claim of `MIN_BODY_LENGTH`: the fewest digits that hold 128 bits.
    assert!(62_f64.log2() * 21.0 < 128.0 && 62_f64.log2() * 22.0 > 128.0);
    // Numbers written out in a message.
    assert!(BodyTooShort.to_string().contains(&MIN_BODY_LENGTH.to_string()));
    assert!(TokenTooLong.to_string().contains(&MAX_TOKEN_LENGTH.to_string()));
}

#[test]
#[should_panic(expected = "does not end in `_`")]
fn new_panics_with_the_reason() {
    let _ = TokenFormat::new("dyn");
}

#[test]
fn recognises_by_prefix_alone() {
    for (text, expected) in [
        (SAMPLE, true),
        ("dyn_", true),
        ("dyn_?", true),
        ("dyn", false),
        ("Dyn_x", false),
        ("xdyn_", false),
        ("eyJhbGciOiJIUzI1NiJ9.e30.c2ln", false),
        ("", false),
    ] {
        assert_eq!(FORMAT.recognises(text), expected, "`{text}`");
    }
}

#[test]
fn generated_tokens_parse_and_differ() {
    for format in [FORMAT, FORMAT.issuing(28), FORMAT.issuing(251)] {
        let mut seen = HashSet::new();
        for _ in 0..200 {
            let token = format.generate().unwrap();
            let text = token.reveal();
            assert_eq!(text.len(), 4 + format.issued);
            assert_eq!(format.parse(text).unwrap().reveal(), text);
            assert!(seen.insert(text.to_owned()), "the same token twice");
        }
    }
}

#[test]
fn every_digit_is_equally_likely() {
    let mut counts = [0; 62];
    for digit in (0..=u8::MAX).filter_map(random_digit) {
        let value = ALPHABET.iter().position(|&byte| char::from(byte) == digit);
        counts[value.unwrap()] += 1;
    }
    assert_eq!(counts, [4; 62]);
}

#[test]
fn rejected_bytes_are_drawn_again() {
    let mut calls = 0;
    let token = FORMAT.generate_from(|bytes| {
        // The first buffer has no usable byte, the second has 40 digits, the third the other ten.
        bytes.fill(255);
        match calls {
            0 => {}
            1 => bytes[..40].fill(10),
            _ => bytes[54..].fill(61),
        }
        calls += 1;
        Ok(())
    });
    let random = "a".repeat(40) + &"Z".repeat(10);
    let expected = format!("dyn_{random}{}", oracle(&random));
    assert_eq!(token.unwrap().reveal(), expected);
    assert_eq!(calls, 3);
}

#[test]
fn a_failing_random_source_gives_no_token() {
    let failure = EntropyError(getrandom::Error::UNSUPPORTED);
    let mut calls = 0;
    let result = FORMAT.generate_from(|bytes| {
        calls += 1;
        bytes[..20].fill(1);
        bytes[20..].fill(255);
        if calls == 1 { Ok(()) } else { Err(failure) }
    });
    assert_eq!(result.err(), Some(failure));
    assert!(core::error::Error::source(&failure).is_some());
}

#[test]
fn errors_carry_nothing_of_the_token() {
    for text in ["sEcReT", "dyn_sEcReT", &SAMPLE.replace('q', "r"), &SAMPLE.replace('q', "-")] {
        let error = error(text).unwrap();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("sEcReT") && !shown.contains("aGLj"), "{shown}");
        assert!(!shown.contains("4n3LFC"), "{shown}");
    }
}
