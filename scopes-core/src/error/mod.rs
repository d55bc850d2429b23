//! Mistakes in a catalogue, and notes about a valid one.

mod kind;
mod message;
mod overlap;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[doc(hidden)]
pub use self::kind::CatalogueErrorKind;
pub(crate) use self::kind::SCOPES_IN_ALL;
pub use self::overlap::Overlap;
use crate::declaration::Place;
use crate::notation::Notation;

/// One mistake in a declaration. Its text says what is wrong and what to write instead.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "users");
/// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
/// println!("{}", errors.as_slice()[0]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    pub(crate) kind: CatalogueErrorKind,
    pub(crate) place: Place,
    pub(crate) twin: Option<(Place, &'static str)>,
    pub(crate) times: usize,
    pub(crate) notation: Notation,
}

impl CatalogueError {
    pub(crate) const fn new(place: Place, kind: CatalogueErrorKind, notation: Notation) -> Self {
        Self { kind, place, twin: None, times: 1, notation }
    }

    /// The place in the declaration that is wrong.
    ///
    /// ```
    /// # use scopes_core::UntypedCatalogue;
    /// use scopes_core::declaration::{At, Declaration, Item, Place, ScopeDeclaration};
    /// # let mut declaration = Declaration::new("api");
    /// let name = At::new("users read".to_owned(), Place::new(12));
    /// declaration.items.push(Item::Scope(ScopeDeclaration::new(name)));
    /// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
    /// assert_eq!(errors.as_slice()[0].place(), Place::new(12));
    /// ```
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The other place of a conflict, and the error message for it.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users").route("GET", "/users");
    /// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
    /// let (_first, note) = errors.as_slice()[0].twin().unwrap();
    /// println!("{note}");
    /// ```
    #[must_use]
    pub const fn twin(&self) -> Option<(Place, &'static str)> {
        self.twin
    }

    /// The number of places that have this mistake. [`place`](Self::place) is the first of them. A
    /// wrong path is reported once, even if the declaration lists it several times.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users//me");
    /// declaration.scope("users.write").route("GET", "/users//me");
    /// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
    /// assert_eq!((errors.as_slice().len(), errors.as_slice()[0].times()), (1, 2));
    /// ```
    #[must_use]
    pub const fn times(&self) -> usize {
        self.times
    }

    /// What is wrong. Hidden, because the kinds follow the grammar, which changes more often than
    /// this crate's interface.
    #[doc(hidden)]
    #[must_use]
    pub const fn kind(&self) -> &CatalogueErrorKind {
        &self.kind
    }
}

/// All mistakes of a declaration, in the order of their places.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "users").route("GET", "/users//me");
/// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
/// assert_eq!(errors.into_iter().count(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueErrors(pub(crate) Vec<CatalogueError>);

impl CatalogueErrors {
    /// The mistakes; there is at least one.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "users");
    /// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
    /// assert_eq!(errors.as_slice().len(), 1);
    /// ```
    #[must_use]
    pub fn as_slice(&self) -> &[CatalogueError] {
        &self.0
    }
}

impl IntoIterator for CatalogueErrors {
    type Item = CatalogueError;
    type IntoIter = alloc::vec::IntoIter<CatalogueError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A part of a catalogue that is valid, but may be a mistake.
///
/// ```
/// use scopes_core::{Note, UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.write");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(catalogue.notes(), [Note::ScopeWithoutRoute { name: "users.write".into() }]);
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Templates of one shape spell a parameter differently across methods.
    ParameterSpelling {
        /// The spelling that comes first in the declaration.
        path: String,
        /// The other spelling, which comes later.
        other: String,
    },
    /// A scope without a route. It is valid, but the route may have been forgotten.
    ScopeWithoutRoute {
        /// The wire name of the scope.
        name: String,
    },
    /// A public route wins over one that needs a grant, on a path that both match, although neither
    /// route matches all paths of the other. The path that both match is open to every client.
    PublicWins {
        /// The method that both routes have.
        method: String,
        /// The template of the public route, with the base.
        public: String,
        /// The template of the other route, with the base.
        guarded: String,
        /// The demand of the other route, such as `users.read`.
        needs: String,
        /// An example of a path that both match.
        witness: String,
    },
    /// Templates cross so often (one has a literal where another has a parameter) that they are not
    /// merged into one automaton. Then the time to find a route is not linear in the length of the
    /// path: a search may visit every template that begins like the path. Every client can cause
    /// such a search. This note is an error under `#![strict]`.
    NotMerged {
        /// The template of one of these routes.
        path: String,
        /// Another one, which has a parameter where the first has text, or the other way round.
        other: String,
    },
}

impl fmt::Display for CatalogueErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl core::error::Error for CatalogueErrors {}
impl core::error::Error for CatalogueError {}

impl fmt::Display for CatalogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.write(f, self.notation)?;
        if self.times > 1 { write!(f, " (written {} times)", self.times) } else { Ok(()) }
    }
}
