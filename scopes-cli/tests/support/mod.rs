//! Runs the command as a program, in a folder of its own if a test needs one.
#![allow(dead_code, reason = "each test program uses a part")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What the command printed, and its exit status.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command in a folder. A word `-` is an argument like others; `stdin` is what it reads.
pub(crate) fn run_in(folder: impl AsRef<Path>, arguments: &[&str], stdin: impl AsRef<[u8]>) -> Answer {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scopes"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may not read its input.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_ref());
    let output = child.wait_with_output().unwrap();
    Answer {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The command, all that it printed, and its exit status.
pub(crate) fn shown(arguments: &[&str], answer: &Answer) -> String {
    let errors = if answer.err.is_empty() { String::new() } else { format!("--- stderr\n{}", answer.err) };
    format!("$ scopes {}\n{}{errors}--- exit {}\n", arguments.join(" "), answer.out, answer.code)
}

/// Compares with a committed file, which `UPDATE_EXPECT=1` writes.
pub(crate) fn expect(folder: &str, file: &str, found: &str) {
    let path = Path::new(folder).join(file);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        return fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{file} differs. The command prints now:\n{found}");
}

/// A folder that goes away with the test.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("scopes-cli-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Runs git in the folder.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
        let git = Command::new("git").args(identity).args(arguments).current_dir(&self.0).output().unwrap();
        assert!(git.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&git.stderr));
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
