//! A catalogue as an OpenAPI document.

pub(crate) mod answers;
pub(crate) mod extension;
mod options;
pub(crate) mod parts;
pub(crate) mod paths;
pub(crate) mod words;

use std::collections::BTreeMap;

use scopes_core::template::{Piece, pieces};
use scopes_core::{Access, Route, ScopeInfo, Tenancy, UntypedCatalogue};

use self::extension::{Extension, Root, Visible};
use self::options::SchemeKind;
use self::parts::{Flow, MethodKey, Operation, Parameter, PathMember, Requirement, Response, Schema, SecurityScheme};
use self::paths::{MethodKind, Said, method_key};
use crate::json::any_of;
use crate::shown;

pub use self::options::{Errors, Scheme, UnknownVersion, Version};
pub use self::paths::Unsaid;

/// An OpenAPI document of a catalogue, and what the application says about it.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::openapi::Document;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{id}");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let written = Document::new(&catalogue).title("Users").api_version("1.2.0").write();
/// assert!(written.unsaid().is_empty());
/// let document: serde_json::Value = serde_json::from_str(written.json()).unwrap();
/// let operation = &document["paths"]["/users/{id}"]["get"];
/// assert_eq!(operation["security"][0]["bearer"][0], "users.read");
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Document<'c> {
    pub(crate) catalogue: &'c UntypedCatalogue,
    pub(crate) version: Version,
    pub(crate) scheme: Scheme,
    pub(crate) errors: Errors,
    pub(crate) shows_scopes: bool,
    title: Option<String>,
    api_version: String,
    license: Option<String>,
    servers: Vec<String>,
    /// Whether `security` may list scopes, if the document that is merged with says it.
    pub(crate) lists_scopes: Option<bool>,
}

impl<'c> Document<'c> {
    /// A document of version 3.1 with bearer tokens.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert_eq!(json(&Document::new(&catalogue))["openapi"], "3.1.1");
    /// ```
    pub fn new(catalogue: &'c UntypedCatalogue) -> Self {
        Self {
            catalogue,
            version: Version::default(),
            scheme: Scheme::default(),
            errors: Errors::default(),
            shows_scopes: false,
            title: None,
            api_version: "0.0.0".to_owned(),
            license: None,
            servers: Vec::new(),
            lists_scopes: None,
        }
    }

    /// Writes another version of OpenAPI.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert_eq!(json(&Document::new(&catalogue).version(Version::V3_0))["openapi"], "3.0.4");
    /// ```
    pub const fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Sets the security scheme of the operations.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let document = Document::new(&catalogue).scheme(Scheme::client_credentials("/token"));
    /// let security = &json(&document)["paths"]["/users/{id}"]["get"]["security"];
    /// assert_eq!(security[0]["oauth2"][0], "users.read");
    /// ```
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Says which bodies the denials have.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = json(&Document::new(&catalogue).errors(Errors::Other));
    /// assert!(written["components"]["responses"]["Forbidden"].get("content").is_none());
    /// ```
    pub const fn errors(mut self, errors: Errors) -> Self {
        self.errors = errors;
        self
    }

    /// Writes what a caller needs into the description of each operation, because most renderers do
    /// not show the scopes of bearer tokens. The text stands between [`BLOCK_BEGIN`] and
    /// [`BLOCK_END`]; another run replaces it.
    ///
    /// [`BLOCK_BEGIN`]: super::BLOCK_BEGIN
    /// [`BLOCK_END`]: super::BLOCK_END
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = json(&Document::new(&catalogue).show_scopes());
    /// let description = written["paths"]["/users/{id}"]["get"]["description"].as_str().unwrap();
    /// assert!(description.contains("**Required scope**: `users.read`"));
    /// ```
    pub const fn show_scopes(mut self) -> Self {
        self.shows_scopes = true;
        self
    }

