//! Exports: files with the users or the wallets of an environment.

use serde_json::{Value, json};

use super::fault::Fault;
use super::field::{Field, Number};
use super::kind::{Changes, Kind, changes};
use super::record::record;
use super::text::{Text, choices};

choices! {
    /// What an export holds.
    pub enum ExportType {
        /// The users.
        Users = "users",
        /// The wallets.
        Wallets = "wallets",
    }
}

choices! {
    /// The format of the file.
    pub enum ExportFormat {
        /// Comma-separated values.
        Csv = "csv",
        /// A list in JSON.
        Json = "json",
    }
}

choices! {
    /// How far an export is.
    pub enum ExportState {
        /// The file can be downloaded.
        Completed = "completed",
    }
}

record! {
    /// The export that is asked for.
    pub struct NewExport {
        /// What it holds.
        r#type: ExportType,
        /// The format of the file; `csv` if it is missing.
        format: Option<ExportFormat>,
    }
}

record! {
    /// An export.
    pub struct Export {
        /// What it holds.
        r#type: ExportType,
        /// The format of the file.
        format: ExportFormat,
        /// How far it is.
        state: ExportState,
        /// The name of the file.
        file_name: Text<100>,
        /// The number of rows in the file.
        rows: Number<0, 1_000_000>,
    }
}

record! {
    /// The file of an export.
    pub struct ExportFile {
        /// Its content.
        content: Content,
    }
}

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(pub String);

impl Field for Content {
    fn schema() -> Value {
        json!({"type": "string"})
    }

    fn read(value: Value) -> Result<Self, Fault> {
        match value {
            Value::String(text) => Ok(Self(text)),
            _ => Err(Fault::new("must be a text")),
        }
    }

    fn write(&self) -> Option<Value> {
        Some(json!(self.0))
    }
}

impl Kind for Export {
    const KIND: &'static str = "export";
    const LIST: &'static str = "exports";
    const LIMIT: u64 = 50;
    const EVENTS: Changes = changes!("export": created);
}

impl Kind for ExportFile {
    const KIND: &'static str = "exportFile";
    const LIST: &'static str = "files";
    const PARENT: Option<&'static str> = Some("exportId");
    const LIMIT: u64 = 1;
    const EVENTS: Changes = Changes::NONE;
}
