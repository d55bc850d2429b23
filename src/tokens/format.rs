//! The text format of a token: prefix, random characters, checksum.

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::RawToken;

/// Characters of the checksum at the end of a body.
pub const CHECKSUM_LENGTH: usize = 6;

/// The shortest body: 22 random characters and the checksum.
///
/// 22 characters of base 62 are the fewest that hold 128 bits (62²¹ < 2¹²⁸ < 62²²). The checksum
/// follows from them and adds nothing to guess.
pub const MIN_BODY_LENGTH: usize = 22 + CHECKSUM_LENGTH;

/// The body length that a format issues unless it says otherwise: 50 random characters, 297 bits.
pub const DEFAULT_BODY_LENGTH: usize = 56;

/// The longest token, prefix included: what integrators are commonly told to make room for.
pub const MAX_TOKEN_LENGTH: usize = 255;

/// The digits of base 62, by value.
const ALPHABET: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The prefix and the lengths of an application's tokens.
///
/// ```
/// use scopes::tokens::{TokenFormat, TokenFormatError};
///
/// const FORMAT: TokenFormat = TokenFormat::new("dyn_").accepting(36);
///
/// let token = FORMAT.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC")?;
/// assert_eq!(token.checksum(), "4n3LFC");
///
/// let typo = FORMAT.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0r4n3LFC");
/// assert_eq!(typo.unwrap_err(), TokenFormatError::Checksum);
/// # Ok::<(), TokenFormatError>(())
/// ```
///
/// A mistake in a constant format is a compile error:
///
/// ```compile_fail
/// # use scopes::tokens::TokenFormat;
/// const FORMAT: TokenFormat = TokenFormat::new("dyn"); // does not end in `_`
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenFormat {
    prefix: &'static str,
    issued: usize,
    /// Body lengths accepted besides `issued`, one bit each.
    also_accepted: [u64; 4],
}

