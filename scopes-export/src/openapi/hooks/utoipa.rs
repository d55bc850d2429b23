//! Documents that utoipa generates.

use ::utoipa::Modify;
use ::utoipa::openapi::path::{Operation, PathItem};
use ::utoipa::openapi::response::Response;
use ::utoipa::openapi::security::SecurityScheme;
use ::utoipa::openapi::{OpenApi, extensions::Extensions};
use serde_json::Value;

use super::{Generated, Part, Said, value};
use crate::openapi::{Document, EXTENSION, MergeError, Unsaid};

impl Document<'_> {
    /// Merges the catalogue into a document that [utoipa](https://docs.rs/utoipa) generates:
    /// `security`, the answers of the guard that an operation does not describe itself, `x-scopes`,
    /// the security scheme, and the scopes in the descriptions if they are
    /// [shown](Self::show_scopes). Returns the routes without an operation, and the operations
    /// without a route.
    ///
    /// [`Modify`] does the same with `replaces`, because the catalogue is what the guard checks.
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
    /// If an operation has another `security` and `replaces` is false. Then nothing is changed.
    pub fn merge_into_utoipa(&self, openapi: &mut OpenApi, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        self.merge_into_generated(openapi, replaces)
    }
}

/// Merges the catalogue into the document. The catalogue replaces another `security`, because it is
/// what the guard checks.
impl Modify for Document<'_> {
    fn modify(&self, openapi: &mut OpenApi) {
        // Only conflicts are errors, and a merge that replaces has none.
        let _unsaid = self.merge_into_utoipa(openapi, true);
    }
}

impl Generated for OpenApi {
    type Operation = Operation;

    fn version(&self) -> Option<String> {
        value(&self.openapi).as_str().map(str::to_owned)
    }

    fn servers(&self) -> impl Iterator<Item = &str> {
        self.servers.as_deref().unwrap_or_default().iter().map(|server| server.url.as_str())
    }

    fn security(&self) -> Option<Value> {
        self.security.as_ref().map(value)
    }

    fn operations(&mut self) -> Vec<(String, String)> {
        let items = self.paths.paths.iter();
        items.flat_map(|(path, item)| methods(item).map(|method| (path.clone(), method))).collect()
    }

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Operation> {
        operation_mut(self.paths.paths.get_mut(path)?, method)
    }

    fn said(operation: &Operation) -> Said<'_> {
        Said {
            id: operation.operation_id.as_deref().unwrap_or_default(),
            description: operation.description.as_deref().unwrap_or_default(),
            security: operation.security.as_ref().map(value),
        }
    }

    fn apply(operation: &mut Operation, part: Part) {
        if let Some(security) = part.security {
            operation.security = serde_json::from_value(value(&security)).ok();
        }
        if let Some(description) = part.description {
            operation.description = Some(description);
        }
        for (status, answer) in part.answers {
            if !operation.responses.responses.contains_key(status)
                && let Ok(answer) = serde_json::from_value::<Response>(answer)
            {
                operation.responses.responses.insert(status.to_owned(), answer.into());
            }
        }
        operation.extensions.get_or_insert_with(Extensions::default).insert(EXTENSION.to_owned(), part.extension);
    }

    fn complete(&mut self, name: &str, scheme: Option<Value>, extension: Value) {
        let components = self.components.get_or_insert_default();
        if !components.security_schemes.contains_key(name)
            && let Some(Ok(scheme)) = scheme.map(serde_json::from_value::<SecurityScheme>)
        {
            components.add_security_scheme(name, scheme);
        }
        self.extensions.get_or_insert_with(Extensions::default).insert(EXTENSION.to_owned(), extension);
    }
}

fn methods(item: &PathItem) -> impl Iterator<Item = String> {
    let members = [
        ("GET", item.get.is_some()),
        ("PUT", item.put.is_some()),
        ("POST", item.post.is_some()),
        ("DELETE", item.delete.is_some()),
        ("OPTIONS", item.options.is_some()),
        ("HEAD", item.head.is_some()),
        ("PATCH", item.patch.is_some()),
        ("TRACE", item.trace.is_some()),
        ("QUERY", item.query.is_some()),
    ];
    let members = members.into_iter().filter(|(_, is_there)| *is_there).map(|(method, _)| method.to_owned());
    members.chain(item.additional_operations.keys().cloned())
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
