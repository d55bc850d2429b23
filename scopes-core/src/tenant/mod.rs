//! The tenants for which a grant is valid.
//!
//! A tenant value comes from a token and is compared with a part of a path. So every text that can
//! be a whole segment of a path by the byte rules ([`path_rules`]) can be a value: the raw path may
//! escape it, and it is decoded once before the comparison. Neither letter case nor Unicode forms
//! are folded.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::path_rules;
use crate::quoted::QuotedCharacter;
use crate::set::Excerpt;

/// The longest tenant value, in bytes.
pub(crate) const MAX_LENGTH: usize = 255;

/// The tenants for which a grant is valid. The default is none, with which no tenant-bound route
/// can be called.
///
/// A tenant is a text of 1 to 255 bytes in UTF-8, such as `E1`, `ann@example.com`, `auth0|7` or
/// `acme corp`. Not allowed are `/`, `\`, `%`, `;`, control characters, white space at either end,
/// and `.` and `..`, because some programs between client and handler read them differently. Values
/// are compared byte for byte: `Acme` and `acme` are two tenants, and so are the composed and the
/// decomposed form of `é`.
///
/// The enum is exhaustive: code that stores or compares tenants must handle every kind, so another
/// one needs a new major version.
///
/// ```
/// use scopes_core::Tenants;
///
/// let tenants = Tenants::only(["e1", "e2"])?;
/// assert!(tenants.covers("e1"));
/// assert!(!tenants.covers("E1"));
/// assert!(!Tenants::default().covers("e1"));
/// assert!(Tenants::only(["a/b"]).is_err());
/// # Ok::<(), scopes_core::TenantError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Tenants {
    /// The grant is valid for no tenant.
    #[default]
    None,
    /// The grant is valid for these tenants, at least one.
    Only(TenantSet),
    /// The grant is valid for every tenant, also for future ones. Meant for operators' own grants.
    Any,
}

impl Tenants {
    /// A grant for these tenants; [`Tenants::None`] if the list is empty.
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// assert!(Tenants::only(["acme corp", "ann@example.com"]).is_ok());
    /// assert!(Tenants::only(["../acme"]).is_err());
    /// assert_eq!(Tenants::only::<[&str; 0]>([])?, Tenants::None);
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    ///
    /// # Errors
    /// The first text that cannot be a tenant value.
    pub fn only<I>(tenants: I) -> Result<Self, TenantError>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut values = Vec::new();
        for tenant in tenants {
            let tenant = tenant.as_ref();
            check(tenant)?;
            values.push(Box::from(tenant));
        }
        values.sort_unstable();
        values.dedup();
        Ok(if values.is_empty() { Self::None } else { Self::Only(TenantSet { values: values.into() }) })
    }

    /// Whether the grant is valid for this tenant: compared byte for byte, without folding or
    /// trimming.
    ///
    /// A text that cannot be a tenant value is never covered, not even by [`Tenants::Any`].
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// let tenants = Tenants::only(["acme"])?;
    /// assert!(tenants.covers("acme") && !tenants.covers("Acme"));
    /// assert!(Tenants::Any.covers("acme") && !Tenants::Any.covers(""));
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    #[must_use]
    pub fn covers(&self, tenant: &str) -> bool {
        match self {
            Self::None => false,
            Self::Only(set) => set.contains(tenant),
            Self::Any => check(tenant).is_ok(),
        }
    }

    /// Like [`covers`](Self::covers), for the raw tenant in a path, which is decoded once.
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// assert!(Tenants::only(["acme corp"])?.covers_raw(b"acme%20corp"));
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn covers_raw(&self, raw: &[u8]) -> bool {
        // A value never contains `%`. So raw text that equals a value has no escape and decodes to
        // itself.
        if let Self::Only(set) = self
            && let [only] = &*set.values
            && is_same(only.as_bytes(), raw)
        {
            return true;
        }
        self.covers_decoded(raw)
    }

    #[inline(never)]
    fn covers_decoded(&self, raw: &[u8]) -> bool {
        if raw.contains(&b'%') {
            path_rules::decode(raw).is_some_and(|tenant| self.covers(&tenant))
        } else {
            core::str::from_utf8(raw).is_ok_and(|tenant| self.covers(tenant))
        }
    }

    /// Whether `other` covers every tenant that this one covers.
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// let (one, both) = (Tenants::only(["e1"])?, Tenants::only(["e1", "e2"])?);
    /// assert!(one.is_subset(&both) && !both.is_subset(&one));
    /// assert!(both.is_subset(&Tenants::Any));
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, _) | (_, Self::Any) => true,
            (Self::Only(mine), Self::Only(theirs)) => mine.iter().all(|tenant| theirs.contains(tenant)),
            (Self::Only(_), Self::None) | (Self::Any, Self::None | Self::Only(_)) => false,
        }
    }

    /// The tenants that are listed, sorted. [`Tenants::None`] and [`Tenants::Any`] list none.
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// assert!(Tenants::only(["e2", "e1"])?.iter().eq(["e1", "e2"]));
    /// assert_eq!(Tenants::Any.iter().len(), 0);
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        let values = match self {
            Self::Only(set) => &*set.values,
            Self::None | Self::Any => &[],
        };
        values.iter().map(|value| &**value)
    }
}

