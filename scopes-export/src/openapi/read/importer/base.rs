//! The name of a catalogue, and the path below which its routes are.

use scopes_core::declaration::{At as Declared, Declaration, Notation};
use scopes_core::template::Template;

use super::state::Importer;
use crate::openapi::read::declare::{Draft, Routed, Scope};
use crate::openapi::read::exported::ExportedDocument;
use crate::openapi::read::finding::DocumentError;
use crate::openapi::read::paths;

impl Importer<'_, '_> {
    /// The catalogue without scopes and routes. The base is the one of `x-scopes`, or the path
    /// below which all operations are served. Otherwise the paths of the routes are whole.
    pub(super) fn draft(
        &self,
        exported: ExportedDocument,
        prefix: &str,
        routed: &mut [(Routed, String)],
    ) -> Result<Draft, DocumentError> {
        let ExportedDocument { name, description, base, tenant, scopes, .. } = exported;
        let root = self.documents.root().place();
        let mut declaration = Declaration::new("api");
        declaration.notation = Notation::Json;
        if let Some(name) = self.options.name.clone().or(name) {
            declaration.name = name;
        }
        if !is_module(&declaration.name) {
            let message = format!("`{}` cannot be the name of the catalogue's module", declaration.name);
            return Err(self.documents.error(root, message));
        }
        declaration.description = description;
        declaration.tenant = tenant.map(|tenant| Declared::from(tenant.as_str()));
        let common = routed.first().map_or(prefix, |(_, prefix)| prefix).trim_end_matches('/').to_owned();
        let common = Some(common).filter(|base| routed.iter().all(|(_, prefix)| prefix.trim_end_matches('/') == base));
        for (routed, prefix) in routed.iter_mut() {
            let path = &mut routed.route.path.value;
            *path = paths::below(prefix.trim_end_matches('/'), path);
            // The path of the API itself has no slash at its end.
            if !path.ends_with('/') {
                routed.route.trailing_slash = None;
            }
        }
        let exported = base.filter(|_| self.options.base.is_none());
        let is_possible = |base: &String| {
            let is_literal = Template::parse(base).is_ok_and(|base| base.is_literal() && !base.trailing_slash());
            is_literal && routed.iter().all(|(routed, _)| paths::without_base(base, &routed.route.path.value).is_some())
        };
        if let Some(base) = [exported, common].into_iter().flatten().find(is_possible) {
            for (routed, _) in routed.iter_mut() {
                let path = paths::without_base(&base, &routed.route.path.value).unwrap_or_default().to_owned();
                routed.route.path.value = path;
            }
            declaration.base = Some(Declared::from(base.as_str()));
        }
        let scopes = scopes.into_iter().map(|(declaration, place)| Scope { declaration, place }).collect();
        Ok(Draft { declaration, root, scopes, routes: Vec::new() })
    }
}

/// Whether a module can have the name: the block that is printed must compile.
fn is_module(name: &str) -> bool {
    let is_word = name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
    is_word && scopes_core::name::check_dotted(name).is_ok() && scopes_core::name::identifier(name) == name
}
