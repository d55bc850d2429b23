//! Documents that aide generates.

use ::aide::openapi::{OpenApi, Operation, PathItem, ReferenceOr, Response, SecurityRequirement, StatusCode};
use serde_json::Value;

use super::{Generated, value};
use crate::openapi::merge::Existing;
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
    /// reference, or the document lacks a security scheme that has only a name. Then nothing is
    /// changed. These are the errors of [`merge_into`](Self::merge_into).
    pub fn merge_into_aide(&self, openapi: &mut OpenApi, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        self.merge_into_generated(openapi, Existing::of(replaces))
    }
}

impl Generated for OpenApi {
    type Operation = Operation;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Operation> {
        operation_mut(as_item(self.paths.as_mut()?.paths.get_mut(path)?)?, method)
    }

    fn set(operation: &mut Operation, member: &str, value: Value) {
        match (member, &value) {
            ("security", Value::Array(list)) if list.is_empty() => {
                operation.security = vec![SecurityRequirement::default()];
            }
            ("security", _) => {
                if let Ok(security) = serde_json::from_value(value) {
                    operation.security = security;
                }
            }
            ("description", Value::String(text)) => operation.description = Some(text.clone()),
            _ => {
                operation.extensions.insert(member.to_owned(), value);
            }
        }
    }

    fn answer(operation: &mut Operation, status: &str, answer: Value) {
        let responses = &mut operation.responses.get_or_insert_with(Default::default).responses;
        let Ok(status) = status.parse().map(StatusCode::Code) else { return };
        // A permit documents its answers with no more than a description.
        let is_described = responses.get(&status).is_some_and(|existing| match existing {
            ReferenceOr::Item(Response { headers, content, .. }) => !headers.is_empty() || !content.is_empty(),
            ReferenceOr::Reference { .. } => true,
        });
        if !is_described && let Ok(answer) = serde_json::from_value(answer) {
            responses.insert(status, ReferenceOr::Item(answer));
        }
    }

    fn scheme(&self, name: &str) -> Option<Value> {
        self.components.as_ref()?.security_schemes.get(name).map(value)
    }

    fn set_scheme(&mut self, name: &str, scheme: Value) {
        let schemes = &mut self.components.get_or_insert_with(Default::default).security_schemes;
        if let Ok(scheme) = serde_json::from_value(scheme) {
            schemes.insert(name.to_owned(), ReferenceOr::Item(scheme));
        }
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
