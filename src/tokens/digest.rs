//! The digest that is stored in place of a token.

use core::{fmt, hash, str::FromStr};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The SHA-256 of a whole token, prefix included.
///
/// Comparison takes constant time. `Debug` shows the first two bytes, which are enough to tell log
/// lines apart; use [`to_hex`](Self::to_hex) for the store.
///
/// ```
/// use scopes::tokens::{TokenDigest, TokenFormat};
///
/// let token = TokenFormat::new("dyn_").generate()?;
/// let stored: String = token.digest().to_hex();
/// assert_eq!(stored.parse(), Ok(token.digest()));
/// # Ok::<(), scopes::tokens::EntropyError>(())
/// ```
#[derive(Clone, Copy, Eq)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }

    /// Makes a digest of the stored bytes.
    ///
    /// ```
    /// use scopes::tokens::TokenDigest;
    ///
    /// let column = [7; 32];
    /// assert_eq!(TokenDigest::from_bytes(column).as_bytes(), &column);
    /// ```
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the digest, for a binary column.
    ///
    /// ```
    /// # use scopes::tokens::TokenFormat;
    /// let token = TokenFormat::new("dyn_").generate()?;
    /// assert_eq!(token.digest().as_bytes().len(), 32);
    /// # Ok::<(), scopes::tokens::EntropyError>(())
    /// ```
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The digest as 64 lower-case hexadecimal digits.
    ///
    /// ```
    /// use scopes::tokens::TokenDigest;
    ///
    /// assert_eq!(TokenDigest::from_bytes([0xab; 32]).to_hex(), "ab".repeat(32));
    /// ```
    #[must_use]
    pub fn to_hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.0
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|half| char::from(DIGITS[usize::from(half)]))
            .collect()
    }

    /// Reads 64 hexadecimal digits, in upper or lower case.
    ///
    /// ```
    /// use scopes::tokens::{ParseDigestError, TokenDigest};
    ///
    /// let digest = TokenDigest::from_hex(&"AB".repeat(32))?;
    /// assert_eq!(digest.to_hex(), "ab".repeat(32));
    /// assert!(TokenDigest::from_hex("ab").is_err());
    /// # Ok::<(), ParseDigestError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the text has more or fewer characters, or other characters.
    pub fn from_hex(text: &str) -> Result<Self, ParseDigestError> {
        let text = text.as_bytes();
        if text.len() != 64 {
            return Err(ParseDigestError::Length);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            for &digit in pair {
                *byte = (*byte << 4) | hex_value(digit)?;
            }
        }
        Ok(Self(bytes))
    }
}

const fn hex_value(digit: u8) -> Result<u8, ParseDigestError> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(ParseDigestError::Character),
    }
}

impl FromStr for TokenDigest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_hex(text)
    }
}

impl PartialEq for TokenDigest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

// Equal digests have equal bytes, so they hash alike.
impl hash::Hash for TokenDigest {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second, ..] = self.0;
        write!(f, "TokenDigest({first:02x}{second:02x}…)")
    }
}

/// Why a text is not a [`TokenDigest`].
///
/// ```
/// use scopes::tokens::TokenDigest;
///
/// println!("{}", "abc".parse::<TokenDigest>().unwrap_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseDigestError {
    /// It does not have 64 characters.
    Length,
    /// It has a character that is not a hexadecimal digit.
    Character,
}

impl fmt::Display for ParseDigestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Length => "a token digest has 64 hexadecimal digits",
            Self::Character => "the token digest has a character that is not a hexadecimal digit",
        })
    }
}

impl core::error::Error for ParseDigestError {}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

    /// Digests that another implementation of SHA-256 has made.
    const VECTORS: [(&str, &str); 3] = [
        (
            "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC",
            "36a207a7616709ef951dc9cc9c55681caa20638e4222bd6b6d990fc69c31dcd8",
        ),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ];

    #[test]
    fn vectors() {
        for (text, hex) in VECTORS {
            let digest = TokenDigest::of(text);
            assert_eq!(digest.to_hex(), hex);
            assert_eq!(TokenDigest::from_hex(hex), Ok(digest));
            assert_eq!(hex.to_uppercase().parse(), Ok(digest));
            assert_eq!(TokenDigest::from_bytes(*digest.as_bytes()), digest);
        }
    }

    #[test]
    fn hex_of_every_byte() {
        for byte in 0..=u8::MAX {
            let digest = TokenDigest::from_bytes([byte; 32]);
            assert_eq!(digest.to_hex(), format!("{byte:02x}").repeat(32));
            assert_eq!(TokenDigest::from_hex(&digest.to_hex()), Ok(digest));
        }
    }

    #[test]
    fn bad_hex() {
        use ParseDigestError::{Character, Length};
        let sound = VECTORS[0].1;
        for (text, expected) in [
            (String::new(), Length),
            (sound[1..].to_owned(), Length),
            (format!("{sound}0"), Length),
            (format!(" {}", &sound[1..]), Character),
            (format!("+{}", &sound[1..]), Character),
            (format!("{}g", &sound[1..]), Character),
            (format!("é{}", &sound[2..]), Character),
            (format!("0x{}", &sound[2..]), Character),
        ] {
            assert_eq!(TokenDigest::from_hex(&text), Err(expected), "`{text}`");
        }
    }

    #[test]
    fn equality_looks_at_every_byte_and_hash_agrees() {
        let digest = TokenDigest::of("abc");
        let state = RandomState::new();
        assert_eq!(state.hash_one(digest), state.hash_one(TokenDigest::of("abc")));
        for at in 0..32 {
            let mut bytes = *digest.as_bytes();
            bytes[at] ^= 1;
            let other = TokenDigest::from_bytes(bytes);
            assert_ne!(digest, other, "byte {at}");
            assert_ne!(state.hash_one(digest), state.hash_one(other), "byte {at}");
        }
    }

    #[test]
    fn debug_is_redacted() {
        assert_eq!(format!("{:?}", TokenDigest::of("abc")), "TokenDigest(ba78…)");
        assert_eq!(format!("{:?}", TokenDigest::from_bytes([7; 32])), "TokenDigest(0707…)");
    }
}
