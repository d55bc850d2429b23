//! What a run is told, without the scope type of the catalogue: the engine knows scopes by number.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use scopes_core::{Route, Tenants};

use super::place::TokenPlace;
use super::reached::Function;
use scopes::UntypedCatalogue;

/// The user's function that restores what requests changed.
pub(super) type Reset = Box<dyn Fn() + Send + Sync>;

/// Everything that a test, or the command, says of a server.
pub(super) struct Setup {
    pub(super) address: SocketAddr,
    pub(super) catalogue: &'static UntypedCatalogue,
    pub(super) base: String,
    /// Where tokens are sent that do not say it themselves.
    pub(super) place: TokenPlace,
    pub(super) tokens: Vec<Token>,
    /// What a caller without credentials may do.
    pub(super) anonymous: Option<Token>,
    /// Of each parameter those that are there, the first for most requests.
    pub(super) values: BTreeMap<String, Vec<String>>,
    pub(super) queries: BTreeMap<String, String>,
    pub(super) reset: Option<Reset>,
    pub(super) body: (String, String),
    pub(super) bodies: BTreeMap<String, (String, String)>,
    pub(super) handler_header: Option<String>,
    pub(super) tenant_header: Option<String>,
    pub(super) function: Option<Function>,
    pub(super) left_out: Vec<&'static str>,
    pub(super) limit: Duration,
    /// The value of `Host`, if not the address.
    pub(super) host: Option<String>,
    /// Only methods that change nothing.
    pub(super) read_only: bool,
    /// The shortest time between the beginnings of two requests.
    pub(super) pace: Duration,
}

/// A token that the server knows.
pub(super) struct Token {
    pub(super) raw: String,
    /// Where it is sent, if not where the others are.
    pub(super) place: Option<TokenPlace>,
    /// The wire names of its scopes as declared, separated by spaces.
    pub(super) scopes: String,
    /// Its scopes with all that they include, one bit a scope.
    pub(super) words: Box<[u64]>,
    pub(super) tenants: Tenants,
    /// It stands for callers without credentials, and is not sent.
    pub(super) is_anonymous: bool,
}

/// What is given for a route, by its name or by method and template.
pub(super) fn of_route<'m, T>(given: &'m BTreeMap<String, T>, route: Route<'_>) -> Option<&'m T> {
    given.get(route.name()).or_else(|| given.get(&route.to_string()))
}

impl Setup {
    pub(super) fn new(address: SocketAddr, catalogue: &'static UntypedCatalogue) -> Self {
        Self {
            address,
            catalogue,
            base: catalogue.base().to_owned(),
            place: TokenPlace::default(),
            tokens: Vec::new(),
            anonymous: None,
            values: BTreeMap::new(),
            queries: BTreeMap::new(),
            reset: None,
            body: ("application/json".to_owned(), "{}".to_owned()),
            bodies: BTreeMap::new(),
            handler_header: None,
            tenant_header: None,
            function: None,
            left_out: Vec::new(),
            limit: Duration::from_secs(5),
            host: None,
            read_only: false,
            pace: Duration::ZERO,
        }
    }

    /// Where this token is sent.
    pub(super) fn place<'t>(&'t self, token: &'t Token) -> &'t TokenPlace {
        token.place.as_ref().unwrap_or(&self.place)
    }

    /// The header line that carries this token.
    pub(super) fn line(&self, token: &Token) -> String {
        self.place(token).line(&token.raw)
    }

    /// The places in which the server looks for tokens, each once.
    pub(super) fn places(&self) -> Vec<&TokenPlace> {
        let mut all: Vec<&TokenPlace> = Vec::new();
        for token in &self.tokens {
            if !all.contains(&self.place(token)) {
                all.push(self.place(token));
            }
        }
        if all.is_empty() { vec![&self.place] } else { all }
    }

    /// The scopes of these wire names with all that they include, one bit a scope.
    ///
    /// # Errors
    /// The first name that no scope has.
    pub(super) fn words<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Box<[u64]>, &'n str> {
        let mut words = vec![0; self.catalogue.scopes().len().div_ceil(64)].into_boxed_slice();
        for name in names {
            let id = self.catalogue.scope_named(name).ok_or(name)?;
            if let Some(word) = words.get_mut(id.index() / 64) {
                *word |= 1 << (id.index() % 64);
            }
        }
        self.catalogue.close(&mut words);
        Ok(words)
    }
}
