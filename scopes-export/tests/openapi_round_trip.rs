//! Catalogues through OpenAPI documents and back, and documents through catalogues and back.
#![cfg(feature = "yaml")]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::path::PathBuf;

use proptest::prelude::*;
use scopes_core::UntypedCatalogue;
use scopes_export::json::{from_json, to_json};
use scopes_export::lint::lint;
use scopes_export::openapi::read::{Import, NoFiles, Options, import};
use scopes_export::openapi::{Document, Scheme, Version};
use support::{shared_catalogues, spec};

fn read(text: &str, name: &str) -> Import {
    import(text, name, &mut NoFiles, &Options::new()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every form in which a catalogue is written.
fn documents(catalogue: &UntypedCatalogue) -> impl Iterator<Item = Document<'_>> {
    let versions = [Version::V3_0, Version::V3_1, Version::V3_2];
    versions.into_iter().flat_map(move |version| {
        let bearer = Document::new(catalogue).version(version);
        let oauth2 = bearer.clone().scheme(Scheme::client_credentials("https://example.com/token")).show_scopes();
        [bearer, oauth2]
    })
}

fn comes_back(catalogue: &UntypedCatalogue, name: &str) {
    for document in documents(catalogue) {
        let text = document.write().into_json();
        let again = read(&text, name);
        assert!(again.is_complete(), "{name}: {:?}", again.findings());
        assert_eq!(to_json(again.catalogue()), to_json(catalogue), "{name}\n{text}");
    }
}

#[test]
fn each_catalogue_comes_back() {
    comes_back(&from_json(include_str!("full.json")).unwrap(), "full.json");
    for (name, text) in shared_catalogues().into_iter().flatten() {
        // A file there has paths that the grammar refuses.
        if let Ok(catalogue) = from_json(&text) {
            comes_back(&catalogue, &name);
            println!("{name}: comes back from 6 documents");
        }
    }
}

/// The documents beside the project, or `None` where they are missing.
fn shared_documents() -> Option<Vec<(String, String)>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/openapi");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        let required = std::env::var_os("SCOPES_REQUIRE_ALL").is_some_and(|value| value == "1");
        assert!(!required, "SCOPES_REQUIRE_ALL=1: {} is missing", folder.display());
        println!("skipped: the documents beside the project are missing");
        return None;
    };
    let mut found: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "md"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    assert!(found.len() >= 6, "{} has only {} documents", folder.display(), found.len());
    found.extend(seed_documents());
    Some(found)
}

/// The documents that stand in fences of the documentation pages beside the project.
fn seed_documents() -> Vec<(String, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/seeds");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let page = std::fs::read_to_string(&path).unwrap();
        for fence in page.split("````yaml").skip(1) {
            let (_, fence) = fence.split_once('\n').unwrap();
            let document = fence.split("````").next().unwrap();
            if document.starts_with("openapi:") {
                found.push((path.file_name().unwrap().to_str().unwrap().to_owned(), document.to_owned()));
            }
        }
    }
    assert!(!found.is_empty(), "no page has a document");
    found
}

/// A document is read, its catalogue checked and written, and the written document read again: the
/// two catalogues are equal. What the first reading could not take over is in its findings.
#[test]
fn each_document_comes_back() {
    for (name, text) in shared_documents().into_iter().flatten() {
        let first = read(&text, &name);
        let catalogue = first.catalogue();
        let findings = lint(catalogue).len();
        comes_back(catalogue, &name);
        println!(
            "{name}: {} routes, {} scopes, {} findings of the import, {findings} of the check; comes back equal",
            catalogue.routes().len(),
            catalogue.scopes().len(),
            first.findings().len(),
        );
    }
}

/// The catalogue of a document, merged into this document, comes back from it.
#[test]
fn each_merged_document_comes_back() {
    for (name, text) in shared_documents().into_iter().flatten() {
        let scheme = match name.split('.').next() {
            Some("xero-payroll-au") => "OAuth2",
            Some("spotify") => "oauth_2_0",
            // Its operations name several schemes, so the demands of one scheme differ from all.
            Some("discord") => "BotToken",
            _ => continue,
        };
        let first = read(&text, &name);
        let document = Document::new(first.catalogue()).scheme(Scheme::client_credentials("").named(scheme));
        let merged = document.merge_into(&text, name.starts_with("discord")).unwrap();
        let again = read(merged.text(), &name);
        assert_eq!(to_json(again.catalogue()), to_json(first.catalogue()), "{name}");
        let twice = document.merge_into(merged.text(), false).unwrap();
        assert_eq!((twice.changes(), twice.text() == merged.text()), (0, true), "{name}");
        println!("{name}: merged with {} changes, comes back equal", merged.changes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_catalogue_comes_back(spec in spec()) {
        comes_back(&spec.compile(), "random");
    }
}
