//! Links to a page that makes tokens: they choose scopes before a person looks at them.

use std::fmt;

use form_urlencoded::{Serializer, parse};

/// The greatest number of bytes of a link's query.
pub const MAX_LINK_BYTES: usize = 4096;

/// The greatest number of scopes that a link names.
pub const MAX_LINK_NAMES: usize = 200;

/// The greatest number of days for which a link proposes a token.
const MAX_DAYS: u32 = 3660;

/// The greatest number of characters of a name.
const MAX_NAME: usize = 100;

/// The query of a link to a page that makes tokens:
/// `?name=ci&scopes=users.read+users.write&preset=read-only&expires_in=30`.
///
/// A link proposes, and a person decides: [`Picker::choose`](super::Picker::choose) says what a
/// page may choose beforehand. Fields that a link does not know are ignored.
///
/// ```
/// use scopes_export::picker::Link;
///
/// let link = Link::new().name("ci job").scope("users.read").scope("users.write").expires_in(30);
/// let query = link.to_query()?;
/// assert_eq!(query, "name=ci+job&scopes=users.read+users.write&expires_in=30");
/// assert_eq!(Link::parse(&query)?, link);
/// # Ok::<(), scopes_export::picker::LinkError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    name: Option<String>,
    scopes: Vec<String>,
    preset: Option<String>,
    days: Option<u32>,
}

impl Link {
    /// Proposes nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Proposes a name for the token.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::new().name("ci job").to_query()?, "name=ci+job");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Proposes one more scope, by its wire name.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::new().scope("a").scope("b").to_query()?, "scopes=a+b");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn scope(mut self, name: impl Into<String>) -> Self {
        self.scopes.push(name.into());
        self
    }

    /// Proposes the scopes of a preset, by its id.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::new().preset("read-only").to_query()?, "preset=read-only");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn preset(self, id: impl Into<String>) -> Self {
        Self { preset: Some(id.into()), ..self }
    }

    /// Proposes the lifetime, in days.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::new().expires_in(30).to_query()?, "expires_in=30");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn expires_in(self, days: u32) -> Self {
        Self { days: Some(days), ..self }
    }

    /// Reads the query of a request, without the `?`.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let link = Link::parse("scopes=users.read&utm_source=mail")?;
    /// assert_eq!(link, Link::new().scope("users.read"));
    /// assert_eq!(Link::parse("scopes=a&scopes=b"), Err(LinkError::Repeated));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If the query is too long, has a field twice, too many names, or a value that does not fit
    /// its field. The page should then propose nothing.
    pub fn parse(query: &str) -> Result<Self, LinkError> {
        if query.len() > MAX_LINK_BYTES {
            // A long query of other fields only is not a link.
            let is_link = parse(query.as_bytes()).any(|(name, _)| FIELDS.contains(&&*name));
            return if is_link { Err(LinkError::TooLong) } else { Ok(Self::new()) };
        }
        let mut values: [Option<String>; 4] = Default::default();
        for (name, value) in parse(query.as_bytes()) {
            let Some(place) = FIELDS.iter().position(|field| *field == name) else { continue };
            if let Some(slot) = values.get_mut(place)
                && slot.replace(value.into_owned()).is_some()
            {
                return Err(LinkError::Repeated);
            }
        }
        let [name, scopes, preset, days] = values;
        let mut link = Self { name, preset, ..Self::default() };
        for scope in scopes.as_deref().unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()) {
            if !link.scopes.iter().any(|other| other == scope) {
                link.scopes.push(scope.to_owned());
            }
        }
        if let Some(days) = days {
            let is_number = !days.is_empty() && days.bytes().all(|byte| byte.is_ascii_digit());
            link.days = Some(days.parse().ok().filter(|_| is_number).ok_or(LinkError::Days)?);
        }
        link.check()?;
        Ok(link)
    }

    /// Writes the query, without the `?`.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::new().name("a&b").to_query()?, "name=a%26b");
    /// assert_eq!(Link::new().expires_in(0).to_query(), Err(LinkError::Days));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// If [`parse`](Self::parse) would refuse it.
    pub fn to_query(&self) -> Result<String, LinkError> {
        self.check()?;
        let mut query = Serializer::new(String::new());
        let mut push = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        };
        push("name", self.name.as_deref());
        push("scopes", Some(self.scopes.join(" ")).filter(|scopes| !scopes.is_empty()).as_deref());
        push("preset", self.preset.as_deref());
        push("expires_in", self.days.map(|days| days.to_string()).as_deref());
        let query = query.finish();
        if query.len() > MAX_LINK_BYTES { Err(LinkError::TooLong) } else { Ok(query) }
    }

    /// Whether the link proposes scopes, be it by their names or by a preset.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert!(Link::parse("preset=read-only")?.has_scopes());
    /// assert!(!Link::parse("name=ci")?.has_scopes());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn has_scopes(&self) -> bool {
        !self.scopes.is_empty() || self.preset.is_some()
    }

    /// The proposed name of the token.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::parse("name=ci+job")?.token_name(), Some("ci job"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn token_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The proposed scopes, without those of the preset.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert!(Link::parse("scopes=a+b+a")?.scopes().eq(["a", "b"]));
    /// # Ok(()) }
    /// ```
    pub fn scopes(&self) -> impl ExactSizeIterator<Item = &str> {
        self.scopes.iter().map(String::as_str)
    }

    /// The id of the proposed preset.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::parse("preset=read-only")?.preset_id(), Some("read-only"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn preset_id(&self) -> Option<&str> {
        self.preset.as_deref()
    }

    /// The proposed lifetime in days.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// assert_eq!(Link::parse("expires_in=30")?.days(), Some(30));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn days(&self) -> Option<u32> {
        self.days
    }

    fn check(&self) -> Result<(), LinkError> {
        let is_text = |text: &str| text.chars().count() <= MAX_NAME && !text.chars().any(crate::shown::is_invisible);
        if !self.name.as_deref().is_none_or(is_text) {
            return Err(LinkError::Name);
        }
        if self.scopes.len() > MAX_LINK_NAMES {
            return Err(LinkError::TooMany);
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || scope.contains(' ')) {
            return Err(LinkError::Scope);
        }
        if self.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            return Err(LinkError::Days);
        }
        Ok(())
    }
}

