//! Builds real catalogues at run time and looks up a path of each route. Also replays the matching
//! tests of another router.
//!
//! `replay FOLDER`: every `*.json` of the folder is a catalogue (or `peer_matchit.json`). Prints a
//! line per file and fails if a route is not found by a path made from its template.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use scopes::export::page::Page;
use scopes_core::compile::compile;
use scopes_core::declaration::{Declaration, Place, RouteDeclaration};
use scopes_core::template::Template;
use scopes_core::{Access, Anchor, Route, ScopeInfo, UntypedCatalogue, json};

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: replay FOLDER");
        return ExitCode::FAILURE;
    };
    match replay(Path::new(&folder)) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(wrong) => {
            eprintln!("{wrong} wrong");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn replay(folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut files: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let mut wrong = 0;
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        wrong += if name.starts_with("peer_") { peer(&name, &text)? } else { catalogue(&name, &text)? };
    }
    Ok(wrong)
}

fn catalogue(name: &str, text: &str) -> Result<usize, Box<dyn Error>> {
    let (declaration, pointers) = json::declaration_from_json(text)?;
    let compiled = compile(&declaration);
    let catalogue = compiled.catalogue();
    println!(
        "{name}: {} scopes, {} routes, {} errors, {} overlaps, {} notes",
        catalogue.scopes().len(),
        catalogue.routes().len(),
        compiled.errors().len(),
        catalogue.overlaps().len(),
        catalogue.notes().len()
    );
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for error in compiled.errors() {
        let pointer = pointers.get(error.place().index() as usize).map_or("", String::as_str);
        let kind = format!("{:?}", error.kind()).split([' ', '{']).next().unwrap_or_default().to_owned();
        let count = kinds.entry(kind).or_default();
        *count += 1;
        if *count <= 2 {
            println!("    {pointer}: {error}");
        }
    }
    for (kind, count) in kinds.iter().filter(|(_, count)| **count > 2) {
        println!("    {kind}: {count} in all");
    }
    let mut wrong = 0;
    for route in catalogue.routes() {
        let template = Template::parse(route.path()).map_err(|errors| format!("{errors:?}"))?;
        let target = format!("{}{}", catalogue.base(), template.example(|parameter| format!("{parameter}-0")));
        let found = catalogue.at(route.method(), target.as_bytes()).map(|found| found.route());
        if found != Ok(route) {
            println!("    WRONG: {} {target} leads to {found:?}", route.method());
            wrong += 1;
        }
        if route.access() == Access::Scoped && route.requirement().is_empty() {
            println!("    WRONG: {route} is scoped and demands nothing");
            wrong += 1;
        }
    }
    wrong += pages(catalogue);
    if name == "linode" {
        wrong += usize::from(!images_need_both(catalogue));
    }
    Ok(wrong)
}

/// Writes the permission reference, which must have a place for each scope and each route.
fn pages(catalogue: &UntypedCatalogue) -> usize {
    let page = Page::new(catalogue);
    let (html, markdown) = (page.html(), page.markdown());
    println!("    reference: {} bytes of HTML, {} bytes of Markdown", html.len(), markdown.len());
    let scopes = catalogue.scopes().map(ScopeInfo::anchor);
    let anchors: Vec<Anchor> = scopes.chain(catalogue.routes().map(Route::anchor)).collect();
    let missing = |kind: &str, text: &str| {
        let ids = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let ids: BTreeSet<&str> = ids.collect();
        let missing: Vec<&Anchor> = anchors.iter().filter(|anchor| !ids.contains(anchor.id())).collect();
        if let Some(first) = missing.first() {
            println!("    WRONG: {} places are missing in the {kind}, such as {first}", missing.len());
        }
        missing.len()
    };
    missing("HTML", &html) + missing("Markdown", &markdown)
}

/// `POST /{apiVersion}/images` needs two scopes together; one of them alone is not enough.
fn images_need_both(catalogue: &UntypedCatalogue) -> bool {
    let ids = ["images:read_write", "linodes:read_only"].map(|name| catalogue.scope_named(name));
    let (Some(found), [Some(images), Some(linodes)]) = (catalogue.at("POST", b"/v4/images").ok(), ids) else {
        println!("    WRONG: POST /v4/images or its scopes are missing");
        return false;
    };
    let requirement = found.route().requirement();
    let held = |ids: &[scopes_core::ScopeId]| {
        let mut words = [0_u64; 2];
        for id in ids {
            words[id.index() / 64] |= 1 << (id.index() % 64);
        }
        requirement.satisfied_by(&words)
    };
    let right = held(&[images, linodes]) && !held(&[images]) && !held(&[linodes]);
    println!("    POST /v4/images needs both of its scopes: {right}");
    right
}

/// Replays a router's own tests. If a template is valid in our grammar too, the core must find the
/// same route and captures.
fn peer(name: &str, text: &str) -> Result<usize, Box<dyn Error>> {
    let document: serde_json::Value = serde_json::from_str(text)?;
    let (mut replayed, mut wrong) = (0, 0);
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for test in document["match"].as_array().into_iter().flatten() {
        let routes: Vec<&str> =
            test["routes"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
        let mut declaration = Declaration::new("peer");
        for (index, path) in routes.iter().enumerate() {
            let mut route = RouteDeclaration::new("GET", path);
            route.trailing_slash = (path.len() > 1 && path.ends_with('/')).then_some(Place::default());
            route.name = None;
            declaration.scope(&format!("s{index}")).routes.push(route);
        }
        let compiled = compile(&declaration);
        let foreign = compiled.errors().len();
        if foreign > 0 {
            *left_out.entry("tests with a template outside our grammar").or_default() += 1;
            continue;
        }
        for case in test["matches"].as_array().into_iter().flatten() {
            let path = case[0].as_str().unwrap_or_default();
            let expected = case[1].as_str();
            let reason = if !path.starts_with('/') || path.bytes().any(|byte| byte == b'?' || !byte.is_ascii_graphic())
            {
                Some("paths that no request target can carry (no leading slash, `?`, spaces, non-ASCII)")
            } else if path.contains("//") || (path.ends_with('/') && expected.is_some_and(|route| route.contains("{*")))
            {
                Some("empty segments, which never match here (rule G6)")
            } else {
                None
            };
            if let Some(reason) = reason {
                *left_out.entry(reason).or_default() += 1;
                continue;
            }
            replayed += 1;
            let found = compiled.catalogue().at("GET", path.as_bytes());
            let found_path = found.as_ref().ok().map(|found| found.route().path());
            let captures = |value: &serde_json::Value| -> Vec<(String, String)> {
                let pairs = value.as_array().into_iter().flatten();
                pairs
                    .map(|pair| {
                        (pair[0].as_str().unwrap_or_default().into(), pair[1].as_str().unwrap_or_default().into())
                    })
                    .collect()
            };
            let ours: Vec<(String, String)> = found
                .iter()
                .flat_map(|found| {
                    found.route().parameters().map(|parameter| {
                        let raw = found.raw_parameter(parameter.name()).unwrap_or_default();
                        (parameter.name().to_owned(), String::from_utf8_lossy(raw).into_owned())
                    })
                })
                .collect();
            if found_path != expected || ours != captures(&case[2]) {
                println!("    WRONG: {} {path}: expected {expected:?}, found {found_path:?} {ours:?}", test["test"]);
                wrong += 1;
            }
        }
    }
    println!("{name}: {replayed} cases replayed, {wrong} wrong");
    for (reason, count) in left_out {
        println!("    left out: {count} {reason}");
    }
    Ok(wrong)
}
