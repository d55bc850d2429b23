//! Attacks with a catalogue that was read at run time. Scopes are given by name.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::net::SocketAddr;

use scopes::{ScopeInfo, Tenants, UntypedCatalogue};
use scopes_core::suggest::nearest;

use super::place::TokenPlace;
use super::setup::{Setup, Token};
use super::{Conformance, Untyped};

impl Conformance<Untyped> {
    /// Attacks the server at this address with a catalogue that was read at run time. The catalogue
    /// must live as long as the process: use `Box::leak`.
    ///
    /// ```
    /// use scopes::{Tenants, UntypedCatalogue};
    /// use scopes_conformance::Conformance;
    /// use scopes_core::declaration::Declaration;
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{id}");
    /// let catalogue = Box::leak(Box::new(UntypedCatalogue::from_declaration(&declaration)?));
    /// let conformance = Conformance::untyped(([127, 0, 0, 1], 9).into(), catalogue);
    /// let error = conformance.token_of("secret", ["users.reed"], Tenants::None, None).unwrap_err();
    /// assert_eq!(error.to_string(), "no scope of the catalogue is named `users.reed`; did you mean `users.read`?");
    /// # Ok::<(), scopes_core::CatalogueErrors>(())
    /// ```
    pub fn untyped(address: SocketAddr, catalogue: &'static UntypedCatalogue) -> Self {
        Self { setup: Setup::new(address, catalogue), scope: PhantomData }
    }

    /// Adds a token that the server knows, with the wire names of its scopes and with its tenants.
    /// `place` is where the server takes it from; `None` means the place that
    /// [`tokens_in`](Self::tokens_in) sets.
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes::Tenants;
    /// use scopes_conformance::Conformance;
    ///
    /// // A catalogue that came from JSON.
    /// let catalogue = api::CATALOGUE.untyped();
    /// let report = Conformance::untyped(server(), catalogue)
    ///     .token_of("reader", ["users.read"], Tenants::None, None)?
    ///     .token_of("writer", ["users.write"], Tenants::None, None)?
    ///     .run();
    /// assert!(report.is_complete(), "{report}");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The first name that no scope has.
    pub fn token_of<'n>(
        mut self,
        raw: impl Into<String>,
        scopes: impl IntoIterator<Item = &'n str>,
        tenants: Tenants,
        place: Option<TokenPlace>,
    ) -> Result<Self, UnknownScopeName> {
        let held = self.anonymous_token(scopes, tenants)?;
        self.setup.tokens.push(Token { raw: raw.into(), place, is_anonymous: false, ..held });
        Ok(self)
    }

    /// Sets the grant of callers without credentials, by the wire names of its scopes; see
    /// [`anonymous`](Conformance::anonymous).
    ///
    /// ```
    #[doc = include_str!("docs/server.txt")]
    /// use scopes::Tenants;
    /// use scopes_conformance::Conformance;
    ///
    /// let conformance = Conformance::untyped(server(), api::CATALOGUE.untyped());
    /// let error = conformance.anonymous_of(["users.raed"], Tenants::None).unwrap_err();
    /// assert_eq!(error.nearest.as_deref(), Some("users.read"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The first name that no scope has.
    pub fn anonymous_of<'n>(
        mut self,
        scopes: impl IntoIterator<Item = &'n str>,
        tenants: Tenants,
    ) -> Result<Self, UnknownScopeName> {
        self.setup.anonymous = Some(self.anonymous_token(scopes, tenants)?);
        Ok(self)
    }

    /// Makes the token that stands for a caller without credentials with these scopes.
    fn anonymous_token<'n>(
        &self,
        scopes: impl IntoIterator<Item = &'n str>,
        tenants: Tenants,
    ) -> Result<Token, UnknownScopeName> {
        let names: Vec<&str> = scopes.into_iter().collect();
        let words = self.setup.words(names.iter().copied()).map_err(|name| self.unknown(name))?;
        Ok(Token { raw: String::new(), place: None, scopes: names.join(" "), words, tenants, is_anonymous: true })
    }

    fn unknown(&self, name: &str) -> UnknownScopeName {
        let known = self.setup.catalogue.scopes().map(ScopeInfo::name);
        UnknownScopeName { name: name.to_owned(), nearest: nearest(name, known).map(str::to_owned) }
    }
}

/// A name that is not the name of a scope of the catalogue.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// # use scopes::Tenants;
/// # use scopes_conformance::Conformance;
/// let conformance = Conformance::untyped(server(), api::CATALOGUE.untyped());
/// let error = conformance.token_of("t", ["users.raed"], Tenants::None, None).unwrap_err();
/// println!("{error}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownScopeName {
    /// The unknown name that the test gave.
    pub name: String,
    /// The scope's name that was probably meant.
    pub nearest: Option<String>,
}

impl fmt::Display for UnknownScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no scope of the catalogue is named `{}`", self.name.escape_debug())?;
        match &self.nearest {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

impl Error for UnknownScopeName {}