    /// The title of the API. Without it, the name of the catalogue.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert_eq!(json(&Document::new(&catalogue).title("Users"))["info"]["title"], "Users");
    /// ```
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The version of the API, which is not the version of OpenAPI.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let document = Document::new(&catalogue).api_version("1.2.0");
    /// assert_eq!(json(&document)["info"]["version"], "1.2.0");
    /// ```
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = version.into();
        self
    }

    /// The licence of the API, as an SPDX expression such as `MIT`.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = json(&Document::new(&catalogue).licensed("MIT"));
    /// assert_eq!(written["info"]["license"]["identifier"], "MIT");
    /// ```
    pub fn licensed(mut self, license: impl Into<String>) -> Self {
        self.license = Some(license.into());
        self
    }

    /// Adds a server: the URL at which the API is mounted, base included. Without any, the base is
    /// the only one.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = json(&Document::new(&catalogue).server("https://api.example.com"));
    /// assert_eq!(written["servers"][0]["url"], "https://api.example.com");
    /// ```
    pub fn server(mut self, url: impl Into<String>) -> Self {
        self.servers.push(url.into());
        self
    }

    /// Writes the document.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let written = Document::new(&catalogue).write();
    /// assert!(written.json().starts_with("{\n  \"openapi\": \"3.1.1\""));
    /// ```
    #[must_use]
    pub fn write(&self) -> Written {
        let (said, left, unsaid) = paths::sort(self.catalogue.routes().collect(), self.version);
        let mut extension = Root::of(self.catalogue);
        for &route in &left {
            extension.keep(route);
        }
        let mut members: BTreeMap<&str, BTreeMap<MethodKey<'_>, PathMember<'_>>> = BTreeMap::new();
        for said in &said {
            self.add(said, members.entry(&said.key).or_default());
        }
        let base = if self.catalogue.base().is_empty() { "/" } else { self.catalogue.base() };
        let mut servers: Vec<_> = self.servers.iter().map(|url| parts::Server { url }).collect();
        if servers.is_empty() {
            servers.push(parts::Server { url: base });
        }
        let document = parts::Document {
            openapi: self.version.text(),
            info: parts::Info {
                title: self.title.as_deref().unwrap_or(self.catalogue.name()),
                description: self.catalogue.description(),
                version: &self.api_version,
                license: self.license.as_deref().map(|name| self.license(name)),
            },
            servers,
            paths: members,
            components: self.components(),
            extension,
        };
        Written { json: shown::json(&crate::json::text(&document)), unsaid }
    }

    /// The licence by its expression or, before version 3.1, by its page.
    fn license<'s>(&self, name: &'s str) -> parts::License<'s> {
        let identifies = self.version > Version::V3_0;
        let is_one = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
        let url = (!identifies && is_one).then(|| format!("https://spdx.org/licenses/{name}.html"));
        parts::License { name, identifier: identifies.then_some(name), url }
    }

    fn components(&self) -> parts::Components<'_> {
        let mut schemas = BTreeMap::new();
        if self.errors != Errors::Other {
            schemas.insert(answers::ERROR, answers::body(self.errors));
        }
        let mut names: Vec<String> = self.catalogue.scopes().map(|scope| scope.name().to_owned()).collect();
        names.sort_unstable();
        let description = Some("The name of a scope.");
        schemas.insert(answers::SCOPE, Schema { description, values: names, ..Schema::text() });
        let needs_grant = self.catalogue.routes().any(|route| route.access().needs_grant());
        let schemes = needs_grant.then(|| (self.scheme.name(), self.security_scheme()));
        let schemes = schemes.into_iter().collect();
        parts::Components { schemas, responses: answers::components(self.errors), schemes }
    }

    /// The security scheme in the form of the document.
    pub(crate) fn security_scheme(&self) -> SecurityScheme {
        let flow = |authorization_url: Option<&String>, token_url: &String| Flow {
            authorization_url: authorization_url.cloned(),
            token_url: token_url.clone(),
            scopes: self.scope_texts(),
        };
        let (name, flow) = match &self.scheme.kind {
            SchemeKind::Bearer { format } => {
                return SecurityScheme::Http { kind: "http", scheme: "bearer", format: format.clone() };
            }
            SchemeKind::ClientCredentials { token_url } => ("clientCredentials", flow(None, token_url)),
            SchemeKind::AuthorizationCode { authorization_url, token_url } => {
                ("authorizationCode", flow(Some(authorization_url), token_url))
            }
        };
        SecurityScheme::OAuth2 { kind: "oauth2", flows: BTreeMap::from([(name, flow)]) }
    }

    /// The texts of the scopes, by their names.
    pub(crate) fn scope_texts(&self) -> BTreeMap<String, String> {
        self.catalogue.scopes().map(|scope| (scope.name().to_owned(), text_of(scope))).collect()
    }

    fn add<'s>(&'s self, said: &'s Said<'c>, members: &mut BTreeMap<MethodKey<'s>, PathMember<'s>>) {
        match method_key(said.route.method(), self.version) {
            Some(MethodKind::Member(place, name)) => {
                members.insert(MethodKey(place, name), PathMember::Operation(Box::new(self.operation(said))));
            }
            Some(MethodKind::Additional) => {
                let others = members.entry(MethodKey(usize::MAX, "additionalOperations"));
                let others = others.or_insert_with(|| PathMember::Others(BTreeMap::new()));
                if let PathMember::Others(others) = others {
                    others.insert(said.route.method(), self.operation(said));
                }
            }
            None => {}
        }
    }

    fn operation<'s>(&'s self, said: &'s Said<'c>) -> Operation<'s> {
        let route = said.route;
        let summary = words::summary(route);
        let bare = words::description(route, &summary);
        let description = self.described(route, bare);
        let mut responses: BTreeMap<_, _> = answers::of_guard(route).collect();
        responses.insert("2XX", Response::Whole(answers::of_handler(route)));
        Operation {
            id: route.name(),
            summary,
            description,
            deprecated: route.deprecated().is_some() || route.effective_deprecation().is_some(),
            parameters: parameters(said),
            responses,
            security: self.security(route),
            extension: Extension::of(route, Visible { path: &said.key, name: route.name(), description: bare }),
        }
    }

    /// The description with the scopes, if they are shown.
    pub(crate) fn described(&self, route: Route<'_>, description: &str) -> String {
        if self.shows_scopes { super::with_block(description, &words::required(route)) } else { description.to_owned() }
    }

    /// The alternatives of `security`. An empty list is an operation that needs no token.
    pub(crate) fn security(&self, route: Route<'_>) -> Vec<Requirement> {
        let one = |scopes| BTreeMap::from([(self.scheme.name().to_owned(), scopes)]);
        match route.access() {
            Access::Public(_) | Access::External(_) => Vec::new(),
            Access::Authenticated(_) => vec![one(Vec::new())],
            Access::Scoped if !self.lists_scopes.unwrap_or_else(|| self.scheme.lists_scopes(self.version)) => {
                vec![one(Vec::new())]
            }
            Access::Scoped => {
                let alternatives = any_of(route.catalogue(), route);
                alternatives.iter().map(|names| one(names.iter().map(|&name| name.to_owned()).collect())).collect()
            }
        }
    }
}

