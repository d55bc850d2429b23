//! Which items are counted, on a small crate that rustdoc has documented.

use std::path::Path;
use std::process::{Command, Output};

/// Runs `public-items --examples` on `tests/counted/lib.rs`. At least this percentage of its items
/// must have an example.
fn counted(least: &str) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documentation = Path::new(env!("CARGO_TARGET_TMPDIR")).join(least);
    let rustdoc = Command::new(root.join("../.ci/rustdoc-json"))
        .args(["--edition", "2024", "--crate-name", "counted", "-Z", "unstable-options", "--output-format", "json"])
        .args(["--cap-lints", "allow", "--out-dir"])
        .args([&documentation, &root.join("tests/counted/lib.rs")])
        .output()
        .expect("rustdoc is installed with the compiler");
    assert!(rustdoc.status.success(), "{}", String::from_utf8_lossy(&rustdoc.stderr));
    let file = documentation.join("counted.json");
    let mut counting = Command::new(env!("CARGO_BIN_EXE_public-items"));
    counting.args(["--examples", least]).arg(file).output().expect("cargo has built it")
}

#[test]
fn items_that_users_call_are_counted_once() {
    let output = String::from_utf8(counted("0").stdout).unwrap();
    let items: Vec<&str> =
        output.lines().filter_map(|line| line.split_once("no example: ").map(|(_, item)| item)).collect();
    assert_eq!(
        items,
        [
            "pub fn counted::bare()",
            "pub struct counted::Type",
            "pub fn counted::Type::ignored()",
            "pub trait counted::Trait",
            "pub fn counted::Trait::required()",
            "pub fn counted::Trait::provided()",
            "pub enum counted::Enum",
            "pub type counted::Alias = counted::Type",
        ],
        "{output}"
    );
    assert!(output.contains("counted                 4 of   12 items have an example,  33 %"), "{output}");
    let place = output.lines().find_map(|line| line.strip_suffix(": no example: pub fn counted::bare()")).unwrap();
    assert!(place.ends_with("tests/counted/lib.rs:35"), "{place}");
}

#[test]
fn too_few_examples_are_a_failure() {
    assert!(counted("33").status.success());
    let failed = counted("34");
    assert!(!failed.status.success());
    let output = String::from_utf8(failed.stdout).unwrap();
    assert!(output.contains("33 %: FAILED, at least 34 %"), "{output}");
}
