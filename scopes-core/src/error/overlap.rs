//! Routes that cross, which are errors in a strict catalogue and notes in others.

use alloc::string::String;

/// Two routes of one method with different requirements that both match some path, although neither
/// route matches all paths of the other.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
/// declaration.scope("help.read").route("GET", "/users/help/{topic}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// for overlap in catalogue.overlaps() {
///     println!("{} needs {}", overlap.witness(), overlap.winner_needs());
/// }
/// # assert_eq!(catalogue.overlaps().len(), 1);
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    pub(crate) method: String,
    pub(crate) winner: String,
    pub(crate) loser: String,
    pub(crate) witness: String,
    pub(crate) winner_needs: String,
    pub(crate) loser_needs: String,
    /// Whether the winner is public and the loser needs a grant.
    pub(crate) opens: bool,
}

impl Overlap {
    /// The method that both routes have.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
    /// declaration.scope("help.read").route("GET", "/users/help/{topic}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.overlaps()[0].method(), "GET");
    /// ```
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The template of the route that answers the witness, with the base.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
    /// declaration.scope("help.read").route("GET", "/users/help/{topic}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.overlaps()[0].winner(), "/users/help/{topic}");
    /// ```
    #[must_use]
    pub fn winner(&self) -> &str {
        &self.winner
    }

    /// The template of the other route, with the base.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
    /// declaration.scope("help.read").route("GET", "/users/help/{topic}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.overlaps()[0].loser(), "/users/{user}/avatar");
    /// ```
    #[must_use]
    pub fn loser(&self) -> &str {
        &self.loser
    }

    /// A path that both routes match.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}/avatar");
    /// declaration.scope("help.read").route("GET", "/users/help/{topic}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let witness = catalogue.overlaps()[0].witness().to_owned();
    /// assert_eq!(witness, "/users/help/avatar");
    /// let found = catalogue.at("GET", witness.as_bytes()).unwrap();
    /// assert_eq!(found.route().path(), "/users/help/{topic}");
    /// ```
    #[must_use]
    pub fn witness(&self) -> &str {
        &self.witness
    }

    /// The demand of the route that answers the witness: scopes, such as `users.read`, `a and b` or
    /// `a and b, or c`, or one of `no credentials`, `a grant` and
    /// `a check outside of the catalogue`.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::{BlockKind, Declaration}};
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{id}/avatar");
    /// declaration.block(BlockKind::Public("help".into())).route("GET", "/users/help/{topic}");
    /// let overlaps = UntypedCatalogue::from_declaration(&declaration).unwrap().overlaps();
    /// assert_eq!(overlaps[0].witness(), "/users/help/avatar");
    /// assert_eq!((overlaps[0].winner_needs(), overlaps[0].loser_needs()), ("no credentials", "users.read"));
    /// ```
    #[must_use]
    pub fn winner_needs(&self) -> &str {
        &self.winner_needs
    }

    /// The demand of the other route, in the same words.
    #[must_use]
    pub fn loser_needs(&self) -> &str {
        &self.loser_needs
    }
}
