//! Documents that utoipa generates.

use std::collections::BTreeMap;

use ::utoipa::Modify;
use ::utoipa::openapi::path::{Operation, PathItem};
use ::utoipa::openapi::response::Response;
use ::utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, Http, HttpAuthScheme, OAuth2, Scopes, SecurityScheme,
};
use ::utoipa::openapi::{OpenApi, RefOr, extensions::Extensions};
use serde_json::Value;

use super::{Generated, value};
use crate::openapi::merge::Existing;
use crate::openapi::write::parts::{self, SecurityScheme as Scheme};
use crate::openapi::{Document, EXTENSION, MergeError, Unsaid};

impl Document<'_> {
    /// Merges the catalogue into a document that [utoipa](https://docs.rs/utoipa) generates:
    /// `security`, the answers of the guard that an operation does not describe itself, `x-scopes`,
    /// the security scheme, and the scopes in the descriptions if they are
    /// [shown](Self::show_scopes). Returns the routes without an operation, and the operations
    /// without a route.
    ///
    /// `Document` is a [`Modify`] as well, which cannot return an error: it replaces another
    /// `security`, and leaves members of other tools as they are.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::openapi::Document;
    /// use utoipa::openapi::{HttpMethod, OpenApiBuilder, PathsBuilder, path::{OperationBuilder, PathItem}};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let item = PathItem::new(HttpMethod::Get, OperationBuilder::new());
    /// let mut openapi = OpenApiBuilder::new().paths(PathsBuilder::new().path("/users", item)).build();
    /// let unsaid = Document::new(&catalogue).merge_into_utoipa(&mut openapi, false)?;
    /// assert!(unsaid.is_empty());
    /// let json = serde_json::to_value(&openapi)?;
    /// assert_eq!(json["paths"]["/users"]["get"]["security"][0]["bearer"][0], "users.read");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If an operation has another `security`, or the document or an operation a member `x-scopes`
    /// that another tool has written, and `replaces` is false. If the document lacks a security
    /// scheme that has only a name, or its types have no place for a change. Then nothing is
    /// changed. These are the errors of [`merge_into`](Self::merge_into).
    pub fn merge_into_utoipa(&self, openapi: &mut OpenApi, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        self.merge_into_generated(openapi, Existing::of(replaces))
    }
}

/// Merges the catalogue into the document as far as that is possible without an error, because
/// [`Modify`] cannot return one:
///
/// - the catalogue replaces another `security`, because it is what the guard checks;
/// - a member `x-scopes` that another tool has written stays as it is. The document then lacks what
///   the catalogue says only there, such as tenants and reasons.
///
/// A test finds both, because [`merge_into_utoipa`](Document::merge_into_utoipa) returns them as
/// errors:
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # use scopes_export::openapi::{Document, MergeError};
/// # use utoipa::openapi::{HttpMethod, OpenApi, OpenApiBuilder, PathsBuilder};
/// # use utoipa::openapi::{extensions::Extensions, path::{OperationBuilder, PathItem}};
/// # use utoipa::Modify;
/// # let mut declaration = Declaration::new("api");
/// # declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// let other = Extensions::builder().add("x-scopes", "of another tool").build();
/// # let item = PathItem::new(HttpMethod::Get, OperationBuilder::new());
/// # let paths = PathsBuilder::new().path("/users", item);
/// let mut openapi: OpenApi = OpenApiBuilder::new().paths(paths).build();
/// openapi.extensions = Some(other);
/// let document = Document::new(&catalogue);
/// let error = document.merge_into_utoipa(&mut openapi.clone(), false).unwrap_err();
/// assert!(matches!(error, MergeError::NotGuaranteed { .. }));
///
/// document.modify(&mut openapi);
/// let json = serde_json::to_value(&openapi)?;
/// assert_eq!(json["x-scopes"], "of another tool");
/// assert_eq!(json["paths"]["/users"]["get"]["security"][0]["bearer"][0], "users.read");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
impl Modify for Document<'_> {
    fn modify(&self, openapi: &mut OpenApi) {
        // Errors are about `security`, `x-scopes` and the version. The first two do not occur with
        // this argument, and utoipa writes no version that cannot be merged.
        let _cannot_fail = self.merge_into_generated(openapi, Existing::OursReplaced);
    }
}

