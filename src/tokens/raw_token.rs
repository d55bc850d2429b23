//! A whole token, whose text is secret.

use core::fmt;

use zeroize::Zeroizing;

use super::{CHECKSUM_LENGTH, TokenDigest};

/// A well-formed token: a new one, or one that a caller presented.
///
/// Only [`TokenFormat::generate`](super::TokenFormat::generate) and
/// [`TokenFormat::parse`](super::TokenFormat::parse) make one. Only [`reveal`](Self::reveal)
/// returns its text. It cannot be displayed, serialised, cloned or compared, `Debug` shows only the
/// prefix, and its memory is overwritten when it is dropped. (The memory of the request belongs to
/// the server and is not overwritten.)
///
/// ```
/// use scopes::tokens::TokenFormat;
///
/// let format = TokenFormat::new("dyn_").accepting(36);
/// let token = format.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC")?;
/// assert_eq!(format!("{token:?}"), "RawToken(dyn_…)");
/// # Ok::<(), scopes::tokens::ParseTokenError>(())
/// ```
///
/// ```compile_fail
/// # use scopes::tokens::RawToken;
/// fn log(token: &RawToken) {
///     println!("{token}");
/// }
/// ```
pub struct RawToken {
    text: Zeroizing<String>,
    prefix_length: usize,
}

impl RawToken {
    /// Only a format calls this, for text that it made or checked.
    pub(super) fn new(text: Zeroizing<String>, prefix_length: usize) -> Self {
        Self { text, prefix_length }
    }

    /// The secret text. Show it once, to the token's owner.
    ///
    /// ```
    /// # use scopes::tokens::TokenFormat;
    /// let token = TokenFormat::new("dyn_").generate()?;
    /// println!("Your token, shown once: {}", token.reveal());
    /// # Ok::<(), scopes::tokens::EntropyError>(())
    /// ```
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The last six characters, with which an owner can tell tokens apart in a list.
    ///
    /// They may be shown and stored. They reveal 32 bits of the rest, which leaves 98 secret bits
    /// in the shortest token, and 146 in one with a body of 36 characters.
    ///
    /// ```
    /// # use scopes::tokens::{ParseTokenError, TokenFormat};
    /// let format = TokenFormat::new("dyn_").accepting(36);
    /// let token = format.parse("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC")?;
    /// assert_eq!(format!("dyn_…{}", token.checksum()), "dyn_…4n3LFC");
    /// # Ok::<(), ParseTokenError>(())
    /// ```
    #[must_use]
    pub fn checksum(&self) -> &str {
        let start = self.text.len().saturating_sub(CHECKSUM_LENGTH);
        self.text.get(start..).unwrap_or_default()
    }

    /// The digest, which a store keeps in place of the token.
    ///
    /// ```
    /// # use scopes::tokens::TokenFormat;
    /// let format = TokenFormat::new("dyn_");
    /// let token = format.generate()?;
    /// assert_ne!(token.digest(), format.generate()?.digest());
    /// # Ok::<(), scopes::tokens::EntropyError>(())
    /// ```
    #[must_use]
    pub fn digest(&self) -> TokenDigest {
        TokenDigest::of(&self.text)
    }
}

impl fmt::Debug for RawToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = self.text.get(..self.prefix_length).unwrap_or_default();
        write!(f, "RawToken({prefix}…)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::super::TokenFormat;
    use super::*;

    const SAMPLE: &str = "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC";

    fn sample() -> RawToken {
        let format = TokenFormat::new("dyn_").accepting(36);
        format.parse(SAMPLE).unwrap()
    }

    #[test]
    fn parts() {
        assert_eq!(sample().reveal(), SAMPLE);
        assert_eq!(sample().checksum(), "4n3LFC");
        assert_eq!(sample().digest(), TokenDigest::of(SAMPLE));
    }

    #[test]
    fn debug_shows_the_prefix_only() {
        assert_eq!(format!("{:?}", sample()), "RawToken(dyn_…)");
        assert_eq!(format!("{:#?}", Some(sample())), "Some(\n    RawToken(dyn_…),\n)");
    }

    /// Does not compile once `RawToken` has one of the traits: the call would be ambiguous.
    #[test]
    fn has_no_trait_that_gives_the_text_away() {
        trait NotClone<Marker> {
            fn holds() -> bool {
                true
            }
        }
        impl<T> NotClone<()> for T {}
        impl<T: Clone> NotClone<u8> for T {}

        trait NotDisplay<Marker> {
            fn holds() -> bool {
                true
            }
        }
        impl<T> NotDisplay<()> for T {}
        impl<T: fmt::Display> NotDisplay<u8> for T {}

        trait NotAsRef<Marker> {
            fn holds() -> bool {
                true
            }
        }
        impl<T> NotAsRef<()> for T {}
        impl<T: AsRef<str>> NotAsRef<u8> for T {}

        assert!(<RawToken as NotClone<_>>::holds());
        assert!(<RawToken as NotDisplay<_>>::holds());
        assert!(<RawToken as NotAsRef<_>>::holds());
    }

    /// `Zeroizing` overwrites the memory. This fails to compile if the field gets another type.
    #[test]
    fn is_wiped_on_drop() {
        fn wiped(_: &impl zeroize::ZeroizeOnDrop) -> bool {
            true
        }
        assert!(wiped(&sample().text));
    }
}
