//! Documents that utoipa generates.

use ::utoipa::Modify;
use ::utoipa::openapi::path::{Operation, PathItem};
use ::utoipa::openapi::{OpenApi, extensions::Extensions};

use super::{Existing, Part, result, value};
use crate::openapi::merge::find::find;
use crate::openapi::write::extension::Root;
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
        let document = match serde_json::to_value(&openapi.openapi).ok().as_ref().and_then(|text| text.as_str()) {
            Some(text) => self.clone().version(text.get(..3).and_then(|text| text.parse().ok()).unwrap_or_default()),
            None => self.clone(),
        };
        let inherited = openapi.security.as_ref().map(value);
        let paths: Vec<(String, String)> = (openapi.paths.paths.iter())
            .flat_map(|(path, item)| methods(item).map(|method| (path.clone(), method)))
            .collect();
        let keys: Vec<_> = paths.iter().map(|(path, method)| (path.as_str(), method.as_str())).collect();
        let urls = openapi.servers.as_deref().unwrap_or_default().iter().map(|server| server.url.as_str());
        let found = find(document.catalogue, &keys, keys.len(), urls);
        let (mut unsaid, mut conflicts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let mut root = Root::of(document.catalogue);
        for (route, index) in found.routes {
            let operation = index.and_then(|index| keys.get(index)).and_then(|&(path, method)| {
                let operation = operation_mut(openapi.paths.paths.get_mut(path)?, method)?;
                Some((path, method, operation))
            });
            let Some((path, method, operation)) = operation else {
                unsaid.push(Unsaid::missing(route));
                root.keep(route);
                continue;
            };
            let own = operation.security.as_ref().map(value);
            let existing = Existing {
                path,
                method,
                id: operation.operation_id.as_deref().unwrap_or_default(),
                description: operation.description.as_deref().unwrap_or_default(),
                is_inherited: own.is_none(),
                security: own.or_else(|| inherited.clone()),
            };
            match document.part(route, &existing, replaces) {
                Ok(part) => parts.push((path, method, part)),
                Err(conflict) => conflicts.push(conflict),
            }
        }
        if conflicts.is_empty() {
            for (path, method, part) in parts {
                let item = openapi.paths.paths.get_mut(path);
                if let Some(operation) = item.and_then(|item| operation_mut(item, method)) {
                    apply(operation, part);
                }
            }
            let components = openapi.components.get_or_insert_default();
            let name = document.scheme.name();
            let needs_grant = document.catalogue.routes().any(|route| route.access().needs_grant());
            if needs_grant
                && !components.security_schemes.contains_key(name)
                && let Ok(scheme) = serde_json::from_value::<::utoipa::openapi::security::SecurityScheme>(value(
                    &document.security_scheme(),
                ))
            {
                components.add_security_scheme(name, scheme);
            }
            openapi.extensions.get_or_insert_with(Extensions::default).insert(EXTENSION.to_owned(), value(&root));
        }
        unsaid.extend(found.others);
        result(conflicts, unsaid)
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

fn apply(operation: &mut Operation, part: Part) {
    if let Some(security) = part.security {
        operation.security = serde_json::from_value(value(&security)).ok();
    }
    if let Some(description) = part.description {
        operation.description = Some(description);
    }
    for (status, answer) in part.answers {
        if !operation.responses.responses.contains_key(status)
            && let Ok(answer) = serde_json::from_value::<::utoipa::openapi::response::Response>(answer)
        {
            operation.responses.responses.insert(status.to_owned(), answer.into());
        }
    }
    operation.extensions.get_or_insert_with(Extensions::default).insert(EXTENSION.to_owned(), part.extension);
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