impl TokenFormat {
    /// Tokens that begin with `prefix`, with bodies of [`DEFAULT_BODY_LENGTH`] characters.
    ///
    /// # Panics
    ///
    /// Where [`try_new`](Self::try_new) is an error; in a `const` this is a compile error.
    #[must_use]
    pub const fn new(prefix: &'static str) -> Self {
        match Self::try_new(prefix) {
            Ok(format) => format,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// [`new`](Self::new) without the panic.
    ///
    /// # Errors
    ///
    /// If `prefix` is empty, has a character other than ASCII letters, digits, `_` and `-`, does not
    /// end in `_`, or leaves no room for the body in [`MAX_TOKEN_LENGTH`].
    pub const fn try_new(prefix: &'static str) -> Result<Self, InvalidTokenFormat> {
        let bytes = prefix.as_bytes();
        let Some(last) = bytes.last() else {
            return Err(InvalidTokenFormat::EmptyPrefix);
        };
        // `for` and iterators are not const.
        let mut at = 0;
        while at < bytes.len() {
            if !matches!(bytes[at], b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-') {
                return Err(InvalidTokenFormat::PrefixCharacter);
            }
            at += 1;
        }
        if *last != b'_' {
            return Err(InvalidTokenFormat::PrefixEnd);
        }
        let format = Self { prefix, issued: DEFAULT_BODY_LENGTH, also_accepted: [0; 4] };
        match format.check_length(DEFAULT_BODY_LENGTH) {
            Ok(()) => Ok(format),
            Err(error) => Err(error),
        }
    }

    /// Issues bodies of `body_length` characters, checksum included, instead of
    /// [`DEFAULT_BODY_LENGTH`]. To go on accepting the former length, say so with
    /// [`accepting`](Self::accepting).
    ///
    /// # Panics
    ///
    /// Where [`try_issuing`](Self::try_issuing) is an error; in a `const` this is a compile error.
    #[must_use]
    pub const fn issuing(self, body_length: usize) -> Self {
        match self.try_issuing(body_length) {
            Ok(format) => format,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// [`issuing`](Self::issuing) without the panic.
    ///
    /// # Errors
    ///
    /// If `body_length` is below [`MIN_BODY_LENGTH`], or body and prefix exceed [`MAX_TOKEN_LENGTH`].
    pub const fn try_issuing(mut self, body_length: usize) -> Result<Self, InvalidTokenFormat> {
        if let Err(error) = self.check_length(body_length) {
            return Err(error);
        }
        self.issued = body_length;
        Ok(self)
    }

    /// Accepts bodies of `body_length` characters too, checksum included.
    ///
    /// # Panics
    ///
    /// Where [`try_accepting`](Self::try_accepting) is an error; in a `const` this is a compile error.
    #[must_use]
    pub const fn accepting(self, body_length: usize) -> Self {
        match self.try_accepting(body_length) {
            Ok(format) => format,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// [`accepting`](Self::accepting) without the panic.
    ///
    /// # Errors
    ///
    /// If `body_length` is below [`MIN_BODY_LENGTH`], or body and prefix exceed [`MAX_TOKEN_LENGTH`].
    pub const fn try_accepting(mut self, body_length: usize) -> Result<Self, InvalidTokenFormat> {
        if let Err(error) = self.check_length(body_length) {
            return Err(error);
        }
        // In range: a length that passed is below 256.
        self.also_accepted[body_length / 64] |= 1 << (body_length % 64);
        Ok(self)
    }

    const fn check_length(&self, body_length: usize) -> Result<(), InvalidTokenFormat> {
        if body_length < MIN_BODY_LENGTH {
            Err(InvalidTokenFormat::BodyTooShort)
        } else if body_length > MAX_TOKEN_LENGTH || self.prefix.len() > MAX_TOKEN_LENGTH - body_length {
            Err(InvalidTokenFormat::TokenTooLong)
        } else {
            Ok(())
        }
    }

    /// What every token of this format begins with.
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// Whether a body of this length, checksum included, is accepted.
    #[must_use]
    pub const fn accepts_length(&self, body_length: usize) -> bool {
        body_length == self.issued
            || body_length <= MAX_TOKEN_LENGTH && self.also_accepted[body_length / 64] & (1 << (body_length % 64)) != 0
    }

    /// Whether `text` begins with the prefix and nothing more: says which verifier a credential goes
    /// to, not whether it is valid.
    #[must_use]
    pub fn recognises(&self, text: &str) -> bool {
        text.starts_with(self.prefix)
    }

    /// A new token, from the operating system's random source.
    ///
    /// # Errors
    ///
    /// If that source fails. There is no weaker fallback.
    pub fn generate(&self) -> Result<RawToken, EntropyError> {
        self.generate_from(|bytes| getrandom::fill(bytes).map_err(EntropyError))
    }

    fn generate_from(
        &self,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), EntropyError>,
    ) -> Result<RawToken, EntropyError> {
        let random_end = self.prefix.len() + self.issued - CHECKSUM_LENGTH;
        // The full capacity at once: growing would leave unwiped copies behind.
        let mut text = Zeroizing::new(String::with_capacity(random_end + CHECKSUM_LENGTH));
        let mut bytes = Zeroizing::new([0; 64]);
        text.push_str(self.prefix);
        while text.len() < random_end {
            fill(bytes.as_mut_slice())?;
            let missing = random_end - text.len();
            text.extend(bytes.iter().copied().filter_map(random_digit).take(missing));
        }
        let checksum = Self::checksum(&text[self.prefix.len()..]);
        text.extend(checksum.map(char::from));
        Ok(RawToken::new(text, self.prefix.len()))
    }

    /// Checks prefix, length, alphabet and checksum.
    ///
    /// The work depends on the length of `text` alone, not on which of its characters are wrong. The
    /// caller's copy of the text is not wiped, the returned one is.
    ///
    /// # Errors
    ///
    /// Says which check failed, for logs and command-line tools. To whoever sent the token, answer as
    /// for an unknown one: see the [module](super).
    pub fn parse(&self, text: &str) -> Result<RawToken, TokenFormatError> {
        let body = text.strip_prefix(self.prefix).ok_or(TokenFormatError::Prefix)?.as_bytes();
        if !self.accepts_length(body.len()) {
            return Err(TokenFormatError::Length);
        }
        let (random, checksum) = body.split_last_chunk::<CHECKSUM_LENGTH>().ok_or(TokenFormatError::Length)?;
        // `&`, not `&&` or `all`: every character is looked at.
        let in_alphabet = body.iter().fold(true, |sound, byte| sound & byte.is_ascii_alphanumeric());
        let checksum_matches = bool::from(checksum_of(random).ct_eq(checksum));
        if !in_alphabet {
            return Err(TokenFormatError::Alphabet);
        }
        if !checksum_matches {
            return Err(TokenFormatError::Checksum);
        }
        Ok(RawToken::new(Zeroizing::new(text.to_owned()), self.prefix.len()))
    }

    /// The checksum that follows `random`, a body without its last six characters: its CRC-32
    /// (IEEE 802.3) in base 62, most significant digit first, padded with `0`.
    ///
    /// ```
    /// # use scopes::tokens::TokenFormat;
    /// assert_eq!(&TokenFormat::checksum("aGLjTe3TUN40vSE75sTtgUx9AjIe0q"), b"4n3LFC");
    /// ```
    #[must_use]
    pub fn checksum(random: &str) -> [u8; CHECKSUM_LENGTH] {
        checksum_of(random.as_bytes())
    }
}

fn checksum_of(random: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(random);
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    digits
}

/// The base-62 digit of a random byte, or `None` for the eight highest, which would make the first
/// eight digits likelier than the others (256 = 4 * 62 + 8).
fn random_digit(byte: u8) -> Option<char> {
    (byte < 4 * 62).then(|| char::from(ALPHABET[usize::from(byte % 62)]))
}

/// Why a text is no token of a [`TokenFormat`]. Never carries any part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenFormatError {
    /// It does not begin with the prefix.
    Prefix,
    /// The body has a length that is not accepted.
    Length,
    /// The body has a character other than ASCII letters and digits.
    Alphabet,
    /// The last six characters are not the checksum of those before them.
    Checksum,
}

impl fmt::Display for TokenFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefix => "the token has another prefix",
            Self::Length => "the token has a wrong length",
            Self::Alphabet => "the token has a character that is no ASCII letter or digit",
            Self::Checksum => "the token's checksum does not match, it was probably mistyped",
        })
    }
}

