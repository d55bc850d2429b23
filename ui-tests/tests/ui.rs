//! Runs what must compile (`pass`) and what must not (`fail`), the latter with the exact words of each error.
//!
//! The words around our messages are the compiler's and change with it. So `fail` is compared on one compiler only, the one
//! that it was recorded with, and left out on others. To record anew, after a change of messages or of [`RECORDED_WITH`]:
//!
//! ```text
//! TRYBUILD=overwrite cargo test -p scopes-ui-tests
//! ```
//!
//! and read the difference: one error a mistake, at the token that is wrong, and none of the compiler's own behind it. One case
//! alone runs with `cargo test -p scopes-ui-tests -- ui trybuild=part-of-its-path`.

use std::process::Command;

/// The compiler of the checked-in `.stderr` files, without its patch level.
const RECORDED_WITH: &str = "1.95";

#[test]
fn ui() {
    // One project for both, so that the dependencies are built once.
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    let version = compiler();
    if version == RECORDED_WITH {
        cases.compile_fail("fail/*/*.rs");
    } else {
        println!("`fail` was skipped: recorded with rustc {RECORDED_WITH}, this is {version}");
    }
}

/// `1.95` of `rustc 1.95.0 (..)`.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("a compiler that tells its version");
    let text = String::from_utf8(output.stdout).expect("a version in UTF-8");
    let version = text.split_whitespace().nth(1).expect("a version after the compiler's name");
    version.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")
}
