//! What an application says about its picker, beside the catalogue.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::reference::{Level, Reference};

/// What an application adds to the facts of its catalogue.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::picker::{Access, Options, Picker};
///
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("balances.query").route("POST", "/balances");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let options = Options::new()
///     .documentation("https://docs.example.com/permissions")
///     .group("balances", "Balances")
///     .access("balances.query", Access::Read);
/// let file = Picker::new(&catalogue, &options)?.to_json();
/// assert!(file.contains(r#""access": "read""#) && file.contains(r#""access_from": "declared""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) documentation: Option<String>,
    pub(super) groups: BTreeMap<String, String>,
    pub(super) access: BTreeMap<String, Access>,
    pub(super) presets: Vec<(String, Vec<String>)>,
    pub(super) has_read_only: bool,
    pub(super) issuer: Option<Vec<String>>,
}

impl Options {
    /// The facts of the catalogue, and the derived preset "Read only".
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let file = Picker::new(&catalogue, &Options::new())?.to_json();
    /// assert!(file.contains(r#""preset": "read-only""#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            documentation: None,
            groups: BTreeMap::new(),
            access: BTreeMap::new(),
            presets: Vec::new(),
            has_read_only: true,
            issuer: None,
        }
    }

    /// Sets the address of the permission reference: `https:`, or a path of the same server.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let options = Options::new().documentation("/docs/permissions");
    /// assert!(Picker::new(&catalogue, &options)?.to_json().contains("/docs/permissions"));
    /// assert!(Picker::new(&catalogue, &Options::new().documentation("javascript:0")).is_err());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn documentation(self, address: impl Into<String>) -> Self {
        Self { documentation: Some(address.into()), ..self }
    }

    /// Sets the title of a group. By default it is made of the group's name.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let options = Options::new().group("users", "People");
    /// assert!(Picker::new(&catalogue, &options)?.to_json().contains(r#""title": "People""#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn group(mut self, name: impl Into<String>, title: impl Into<String>) -> Self {
        self.groups.insert(name.into(), title.into());
        self
    }

    /// Declares what a scope does, in place of what its methods and its name suggest.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let options = Options::new().access("users.write", Access::Read);
    /// let file = Picker::new(&catalogue, &options)?.to_json();
    /// assert!(file.contains(r#""access_from": "declared""#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn access(mut self, scope: impl Into<String>, access: Access) -> Self {
        self.access.insert(scope.into(), access);
        self
    }

    /// Adds a preset. Its id for links is the title in lower case, with hyphens: `support-desk`.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let options = Options::new().preset("Support desk", ["users.read"]);
    /// let picker = Picker::new(&catalogue, &options)?;
    /// assert_eq!(picker.choose(&Link::new().preset("support-desk")).chosen(), ["users.read"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn preset<N: Into<String>>(mut self, title: impl Into<String>, scopes: impl IntoIterator<Item = N>) -> Self {
        self.presets.push((title.into(), scopes.into_iter().map(Into::into).collect()));
        self
    }

    /// Leaves out the preset "Read only", which has each scope that only reads.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new().without_read_only())?;
    /// assert_eq!(picker.choose(&Link::new().preset("read-only")).unknown(), ["read-only"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn without_read_only(self) -> Self {
        Self { has_read_only: false, ..self }
    }

    /// Names the scopes of the person or token that will issue. Without this call the file is for
    /// any issuer.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let picker = Picker::new(&catalogue, &Options::new().issuer(["users.read"]))?;
    /// assert!(picker.to_json().contains(r#""may_give": false"#));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn issuer<N: Into<String>>(self, scopes: impl IntoIterator<Item = N>) -> Self {
        Self { issuer: Some(scopes.into_iter().map(Into::into).collect()), ..self }
    }

    pub(super) fn check(&self, reference: &Reference<'_>) -> Result<(), PickerError> {
        if let Some(address) = &self.documentation
            && !is_address(address)
        {
            return Err(PickerError::Documentation);
        }
        for name in self.access.keys() {
            let unknown = || PickerError::Scope(name.clone());
            reference.catalogue().scope_named(name).ok_or_else(unknown)?;
        }
        for name in self.groups.keys() {
            if !reference.groups().iter().any(|group| group.name() == name) {
                return Err(PickerError::Group(name.clone()));
            }
        }
        Ok(())
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

/// What a scope does to the data that it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Access {
    /// It only reads.
    Read,
    /// Its name says that it reads, but some of its routes have methods that change something.
    ReadByName,
    /// It changes something.
    Write,
    /// It opens no route of this catalogue.
    Unknown,
}