impl core::error::Error for TokenFormatError {}

/// Why a [`TokenFormat`] cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidTokenFormat {
    /// The prefix is empty.
    EmptyPrefix,
    /// The prefix has a character other than ASCII letters, digits, `_` and `-`.
    PrefixCharacter,
    /// The prefix does not end in `_`.
    PrefixEnd,
    /// The body is shorter than [`MIN_BODY_LENGTH`].
    BodyTooShort,
    /// Prefix and body are longer than [`MAX_TOKEN_LENGTH`].
    TokenTooLong,
}

impl InvalidTokenFormat {
    const fn message(self) -> &'static str {
        match self {
            Self::EmptyPrefix => "the token prefix is empty",
            Self::PrefixCharacter => "the token prefix has a character other than ASCII letters, digits, `_` and `-`",
            Self::PrefixEnd => "the token prefix does not end in `_`",
            Self::BodyTooShort => "the token body is shorter than 28 characters (128 random bits and the checksum)",
            Self::TokenTooLong => "the token prefix and body are longer than 255 characters",
        }
    }
}

impl fmt::Display for InvalidTokenFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for InvalidTokenFormat {}

/// The operating system gave no random bytes, so there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntropyError(getrandom::Error);

impl fmt::Display for EntropyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no random bytes from the operating system")
    }
}

impl core::error::Error for EntropyError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
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

    fn error(text: &str) -> Option<TokenFormatError> {
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
        use TokenFormatError::{Alphabet, Checksum, Length, Prefix};
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
                assert_eq!(error(&wrong), Some(TokenFormatError::Checksum), "`{wrong}`");
            }

            let at = 4 + numbers.below(35);
            let mut swapped = text.clone().into_bytes();
            swapped.swap(at, at + 1);
            if swapped != text.as_bytes() {
                let swapped = String::from_utf8(swapped).unwrap();
                assert_eq!(error(&swapped), Some(TokenFormatError::Checksum), "`{swapped}`");
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
            // The first buffer is useless, the second has 40 digits, the third the other ten.
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
}