const FIELDS: [&str; 4] = ["name", "scopes", "preset", "expires_in"];

/// What a page makes of a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub(super) chosen: Vec<String>,
    pub(super) held_back: Vec<String>,
    pub(super) unknown: Vec<String>,
}

impl Choice {
    /// The scopes that are chosen beforehand.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new())?;
    /// let choice = picker.choose(&Link::parse("scopes=users.read+users.write+x")?);
    /// assert_eq!(choice.chosen(), ["users.read"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn chosen(&self) -> &[String] {
        &self.chosen
    }

    /// The scopes that a person must choose: they delete, issue tokens, or are not the issuer's to
    /// give.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new())?;
    /// let choice = picker.choose(&Link::parse("scopes=users.read+users.write+x")?);
    /// assert_eq!(choice.held_back(), ["users.write"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn held_back(&self) -> &[String] {
        &self.held_back
    }

    /// The names that the catalogue does not have. They come from the link: escape them.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new())?;
    /// let choice = picker.choose(&Link::parse("scopes=users.read+users.write+x")?);
    /// assert_eq!(choice.unknown(), ["x"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn unknown(&self) -> &[String] {
        &self.unknown
    }
}

/// Why a query is not a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LinkError {
    /// The query has more than 4,096 bytes.
    TooLong,
    /// The link names more than 200 scopes.
    TooMany,
    /// A field occurs twice.
    Repeated,
    /// The name has more than 100 characters, or one that is not shown.
    Name,
    /// The name of a scope is empty or has a blank in it.
    Scope,
    /// `expires_in` is not a number of days from 1 to 3,660.
    Days,
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "it is too long",
            Self::TooMany => "it has too many names",
            Self::Repeated => "it names a field twice",
            Self::Name => "its name is not a name",
            Self::Scope => "the name of a scope is empty or has a blank in it",
            Self::Days => "its lifetime is not a number of days",
        })
    }
}

impl std::error::Error for LinkError {}
