//! Operations as routes, before it is known what they demand.

use std::collections::HashSet;

use scopes_core::declaration::{At as Declared, DeprecationDeclaration, Place as Index, RouteDeclaration};
use scopes_core::name::snake_case;
use scopes_core::template::Template;

use super::exported::{ExportedOperation, MEMBER, place_route};
use super::fault::Fault;
use super::finding::Kind;
use super::names::route_name;
use super::operations::Operation;
use super::paths::{below, convert, differ_in_names};
use crate::openapi::without_block;

/// Makes the route of an operation. `base` is the base in the document's `x-scopes`, `names` are
/// the names that are taken.
pub(super) fn route(
    operation: &Operation,
    exported: Option<&ExportedOperation>,
    base: Option<&str>,
    names: &mut HashSet<String>,
    index: Index,
    report: &mut dyn FnMut(Kind, Fault),
) -> Result<RouteDeclaration, Fault> {
    let (path, has_trailing_slash) = template(operation, exported, base, report)?;
    let mut route = exported.map(|exported| exported.route.clone()).unwrap_or_default();
    route.method = Declared::new(operation.method.clone(), index);
    route.method_quoted = true;
    route.path = Declared::new(path, index);
    route.trailing_slash = has_trailing_slash.then_some(index);
    place_route(&mut route, index);
    if !exported.is_some_and(|exported| exported.has_name) {
        route.name = name(operation, exported.is_some(), names, report).map(|name| Declared::new(name, index));
    }
    if !exported.is_some_and(|exported| exported.has_description) {
        route.description = description(operation, exported.is_some());
    }
    // A document of the export marks routes that only deprecated scopes open, too.
    if exported.is_none() && operation.at.node.get("deprecated").is_some_and(|node| node.is_true()) {
        route.deprecated = Some(DeprecationDeclaration::default());
    }
    Ok(route)
}

fn template(
    operation: &Operation,
    exported: Option<&ExportedOperation>,
    base: Option<&str>,
    report: &mut dyn FnMut(Kind, Fault),
) -> Result<(String, bool), Fault> {
    let wrong = |message: String| {
        let advice = "serve the operation outside of the catalogue, or change its path";
        Fault::new("path", operation.place, message, advice)
    };
    if let Some((exported, path)) = exported.and_then(|exported| Some((exported, exported.path.as_ref()?))) {
        // A document whose `paths` begin with the base has it in the keys, and not in `path`.
        let whole = below(base.unwrap_or_default(), path);
        let path = [path, &whole].into_iter().find(|path| differ_in_names(path, &operation.path));
        let Some(path) = path else {
            let advice = "write the document again with the export, or remove `path` from `x-scopes`";
            let message = "its `x-scopes` has the path of another operation";
            return Err(Fault::new(MEMBER, exported.place, message, advice));
        };
        let template = Template::parse(path);
        let template =
            template.map_err(|errors| wrong(errors.first().map_or_else(String::new, ToString::to_string)))?;
        return Ok((path.clone(), template.trailing_slash()));
    }
    let converted = convert(&operation.path, &operation.several).map_err(wrong)?;
    if let Some(rest) = &converted.rest {
        let message = format!("`{rest}` takes the rest of the path: it became `{{*{rest}}}`");
        report(Kind::Note, Fault::new("rest", operation.place, message, ""));
    } else if converted.is_renamed {
        let message = format!("a parameter cannot have this name: the path became `{}`", converted.template);
        report(Kind::Note, Fault::new("parameter-name", operation.place, message, ""));
    }
    Ok((converted.template, converted.has_trailing_slash))
}

/// The name of a route, from `operationId`. A document of the export has the name itself there.
fn name(
    operation: &Operation,
    is_exported: bool,
    names: &mut HashSet<String>,
    report: &mut dyn FnMut(Kind, Fault),
) -> Option<String> {
    let id = operation.at.node.get("operationId")?.text()?;
    let name = if is_exported { Some(id.to_owned()).filter(|id| snake_case(id) == *id) } else { route_name(id) };
    let name = name.filter(|name| !name.is_empty())?;
    if names.insert(name.clone()) {
        return Some(name);
    }
    let message = format!("another operation has the name `{name}`: this one is named by its method and path");
    report(Kind::Note, Fault::new("operation-id", operation.place, message, "give each operation its own operationId"));
    None
}

/// The text for people: in a document of the export its `description`, in others the `summary` or
/// the first paragraph.
fn description(operation: &Operation, is_exported: bool) -> String {
    let text = |member: &str| operation.at.node.get(member).and_then(|node| node.text()).unwrap_or_default();
    let description = without_block(text("description"));
    if is_exported {
        return description;
    }
    match text("summary").trim() {
        "" => description.trim().split("\n\n").next().unwrap_or_default().trim_end().to_owned(),
        summary => summary.to_owned(),
    }
}
