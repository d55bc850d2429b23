//! The test that writes a catalogue's JSON, for the command `scopes`.

use std::path::{Path, PathBuf};

use scopes_core::UntypedCatalogue;

use crate::json::to_json;

/// Defines a test that writes a catalogue's JSON, so that the command `scopes` finds it.
///
/// The first argument is the module of the catalogue, the second a file below the root of the
/// workspace. `cargo test` writes the file if its text has changed. In a module with several
/// catalogues, give the tests names:
/// `catalogue_file!(fn admin_file, admin, "target/scopes/admin.json")`.
///
/// ```
/// # mod scopes { pub use scopes_export as export; }
/// # mod api {
/// #     pub struct C;
/// #     impl C {
/// #         pub fn untyped(&self) -> &'static scopes_core::UntypedCatalogue { panic!() }
/// #     }
/// #     pub const CATALOGUE: C = C;
/// # }
/// scopes::export::catalogue_file!(api, "target/scopes/api.json");
/// # assert!(!std::path::Path::new("target/scopes/api.json").is_absolute());
/// ```
#[macro_export]
macro_rules! catalogue_file {
    (fn $name:ident, $($module:ident)::+, $file:expr $(,)?) => {
        #[test]
        fn $name() {
            $crate::file::write($($module)::+::CATALOGUE.untyped(), $file, ::core::env!("CARGO_MANIFEST_DIR"));
        }
    };
    ($($module:ident)::+, $file:expr $(,)?) => {
        $crate::catalogue_file!(fn scopes_catalogue_file, $($module)::+, $file);
    };
}

/// Writes a catalogue's JSON to a file below the root of the workspace that `folder` belongs to.
///
/// # Panics
/// If the file cannot be written.
#[doc(hidden)]
#[track_caller]
pub fn write(catalogue: &UntypedCatalogue, file: &str, folder: &str) {
    let folder = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(folder), PathBuf::from);
    let path = workspace_of(&folder).join(file);
    let text = to_json(catalogue);
    // An unchanged file is not written again, so that tools that look at its time do not run again.
    if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
        return;
    }
    let written = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| replace(&path, &text));
    #[allow(clippy::panic, reason = "a test that cannot do its work panics")]
    if let Err(error) = written {
        panic!("cannot write `{}`: {error}", path.display());
    }
}

/// Writes the file under another name and renames it, because several tests may write at once.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let beside = path.with_file_name(name);
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

/// The nearest folder with a `Cargo.lock`, which is the root of the workspace.
fn workspace_of(folder: &Path) -> &Path {
    folder.ancestors().find(|folder| folder.join("Cargo.lock").is_file()).unwrap_or(folder)
}
