//! Reads files. Errors do not show the path, because the user may have given a token in its place.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The longest file that is read. Every catalogue is shorter.
const MAX_LENGTH: u64 = 16 * 1024 * 1024;

/// Reads the text of the file that `--{argument}` names.
pub(crate) fn read(path: &Path, argument: &str) -> Result<String, String> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(MAX_LENGTH + 1).read_to_string(&mut text));
    match read {
        Ok(length) if length as u64 <= MAX_LENGTH => Ok(text),
        Ok(_) => Err(format!("the file of --{argument} is longer than {MAX_LENGTH} bytes")),
        Err(error) => Err(format!("the file of --{argument} cannot be read: {error}")),
    }
}
