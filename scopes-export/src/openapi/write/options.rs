//! What an application says about its document.

use std::fmt;
use std::str::FromStr;

/// A version of OpenAPI.
///
/// ```
/// use scopes_export::openapi::Version;
/// assert_eq!("3.0".parse(), Ok(Version::V3_0));
/// assert_eq!(Version::default().to_string(), "3.1.1");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Version {
    /// 3.0.4. It has no scopes for bearer tokens: `security` says only that a token is required,
    /// unless the scheme is [`oauth2`](crate::openapi::Scheme).
    V3_0,
    /// 3.1.1.
    #[default]
    V3_1,
    /// 3.2.0. It has any method.
    V3_2,
}

impl Version {
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0.4",
            Self::V3_1 => "3.1.1",
            Self::V3_2 => "3.2.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// Reads `3.0`, `3.1` or `3.2`.
impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        match text {
            "3.0" => Ok(Self::V3_0),
            "3.1" => Ok(Self::V3_1),
            "3.2" => Ok(Self::V3_2),
            _ => Err(UnknownVersion),
        }
    }
}

/// The text is not a version of OpenAPI that can be written.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// assert_eq!("2.0".parse::<Version>(), Err(UnknownVersion));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the versions of OpenAPI that can be written are 3.0, 3.1 and 3.2")
    }
}

impl std::error::Error for UnknownVersion {}

/// The security scheme of the operations, and its name in the document.
///
/// ```
/// use scopes_export::openapi::Scheme;
/// let scheme = Scheme::bearer().named("token");
/// assert_eq!(scheme.name(), "token");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: String,
    pub(super) kind: SchemeKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SchemeKind {
    Bearer { format: Option<String> },
    ClientCredentials { token_url: String },
    AuthorizationCode { authorization_url: String, token_url: String },
}

impl Scheme {
    /// A bearer token in the header `Authorization` (RFC 6750), under the name `bearer`. Since
    /// version 3.1 each operation lists its scopes; many renderers do not show them.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = json(&Document::new(&catalogue).scheme(Scheme::bearer()));
    /// assert_eq!(written["components"]["securitySchemes"]["bearer"]["scheme"], "bearer");
    /// ```
    #[must_use]
    pub fn bearer() -> Self {
        Self { name: "bearer".to_owned(), kind: SchemeKind::Bearer { format: None } }
    }

    /// OAuth 2.0 with the flow of client credentials, under the name `oauth2`. The scheme lists all
    /// scopes with their texts, and renderers show the scopes of each operation.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let scheme = Scheme::client_credentials("https://login.example.com/token");
    /// let written = json(&Document::new(&catalogue).scheme(scheme));
    /// let scheme = &written["components"]["securitySchemes"]["oauth2"];
    /// let flow = &scheme["flows"]["clientCredentials"];
    /// assert!(flow["scopes"]["users.read"].is_string());
    /// ```
    #[must_use]
    pub fn client_credentials(token_url: impl Into<String>) -> Self {
        Self { name: "oauth2".to_owned(), kind: SchemeKind::ClientCredentials { token_url: token_url.into() } }
    }

    /// OAuth 2.0 with the flow of authorization codes, under the name `oauth2`.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let scheme = Scheme::authorization_code("/authorize", "/token");
    /// let written = json(&Document::new(&catalogue).scheme(scheme));
    /// let scheme = &written["components"]["securitySchemes"]["oauth2"];
    /// let flow = &scheme["flows"]["authorizationCode"];
    /// assert_eq!(flow["authorizationUrl"], "/authorize");
    /// ```
    #[must_use]
    pub fn authorization_code(authorization_url: impl Into<String>, token_url: impl Into<String>) -> Self {
        let (authorization_url, token_url) = (authorization_url.into(), token_url.into());
        Self { name: "oauth2".to_owned(), kind: SchemeKind::AuthorizationCode { authorization_url, token_url } }
    }

    /// The same scheme under another name.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let document = Document::new(&catalogue).scheme(Scheme::bearer().named("token"));
    /// let security = &json(&document)["paths"]["/users/{id}"]["get"]["security"];
    /// assert_eq!(security[0]["token"][0], "users.read");
    /// ```
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The hint `bearerFormat`, such as `JWT`. Only bearer schemes have it.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let document = Document::new(&catalogue).scheme(Scheme::bearer().bearer_format("JWT"));
    /// let written = json(&document);
    /// assert_eq!(written["components"]["securitySchemes"]["bearer"]["bearerFormat"], "JWT");
    /// ```
    #[must_use]
    pub fn bearer_format(mut self, hint: impl Into<String>) -> Self {
        if let SchemeKind::Bearer { format } = &mut self.kind {
            *format = Some(hint.into());
        }
        self
    }

    /// The name in the document.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert_eq!(Scheme::bearer().name(), "bearer");
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the scheme says nothing but its name.
    pub(crate) fn is_only_named(&self) -> bool {
        matches!(&self.kind, SchemeKind::ClientCredentials { token_url } if token_url.is_empty())
    }

    /// Whether `security` may list scopes for this scheme.
    pub(super) const fn lists_scopes(&self, version: Version) -> bool {
        !(matches!(self.kind, SchemeKind::Bearer { .. }) && matches!(version, Version::V3_0))
    }
}

impl Default for Scheme {
    fn default() -> Self {
        Self::bearer()
    }
}

/// The bodies of denials, by the renderer that the application has set.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// let written = json(&Document::new(&catalogue).errors(Errors::Problem));
/// let content = &written["components"]["responses"]["Forbidden"]["content"];
/// assert!(content["application/problem+json"].is_object());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Errors {
    /// `{"error": ".."}`, which is the default of `scopes`.
    #[default]
    Json,
    /// `application/problem+json` (RFC 9457).
    Problem,
    /// Bodies of the application's own renderer: the document does not describe them.
    Other,
}
