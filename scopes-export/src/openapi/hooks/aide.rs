//! Documents that aide generates.

use ::aide::openapi::{OpenApi, Operation, PathItem, ReferenceOr, Response, StatusCode};

use super::{Existing, Part, result, value};
use crate::openapi::merge::find::find;
use crate::openapi::write::extension::Root;
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
        let version = openapi.openapi.get(..3).and_then(|text| text.parse().ok()).unwrap_or_default();
        let document = self.clone().version(version);
        let inherited = Some(value(&openapi.security)).filter(|_| !openapi.security.is_empty());
        let items = openapi.paths.get_or_insert_with(Default::default);
        let paths: Vec<(String, &'static str)> = (items.paths.iter_mut())
            .filter_map(|(path, item)| Some((path, as_item(item)?)))
            .flat_map(|(path, item)| {
                METHODS
                    .into_iter()
                    .filter(|method| operation_mut(item, method).is_some())
                    .map(|method| (path.clone(), method))
            })
            .collect();
        let keys: Vec<_> = paths.iter().map(|(path, method)| (path.as_str(), *method)).collect();
        let found =
            find(document.catalogue, &keys, keys.len(), openapi.servers.iter().map(|server| server.url.as_str()));
        let (mut unsaid, mut conflicts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let mut root = Root::of(document.catalogue);
        for (route, index) in found.routes {
            let operation = index.and_then(|index| keys.get(index)).and_then(|&(path, method)| {
                let operation = operation_mut(as_item(items.paths.get_mut(path)?)?, method)?;
                Some((path, method, operation))
            });
            let Some((path, method, operation)) = operation else {
                unsaid.push(Unsaid::missing(route));
                root.keep(route);
                continue;
            };
            let own = Some(value(&operation.security)).filter(|_| !operation.security.is_empty());
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
                let item = items.paths.get_mut(path).and_then(as_item);
                if let Some(operation) = item.and_then(|item| operation_mut(item, method)) {
                    apply(operation, part);
                }
            }
            let components = openapi.components.get_or_insert_with(Default::default);
            let name = document.scheme.name();
            let needs_grant = document.catalogue.routes().any(|route| route.access().needs_grant());
            if needs_grant
                && !components.security_schemes.contains_key(name)
                && let Ok(scheme) = serde_json::from_value(value(&document.security_scheme()))
            {
                components.security_schemes.insert(name.to_owned(), ReferenceOr::Item(scheme));
            }
            openapi.extensions.insert(EXTENSION.to_owned(), value(&root));
        }
        unsaid.extend(found.others);
        result(conflicts, unsaid)
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
