//! Converts the structure of the JSON text to a declaration.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::format::{BlockEntry, DeprecatedEntry, Document, Object, Reasons, RouteEntry, ScopeEntry};
use super::{ContentError, JsonError};
use crate::declaration::{
    At, BlockDeclaration, BlockKind, Declaration, DeprecationDeclaration, Item, Notation, Place, RouteDeclaration,
    ScopeDeclaration, TenancyDeclaration,
};
use crate::error::CatalogueError;
use crate::template::pieces;

/// The reason given to the routes of `open`.
const DECLARED_OPEN: &str = "declared open";

/// A method and a path in brace form. Two entries with the same key are about the same route.
pub(super) type Key = (String, String);

fn key(method: &str, path: &str) -> Key {
    let mut braced = String::with_capacity(path.len() + 8);
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            braced.push('/');
        }
        match segment.strip_prefix(':') {
            Some(name) => braced.extend(["{", name, "}"]),
            None => braced.push_str(segment),
        }
    }
    (method.into(), braced)
}

pub(super) fn key_of(route: &RouteDeclaration) -> Key {
    key(&route.method.value, &route.path.value)
}

pub(super) struct Reader {
    pub(super) declaration: Declaration,
    pub(super) places: Vec<String>,
    pub(super) content: Vec<(String, ContentError)>,
}

impl Reader {
    /// Reads the declaration, and the mistakes that the compiler would not find.
    pub(super) fn read(text: &str) -> Result<(Self, Vec<CatalogueError>), JsonError> {
        let Object(document): Object<Document> = serde_json::from_str(text)?;
        // Place 0, the default of all places, is the whole document, whose pointer is empty.
        let mut reader = Self {
            declaration: Declaration::new(&document.name),
            places: Vec::from([String::new()]),
            content: Vec::new(),
        };
        let errors = reader.document(document);
        if reader.content.is_empty() { Ok((reader, errors)) } else { Err(JsonError::Content(reader.content)) }
    }

    fn document(&mut self, document: Document) -> Vec<CatalogueError> {
        self.declaration.description = document.description;
        self.declaration.strict = document.strict;
        self.declaration.notation = Notation::Json;
        self.declaration.base = document.base.map(|base| self.at("/base".into(), base));
        self.declaration.tenant = document.tenant.map(|tenant| self.at("/tenant".into(), tenant));

        let mut scopes: Vec<ScopeDeclaration> = Vec::with_capacity(document.scopes.len());
        for (index, Object(entry)) in document.scopes.into_iter().enumerate() {
            scopes.push(self.scope(entry, &format!("/scopes/{index}")));
        }
        let (mut blocks, errors) = self.requirements(document.requirements, &mut scopes);
        for (member, kind, entries) in [
            ("public", BlockKind::Public as fn(At<String>) -> BlockKind, document.public),
            ("authenticated", BlockKind::Authenticated, document.authenticated),
            ("external", BlockKind::External, document.external),
        ] {
            for (index, Object(entry)) in entries.into_iter().enumerate() {
                blocks.push(self.block(kind, entry, &format!("/{member}/{index}")));
            }
        }
        if !document.open.is_empty() {
            let reason = self.at("/open".into(), DECLARED_OPEN.into());
            let place = reason.place;
            let routes = self.routes(document.open, "/open");
            blocks.push(BlockDeclaration { kind: BlockKind::Public(reason), place, tenancy: None, routes });
        }
        self.deprecate(&document.deprecated, &mut scopes, &mut blocks);
        self.declaration.items =
            scopes.into_iter().map(Item::Scope).chain(blocks.into_iter().map(Item::Block)).collect();
        errors
    }

    fn scope(&mut self, entry: ScopeEntry, pointer: &str) -> ScopeDeclaration {
        ScopeDeclaration {
            name: self.at(format!("{pointer}/scope"), entry.scope),
            dotted: entry.dotted.map(|dotted| self.at(format!("{pointer}/dotted"), dotted)),
            includes: self.list(entry.includes, &format!("{pointer}/includes")),
            was: self.list(entry.was, &format!("{pointer}/was")),
            title: entry.title.map(|title| self.at(format!("{pointer}/title"), title)),
            description: entry.description,
            deprecated: self.deprecated(entry.deprecated, pointer),
            tenancy: self.tenancy(entry.global, entry.unbound, pointer),
            routes: self.routes(entry.routes, &format!("{pointer}/routes")),
        }
    }

    fn block(&mut self, kind: fn(At<String>) -> BlockKind, entry: BlockEntry, pointer: &str) -> BlockDeclaration {
        BlockDeclaration {
            kind: kind(self.at(format!("{pointer}/reason"), entry.reason)),
            place: self.place(pointer.into()),
            tenancy: self.tenancy(entry.global, entry.unbound, pointer),
            routes: self.routes(entry.routes, &format!("{pointer}/routes")),
        }
    }

    fn routes(&mut self, entries: Vec<RouteEntry>, pointer: &str) -> Vec<RouteDeclaration> {
        entries.into_iter().enumerate().map(|(index, entry)| self.route(entry, &format!("{pointer}/{index}"))).collect()
    }

