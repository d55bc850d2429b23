//! The commands of the guide's page "Adopting in an existing service", on the service of
//! `examples/migration`.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

const PAGE: &str = include_str!("../../src/docs/guide/adopting.md");

const README: &str = include_str!("../../README.md");

/// What the migration's own test compiles, and compares with the router.
const IMPORTED: &str = include_str!("../../examples/migration/after/tests/steps/imported.rs");

fn migration() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/migration")
}

/// The lines of the page's `sh` blocks.
fn lines() -> impl Iterator<Item = &'static str> {
    let blocks = PAGE.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines)
}

/// A command of the page, and the file that it writes its output into.
fn command(line: &'static str) -> Option<(Vec<&'static str>, Option<&'static str>)> {
    let (command, file) = line.split_once(" > ").map_or((line, None), |(command, file)| (command, Some(file)));
    Some((command.strip_prefix("scopes ")?.split(' ').collect(), file))
}

#[test]
fn each_command_of_the_page_does_what_it_says() {
    let folder = std::env::temp_dir().join(format!("scopes-adopting-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::create_dir_all(folder.join("target/scopes")).unwrap();
    std::fs::copy(migration().join("before/openapi.json"), folder.join("openapi.json")).unwrap();
    // The test of step 5 writes this file; the lock file has the same catalogue.
    std::fs::copy(migration().join("after/api.scopes.json"), folder.join("target/scopes/api.json")).unwrap();

    let mut ran = 0;
    for line in lines() {
        let Some((arguments, file)) = command(line) else {
            assert!(matches!(line, "cargo test" | "cargo install scopes-cli"), "{line}");
            continue;
        };
        let output = Command::new(env!("CARGO_BIN_EXE_scopes")).args(&arguments).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        // README has the first one, too.
        assert!(ran > 0 || README.contains(line), "{line}");
        if let Some(file) = file {
            std::fs::write(folder.join(file), &output.stdout).unwrap();
        }
        ran += 1;
    }
    assert_eq!(ran, 3);

    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let expected: String = IMPORTED
        .lines()
        .filter(|line| *line != "    tenant account;")
        .skip(2)
        .fold(String::new(), |text, line| text + line + "\n");
    assert_eq!(read(folder.join("src/permissions.rs")), expected);
    assert_eq!(read(folder.join("api.scopes.json")), read(migration().join("after/api.scopes.json")));
    // The document named another scope than the code.
    let create_card = r#""createCard", "summary": "Create a card", "security": [{"bearer": ["cards:write"]}]"#;
    assert!(read(folder.join("openapi.json")).contains(create_card));
    let _ = std::fs::remove_dir_all(&folder);
}
