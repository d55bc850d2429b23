//! The request for a new token.

use std::fmt;
use std::time::{Duration, SystemTime};

use scopes::{IntoScopes, Scope, ScopeSet, TenantError, Tenants};
use serde_json::Value;

use crate::clock::{self, to_micros};
use crate::error::Invalid;
use crate::id;

/// The greatest length of an application's data in bytes, and its deepest nesting.
const DATA_BYTES: usize = 16 * 1024;
const DATA_DEPTH: usize = 100;

/// The description of a new token: its name, scopes, tenants, lifetime and data.
///
/// Without scopes the token opens nothing. Without tenants it opens no route that has a tenant.
/// Without a lifetime it lives as long as the token that issues it, or without an end if a session
/// issues it.
///
/// ```
/// # scopes::scopes! { pub mod api; tenant account; users.read { GET "/accounts/{account}/users"; } }
/// use scopes_store::NewToken;
/// use std::time::Duration;
///
/// let quarter = Duration::from_secs(90 * 24 * 60 * 60);
/// let new = NewToken::named("ci job").scopes(api::Scope::UsersRead).tenant("E1")?.expires_in(quarter);
/// assert_eq!(new.name(), "ci job");
/// # Ok::<(), scopes::TenantError>(())
/// ```
#[derive(Clone)]
pub struct NewToken<S: Scope> {
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) scopes: Vec<S>,
    pub(crate) tenants: Tenants,
    pub(crate) data: Option<Value>,
    not_before: Option<SystemTime>,
    expiry: Expiry,
}

#[derive(Clone, Copy, Debug)]
enum Expiry {
    Unset,
    In(Duration),
    At(SystemTime),
}

impl<S: Scope> NewToken<S> {
    /// Describes a token with a name, which people read in lists. It has at most 255 characters and
    /// need not be unique.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let new = scopes_store::NewToken::<api::Scope>::named("laptop");
    /// assert_eq!(new.name(), "laptop");
    /// ```
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            id: None,
            scopes: Vec::new(),
            tenants: Tenants::None,
            data: None,
            not_before: None,
            expiry: Expiry::Unset,
        }
    }

    /// Adds a scope, scopes that are joined with `|`, or a set of them. The store keeps the order
    /// in which they were added.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } users.write { POST "/users"; } }
    /// use scopes_store::NewToken;
    ///
    /// let new = NewToken::named("n").scopes(api::Scope::UsersWrite).scopes(api::Scopes::all());
    /// assert_eq!(format!("{new:?}").matches("users.write").count(), 1);
    /// ```
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoScopes<S>) -> Self {
        for scope in &scopes.into_scopes() {
            if !self.scopes.contains(&scope) {
                self.scopes.push(scope);
            }
        }
        self
    }

    /// Adds a tenant that the token is valid for.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes_store::NewToken;
    ///
    /// assert!(NewToken::<api::Scope>::named("n").tenant("E1").is_ok());
    /// assert!(NewToken::<api::Scope>::named("n").tenant("../E1").is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// If the text cannot be a tenant.
    pub fn tenant(self, tenant: &str) -> Result<Self, TenantError> {
        let tenants = Tenants::only(self.tenants.iter().chain([tenant]))?;
        Ok(Self { tenants, ..self })
    }

    /// Sets the tenants that the token is valid for, in place of those that were added.
    /// `Tenants::Any` is refused by [`Store::issue`](crate::Store::issue).
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let tenants = scopes::Tenants::only(["E1", "E2"])?;
    /// let new = scopes_store::NewToken::<api::Scope>::named("both").tenants(tenants);
    /// assert!(format!("{new:?}").contains("E2"));
    /// # Ok::<(), scopes::TenantError>(())
    /// ```
    #[must_use]
    pub fn tenants(self, tenants: Tenants) -> Self {
        Self { tenants, ..self }
    }

    /// Ends the token after this time from now. A token never outlives the token that issues it: a
    /// longer lifetime is shortened.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let hour = std::time::Duration::from_secs(3600);
    /// let made = store.issue(&session, NewToken::named("soon gone").expires_in(hour)).await?;
    /// assert!(made.token().expires_at().is_some());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        Self { expiry: Expiry::In(lifetime), ..self }
    }

    /// Ends the token at this time, like [`expires_in`](Self::expires_in).
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use std::time::{Duration, SystemTime};
    ///
    /// let end = SystemTime::now() + Duration::from_secs(3600);
    /// let made = store.issue(&session, NewToken::named("n").expires_at(end)).await?;
    /// assert!(made.token().expires_at().is_some_and(|at| at <= end));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn expires_at(self, end: SystemTime) -> Self {
        Self { expiry: Expiry::At(end), ..self }
    }

    /// Makes the token invalid before this time: until then, the verifier does not know it.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// use scopes::Verifier;
    /// use std::time::{Duration, SystemTime};
    ///
    /// let tomorrow = SystemTime::now() + Duration::from_secs(24 * 60 * 60);
    /// let made = store.issue(&session, NewToken::named("n").not_before(tomorrow)).await?;
    /// assert!(store.verify(made.secret().reveal()).await.is_ok_and(|grant| grant.is_none()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn not_before(self, begin: SystemTime) -> Self {
        Self { not_before: Some(begin), ..self }
    }

    /// Keeps any JSON of the application with the token, at most 16 KiB. It is not secret.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let data = serde_json::json!({"plan": "free"});
    /// let made = store.issue(&session, NewToken::named("n").data(data)).await?;
    /// assert_eq!(made.token().data().unwrap()["plan"], "free");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn data(self, data: Value) -> Self {
        Self { data: Some(data), ..self }
    }

    /// Chooses the token's id, which is not secret. Without it, the store makes a UUID of version
    /// 4.
    ///
    /// ```
    #[doc = include_str!("docs/store.txt")]
    /// let made = store.issue(&session, NewToken::named("n").id("token-1")).await?;
    /// assert_eq!(made.id(), "token-1");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn id(self, id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), ..self }
    }

    /// The name that was given to [`named`](Self::named).
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// assert_eq!(scopes_store::NewToken::<api::Scope>::named("n").name(), "n");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn scope_set(&self) -> ScopeSet<S> {
        self.scopes.iter().copied().collect()
    }

    /// Checks everything that does not depend on a grant, and computes the times.
    pub(crate) fn checked(&self, now: i64) -> Result<Validity, Invalid> {
        id::check_name(&self.name)?;
        if let Some(id) = &self.id {
            id::check_id(id)?;
        }
        let validity = Validity {
            not_before: self.not_before.map(to_micros),
            expires_at: match self.expiry {
                Expiry::Unset => None,
                Expiry::In(lifetime) => Some(clock::after(now, lifetime).ok_or(Invalid::Lifetime)?),
                Expiry::At(end) => Some(to_micros(end)),
            },
        };
        validity.check(now)?;
        Ok(validity)
    }
}

