//! Which tokens gain or lose by a finding.

use scopes_core::{Access, Route, RouteId, Tenancy, Tenants, UntypedCatalogue};

use super::allows::words_of;
use super::{Finding, Rule};

/// A token of the application, for the question which live tokens a change affects.
///
/// ```
/// use scopes_core::Tenants;
/// use scopes_export::diff::Token;
///
/// let token = Token::new("t-1", ["users.read"], Tenants::only(["acme"])?);
/// assert_eq!(token.id(), "t-1");
/// # Ok::<(), scopes_core::TenantError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Token {
    id: String,
    scopes: Vec<String>,
    tenants: Tenants,
}

impl Token {
    /// A token with this id, these wire names and these tenants. Unknown names open nothing.
    #[must_use]
    pub fn new<N: Into<String>>(id: &str, scopes: impl IntoIterator<Item = N>, tenants: Tenants) -> Self {
        Self { id: id.to_owned(), scopes: scopes.into_iter().map(Into::into).collect(), tenants }
    }

    /// The id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl Finding {
    /// Whether a token may send some request of this finding that it could not send before.
    ///
    /// ```
    /// use scopes_core::Tenants;
    /// use scopes_export::{diff::{Token, diff}, json::from_json};
    ///
    /// let catalogue = |path| from_json(&format!(r#"{{"name": "api", "scopes": [
    ///     {{"scope": "users.read", "routes": [["GET", "{path}"]]}}, {{"scope": "files.read"}}]}}"#));
    /// let (old, new) = (catalogue("/users")?, catalogue("/{x}")?);
    /// let found = diff(&old, &new)?;
    /// let gains = |scope| found.findings()[0].gains(&old, &new, &Token::new("t", [scope], Tenants::None));
    /// assert!(gains("users.read") && !gains("files.read"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn gains(&self, old: &UntypedCatalogue, new: &UntypedCatalogue, token: &Token) -> bool {
        let [before, after] = self.routes();
        self.widening.is_some() && self.only_first((new, after), (old, before), token)
    }

    /// Whether a token may not send some request of this finding any more.
    #[must_use]
    pub fn loses(&self, old: &UntypedCatalogue, new: &UntypedCatalogue, token: &Token) -> bool {
        let [before, after] = self.routes();
        self.breaking.is_some() && self.only_first((old, before), (new, after), token)
    }

    /// Whether the first catalogue allows the token some request that the second denies.
    fn only_first(&self, first: Side<'_>, second: Side<'_>, token: &Token) -> bool {
        let Some(allowing) = route(first) else { return false };
        let is_bound = matches!(allowing.tenancy(), Tenancy::Bound);
        if !satisfies(allowing, token) || is_bound && matches!(token.tenants, Tenants::None) {
            return false;
        }
        // The finding is about values that the other route does not accept.
        let denying = route(second).filter(|_| self.rule != Rule::RawChanged);
        let Some(denying) = denying else { return true };
        let tenant_passes = match denying.tenancy() {
            Tenancy::NotApplicable | Tenancy::Global(_) => true,
            Tenancy::Unbound(_) => matches!(allowing.tenancy(), Tenancy::Unbound(_)),
            Tenancy::Bound if is_bound && place(allowing) == place(denying) => true,
            Tenancy::Bound => matches!(token.tenants, Tenants::Any),
        };
        !(tenant_passes && satisfies(denying, token))
    }
}

type Side<'c> = (&'c UntypedCatalogue, Option<RouteId>);

fn route<'c>((catalogue, route): Side<'c>) -> Option<Route<'c>> {
    catalogue.route_at(route?)
}

/// Whether the token holds the scopes of a route. Tokens do not pass the check of an `external`
/// route.
fn satisfies(route: Route<'_>, token: &Token) -> bool {
    match route.access() {
        Access::Public(_) | Access::Authenticated(_) => true,
        Access::External(_) => false,
        Access::Scoped => {
            let words = words_of(route.catalogue(), token.scopes.iter().map(String::as_str));
            route.requirement().satisfied_by(&words)
        }
    }
}

/// Where the path names the tenant: the segment, and how much text stands around the value.
fn place(route: Route<'_>) -> Option<(usize, usize, usize)> {
    let tenant = route.catalogue().tenant()?;
    let parameter = route.parameters().find(|parameter| parameter.name() == tenant)?;
    let base = route.catalogue().base().matches('/').count();
    Some((base + parameter.segment(), parameter.prefix_length(), parameter.suffix_length()))
}
