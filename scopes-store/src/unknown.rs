//! Stored names of scopes that the catalogue does not have.

use std::collections::BTreeMap;

use scopes::{Scope, ScopeSet};

use crate::access::Access;
use crate::database::Statement;
use crate::error::Error;
use crate::store::Store;

/// A name that tokens in use were issued with, and that the catalogue does not have.
///
/// [`Store::unknown_scopes`](crate::Store::unknown_scopes) returns them.
///
/// ```
#[doc = include_str!("docs/store.txt")]
/// let format = TokenFormat::new("acme_");
/// let token = format.generate()?;
/// let old = scopes_store::ImportedToken::of_digest("17", token.digest(), token.checksum());
/// store.import(old.scope_names("since.gone")).await?;
/// let unknown = &store.unknown_scopes().await?[0];
/// assert_eq!((unknown.name(), unknown.tokens()), ("since.gone", 1));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    name: String,
    tokens: u64,
}

impl UnknownName {
    /// The wire name, as it is stored.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many tokens in use have it.
    #[must_use]
    pub const fn tokens(&self) -> u64 {
        self.tokens
    }
}

pub(crate) async fn unknown_scopes<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
) -> Result<Vec<UnknownName>, Error<S>> {
    let mut held = access.hold().await?;
    // Many tokens have the same scopes.
    let statement = Statement::new(
        "SELECT scopes, COUNT(*) AS tokens FROM scopes_tokens WHERE revoked_at IS NULL \
         AND (expires_at IS NULL OR expires_at > $1) GROUP BY scopes",
    );
    let rows = held.connection().all(statement.bind(store.settings.clock.now())).await?;
    let mut found = BTreeMap::<String, u64>::new();
    for row in rows {
        let tokens = u64::try_from(row.number("tokens")?).unwrap_or(0);
        for name in ScopeSet::<S>::parse_lossy(&row.text("scopes")?).unknown {
            *found.entry(name).or_default() += tokens;
        }
    }
    Ok(found.into_iter().map(|(name, tokens)| UnknownName { name, tokens }).collect())
}
