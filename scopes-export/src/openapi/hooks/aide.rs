//! Documents that aide generates.

use std::collections::BTreeMap;

use ::aide::openapi::{
    OAuth2Flow, OAuth2Flows, OpenApi, Operation, PathItem, ReferenceOr, Response, SecurityRequirement, SecurityScheme,
    StatusCode,
};
use serde_json::Value;

use super::Generated;
use crate::openapi::merge::Existing;
use crate::openapi::write::parts::{self, SecurityScheme as Scheme};
use crate::openapi::{Document, EXTENSION, MergeError, Unsaid};

impl Document<'_> {
    /// Merges the catalogue into a document that [aide](https://docs.rs/aide) generates:
    /// `security`, the answers of the guard that an operation does not describe itself, `x-scopes`,
    /// the security scheme, and the scopes in the descriptions if they are
    /// [shown](Self::show_scopes). Returns the routes without an operation, and the operations
    /// without a route. aide writes no empty `security`, so a public operation gets `[{}]`, which
    /// means the same.
    ///
    /// ```
    /// use aide::openapi::{OpenApi, Operation, PathItem, Paths, ReferenceOr};
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::openapi::Document;
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let item = PathItem { get: Some(Operation::default()), ..PathItem::default() };
    /// let mut paths = Paths::default();
    /// paths.paths.insert("/users".into(), ReferenceOr::Item(item));
    /// let mut openapi = OpenApi { paths: Some(paths), ..OpenApi::default() };
    /// let unsaid = Document::new(&catalogue).merge_into_aide(&mut openapi, false)?;
    /// assert!(unsaid.is_empty());
    /// let json = serde_json::to_value(&openapi)?;
    /// assert_eq!(json["paths"]["/users"]["get"]["security"][0]["bearer"][0], "users.read");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If an operation has another `security`, or the document or an operation a member `x-scopes`
    /// that another tool has written, and `replaces` is false. If an operation of a route is a
    /// reference, or the document lacks a security scheme that has only a name, or its types have
    /// no place for a change. Then nothing is changed. These are the errors of
    /// [`merge_into`](Self::merge_into).
    pub fn merge_into_aide(&self, openapi: &mut OpenApi, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        self.merge_into_generated(openapi, Existing::of(replaces))
    }
}

impl Generated for OpenApi {
    type Operation = Operation;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Operation> {
        operation_mut(as_item(self.paths.as_mut()?.paths.get_mut(path)?)?, method)
    }

    fn set(operation: &mut Operation, member: &str, value: Value) -> Option<()> {
        match (member, value) {
            ("security", Value::Array(list)) if list.is_empty() => {
                operation.security = vec![SecurityRequirement::default()];
            }
            ("security", value) => operation.security = serde_json::from_value(value).ok()?,
            ("description", Value::String(text)) => operation.description = Some(text),
            (_, value) => {
                operation.extensions.insert(member.to_owned(), value);
            }
        }
        Some(())
    }

    fn answer(operation: &mut Operation, status: &str, answer: Value) -> Option<()> {
        let responses = &mut operation.responses.get_or_insert_with(Default::default).responses;
        let status = StatusCode::Code(status.parse().ok()?);
        // A permit documents its answers with no more than a description.
        let is_described = responses.get(&status).is_some_and(|existing| match existing {
            ReferenceOr::Item(Response { headers, content, links, extensions, .. }) => {
                !(headers.is_empty() && content.is_empty() && links.is_empty() && extensions.is_empty())
            }
            ReferenceOr::Reference { .. } => true,
        });
        if !is_described {
            responses.insert(status, ReferenceOr::Item(serde_json::from_value(answer).ok()?));
        }
        Some(())
    }

    fn add_scheme(&mut self, name: &str, scheme: Scheme) {
        let (description, extensions) = (None, Default::default());
        let scheme = match scheme {
            Scheme::Http { scheme, format, .. } => {
                SecurityScheme::Http { scheme: scheme.to_owned(), bearer_format: format, description, extensions }
            }
            Scheme::OAuth2 { flows, .. } => {
                let mut typed = OAuth2Flows::default();
                for flow in flows.into_values() {
                    let parts::Flow { authorization_url, token_url, scopes } = flow;
                    let (refresh_url, scopes) = (None, scopes.into_iter().collect());
                    match authorization_url {
                        Some(authorization_url) => {
                            typed.authorization_code = Some(OAuth2Flow::AuthorizationCode {
                                authorization_url,
                                token_url,
                                refresh_url,
                                scopes,
                            });
                        }
                        None => {
                            typed.client_credentials =
                                Some(OAuth2Flow::ClientCredentials { refresh_url, token_url, scopes });
                        }
                    }
                }
                SecurityScheme::OAuth2 { flows: typed, description, extensions }
            }
        };
        let schemes = &mut self.components.get_or_insert_with(Default::default).security_schemes;
        schemes.insert(name.to_owned(), ReferenceOr::Item(scheme));
    }

    fn add_scopes(&mut self, scheme: &str, flow: &str, added: BTreeMap<String, String>) -> Option<()> {
        let ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) =
            self.components.as_mut()?.security_schemes.get_mut(scheme)?
        else {
            return None;
        };
        // A flow is written under the name of its variant, whatever member holds it.
        let OAuth2Flows { implicit, password, client_credentials, authorization_code } = flows;
        let members = [implicit, password, client_credentials, authorization_code];
        let mut named = members.into_iter().flatten().filter_map(|member| match (flow, member) {
            ("implicit", OAuth2Flow::Implicit { scopes, .. })
            | ("password", OAuth2Flow::Password { scopes, .. })
            | ("clientCredentials", OAuth2Flow::ClientCredentials { scopes, .. })
            | ("authorizationCode", OAuth2Flow::AuthorizationCode { scopes, .. }) => Some(scopes),
            _ => None,
        });
        // Of several with one name, the last one is what was read.
        let mut scopes = named.next()?;
        for other in named {
            scopes = other;
        }
        scopes.extend(added);
        Some(())
    }

    fn set_extension(&mut self, value: Value) {
        self.extensions.insert(EXTENSION.to_owned(), value);
    }
}

fn as_item(item: &mut ReferenceOr<PathItem>) -> Option<&mut PathItem> {
    match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
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
        _ => None,
    }
}
