//! What a run is told, without the scope type of the catalogue: the engine knows scopes by number.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use scopes_core::Tenants;

use super::judge::Function;
use scopes::UntypedCatalogue;

/// Everything that a test, or the command, says of a server.
pub(super) struct Setup {
    pub(super) address: SocketAddr,
    pub(super) catalogue: &'static UntypedCatalogue,
    pub(super) base: String,
    pub(super) tokens: Vec<Token>,
    pub(super) values: BTreeMap<String, String>,
    pub(super) body: (String, String),
    pub(super) bodies: BTreeMap<String, (String, String)>,
    pub(super) handler_header: Option<String>,
    pub(super) tenant_header: Option<String>,
    pub(super) function: Option<Function>,
    pub(super) left_out: Vec<&'static str>,
    pub(super) limit: Duration,
}

/// A token that the server knows.
pub(super) struct Token {
    pub(super) raw: String,
    /// The wire names of its scopes as declared, separated by spaces.
    pub(super) scopes: String,
    /// Its scopes with all that they include, one bit a scope.
    pub(super) words: Box<[u64]>,
    pub(super) tenants: Tenants,
}

impl Setup {
    pub(super) fn new(address: SocketAddr, catalogue: &'static UntypedCatalogue) -> Self {
        Self {
            address,
            catalogue,
            base: catalogue.base().to_owned(),
            tokens: Vec::new(),
            values: BTreeMap::new(),
            body: ("application/json".to_owned(), "{}".to_owned()),
            bodies: BTreeMap::new(),
            handler_header: None,
            tenant_header: None,
            function: None,
            left_out: Vec::new(),
            limit: Duration::from_secs(5),
        }
    }

    /// The scopes of these wire names with all that they include, one bit a scope.
    ///
    /// # Errors
    /// The first name that no scope has.
    pub(super) fn words<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Result<Box<[u64]>, &'n str> {
        let mut words = vec![0; self.catalogue.scopes().len().div_ceil(64)].into_boxed_slice();
        for name in names {
            let id = self.catalogue.scope_named(name).ok_or(name)?;
            if let Some(word) = words.get_mut(usize::from(id.0) / 64) {
                *word |= 1 << (id.0 % 64);
            }
        }
        self.catalogue.close(&mut words);
        Ok(words)
    }
}
