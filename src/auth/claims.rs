//! Scopes from the claims of a token of another issuer, such as a JWT (RFC 9068).
//!
//! Only the claims that the caller of the function names count. A claim is a string of
//! space-separated names or an array of strings. Any other form grants nothing and is reported, and
//! so are names that the catalogue does not have.

use std::fmt;

use scopes_core::{Renamed, Scope, ScopeSet};
use serde_json::Value;

/// A claim that may hold scopes.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Claim, from_claims};
///
/// let payload = serde_json::json!({"https://example.com/scopes": ["users.read"]});
/// let claim = Claim::Named("https://example.com/scopes");
/// let found = from_claims::<api::Scope>(&payload, &[claim]);
/// assert_eq!(found.scopes, api::Scope::UsersRead.into());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Claim<'a> {
    /// The claim `scope` (RFC 9068, section 2.2.3).
    Scope,
    /// The claim `scp`, which Okta and Microsoft Entra ID use.
    Scp,
    /// The claim `permissions`, which Auth0 uses.
    Permissions,
    /// The claim `roles` (RFC 9068, section 2.2.3.1).
    Roles,
    /// A claim with another name, which only this application uses.
    Named(&'a str),
}

impl<'a> Claim<'a> {
    /// The name of the claim, such as `scope`.
    ///
    /// ```
    /// use scopes::Claim;
    ///
    /// assert_eq!(Claim::Scope.name(), "scope");
    /// assert_eq!(Claim::Named("groups").name(), "groups");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'a str {
        match self {
            Self::Scope => "scope",
            Self::Scp => "scp",
            Self::Permissions => "permissions",
            Self::Roles => "roles",
            Self::Named(name) => name,
        }
    }
}

/// The scopes that [`from_claims`] found in the claims, and what it could not use.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Claim, from_claims};
///
/// let payload = serde_json::json!({"scope": "openid users.read", "roles": 7});
/// let found = from_claims::<api::Scope>(&payload, &[Claim::Scope, Claim::Roles]);
/// let grant = api::Grant::new(found.scopes);
/// assert_eq!(grant.scopes().to_string(), "users.read");
/// assert_eq!((found.unknown.len(), found.ignored.len()), (1, 1));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ClaimScopes<'a, S: Scope> {
    /// The scopes that the catalogue knows. Only these may go into a grant.
    pub scopes: ScopeSet<S>,
    /// The names that are old, from `#[was(..)]`. Their scopes are among [`scopes`](Self::scopes).
    pub renamed: Vec<Renamed<S>>,
    /// Names that the catalogue does not know; they grant nothing.
    pub unknown: Vec<String>,
    /// Claims that exist but have a form that is not read, each with the reason. They grant
    /// nothing.
    pub ignored: Vec<(Claim<'a>, IgnoredClaim)>,
}

/// Why a claim was ignored.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Claim, IgnoredClaim, from_claims};
///
/// let payload = serde_json::json!({"scp": ["users.read", 7]});
/// let found = from_claims::<api::Scope>(&payload, &[Claim::Scp]);
/// assert!(found.scopes.is_empty());
/// assert_eq!(found.ignored, [(Claim::Scp, IgnoredClaim::MemberNotString)]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IgnoredClaim {
    /// The claim is neither a string nor an array.
    NotStringOrArray,
    /// The claim is an array with a member that is not a string. None of its members counts.
    MemberNotString,
    /// The claim is an array with a member that is empty or holds white space. None of its members
    /// counts.
    MemberNotOneName,
}

impl fmt::Display for IgnoredClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotStringOrArray => "the claim is neither a string nor an array",
            Self::MemberNotString => "the claim is an array with a member that is not a string",
            Self::MemberNotOneName => "the claim is an array with a member that is not one name",
        })
    }
}