    pub(super) fn route(&mut self, entry: RouteEntry, pointer: &str) -> RouteDeclaration {
        match entry {
            RouteEntry::Pair(method, path) => {
                let place = self.place(pointer.into());
                let trailing_slash = (path.len() > 1 && path.ends_with('/')).then_some(place);
                RouteDeclaration {
                    trailing_slash,
                    ..RouteDeclaration::at(At::new(method, place), At::new(path, place))
                }
            }
            RouteEntry::Object(object) => RouteDeclaration {
                method: self.at(format!("{pointer}/method"), object.method),
                method_quoted: true,
                under: None,
                path: self.at(format!("{pointer}/path"), object.path),
                name: object.name.map(|name| self.at(format!("{pointer}/name"), name)),
                description: object.description,
                deprecated: self.deprecated(object.deprecated, pointer),
                tenancy: self.tenancy(object.global, object.unbound, pointer),
                raw: self.list(object.raw, &format!("{pointer}/raw")),
                overlaps: match object.overlaps {
                    None => Vec::new(),
                    Some(Reasons::One(reason)) => Vec::from([self.at(format!("{pointer}/overlaps"), reason)]),
                    Some(Reasons::Several(reasons)) => self.list(reasons, &format!("{pointer}/overlaps")),
                },
                trailing_slash: object.trailing_slash.then(|| self.place(format!("{pointer}/trailing_slash"))),
            },
        }
    }

    fn deprecated(&mut self, entry: Option<DeprecatedEntry>, pointer: &str) -> Option<DeprecationDeclaration> {
        let object = match entry? {
            DeprecatedEntry::Reason(reason) => return Some(reason.into()),
            DeprecatedEntry::Object(object) => object,
        };
        let mut at = |member: &str, text: Option<String>| {
            text.map(|text| self.at(format!("{pointer}/deprecated/{member}"), text))
        };
        Some(DeprecationDeclaration {
            reason: object.note,
            since: at("since", object.since),
            sunset: at("sunset", object.sunset),
            successor: at("use", object.successor),
        })
    }

    /// Whether the scope's tenancy applies to a route of its list.
    pub(super) fn inherits(&self, route: &RouteDeclaration) -> bool {
        let Some(tenant) = &self.declaration.tenant else { return false };
        let (_, path) = key_of(route);
        let is_bound = pieces(&path).any(|piece| piece.parameter() == Some(tenant.value.as_str()));
        route.tenancy.is_none() && !is_bound
    }

    fn deprecate(
        &mut self,
        entries: &[(String, String)],
        scopes: &mut [ScopeDeclaration],
        blocks: &mut [BlockDeclaration],
    ) {
        if entries.is_empty() {
            return;
        }
        let keys: Vec<Key> = entries.iter().map(|(method, path)| key(method, path)).collect();
        let mut found: BTreeMap<&Key, bool> = keys.iter().map(|key| (key, false)).collect();
        let lists = scopes.iter_mut().map(|scope| &mut scope.routes);
        for route in lists.chain(blocks.iter_mut().map(|block| &mut block.routes)).flatten() {
            if let Some(found) = found.get_mut(&key_of(route)) {
                *found = true;
                route.deprecated.get_or_insert_default();
            }
        }
        for (index, key) in keys.iter().enumerate() {
            if found.get(key) != Some(&true) {
                self.content.push((format!("/deprecated/{index}"), ContentError::UndeclaredRoute));
            }
        }
    }

    fn tenancy(
        &mut self,
        global: Option<String>,
        unbound: Option<String>,
        pointer: &str,
    ) -> Option<At<TenancyDeclaration>> {
        match (global, unbound) {
            (None, None) => None,
            (Some(reason), None) => Some(self.at(format!("{pointer}/global"), TenancyDeclaration::Global(reason))),
            (None, Some(reason)) => Some(self.at(format!("{pointer}/unbound"), TenancyDeclaration::Unbound(reason))),
            (Some(_), Some(_)) => {
                self.content.push((pointer.into(), ContentError::GlobalAndUnbound));
                None
            }
        }
    }

    pub(super) fn place(&mut self, pointer: String) -> Place {
        let place = Place(u32::try_from(self.places.len()).unwrap_or(u32::MAX));
        self.places.push(pointer);
        place
    }

    fn at<T>(&mut self, pointer: String, value: T) -> At<T> {
        At::new(value, self.place(pointer))
    }

    pub(super) fn list(&mut self, values: Vec<String>, pointer: &str) -> Vec<At<String>> {
        values.into_iter().enumerate().map(|(index, value)| self.at(format!("{pointer}/{index}"), value)).collect()
    }

    pub(super) fn located(&self, errors: Vec<CatalogueError>) -> JsonError {
        let pointer = |error: &CatalogueError| self.places.get(error.place.0 as usize).cloned().unwrap_or_default();
        JsonError::Catalogue(errors.into_iter().map(|error| (pointer(&error), error)).collect())
    }
}