/// When a token is valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: Option<i64>,
    pub(crate) expires_at: Option<i64>,
}

impl Validity {
    /// Checks that the token is valid at some time from now on.
    pub(crate) fn check(self, now: i64) -> Result<(), Invalid> {
        let begin = self.not_before.map_or(now, |begin| begin.max(now));
        match self.expires_at {
            Some(end) if end <= begin => Err(Invalid::Lifetime),
            _ => Ok(()),
        }
    }
}

/// The application's data as JSON text, after checking that it can be read again.
pub(crate) fn data_text(data: Option<&Value>) -> Result<Option<String>, Invalid> {
    let Some(data) = data else { return Ok(None) };
    if depth_exceeds(data, DATA_DEPTH) {
        return Err(Invalid::Data);
    }
    let text = data.to_string();
    if text.len() > DATA_BYTES { Err(Invalid::Data) } else { Ok(Some(text)) }
}

/// Whether data is nested deeper than a limit. The reader of JSON refuses more than 128 levels.
fn depth_exceeds(value: &Value, limit: usize) -> bool {
    match value {
        Value::Array(items) => limit == 0 || items.iter().any(|item| depth_exceeds(item, limit - 1)),
        Value::Object(fields) => limit == 0 || fields.values().any(|item| depth_exceeds(item, limit - 1)),
        _ => false,
    }
}

impl<S: Scope> fmt::Debug for NewToken<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewToken")
            .field("name", &self.name)
            .field("scopes", &self.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>())
            .field("tenants", &self.tenants)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_token_must_be_valid_at_some_time() {
        for (not_before, expires_at, is_sound) in [
            (None, None, true),
            (None, Some(101), true),
            (None, Some(100), false),
            (Some(50), Some(60), false),
            (Some(200), Some(200), false),
            (Some(200), Some(201), true),
            (Some(i64::MAX), None, true),
        ] {
            let validity = Validity { not_before, expires_at };
            assert_eq!(validity.check(100).is_ok(), is_sound, "{validity:?}");
        }
    }

    #[test]
    fn data_can_be_read_again() {
        let mut deep = Value::Null;
        for _ in 0..DATA_DEPTH {
            deep = Value::Array(vec![deep]);
        }
        let text = data_text(Some(&deep)).unwrap().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), deep);
        assert_eq!(data_text(Some(&Value::Array(vec![deep]))), Err(Invalid::Data));
        assert!(data_text(Some(&Value::String("x".repeat(DATA_BYTES - 2)))).is_ok());
        assert_eq!(data_text(Some(&Value::String("x".repeat(DATA_BYTES - 1)))), Err(Invalid::Data));
        // The databases store no NUL, but JSON escapes it.
        assert_eq!(data_text(Some(&Value::String("\0".to_owned()))).unwrap().unwrap(), r#""\u0000""#);
    }
}
