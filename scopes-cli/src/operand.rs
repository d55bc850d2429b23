//! Operands: files, `-`, and files of a git revision.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use scopes_core::compile::compile;
use scopes_core::declaration::Item;
use scopes_core::json::{JsonError, declaration_from_json};
use scopes_core::{RouteId, ScopeId, UntypedCatalogue};
use scopes_export::lock::Lock;
use scopes_export::openapi::read::{Files, Folder, NoFiles};

use crate::escape;
use crate::places::{Place, Places};

/// Larger files are refused: a catalogue has at most 65,535 routes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// What some editors write before a text.
pub(crate) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A catalogue, and where its parts stand in the text.
#[derive(Debug)]
pub(crate) struct Operand {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) catalogue: UntypedCatalogue,
    /// With the history, if the text is a lock file.
    pub(crate) lock: Lock,
    pointers: Vec<String>,
    routes: Vec<usize>,
    scopes: Vec<usize>,
    places: Places,
}

impl Operand {
    /// Reads and compiles a catalogue or a lock file.
    pub(crate) fn read(operand: &str) -> Result<Self, String> {
        let (label, text) = text_of(operand)?;
        Self::of(label, text).map_err(|mistaken| mistaken.to_string())
    }

    pub(crate) fn of(label: String, text: String) -> Result<Self, Mistaken> {
        let catalogue = match UntypedCatalogue::from_json(&text) {
            Ok(catalogue) => catalogue,
            Err(error) => return Err(Mistaken::of(label, text, &error)),
        };
        // The whole file must be sound, also the parts that only a lock file has.
        let lock = match Lock::read(&text) {
            Ok(lock) => lock,
            Err(error) => {
                let mistakes = vec![(None, error.to_string())];
                return Err(Mistaken { label, text, mistakes });
            }
        };
        let (declaration, pointers) = match declaration_from_json(&text) {
            Ok(read) => read,
            Err(error) => return Err(Mistaken::of(label, text, &error)),
        };
        let compiled = compile(&declaration);
        let routes = compiled.route_places().iter().map(|place| place.index() as usize).collect();
        let scopes = declaration.items.iter().filter_map(|item| match item {
            Item::Scope(scope) => Some(scope.name.place.index() as usize),
            _ => None,
        });
        let scopes = scopes.collect();
        let places = Places::of(&text);
        Ok(Self { label, catalogue, lock, pointers, routes, scopes, places, text })
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

/// A text that is not a catalogue, and its mistakes.
#[derive(Debug)]
pub(crate) struct Mistaken {
    pub(crate) label: String,
    pub(crate) text: String,
    pub(crate) mistakes: Vec<(Option<Place>, String)>,
}

impl Mistaken {
    fn of(label: String, text: String, error: &JsonError) -> Self {
        let places = Places::of(&text);
        let mistakes = match error {
            JsonError::Syntax { line, column, message } => {
                vec![(Some(places.at(*line, *column)), message.clone())]
            }
            JsonError::Content(errors) => {
                errors.iter().map(|(pointer, error)| (places.get(pointer), error.to_string())).collect()
            }
            JsonError::Catalogue(errors) => {
                errors.iter().map(|(pointer, error)| (places.get(pointer), error.to_string())).collect()
            }
            other => vec![(None, other.to_string())],
        };
        Self { label, text, mistakes }
    }
}

impl fmt::Display for Mistaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (place, message)) in self.mistakes.iter().enumerate() {
            let separator = if index > 0 { "\n" } else { "" };
            match place {
                Some(Place { line, column, .. }) => write!(f, "{separator}{}:{line}:{column}: {message}", self.label)?,
                None => write!(f, "{separator}{}: {message}", self.label)?,
            }
        }
        Ok(())
    }
}

/// Where the text of an operand is.
enum Source<'o> {
    StandardInput,
    File(&'o Path),
    /// `REVISION:PATH`.
    Git,
}

impl<'o> Source<'o> {
    fn of(operand: &'o str) -> Self {
        match operand {
            "-" => Self::StandardInput,
            _ if Path::new(operand).exists() || !operand.contains(':') => Self::File(Path::new(operand)),
            _ => Self::Git,
        }
    }
}

/// The name of an operand for messages, and its text.
pub(crate) fn text_of(operand: &str) -> Result<(String, String), String> {
    let (label, text) = whole_text_of(operand)?;
    Ok((label, text.strip_prefix(BYTE_ORDER_MARK).map(str::to_owned).unwrap_or(text)))
}

/// The same with its byte order mark, if it has one.
pub(crate) fn whole_text_of(operand: &str) -> Result<(String, String), String> {
    let label = if operand == "-" { "<stdin>".to_owned() } else { escape::line(operand) };
    let cannot = |error: std::io::Error| format!("{label}: cannot read it: {error}");
    let bytes = match Source::of(operand) {
        Source::StandardInput => read(std::io::stdin().lock()).map_err(cannot)?,
        Source::File(path) => File::open(path).and_then(read).map_err(cannot)?,
        Source::Git => git(operand, &label)?,
    };
    let text = String::from_utf8(bytes)
        .map_err(|error| format!("{label}: the text is not UTF-8 at byte {}", error.utf8_error().valid_up_to()))?;
    Ok((label, text))
}

/// The files beside an operand, for the `$ref`s in it.
pub(crate) fn files_of(operand: &str) -> Box<dyn Files> {
    match Source::of(operand) {
        Source::StandardInput => Box::new(NoFiles),
        Source::File(path) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            match Folder::new(folder) {
                Ok(folder) => Box::new(folder),
                Err(_) => Box::new(NoFiles),
            }
        }
        Source::Git => {
            let folder = operand.rfind(['/', ':']).and_then(|end| operand.get(..=end)).unwrap_or_default();
            Box::new(Revision { folder: folder.to_owned() })
        }
    }
}

/// The files of a folder in a git revision: `REVISION:` or `REVISION:FOLDER/`.
struct Revision {
    folder: String,
}

impl Files for Revision {
    fn read(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, String> {
        let operand = format!("{}{path}", self.folder);
        let bytes = git(&operand, &escape::line(&operand))?;
        if bytes.len() > limit { Err(format!("{path}: the files are too large together")) } else { Ok(bytes) }
    }
}

fn read(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("it has more than {LARGEST} bytes")));
    }
    Ok(bytes)
}

/// The text of `REVISION:PATH`. The revision comes after `--end-of-options`, so that git never
/// reads it as an option.
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

/// The operand, or else the only catalogue of the workspace.
pub(crate) fn named_or_only(operand: Option<&str>) -> Result<String, String> {
    if let Some(operand) = operand {
        return Ok(operand.to_owned());
    }
    match catalogues_of_the_workspace()?.as_slice() {
        [only] => Ok(only.clone()),
        several => Err(format!("name one of the catalogues: {}", several.join(", "))),
    }
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
