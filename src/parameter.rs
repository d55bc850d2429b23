//! The error of a permit that has no value for a path parameter.

use std::fmt;
use std::sync::Arc;

use scopes_core::{Denial, Malformation, Route};

use crate::UntypedCatalogue;
use crate::denial::Denied;
use crate::settings::Settings;

/// The error of [`Permit::parameter`](crate::Permit::parameter).
///
/// It converts into [`Denied`], so that a handler can return it with `?`. A value that does not
/// decode is answered with 400, because the client sent it. A name that the route does not have is
/// answered with 500 and logged once, because only the developers can correct that. The error never
/// shows the value.
///
/// ```
/// # scopes::scopes! { pub mod api; keys.read { #[raw(key)] GET "/keys/{key}"; } }
/// use scopes::{Authentication, Carrier, Denied, Permit};
///
/// fn show(permit: &Permit<api::permits::KeysRead>) -> Result<String, Denied> {
///     let key = permit.parameter("key")?;
///     Ok(format!("the key has {} characters", key.chars().count()))
/// }
///
/// let mut request = http::Request::get("/keys/%FF").body(())?;
/// # let grant = api::Grant::new(api::Scope::KeysRead);
/// # Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
/// assert_eq!(show(&request.permit()?).unwrap_err().status(), 400);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ParameterError {
    kind: ParameterErrorKind,
    name: Box<str>,
    route: Option<Route<'static>>,
    settings: Arc<Settings>,
    catalogue: &'static UntypedCatalogue,
}

/// What is wrong with a parameter. Returned by [`ParameterError::kind`].
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use scopes::ParameterErrorKind;
///
/// let permit = scopes::test::permit::<api::permits::UsersRead>(None);
/// let error = permit.parameter("user").unwrap_err();
/// assert!(matches!(error.kind(), ParameterErrorKind::Unknown));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterErrorKind {
    /// The route has no parameter of this name, or the permit was checked without a request.
    Unknown,
    /// The value has a `%` without two hexadecimal digits after it, or is not UTF-8 once decoded.
    /// Only a `#[raw]` parameter can hold such a value;
    /// [`Permit::parameter_raw`](crate::Permit::parameter_raw) returns its bytes.
    NotDecodable(Malformation),
}

impl ParameterError {
    pub(crate) fn new(
        kind: ParameterErrorKind,
        name: &str,
        route: Option<Route<'static>>,
        settings: &Arc<Settings>,
        catalogue: &'static UntypedCatalogue,
    ) -> Self {
        Self { kind, name: name.into(), route, settings: Arc::clone(settings), catalogue }
    }

    /// What is wrong with the parameter.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; keys.read { #[raw(key)] GET "/keys/{key}"; } }
    /// use scopes::{Authentication, Carrier, ParameterErrorKind};
    ///
    /// let mut request = http::Request::get("/keys/%FF").body(())?;
    /// # let grant = api::Grant::new(api::Scope::KeysRead);
    /// # Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
    /// let permit = request.permit::<api::permits::KeysRead>()?;
    /// let error = permit.parameter("key").unwrap_err();
    /// assert!(matches!(error.kind(), ParameterErrorKind::NotDecodable(_)));
    /// assert_eq!(permit.parameter_raw("key")?, b"%FF");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn kind(&self) -> ParameterErrorKind {
        self.kind
    }

    /// The name that the handler asked for.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let permit = scopes::test::permit::<api::permits::UsersRead>(None);
    /// assert_eq!(permit.parameter("user").unwrap_err().name(), "user");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match (self.kind, self.route) {
            (ParameterErrorKind::NotDecodable(_), _) => {
                write!(f, "the value of the parameter `{name}` does not decode")
            }
            (ParameterErrorKind::Unknown, Some(route)) => write!(f, "`{route}` has no parameter `{name}`"),
            (ParameterErrorKind::Unknown, None) => {
                write!(f, "the permit has no parameter `{name}`: it was checked without a request")
            }
        }
    }
}

impl fmt::Debug for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParameterError").field("kind", &self.kind).field("name", &self.name).finish_non_exhaustive()
    }
}

impl std::error::Error for ParameterError {}

impl From<ParameterError> for Denied {
    fn from(error: ParameterError) -> Self {
        let ParameterError { kind, ref settings, catalogue, .. } = error;
        match kind {
            ParameterErrorKind::NotDecodable(malformation) => {
                Self::new(Denial::TargetMalformed(malformation), settings, catalogue)
            }
            ParameterErrorKind::Unknown => {
                Self::misconfigured(settings, catalogue, format_args!("a handler asks for a parameter, but {error}"))
            }
        }
    }
}
