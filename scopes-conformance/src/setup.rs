//! The settings of a run, without the scope type of the catalogue: here scopes are numbers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use scopes_core::{Route, Tenants};

use super::place::TokenPlace;
use super::reached::Function;
use scopes::UntypedCatalogue;

/// The user's function that restores what requests changed.
pub(super) type Reset = Box<dyn Fn() + Send + Sync>;

/// All settings of a test or of the command.
pub(super) struct Setup {
    pub(super) address: SocketAddr,
    pub(super) catalogue: &'static UntypedCatalogue,
    pub(super) base: String,
    /// Where tokens without a place of their own are sent.
    pub(super) place: TokenPlace,
    pub(super) tokens: Vec<Token>,
    /// The grant of callers without credentials.
    pub(super) anonymous: Option<Token>,
    /// Existing values by parameter. Most requests use the first.
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
    /// The value of `Host`, if it is not the address.
    pub(super) host: Option<String>,
    /// Whether only methods that change nothing are sent.
    pub(super) read_only: bool,
    /// The shortest time between the starts of two requests.
    pub(super) pace: Duration,
}

/// A token that the server knows.
pub(super) struct Token {
    pub(super) raw: String,
    /// Where the token is sent, if not in the common place.
    pub(super) place: Option<TokenPlace>,
    /// The wire names of its scopes as declared, separated by spaces.
    pub(super) scopes: String,
    /// The token's scopes with all that they include, one bit per scope.
    pub(super) words: Box<[u64]>,
    pub(super) tenants: Tenants,
    /// Whether this entry stands for callers without credentials; it is never sent.
    pub(super) is_anonymous: bool,
}

/// Returns the setting of a route, given by the route's name or by method and template.
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

    /// The places where the server looks for tokens, each once.
    pub(super) fn places(&self) -> Vec<&TokenPlace> {
        let mut all: Vec<&TokenPlace> = Vec::new();
        for token in &self.tokens {
            if !all.contains(&self.place(token)) {
                all.push(self.place(token));
            }
        }
        if all.is_empty() { vec![&self.place] } else { all }
    }

    /// The scopes with these wire names and all that they include, one bit per scope.
    ///
    /// # Errors
    /// The first name that no scope has.
    pub(super) fn words<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Box<[u64]>, &'n str> {
        let mut words = vec![0; self.catalogue.scopes().len().div_ceil(64)].into_boxed_slice();
        for name in names {
            let id = self.catalogue.scope_named(name).or_else(|| self.catalogue.scope_once_named(name)).ok_or(name)?;
            if let Some(word) = words.get_mut(id.index() / 64) {
                *word |= 1 << (id.index() % 64);
            }
        }
        self.catalogue.close(&mut words);
        Ok(words)
    }
}
