//! The files beside a document that its `$ref`s name.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The most bytes of all files together.
pub(super) const MAX_BYTES: usize = 90 * 1024 * 1024;

/// Gives the files that the `$ref`s of a document name.
///
/// ```
/// use scopes_export::openapi::read::{Files, Options, import};
///
/// struct Memory;
///
/// impl Files for Memory {
///     fn read(&mut self, path: &str, _: usize) -> Result<Vec<u8>, String> {
///         match path {
///             "paths/me.json" => Ok(br#"{"get": {"security": []}}"#.to_vec()),
///             _ => Err("the file does not exist".to_owned()),
///         }
///     }
/// }
///
/// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"$ref": "./paths/me.json"}}}"#;
/// let import = import(text, "api.json", &mut Memory, &Options::new())?;
/// assert_eq!(import.catalogue().routes().len(), 1);
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
pub trait Files {
    /// Reads a file.
    ///
    /// The path is relative to the folder of the document, has `/` between its parts, and never
    /// leads out of that folder: it is not absolute and has no `.` and no `..`. A file with more
    /// than `limit` bytes is an error.
    ///
    /// # Errors
    /// Why the file cannot be read, for the report.
    fn read(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, String>;
}

/// No files: every `$ref` to another file is reported.
///
/// ```
/// use scopes_export::openapi::read::{NoFiles, Options, import};
///
/// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"$ref": "./me.json"}}}"#;
/// let import = import(text, "api.json", &mut NoFiles, &Options::new())?;
/// assert!(!import.is_complete());
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&mut self, _: &str, _: usize) -> Result<Vec<u8>, String> {
        Err("the document was not read from a file, so no other files belong to it".to_owned())
    }
}

/// The files below a folder. It reads regular files only, and none that lies outside of the folder
/// after all symbolic links are followed.
///
/// ```no_run
/// use scopes_export::openapi::read::{Folder, Options, import};
///
/// let text = std::fs::read_to_string("specs/openapi.yaml")?;
/// let import = import(&text, "specs/openapi.yaml", &mut Folder::new("specs")?, &Options::new())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The files below this folder.
    ///
    /// ```
    /// assert!(scopes_export::openapi::read::Folder::new("no/such/folder").is_err());
    /// ```
    ///
    /// # Errors
    /// If the folder does not exist.
    pub fn new(path: impl AsRef<Path>) -> std::io::Result<Self> {
        Ok(Self { root: fs::canonicalize(path)? })
    }
}

impl Files for Folder {
    fn read(&mut self, path: &str, limit: usize) -> Result<Vec<u8>, String> {
        let cannot = |error: std::io::Error| format!("it cannot be read: {error}");
        let path = fs::canonicalize(self.root.join(path)).map_err(cannot)?;
        if !path.starts_with(&self.root) {
            return Err("it lies outside of the document's folder".to_owned());
        }
        // Opening a pipe would wait for its writer.
        if !fs::metadata(&path).map_err(cannot)?.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        let mut bytes = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        File::open(&path).map_err(cannot)?.take(most).read_to_end(&mut bytes).map_err(cannot)?;
        if bytes.len() > limit { Err(too_large()) } else { Ok(bytes) }
    }
}

pub(super) fn too_large() -> String {
    format!("the document and the files that it names have more than {MAX_BYTES} bytes")
}