impl Access {
    pub(super) const fn of(level: Level) -> Self {
        match level {
            Level::NoRoutes => Self::Unknown,
            Level::Read => Self::Read,
            Level::ReadByName => Self::ReadByName,
            Level::Write => Self::Write,
        }
    }
}

/// Why the options do not fit the catalogue.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::picker::{Options, Picker};
///
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let options = Options::new().preset("Support desk", ["users.reed"]);
/// let error = Picker::new(&catalogue, &options).unwrap_err();
/// assert_eq!(error.to_string(), "the catalogue has no scope `users.reed`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PickerError {
    /// The catalogue does not have this scope.
    Scope(String),
    /// The catalogue does not have this group.
    Group(String),
    /// The preset with this title has no scope, no letter in its title, or the id of another one.
    Preset(String),
    /// The address of the documentation is neither `https:` nor a path.
    Documentation,
}

impl fmt::Display for PickerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scope(name) => write!(f, "the catalogue has no scope `{name}`"),
            Self::Group(name) => write!(f, "the catalogue has no group `{name}`"),
            Self::Preset(title) => {
                write!(f, "the preset `{title}` needs at least one scope, and a title that no other preset has")
            }
            Self::Documentation => f.write_str("the documentation is an address with `https:` or a path"),
        }
    }
}

impl std::error::Error for PickerError {}

/// The id of a title: its letters and digits in lower case, with hyphens between the words.
pub(super) fn identifier(title: &str) -> String {
    let words = title.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// The title of a group or scope: the words of its name, the first one with a capital letter.
pub(super) fn title_of(name: &str) -> String {
    let mut title = String::new();
    let mut before = ' ';
    for character in name.chars() {
        match character {
            '.' => title.push_str(": "),
            _ if !character.is_alphanumeric() => title.push(' '),
            _ if title.is_empty() => title.extend(character.to_uppercase()),
            _ if character.is_uppercase() && before.is_lowercase() => {
                title.push(' ');
                title.extend(character.to_lowercase());
            }
            _ => title.push(character),
        }
        before = character;
    }
    title
}

/// The title of a group that has none.
pub(super) fn group_title(name: &str) -> String {
    if name.is_empty() { "Other".to_owned() } else { title_of(name) }
}

/// Whether a page may link the address.
fn is_address(address: &str) -> bool {
    let is_plain = address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>\\`{}|^#".contains(&byte));
    let is_path = address.starts_with('/') && !address.starts_with("//");
    is_plain
        && (is_path || address.strip_prefix("https://").is_some_and(|host| !host.starts_with('/') && !host.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles() {
        for (name, title) in [
            ("waas", "Waas"),
            ("environment.apiTokens", "Environment: api tokens"),
            ("core-pods", "Core pods"),
            ("", ""),
        ] {
            assert_eq!(title_of(name), title);
        }
        assert_eq!(group_title(""), "Other");
    }

    #[test]
    fn what_a_page_may_link() {
        for address in ["/docs/permissions", "https://docs.example.com/a?b=c"] {
            assert!(is_address(address), "{address}");
        }
        for address in [
            "//evil.example",
            "http://x.example",
            "javascript:alert(1)",
            "https://",
            "https:///x",
            "",
            "/a#b",
            "/a b",
            "/a\"b",
        ] {
            assert!(!is_address(address), "{address}");
        }
    }
}
