//! The text format of a token: prefix, random characters, checksum.

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{CHECKSUM_LENGTH, RawToken};

/// The shortest body: 22 random characters and the checksum.
///
/// At least 22 characters of base 62 are needed for 128 bits (62²¹ < 2¹²⁸ < 62²²). The checksum is
/// computed from them and adds no entropy.
pub const MIN_BODY_LENGTH: usize = 22 + CHECKSUM_LENGTH;

/// The default length of new bodies: 50 random characters (297 bits) and the checksum.
pub const DEFAULT_BODY_LENGTH: usize = 56;

/// The greatest length of a token, prefix included. Integrators are commonly told to reserve this
/// many characters.
pub const MAX_TOKEN_LENGTH: usize = 255;

/// The digits of base 62, by value.
const ALPHABET: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The prefix and the lengths of an application's tokens.
///
/// ```
/// use scopes::tokens::{TokenFormat, ParseTokenError};
///
/// const FORMAT: TokenFormat = TokenFormat::new("dyn_").accepting(36);
///
/// let token = FORMAT.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC")?;
/// assert_eq!(token.checksum(), "4n3LFC");
///
/// let typo = FORMAT.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0r4n3LFC");
/// assert_eq!(typo.unwrap_err(), ParseTokenError::Checksum);
/// # Ok::<(), ParseTokenError>(())
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
    /// Makes the format of tokens that begin with `prefix` and have bodies of
    /// [`DEFAULT_BODY_LENGTH`] characters.
    ///
    /// ```
    /// use scopes::tokens::TokenFormat;
    ///
    /// const FORMAT: TokenFormat = TokenFormat::new("dyn_");
    /// assert!(FORMAT.generate()?.reveal().starts_with("dyn_"));
    /// # Ok::<(), scopes::tokens::EntropyError>(())
    /// ```
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

    /// Like [`new`](Self::new), but returns an error in place of a panic.
    ///
    /// ```
    /// use scopes::tokens::{InvalidTokenFormat, TokenFormat};
    ///
    /// assert!(TokenFormat::try_new("dyn_").is_ok());
    /// assert_eq!(TokenFormat::try_new("").unwrap_err(), InvalidTokenFormat::EmptyPrefix);
    /// ```
    ///
    /// # Errors
    ///
    /// If `prefix` is empty, has a character other than ASCII letters, digits, `_` and `-`, does
    /// not end in `_`, or leaves no room for the body in [`MAX_TOKEN_LENGTH`].
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
    /// [`DEFAULT_BODY_LENGTH`]. To accept the previous length as well, add it with
    /// [`accepting`](Self::accepting).
    ///
    /// ```
    /// use scopes::tokens::TokenFormat;
    ///
    /// let format = TokenFormat::new("dyn_").issuing(36);
    /// assert_eq!(format.generate()?.reveal().len(), "dyn_".len() + 36);
    /// # Ok::<(), scopes::tokens::EntropyError>(())
    /// ```
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

    /// Like [`issuing`](Self::issuing), but returns an error in place of a panic.
    ///
    /// ```
    /// use scopes::tokens::{InvalidTokenFormat, MIN_BODY_LENGTH, TokenFormat};
    ///
    /// let format = TokenFormat::new("dyn_");
    /// assert!(format.try_issuing(MIN_BODY_LENGTH).is_ok());
    /// assert!(format.try_issuing(MIN_BODY_LENGTH - 1).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If `body_length` is below [`MIN_BODY_LENGTH`], or body and prefix exceed
    /// [`MAX_TOKEN_LENGTH`].
    pub const fn try_issuing(mut self, body_length: usize) -> Result<Self, InvalidTokenFormat> {
        if let Err(error) = self.check_length(body_length) {
            return Err(error);
        }
        self.issued = body_length;
        Ok(self)
    }

    /// Also accepts bodies of `body_length` characters, checksum included.
    ///
    /// ```
    /// use scopes::tokens::TokenFormat;
    ///
    /// // Tokens issued before the body was lengthened stay good.
    /// let format = TokenFormat::new("dyn_").accepting(36);
    /// assert!(format.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC").is_ok());
    /// ```
    ///
    /// # Panics
    ///
    /// Where [`try_accepting`](Self::try_accepting) is an error; in a `const` this is a compile
    /// error.
    #[must_use]
    pub const fn accepting(self, body_length: usize) -> Self {
        match self.try_accepting(body_length) {
            Ok(format) => format,
            Err(error) => panic!("{}", error.message()),
        }
    }

    /// Like [`accepting`](Self::accepting), but returns an error in place of a panic.
    ///
    /// ```
    /// use scopes::tokens::TokenFormat;
    ///
    /// let format = TokenFormat::new("dyn_");
    /// assert!(format.try_accepting(36).is_ok() && format.try_accepting(8).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If `body_length` is below [`MIN_BODY_LENGTH`], or body and prefix exceed
    /// [`MAX_TOKEN_LENGTH`].
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

    /// The prefix with which every token of this format begins.
    ///
    /// ```
    /// assert_eq!(scopes::tokens::TokenFormat::new("dyn_").prefix(), "dyn_");
    /// ```
    #[must_use]
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// Whether a body of this length, checksum included, is accepted.
    ///
    /// ```
    /// let format = scopes::tokens::TokenFormat::new("dyn_").accepting(36);
    /// assert!(format.accepts_length(36) && format.accepts_length(56));
    /// assert!(!format.accepts_length(40));
    /// ```
    #[must_use]
    pub const fn accepts_length(&self, body_length: usize) -> bool {
        body_length == self.issued
            || body_length <= MAX_TOKEN_LENGTH && self.also_accepted[body_length / 64] & (1 << (body_length % 64)) != 0
    }

    /// Whether `text` begins with the prefix. Use it to choose the verifier of a credential; it
    /// does not say whether the token is valid.
    ///
    /// ```
    /// let format = scopes::tokens::TokenFormat::new("dyn_");
    /// assert!(format.recognises("dyn_whatever") && !format.recognises("eyJhbGciOi"));
    /// ```
    #[must_use]
    pub fn recognises(&self, text: &str) -> bool {
        text.starts_with(self.prefix)
    }

    /// Makes a new token from the operating system's random source.
    ///
    /// ```
    /// use scopes::tokens::TokenFormat;
    ///
    /// let format = TokenFormat::new("dyn_");
    /// let token = format.generate()?;
    /// // Show the token once; store its digest.
    /// let (shown, stored) = (token.reveal(), token.digest());
    /// assert_eq!(format.parse(shown)?.digest(), stored);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If that source fails. It never falls back to a weaker source.
    pub fn generate(&self) -> Result<RawToken, EntropyError> {
        self.generate_from(|bytes| getrandom::fill(bytes).map_err(EntropyError))
    }

    fn generate_from(
        &self,
        mut fill: impl FnMut(&mut [u8]) -> Result<(), EntropyError>,
    ) -> Result<RawToken, EntropyError> {
        let random_end = self.prefix.len() + self.issued - CHECKSUM_LENGTH;
        // The full capacity at once: growing would leave copies that are not overwritten.
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
    /// The time depends only on the length of `text`, not on which of its characters are wrong. The
    /// returned copy is overwritten when it is dropped, the caller's text is not.
    ///
    /// ```
    /// use scopes::tokens::{ParseTokenError, TokenFormat};
    ///
    /// let format = TokenFormat::new("dyn_").accepting(36);
    /// let token = format.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC")?;
    /// assert_eq!(token.checksum(), "4n3LFC");
    /// assert_eq!(format.parse("ghp_7").unwrap_err(), ParseTokenError::Prefix);
    /// # Ok::<(), ParseTokenError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The check that failed, for logs and command-line tools. Answer the client like one with an
    /// unknown token: see the [module](super).
    pub fn parse(&self, text: &str) -> Result<RawToken, ParseTokenError> {
        let body = text.strip_prefix(self.prefix).ok_or(ParseTokenError::Prefix)?.as_bytes();
        if !self.accepts_length(body.len()) {
            return Err(ParseTokenError::Length);
        }
        let (random, checksum) = body.split_last_chunk::<CHECKSUM_LENGTH>().ok_or(ParseTokenError::Length)?;
        // `&` and not `&&` or `all`, so that every character is compared.
        let in_alphabet = body.iter().fold(true, |sound, byte| sound & byte.is_ascii_alphanumeric());
        let checksum_matches = bool::from(checksum_of(random).ct_eq(checksum));
        if !in_alphabet {
            return Err(ParseTokenError::Alphabet);
        }
        if !checksum_matches {
            return Err(ParseTokenError::Checksum);
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

/// The base-62 digit of a random byte, or `None` for the eight highest bytes, which would make the
/// first eight digits likelier than the others (256 = 4 * 62 + 8).
fn random_digit(byte: u8) -> Option<char> {
    (byte < 4 * 62).then(|| char::from(ALPHABET[usize::from(byte % 62)]))
}

/// Why a text is not a token of a [`TokenFormat`]. It never holds any part of the text.
///
/// ```
/// use scopes::tokens::{ParseTokenError, TokenFormat};
///
/// let error = TokenFormat::new("dyn_").parse("dyn_short").unwrap_err();
/// assert_eq!(error, ParseTokenError::Length);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseTokenError {
    /// It does not begin with the prefix.
    Prefix,
    /// The body has a length that is not accepted.
    Length,
    /// The body has a character other than ASCII letters and digits.
    Alphabet,
    /// The last six characters are not the checksum of those before them.
    Checksum,
}

impl fmt::Display for ParseTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prefix => "the token has another prefix",
            Self::Length => "the token has a wrong length",
            Self::Alphabet => "the token has a character that is not an ASCII letter or digit",
            Self::Checksum => "the token's checksum does not match, it was probably mistyped",
        })
    }
}

impl core::error::Error for ParseTokenError {}

/// Why a [`TokenFormat`] cannot have this prefix.
///
/// ```
/// use scopes::tokens::TokenFormat;
///
/// println!("{}", TokenFormat::try_new("dyn").unwrap_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidTokenFormat {
    /// The prefix is an empty text.
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

/// The operating system gave no random bytes, so no token was generated.
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
mod tests;
