//! Catalogues from any JSON.

use scopes_core::CatalogueErrorKind;
use scopes_core::UntypedCatalogue;
use scopes_core::json::{JsonError, declaration_from_json};
use scopes_export::diff::diff;
use scopes_export::json::to_json;
use scopes_export::lint::lint;
use scopes_export::lock::Lock;
use serde_json::Value;

use crate::model::Model;
use crate::notation::LONGEST;
use crate::reached::reach;
use crate::{block_text, matcher, oracle};

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..LONGEST).unwrap_or(data));
    let read = UntypedCatalogue::from_json(&text);
    assert_eq!(read, UntypedCatalogue::from_json(&text), "the same twice");
    match &read {
        Ok(catalogue) => {
            reach("catalogue");
            let (declaration, places) = declaration_from_json(&text).expect("a catalogue has a declaration");
            assert!(!places.is_empty());
            assert_eq!(UntypedCatalogue::from_declaration(&declaration).as_ref(), Ok(catalogue));
            written(catalogue, &text);
            let model = Model::of_routes(catalogue);
            for route in catalogue.routes() {
                let target = catalogue.base().to_owned() + &route.path().replace(['{', '}', '*'], "");
                let answer =
                    matcher::request(catalogue, &model, catalogue.base(), 8192, route.method(), target.as_bytes());
                assert!(!matches!(answer, oracle::Answer::NotAllowed(_)), "{route} at {target}");
            }
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            match error {
                JsonError::Syntax { line, message, .. } => {
                    reach("syntax");
                    assert!(!message.is_empty() && *line <= text.split('\n').count());
                }
                JsonError::Content(errors) => {
                    reach("content");
                    assert!(!errors.is_empty() && errors.iter().all(|(pointer, _)| resolves(&text, pointer)));
                }
                JsonError::Catalogue(errors) => {
                    reach("refused");
                    for (pointer, error) in errors {
                        assert!(is_about(&text, pointer, error.kind()), "`{pointer}`: {error}");
                        assert!(!error.to_string().contains(char::is_control), "{error:?}");
                    }
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

/// The written form has the same content and is read again, and the tools for files take it.
fn written(catalogue: &UntypedCatalogue, text: &str) {
    let canonical = to_json(catalogue);
    let read = UntypedCatalogue::from_json(&canonical).unwrap_or_else(|error| panic!("{error}\n{canonical}"));
    assert_eq!(to_json(&read), canonical);
    if let Ok(difference) = diff(catalogue, &read) {
        reach("compared");
        assert_eq!(difference.findings(), [], "{canonical}");
    }
    let _ = lint(catalogue);
    block_text::check(catalogue);
    if let Ok(lock) = Lock::read(text) {
        let again = lock.to_json();
        assert_eq!(Lock::read(&again).map(|lock| lock.to_json()), Ok(again));
    }
}

/// Whether the pointer leads to a value of the document.
fn resolves(text: &str, pointer: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|document| document.pointer(pointer).is_some())
}

/// Whether the pointer leads to the value that the error is about.
fn is_about(text: &str, pointer: &str, error: &CatalogueErrorKind) -> bool {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    let Some(value) = document.pointer(pointer) else { return false };
    // A route can be written as a pair.
    let says = |at: usize, text: &str| value == text || value.get(at).is_some_and(|part| part == text);
    match error {
        CatalogueErrorKind::DuplicateScope { name } => value == name.as_str(),
        CatalogueErrorKind::RouteName { name } => value == name.as_str(),
        CatalogueErrorKind::Method { method, .. } => says(0, method),
        CatalogueErrorKind::Path { path, .. } => says(1, path),
        _ => true,
    }
}