/// The text about a scope in a list of scopes.
fn text_of(scope: ScopeInfo<'_>) -> String {
    let text = scope.title().unwrap_or(scope.description());
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parameters of a path, by the names that the key has.
fn parameters<'s>(said: &'s Said<'_>) -> Vec<Parameter<'s>> {
    let tenant = said.route.tenant_parameter().filter(|_| said.route.tenancy() == Tenancy::Bound);
    let own = said.route.parameters();
    let names = pieces(&said.key).filter_map(|piece| match piece {
        Piece::Parameter { name, .. } | Piece::Rest(name) => Some(name),
        Piece::Literal(_) => None,
    });
    let described = names.zip(own).map(|(name, parameter)| {
        let description = if tenant.is_some_and(|tenant| tenant.name() == parameter.name()) {
            "The tenant. A token is good for its own tenants only."
        } else if parameter.is_rest() {
            "One segment or more."
        } else {
            ""
        };
        let schema = Schema { min_length: Some(1), ..Schema::text() };
        Parameter { name, place: "path", description, required: true, schema }
    });
    described.collect()
}

/// A document that was written, and the routes that it cannot say.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// let written = Document::new(&catalogue).write();
/// println!("{}", written.json());
/// assert!(written.unsaid().is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Written {
    json: String,
    unsaid: Vec<Unsaid>,
}

impl Written {
    /// The document as JSON, with a line break at the end: the same bytes on every machine.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert!(Document::new(&catalogue).write().json().ends_with("}\n"));
    /// ```
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Takes the document as JSON.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let text: String = Document::new(&catalogue).write().into_json();
    /// assert!(text.contains("/users/{id}"));
    /// ```
    #[must_use]
    pub fn into_json(self) -> String {
        self.json
    }

    /// The routes that `paths` cannot say, or not exactly.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// assert!(Document::new(&catalogue).write().unsaid().is_empty());
    /// ```
    #[must_use]
    pub fn unsaid(&self) -> &[Unsaid] {
        &self.unsaid
    }
}
