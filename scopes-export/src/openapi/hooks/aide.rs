//! Documents that aide generates.

use ::aide::openapi::{OpenApi, Operation, PathItem, ReferenceOr, Response, StatusCode};
use serde_json::Value;

use super::{Generated, Part, Said, value};
use crate::openapi::{Document, EXTENSION, MergeError, Unsaid};

impl Document<'_> {
    /// Merges the catalogue into a document that [aide](https://docs.rs/aide) generates:
    /// `security`, the answers of the guard that an operation does not describe itself, `x-scopes`,
    /// the security scheme, and the scopes in the descriptions if they are
    /// [shown](Self::show_scopes). Returns the routes without an operation, and the operations
    /// without a route. aide writes no empty `security`, so only `x-scopes` says that an operation
    /// is public.
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
    /// If an operation has another `security` and `replaces` is false. Then nothing is changed.
    pub fn merge_into_aide(&self, openapi: &mut OpenApi, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        self.merge_into_generated(openapi, replaces)
    }
}

impl Generated for OpenApi {
    type Operation = Operation;

    fn version(&self) -> Option<String> {
        Some(self.openapi.to_string())
    }

    fn servers(&self) -> impl Iterator<Item = &str> {
        self.servers.iter().map(|server| server.url.as_str())
    }

    fn security(&self) -> Option<Value> {
        (!self.security.is_empty()).then(|| value(&self.security))
    }

    fn operations(&mut self) -> Vec<(String, String)> {
        let paths = self.paths.get_or_insert_default().paths.iter_mut();
        let items = paths.filter_map(|(path, item)| Some((path, as_item(item)?)));
        let keys = items.flat_map(|(path, item)| {
            let methods = METHODS.into_iter().filter(|method| operation_mut(item, method).is_some());
            methods.map(|method| (path.clone(), method.to_owned()))
        });
        keys.collect()
    }

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Operation> {
        operation_mut(as_item(self.paths.as_mut()?.paths.get_mut(path)?)?, method)
    }

    fn said(operation: &Operation) -> Said<'_> {
        Said {
            id: operation.operation_id.as_deref().unwrap_or_default(),
            description: operation.description.as_deref().unwrap_or_default(),
            security: (!operation.security.is_empty()).then(|| value(&operation.security)),
        }
    }

    fn apply(operation: &mut Operation, part: Part) {
        if let Some(security) = part.security
            && let Ok(security) = serde_json::from_value(value(&security))
        {
            operation.security = security;
        }
        if let Some(description) = part.description {
            operation.description = Some(description);
        }
        let responses = &mut operation.responses.get_or_insert_with(Default::default).responses;
        for (status, answer) in part.answers {
            let Ok(status) = status.parse().map(StatusCode::Code) else { continue };
            // A permit documents its answers with no more than a description.
            let is_described = responses.get(&status).is_some_and(|existing| match existing {
                ReferenceOr::Item(Response { headers, content, .. }) => !headers.is_empty() || !content.is_empty(),
                ReferenceOr::Reference { .. } => true,
            });
            if !is_described && let Ok(answer) = serde_json::from_value(answer) {
                responses.insert(status, ReferenceOr::Item(answer));
            }
        }
        operation.extensions.insert(EXTENSION.to_owned(), part.extension);
    }

    fn complete(&mut self, name: &str, scheme: Option<Value>, extension: Value) {
        let schemes = &mut self.components.get_or_insert_with(Default::default).security_schemes;
        if !schemes.contains_key(name)
            && let Some(Ok(scheme)) = scheme.map(serde_json::from_value)
        {
            schemes.insert(name.to_owned(), ReferenceOr::Item(scheme));
        }
        self.extensions.insert(EXTENSION.to_owned(), extension);
    }
}

fn as_item(item: &mut ReferenceOr<PathItem>) -> Option<&mut PathItem> {
    match item {
        ReferenceOr::Item(item) => Some(item),
        ReferenceOr::Reference { .. } => None,
    }
}

const METHODS: [&str; 8] = ["GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"];

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