/// Reads the scopes from these claims of a token's payload, all claims together.
///
/// The payload must come from a token whose signature, issuer, audience and lifetime were verified.
/// This function only reads names.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::{Claim, from_claims};
///
/// let payload = serde_json::json!({"scope": "openid users.read", "permissions": ["users.write"]});
/// let found = from_claims::<api::Scope>(&payload, &[Claim::Scope]);
/// assert_eq!(found.scopes, api::Scope::UsersRead.into());
/// assert_eq!(found.unknown, ["openid"]);
/// ```
#[must_use]
pub fn from_claims<'a, S: Scope>(payload: &Value, claims: &[Claim<'a>]) -> ClaimScopes<'a, S> {
    let mut found =
        ClaimScopes { scopes: ScopeSet::EMPTY, renamed: Vec::new(), unknown: Vec::new(), ignored: Vec::new() };
    for &claim in claims {
        let Some(value) = payload.get(claim.name()) else { continue };
        match names(value) {
            Ok(names) => {
                let names = ScopeSet::lossy(names);
                found.scopes |= names.known;
                found.renamed.extend(names.renamed);
                found.unknown.extend(names.unknown);
            }
            Err(reason) => found.ignored.push((claim, reason)),
        }
    }
    found
}

fn names(value: &Value) -> Result<Vec<&str>, IgnoredClaim> {
    match value {
        // Only a space separates names (RFC 6749, section 3.3).
        Value::String(text) => Ok(text.split(' ').filter(|name| !name.is_empty()).collect()),
        Value::Array(members) => members.iter().map(name).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Err(IgnoredClaim::NotStringOrArray),
    }
}

fn name(member: &Value) -> Result<&str, IgnoredClaim> {
    let name = member.as_str().ok_or(IgnoredClaim::MemberNotString)?;
    if name.is_empty() || name.contains(char::is_whitespace) { Err(IgnoredClaim::MemberNotOneName) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::fixture::TestScope;

    #[test]
    fn shapes() {
        let all = [Claim::Scope, Claim::Scp, Claim::Permissions, Claim::Roles, Claim::Named("https://a/s")];
        for (payload, scopes, unknown, ignored) in [
            (json!({"scope": "users.read events.read"}), "users.read events.read", "", vec![]),
            (json!({"scp": ["users.read"]}), "users.read", "", vec![]),
            (json!({"permissions": ["users.read", "users.reed"]}), "users.read", "users.reed", vec![]),
            (json!({"scope": "users.read", "roles": ["users.write"]}), "users.read users.write", "", vec![]),
            (json!({"https://a/s": "all.read"}), "all.read", "", vec![]),
            (json!({"scope": "  users.read  "}), "users.read", "", vec![]),
            (json!({"scope": ""}), "", "", vec![]),
            (json!({"scope": []}), "", "", vec![]),
            (json!({"scope": "USERS.READ users.*"}), "", "USERS.READ users.*", vec![]),
            (json!({"scope": "users.read\tevents.read"}), "", "users.read\tevents.read", vec![]),
            (json!({"scope": "users.read,events.read"}), "", "users.read,events.read", vec![]),
            (json!({"scope": null}), "", "", vec![("scope", IgnoredClaim::NotStringOrArray)]),
            (json!({"scope": {"users.read": true}}), "", "", vec![("scope", IgnoredClaim::NotStringOrArray)]),
            (
                json!({"scope": true, "scp": "users.read"}),
                "users.read",
                "",
                vec![("scope", IgnoredClaim::NotStringOrArray)],
            ),
            (json!({"scp": ["users.read", 7]}), "", "", vec![("scp", IgnoredClaim::MemberNotString)]),
            (json!({"scp": [["users.read"]]}), "", "", vec![("scp", IgnoredClaim::MemberNotString)]),
            (json!({"scp": ["users.read users.write"]}), "", "", vec![("scp", IgnoredClaim::MemberNotOneName)]),
            (json!({"scp": [""]}), "", "", vec![("scp", IgnoredClaim::MemberNotOneName)]),
            (json!({"other": "users.read"}), "", "", vec![]),
            (json!(["scope"]), "", "", vec![]),
            (json!("users.read"), "", "", vec![]),
        ] {
            let found = from_claims::<TestScope>(&payload, &all);
            let refused: Vec<_> = found.ignored.iter().map(|(claim, shape)| (claim.name(), *shape)).collect();
            assert_eq!(
                (found.scopes.to_string().as_str(), found.unknown.join(" ").as_str()),
                (scopes, unknown),
                "{payload}"
            );
            assert_eq!(refused, ignored, "{payload}");
        }
    }

    #[test]
    fn only_the_claims_that_are_named() {
        let payload = json!({"scope": "users.read", "permissions": ["users.write"]});
        assert_eq!(from_claims::<TestScope>(&payload, &[Claim::Permissions]).scopes.to_string(), "users.write");
        assert!(from_claims::<TestScope>(&payload, &[]).scopes.is_empty());
    }
}