impl Generated for OpenApi {
    type Operation = Operation;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Operation> {
        operation_mut(self.paths.paths.get_mut(path)?, method)
    }

    fn set(operation: &mut Operation, member: &str, value: Value) -> Option<()> {
        match (member, value) {
            ("security", value) => operation.security = Some(serde_json::from_value(value).ok()?),
            ("description", Value::String(text)) => operation.description = Some(text),
            (_, value) => {
                operation.extensions.get_or_insert_with(Extensions::default).insert(member.to_owned(), value);
            }
        }
        Some(())
    }

    fn answer(operation: &mut Operation, status: &str, answer: Value) -> Option<()> {
        if !operation.responses.responses.contains_key(status) {
            let answer: Response = serde_json::from_value(answer).ok()?;
            operation.responses.responses.insert(status.to_owned(), answer.into());
        }
        Some(())
    }

    fn add_scheme(&mut self, name: &str, scheme: Scheme) {
        let scheme = match scheme {
            Scheme::Http { format, .. } => {
                let mut http = Http::new(HttpAuthScheme::Bearer);
                http.bearer_format = format;
                SecurityScheme::Http(http)
            }
            Scheme::OAuth2 { flows, .. } => SecurityScheme::OAuth2(OAuth2::new(flows.into_values().map(flow))),
        };
        self.components.get_or_insert_default().add_security_scheme(name, scheme);
    }

    fn add_scopes(&mut self, scheme: &str, flow: &str, added: BTreeMap<String, String>) -> Option<()> {
        let RefOr::T(SecurityScheme::OAuth2(scheme)) = self.components.as_mut()?.security_schemes.get_mut(scheme)?
        else {
            return None;
        };
        let scopes = match scheme.flows.get_mut(flow)? {
            Flow::Implicit(flow) => &mut flow.scopes,
            Flow::Password(flow) => &mut flow.scopes,
            Flow::ClientCredentials(flow) => &mut flow.scopes,
            Flow::AuthorizationCode(flow) => &mut flow.scopes,
            Flow::DeviceAuthorization(flow) => &mut flow.scopes,
        };
        // The type shows its scopes only when it is written.
        let known = value(scopes).get_mut("scopes")?.take();
        let known: BTreeMap<String, String> = serde_json::from_value(known).ok()?;
        *scopes = known.into_iter().chain(added).collect();
        Some(())
    }

    fn set_extension(&mut self, value: Value) {
        self.extensions.get_or_insert_with(Extensions::default).insert(EXTENSION.to_owned(), value);
    }
}

fn flow(flow: parts::Flow) -> Flow {
    let parts::Flow { authorization_url, token_url, scopes } = flow;
    let scopes: Scopes = scopes.into_iter().collect();
    match authorization_url {
        Some(url) => Flow::AuthorizationCode(AuthorizationCode::new(url, token_url, scopes)),
        None => Flow::ClientCredentials(ClientCredentials::new(token_url, scopes)),
    }
}

fn operation_mut<'i>(item: &'i mut PathItem, method: &str) -> Option<&'i mut Operation> {
    match method {
        "GET" => item.get.as_mut(),
        "PUT" => item.put.as_mut(),
        "POST" => item.post.as_mut(),
        "DELETE" => item.delete.as_mut(),
        "OPTIONS" => item.options.as_mut(),
        "HEAD" => item.head.as_mut(),
        "PATCH" => item.patch.as_mut(),
        "TRACE" => item.trace.as_mut(),
        "QUERY" => item.query.as_mut(),
        other => item.additional_operations.get_mut(other),
    }
}
