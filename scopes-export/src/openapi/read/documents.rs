//! The files of a document, and what its `$ref`s name.

use std::collections::HashMap;
use std::rc::Rc;

use super::files::{Files, MAX_BYTES, too_large};
use super::finding::{DocumentError, Position};
use super::node::{MAX_VALUES, Node, Spot, SyntaxError};
use super::{json, reference};

/// The most files of one document.
const MAX_FILES: usize = 10_000;

/// The most `$ref`s that lead from one place to a value.
const MAX_JUMPS: usize = 64;

/// A value of one of the files.
#[derive(Clone, Debug)]
pub(super) struct At {
    pub(super) file: usize,
    pub(super) node: Rc<Node>,
}

impl At {
    pub(super) fn place(&self) -> Place {
        Place { file: self.file, spot: self.node.spot }
    }

    /// A value within this one.
    pub(super) fn within(&self, node: &Rc<Node>) -> Self {
        Self { file: self.file, node: Rc::clone(node) }
    }

    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.node.get(key).map(|node| self.within(node))
    }
}

/// A position in one of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) spot: Spot,
}

struct File {
    /// Relative to the folder of the document.
    path: String,
    label: String,
    root: Rc<Node>,
}

pub(super) struct Documents<'f> {
    source: &'f mut dyn Files,
    files: Vec<File>,
    by_path: HashMap<String, Result<usize, String>>,
    bytes: usize,
    values: usize,
    work: usize,
}

impl<'f> Documents<'f> {
    /// Reads the document itself, which is file 0.
    pub(super) fn new(text: &str, label: &str, source: &'f mut dyn Files) -> Result<Self, DocumentError> {
        let error = |spot: Spot, message: String| {
            let position = Position { file: label.to_owned(), line: spot.line as usize, column: spot.column as usize };
            DocumentError { position, message }
        };
        let bytes = MAX_BYTES.checked_sub(text.len()).ok_or_else(|| error(Spot::START, too_large()))?;
        let mut values = MAX_VALUES;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root = parse(text, &mut values).map_err(|wrong| error(wrong.spot, wrong.message))?;
        let path = label.get(folder_end(label)..).unwrap_or_default().to_owned();
        let by_path = HashMap::from([(path.clone(), Ok(0))]);
        let files = vec![File { path, label: label.to_owned(), root }];
        Ok(Self { source, files, by_path, bytes, values, work: MAX_VALUES })
    }

    pub(super) fn root(&self) -> At {
        self.root_of(0)
    }

    fn root_of(&self, file: usize) -> At {
        let node = self.files.get(file).map(|file| Rc::clone(&file.root));
        At { file, node: node.unwrap_or_else(|| Rc::new(Node::new(super::node::Value::Null, Spot::START))) }
    }

    pub(super) fn position(&self, place: Place) -> Position {
        let file = self.files.get(place.file).map_or("", |file| file.label.as_str());
        Position { file: file.to_owned(), line: place.spot.line as usize, column: place.spot.column as usize }
    }

    pub(super) fn error(&self, place: Place, message: impl Into<String>) -> DocumentError {
        DocumentError { position: self.position(place), message: message.into() }
    }

    /// The value itself, or the one that its `$ref` names.
    pub(super) fn resolve(&mut self, at: &At) -> Result<At, String> {
        self.resolve_within(at.clone(), &mut MAX_JUMPS.clone())
    }

    /// The value that a `$ref` names, whatever stands beside the `$ref`.
    pub(super) fn step(&mut self, at: &At) -> Result<At, String> {
        match at.node.get("$ref").and_then(|node| node.text()) {
            Some(reference) => self.follow(at.file, reference, &mut MAX_JUMPS.clone()),
            None => Err("`$ref` must be a text".to_owned()),
        }
    }

    /// Counts values that are read again because several `$ref`s name them.
    pub(super) fn spend(&mut self, count: usize) -> Result<(), String> {
        let left = self.work.checked_sub(count);
        self.work = left.ok_or_else(|| format!("references lead to more than {MAX_VALUES} values"))?;
        Ok(())
    }

