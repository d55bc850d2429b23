//! The text of a `scopes!` block declares the catalogue from which it was written.

use proc_macro2::TokenStream;
use scopes_core::compile::compile;
use scopes_core::{ScopeInfo, UntypedCatalogue};
use scopes_export::block::{Options, to_block};
use scopes_export::json::to_json;

use crate::errors::Errors;
use crate::lower;
use crate::parse::CatalogueInput;
use crate::places::Places;
use crate::reached::reach;

pub(crate) fn check(catalogue: &UntypedCatalogue) {
    // A pattern can name parts that begin with a digit only in JSON.
    let is_word = |part: &str| !part.starts_with(|first: char| first.is_ascii_digit());
    let mut patterns = catalogue.scopes().flat_map(ScopeInfo::includes);
    if !patterns.all(|pattern| pattern.split('.').all(is_word)) {
        return;
    }
    for options in [Options::new(), Options::new().routes()] {
        let text = to_block(catalogue, &options);
        assert!(text.ends_with("}\n") && text.lines().all(|line| line.trim_end() == line), "{text}");
        let inside = text.strip_prefix("scopes::scopes! {\n").and_then(|text| text.strip_suffix("}\n"));
        let tokens: TokenStream = format!("(::scopes) {}", inside.expect("a block"))
            .parse()
            .unwrap_or_else(|error| panic!("{error}: {text}"));
        let (compiled, errors) = Errors::gather(|errors| {
            CatalogueInput::parse(tokens, errors).map(|input| compile(&lower::lower(&input, &mut Places::new())))
        });
        assert!(errors.is_empty(), "{errors}\n{text}");
        let compiled = compiled.expect("a block without errors");
        assert!(compiled.errors().is_empty(), "{:?}\n{text}", compiled.errors());
        assert_eq!(meaning(compiled.catalogue()), meaning(catalogue), "{text}");
        reach("block");
    }
}

/// The JSON without what a block cannot say: white space at the end of descriptions, and a name
/// that is not an identifier.
fn meaning(catalogue: &UntypedCatalogue) -> String {
    let mut document: serde_json::Value = serde_json::from_str(&to_json(catalogue)).expect("JSON");
    trim(&mut document);
    if let Some(name) = document.get_mut("name") {
        *name = "api".into();
    }
    document.to_string()
}

fn trim(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => {
            if let Some(text) =
                members.get("description").and_then(|text| text.as_str()).map(|text| text.trim_end().to_owned())
            {
                if text.is_empty() {
                    members.remove("description");
                } else {
                    members.insert("description".to_owned(), text.into());
                }
            }
            members.values_mut().for_each(trim);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(trim),
        _ => {}
    }
}
