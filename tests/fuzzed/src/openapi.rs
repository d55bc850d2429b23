//! OpenAPI documents as catalogues, and catalogues as blocks.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::{Access, Route, ScopeInfo, Term, UntypedCatalogue};
use scopes_export::json::to_json;
use scopes_export::openapi::read::{Import, Kind, NoFiles, Options, Undeclared, import};
use serde_json::Value;

use crate::block_text;
use crate::reached::reach;

/// The longest input that is read.
const LONGEST: usize = 1 << 16;

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..LONGEST).unwrap_or(data));
    let all =
        Options::new().undeclared(Undeclared::External).all_of("x-all").any_of("x-any").no_scope("none").base("/b");
    for options in [Options::new(), all] {
        match import(&text, "dir/api.yaml", &mut NoFiles, &options) {
            Err(error) => {
                reach("refused");
                assert!(!error.message().is_empty() && error.position().line() <= lines(&text));
            }
            Ok(import) => sound(&import, &text, &options),
        }
    }
    if let Ok(import) = import(&text, "api.yaml", &mut NoFiles, &Options::new())
        && let Ok(document) = serde_json::from_str::<Value>(&text)
    {
        never_weaker(&import, &document);
    }
}

fn lines(text: &str) -> usize {
    // Some of YAML's line breaks are not `\n`, and an error may stand after the last line.
    text.chars().filter(|character| matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')).count() + 2
}

fn sound(read: &Import, text: &str, options: &Options) {
    reach("catalogue");
    let again = import(text, "dir/api.yaml", &mut NoFiles, options).expect("it was read before");
    let catalogue = read.catalogue();
    assert_eq!((read.findings(), to_json(catalogue)), (again.findings(), to_json(again.catalogue())), "the same twice");
    assert!(catalogue.routes().len() <= read.operations());
    for route in catalogue.routes() {
        reach("route");
        assert!(read.route_position(route.id()).is_some_and(|position| position.line() <= lines(text)));
    }
    for scope in catalogue.scopes() {
        assert!(read.scope_position(scope.id()).is_some_and(|position| position.line() <= lines(text)));
    }
    for finding in read.findings() {
        assert!(!finding.message().is_empty() && finding.position().line() <= lines(text), "{finding}");
        match finding.kind() {
            Kind::LeftOut => reach("left out"),
            Kind::Inexact => reach("inexact"),
            _ => reach("note"),
        }
    }
    block_text::check(catalogue);
}

/// Every caller that the catalogue allows, the document allows as well: a second reading of the
/// document, for documents without references and extensions.
fn never_weaker(import: &Import, document: &Value) {
    let text = document.to_string();
    if text.contains("\"$ref\"") || text.contains("\"x-scopes\"") {
        return;
    }
    let inexact: BTreeSet<&str> = import
        .findings()
        .iter()
        .filter(|finding| finding.kind() == Kind::Inexact)
        .filter_map(|finding| finding.operation())
        .collect();
    let catalogue = import.catalogue();
    let mut by_template: BTreeMap<(String, String), Route<'_>> = BTreeMap::new();
    for route in catalogue.routes() {
        by_template.insert((route.method().to_owned(), shape(route.path())), route);
    }
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        assert_eq!(catalogue.routes().len(), 0);
        return;
    };
    for (path, item) in paths {
        // Methods are in lower case; another member is not an operation.
        let members = item.as_object().into_iter().flatten();
        for (method, operation) in members.filter(|(name, _)| !name.contains(|c: char| c.is_ascii_uppercase())) {
            let method = method.to_ascii_uppercase();
            let Some(route) = by_template.get(&(method.clone(), shape(&path.replace("{path+}", "{*path}")))) else {
                continue;
            };
            if inexact.contains(format!("{method} {path}").as_str()) {
                continue;
            }
            reach("compared");
            let security = operation.get("security").or_else(|| document.get("security"));
            let alternatives = security.and_then(Value::as_array).expect("a route has `security`");
            allows_no_more(*route, alternatives);
        }
    }
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut within = false;
    for character in path.chars() {
        match character {
            '{' => within = true,
            '}' => within = false,
            _ if within && character != '*' => continue,
            _ => {}
        }
        shape.push(character);
    }
    shape
}

fn allows_no_more(route: Route<'_>, alternatives: &[Value]) {
    let scopes = |alternative: &Value| -> Vec<String> {
        let lists = alternative.as_object().expect("an object").values();
        lists
            .flat_map(|list| list.as_array().expect("a list"))
            .map(|name| name.as_str().expect("a name").to_owned())
            .collect()
    };
    let is_public = alternatives.is_empty()
        || alternatives.iter().any(|one| one.as_object().is_some_and(serde_json::Map::is_empty));
    match route.access() {
        Access::Public(_) => assert!(is_public, "{route}: {alternatives:?}"),
        Access::Authenticated(_) => {
            assert!(!is_public && alternatives.iter().all(|one| scopes(one).is_empty()), "{route}: {alternatives:?}");
        }
        Access::External(_) => panic!("{route}: a document cannot say `external`"),
        Access::Scoped => {
            for term in route.requirement().iter() {
                let held = names(route.catalogue(), term);
                let allowed = alternatives
                    .iter()
                    .map(scopes)
                    .any(|needed| !needed.is_empty() && needed.iter().all(|name| held.contains(name.as_str())));
                assert!(allowed && !is_public, "{route} is open to {held:?}: {alternatives:?}");
            }
        }
    }
}

fn names<'c>(catalogue: &'c UntypedCatalogue, term: Term<'c>) -> BTreeSet<&'c str> {
    term.ids().filter_map(|id| catalogue.scope(id)).map(ScopeInfo::name).collect()
}