/// Whether two texts are equal. Texts of 32 to 48 bytes, such as UUIDs, are compared inline, in
/// blocks.
#[inline(always)]
fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ([a_first, a_second, ..], [b_first, b_second, ..]) = (a.as_chunks::<16>().0, b.as_chunks::<16>().0) else {
        return a == b;
    };
    let last = a.last_chunk::<16>() == b.last_chunk::<16>();
    a_first == b_first && a_second == b_second && last && (a.len() <= 48 || a == b)
}

/// A sorted list of at least one tenant value, without duplicates; made by [`Tenants::only`].
///
/// ```
/// use scopes_core::Tenants;
///
/// let Tenants::Only(set) = Tenants::only(["e2", "e1", "e2"])? else { panic!() };
/// assert!(set.iter().eq(["e1", "e2"]));
/// # Ok::<(), scopes_core::TenantError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TenantSet {
    values: Box<[Box<str>]>,
}

impl TenantSet {
    /// Whether the set has exactly this value.
    ///
    /// ```
    /// # use scopes_core::Tenants;
    /// let Tenants::Only(set) = Tenants::only(["e1"])? else { panic!() };
    /// assert!(set.contains("e1") && !set.contains("E1"));
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    #[must_use]
    pub fn contains(&self, tenant: &str) -> bool {
        match &*self.values {
            // Most grants are for one tenant.
            [only] => **only == *tenant,
            values => values.binary_search_by(|value| (**value).cmp(tenant)).is_ok(),
        }
    }

    /// Iterates over the tenants in sorted order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        self.values.iter().map(|value| &**value)
    }
}

/// Checks a tenant value, like [`Tenants::only`] does.
///
/// # Errors
/// The reason why the text cannot be a tenant value.
pub(crate) fn check(tenant: &str) -> Result<(), TenantError> {
    if tenant.is_empty() {
        return Err(TenantError::Empty);
    }
    if tenant.len() > MAX_LENGTH {
        return Err(TenantError::TooLong { length: tenant.len() });
    }
    if tenant == "." || tenant == ".." {
        return Err(TenantError::DotSegment { tenant: tenant.into() });
    }
    let is_never =
        |&(_, character): &(usize, char)| character.is_control() || matches!(character, '/' | '\\' | '%' | ';');
    if let Some((offset, character)) = tenant.char_indices().find(is_never) {
        return Err(TenantError::Character { tenant: tenant.into(), offset, character });
    }
    if tenant.starts_with(char::is_whitespace) || tenant.ends_with(char::is_whitespace) {
        return Err(TenantError::OuterWhiteSpace { tenant: tenant.into() });
    }
    Ok(())
}

/// The reason why a text cannot be a tenant value.
///
/// ```
/// use scopes_core::{TenantError, Tenants};
///
/// assert_eq!(Tenants::only([""]).unwrap_err(), TenantError::Empty);
/// println!("{}", Tenants::only(["a/b"]).unwrap_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TenantError {
    /// The text of the tenant is empty.
    Empty,
    /// It is longer than 255 bytes.
    TooLong {
        /// The length of the text in bytes.
        length: usize,
    },
    /// The text contains `/`, `\`, `%`, `;` or a control character.
    Character {
        /// The text that is not a tenant.
        tenant: String,
        /// The position of the character, in bytes from the start.
        offset: usize,
        /// The first character that is not allowed.
        character: char,
    },
    /// It begins or ends with white space, which some programs trim.
    OuterWhiteSpace {
        /// The text that is not a tenant.
        tenant: String,
    },
    /// It is `.` or `..`, which no path can carry as a segment.
    DotSegment {
        /// The text that is not a tenant.
        tenant: String,
    },
}

impl fmt::Display for TenantError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a tenant must not be empty"),
            Self::TooLong { length } => write!(f, "a tenant of {length} bytes, at most {MAX_LENGTH} are allowed"),
            Self::Character { tenant, offset, character } => write!(
                f,
                "tenant `{}` holds `{}` at byte {offset}, `/`, `\\`, `%`, `;` and control characters are not allowed",
                Excerpt(tenant),
                QuotedCharacter(*character)
            ),
            Self::OuterWhiteSpace { tenant } => {
                write!(f, "tenant `{}` begins or ends with white space", Excerpt(tenant))
            }
            Self::DotSegment { tenant } => write!(f, "`{tenant}` cannot name a tenant"),
        }
    }
}

impl core::error::Error for TenantError {}

#[cfg(test)]
mod tests;
