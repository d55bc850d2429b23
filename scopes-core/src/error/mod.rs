//! What can be wrong with a catalogue, and what is worth knowing about a right one.

mod kind;
mod overlap;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[doc(hidden)]
pub use self::kind::CatalogueErrorKind;
pub use self::overlap::Overlap;
use crate::declaration::Place;

/// One mistake in a declaration. Its text says what is wrong and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueError {
    pub(crate) kind: CatalogueErrorKind,
    pub(crate) place: Place,
    pub(crate) twin: Option<(Place, &'static str)>,
}

impl CatalogueError {
    /// Where the declaration is wrong.
    #[must_use]
    pub const fn place(&self) -> Place {
        self.place
    }

    /// The other end of a conflict, and what an error message says there.
    #[must_use]
    pub const fn twin(&self) -> Option<(Place, &'static str)> {
        self.twin
    }

    /// What is wrong. Hidden, because the kinds follow the grammar, which changes more often than
    /// this crate's interface.
    #[doc(hidden)]
    #[must_use]
    pub const fn kind(&self) -> &CatalogueErrorKind {
        &self.kind
    }
}

/// All mistakes of a declaration, in the order written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueErrors(pub(crate) Vec<CatalogueError>);

impl CatalogueErrors {
    /// The mistakes, at least one.
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

/// Something worth a look, though not wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Templates of one shape spell a parameter differently across methods.
    ParameterSpelling {
        /// The spelling met first.
        path: String,
        /// The other one.
        other: String,
    },
    /// A scope without a route: legal, often forgotten.
    ScopeWithoutRoute {
        /// Its wire name.
        name: String,
    },
    /// Templates have literals where others have parameters in so many ways that they are not
    /// merged into one automaton. Then finding a route is not linear in the length of the path: a
    /// search may visit every template that begins as the path does. Every client can cause that.
    /// An error under `#![strict]`.
    NotMerged {
        /// One of the templates.
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
        self.kind.fmt(f)
    }
}
