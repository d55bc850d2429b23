//! Runs the cases that must compile (`pass`) and those that must not (`fail`), and compares the
//! exact words of each error.
//!
//! The words around our messages are the compiler's and change with it. So `fail` is compared on
//! one compiler only, the one of `rust-toolchain.toml`, which recorded it. On any other compiler
//! this test fails and says what to do; nothing is left out silently. To record anew, after a
//! change of messages or of the compiler:
//!
//! ```text
//! TRYBUILD=overwrite cargo test -p scopes-ui-tests
//! ```
//!
//! Then read the difference: each mistake has one error, at the token that is wrong, and no error
//! of the compiler's own follows. One case alone runs with
//! `cargo test -p scopes-ui-tests -- ui trybuild=part-of-its-path`.

use std::process::Command;

/// Names the compiler that recorded the `.stderr` files.
const TOOLCHAIN: &str = include_str!("../../rust-toolchain.toml");

/// If this variable is `1`, the cases run on whichever compiler is there.
const ANY_COMPILER: &str = "SCOPES_UI_ANY_COMPILER";

#[test]
fn ui() {
    let any = std::env::var_os(ANY_COMPILER).is_some_and(|value| value == "1");
    if let Err(why) = fits(&compiler(), any) {
        panic!("{why}");
    }
    // One project for both, so that the dependencies are built once.
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    cases.compile_fail("fail/*/*.rs");
}

#[test]
fn another_compiler_is_an_error_unless_it_is_asked_for() {
    let recorded = recorded_with();
    assert_eq!(fits(recorded, false), Ok(()));
    // A patch release changes no message.
    let (minor, _) = recorded.rsplit_once('.').expect("a version of three numbers");
    assert_eq!(fits(&format!("{minor}.7"), false), Ok(()));
    for other in ["1.88.0", "1.950.0", "1.97.0-nightly"] {
        let why = fits(other, false).expect_err(other);
        for word in [recorded, other, ANY_COMPILER] {
            assert!(why.contains(word), "{why}");
        }
        assert_eq!(fits(other, true), Ok(()));
    }
}

/// Whether the cases may run on this compiler; if not, what to do.
fn fits(compiler: &str, any: bool) -> Result<(), String> {
    let recorded = recorded_with();
    if any || minor(compiler) == minor(recorded) {
        return Ok(());
    }
    Err(format!(
        "the messages in `ui-tests/fail` were recorded with rustc {recorded}, this is rustc {compiler}.\n\
         Run `cargo test` without `+toolchain` and without RUSTUP_TOOLCHAIN, so that rust-toolchain.toml decides\n\
         (`rustup toolchain install {recorded}` if it is missing), or run the cases on this compiler with {ANY_COMPILER}=1:\n\
         the messages that differ fail, and with TRYBUILD=overwrite as well they are recorded anew."
    ))
}

/// `1.95` of `1.95.0`.
fn minor(version: &str) -> Vec<&str> {
    version.splitn(3, '.').take(2).collect()
}

/// `1.95.0` of `channel = "1.95.0"`.
fn recorded_with() -> &'static str {
    let channel = TOOLCHAIN.lines().find_map(|line| line.strip_prefix("channel = \""));
    channel.and_then(|rest| rest.strip_suffix('"')).expect("a channel in rust-toolchain.toml")
}

/// `1.95.0` of `rustc 1.95.0 (..)`.
fn compiler() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().expect("a compiler that tells its version");
    let text = String::from_utf8(output.stdout).expect("a version in UTF-8");
    text.split_whitespace().nth(1).expect("a version after the compiler's name").to_owned()
}
