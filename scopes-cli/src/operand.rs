//! Operands: files, `-`, and files of a git revision.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scopes_core::compile::compile;
use scopes_core::declaration::Item;
use scopes_core::json::{JsonError, declaration_from_json};
use scopes_core::{RouteId, ScopeId, UntypedCatalogue};

use crate::escape;
use crate::places::{Place, Places};

/// Larger files are refused: a catalogue has at most 65,535 routes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A catalogue, and where its parts stand in the text.
#[derive(Debug)]
pub(crate) struct Operand {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) catalogue: UntypedCatalogue,
    pointers: Vec<String>,
    routes: Vec<usize>,
    scopes: Vec<usize>,
    places: Places,
}

impl Operand {
    /// Reads and compiles a catalogue or a lock file.
    pub(crate) fn read(operand: &str) -> Result<Self, String> {
        let (label, text) = text_of(operand)?;
        Self::of(label, text)
    }

    fn of(label: String, text: String) -> Result<Self, String> {
        let failed = |error: JsonError| mistakes(&label, &text, &error);
        let (declaration, pointers) = declaration_from_json(&text).map_err(failed)?;
        let compiled = compile(&declaration);
        if !compiled.errors().is_empty() {
            let Err(error) = UntypedCatalogue::from_json(&text) else {
                return Err(format!("{label}: the catalogue has mistakes"));
            };
            return Err(mistakes(&label, &text, &error));
        }
        let routes = compiled.route_places().iter().map(|place| place.index() as usize).collect();
        let scopes = declaration.items.iter().filter_map(|item| match item {
            Item::Scope(scope) => Some(scope.name.place.index() as usize),
            _ => None,
        });
        let scopes = scopes.collect();
        let places = Places::of(&text);
        Ok(Self { label, catalogue: compiled.catalogue().clone(), pointers, routes, scopes, places, text })
    }

    pub(crate) fn route(&self, id: RouteId) -> Option<Place> {
        self.place(*self.routes.get(id.index())?)
    }

    pub(crate) fn scope(&self, id: ScopeId) -> Option<Place> {
        self.place(*self.scopes.get(id.index())?)
    }

    fn place(&self, index: usize) -> Option<Place> {
        self.places.get(self.pointers.get(index)?)
    }
}

/// The mistakes of a text, each with its line and column.
fn mistakes(label: &str, text: &str, error: &JsonError) -> String {
    let places = Places::of(text);
    let located = |pointer: &str, message: String| match places.get(pointer) {
        Some(Place { line, column, .. }) => format!("{label}:{line}:{column}: {message}"),
        None => format!("{label}: {message}"),
    };
    let all: Vec<String> = match error {
        JsonError::Syntax { line, column, message } => vec![format!("{label}:{line}:{column}: {message}")],
        JsonError::Content(errors) => errors.iter().map(|(at, error)| located(at, error.to_string())).collect(),
        JsonError::Catalogue(errors) => errors.iter().map(|(at, error)| located(at, error.to_string())).collect(),
        other => vec![format!("{label}: {other}")],
    };
    all.join("\n")
}

/// The name of an operand for messages, and its text.
pub(crate) fn text_of(operand: &str) -> Result<(String, String), String> {
    let label = if operand == "-" { "<stdin>".to_owned() } else { escape::line(operand) };
    let bytes = if operand == "-" {
        read(std::io::stdin().lock()).map_err(|error| format!("{label}: cannot read it: {error}"))?
    } else if Path::new(operand).exists() || !operand.contains(':') {
        let file = File::open(operand).map_err(|error| format!("{label}: cannot read it: {error}"))?;
        read(file).map_err(|error| format!("{label}: cannot read it: {error}"))?
    } else {
        git(operand, &label)?
    };
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("{label}: the text is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))?;
    // Some editors write a byte order mark.
    Ok((label, text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

fn read(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("it has more than {LARGEST} bytes")));
    }
    Ok(bytes)
}

/// The text of `REVISION:PATH`. The revision comes after `--end-of-options`, so that git reads it
/// as a revision whatever it looks like.
fn git(operand: &str, label: &str) -> Result<Vec<u8>, String> {
    if operand.starts_with('-') {
        return Err(format!("{label}: a revision cannot begin with `-`"));
    }
    let failed = |error: std::io::Error| format!("{label}: no such file, and git could not be run: {error}");
    let mut child = Command::new("git")
        .args(["cat-file", "blob", "--end-of-options", operand])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let found = child.stdout.take().map(read).transpose();
    if found.is_err() {
        let _ = child.kill();
    }
    let finished = child.wait_with_output().map_err(failed)?;
    let found = found.map_err(|error| format!("{label}: cannot read it: {error}"))?.unwrap_or_default();
    if !finished.status.success() {
        let message = String::from_utf8_lossy(&finished.stderr);
        return Err(format!("{label}: no such file, and git does not know it: {}", message.trim()));
    }
    Ok(found)
}

/// The catalogues that the tests of the workspace have written: `target/scopes/*.json` in the
/// nearest folder that has them.
pub(crate) fn catalogues_of_the_workspace() -> Result<Vec<String>, String> {
    let here = std::env::current_dir().map_err(|error| format!("the current folder: {error}"))?;
    for folder in here.ancestors() {
        let Ok(entries) = std::fs::read_dir(folder.join("target/scopes")) else { continue };
        let mut files: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .collect();
        files.sort();
        let shown = |path: PathBuf| {
            let path = path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path);
            path.to_str().map(str::to_owned).ok_or_else(|| format!("{}: the name is not UTF-8", path.display()))
        };
        if !files.is_empty() {
            return files.into_iter().map(shown).collect();
        }
    }
    Err("no catalogue: name a file, or write one into target/scopes with `scopes::export::catalogue_file!`".to_owned())
}
