//! Routes that cross: an error in a strict catalogue, else worth knowing.

use alloc::string::String;

/// Two routes of one method that match one path although neither's paths contain the other's, with
/// different requirements.
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
    /// The winner is public, and the loser asks for a grant.
    pub(crate) opens: bool,
}

impl Overlap {
    /// The method of both routes.
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

    /// What the route that answers the witness demands: scopes, such as `users.read`, `a and b` or
    /// `a and b, or c`; else `no credentials`, `a grant` or `a check outside of the catalogue`.
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

    /// What the other route demands, in the same words.
    #[must_use]
    pub fn loser_needs(&self) -> &str {
        &self.loser_needs
    }
}