    fn resolve_within(&mut self, mut at: At, jumps: &mut usize) -> Result<At, String> {
        loop {
            let Some(object) = at.node.object().filter(|object| object.get("$ref").is_some()) else { return Ok(at) };
            let is_beside = |key: &str| !matches!(key, "$ref" | "summary" | "description");
            if let Some(member) = object.members().iter().find(|member| is_beside(&member.key)) {
                return Err(format!("`{}` stands beside `$ref`, and readers differ in what that means", member.key));
            }
            let Some(reference) = at.node.get("$ref").and_then(|node| node.text()) else {
                return Err("`$ref` must be a text".to_owned());
            };
            at = self.follow(at.file, reference, jumps)?;
        }
    }

    fn follow(&mut self, file: usize, reference: &str, jumps: &mut usize) -> Result<At, String> {
        let of = |message: String| format!("`$ref: {reference}`: {message}");
        *jumps =
            jumps.checked_sub(1).ok_or_else(|| of("the references lead in a circle, or through too many".into()))?;
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = match path {
            "" => file,
            path => {
                let from = self.files.get(file).map_or("", |file| file.path.as_str());
                let path = reference::path(from, path).map_err(of)?;
                self.file(&path).map_err(of)?
            }
        };
        let mut at = self.root_of(file);
        for name in reference::pointer(fragment).map_err(of)? {
            at = self.resolve_within(at, jumps)?;
            let found = match at.node.list() {
                Some(list) => name.parse::<usize>().ok().and_then(|index| list.get(index)),
                None => at.node.get(&name),
            };
            at = found.map(|node| at.within(node)).ok_or_else(|| of("this value does not exist".to_owned()))?;
        }
        Ok(at)
    }

    /// The index of a file, which is read once.
    fn file(&mut self, path: &str) -> Result<usize, String> {
        if let Some(known) = self.by_path.get(path) {
            return known.clone();
        }
        let read = self.read(path);
        self.by_path.insert(path.to_owned(), read.clone());
        read
    }

    fn read(&mut self, path: &str) -> Result<usize, String> {
        if self.by_path.len() >= MAX_FILES {
            return Err(format!("the document names more than {MAX_FILES} files"));
        }
        let bytes = self.source.read(path, self.bytes)?;
        self.bytes = self.bytes.checked_sub(bytes.len()).ok_or_else(too_large)?;
        let text = std::str::from_utf8(&bytes).map_err(|error| format!("{error}"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let root = parse(text, &mut self.values).map_err(|wrong| {
            let Spot { line, column } = wrong.spot;
            format!("line {line}, column {column}: {}", wrong.message)
        })?;
        let own = self.files.first().map_or("", |file| file.label.as_str());
        let label = format!("{}{path}", own.get(..folder_end(own)).unwrap_or_default());
        self.files.push(File { path: path.to_owned(), label, root });
        Ok(self.files.len() - 1)
    }
}

/// Where the name of the file begins in a label such as `specs/api.yaml` or `main:api.yaml`.
fn folder_end(label: &str) -> usize {
    label.rfind(['/', '\\', ':']).map_or(0, |end| end + 1)
}

/// Reads JSON or YAML.
fn parse(text: &str, left: &mut usize) -> Result<Rc<Node>, SyntaxError> {
    if text.trim_start().starts_with(['{', '[']) {
        let before = *left;
        let error = match json::parse(text, left) {
            Ok(node) => return Ok(node),
            Err(error) => error,
        };
        // YAML has braces as well.
        *left = before;
        return yaml(text, left).map_err(|_| error);
    }
    yaml(text, left)
}

#[cfg(feature = "yaml")]
fn yaml(text: &str, left: &mut usize) -> Result<Rc<Node>, SyntaxError> {
    super::yaml::parse(text, left)
}

#[cfg(not(feature = "yaml"))]
fn yaml(_: &str, _: &mut usize) -> Result<Rc<Node>, SyntaxError> {
    Err(SyntaxError::new(Spot::START, "this is not JSON, and YAML is read only with the feature `yaml`"))
}
