//! OpenAPI documents of other people, in a folder beside the project: they are not a part of it.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::path::PathBuf;

use serde_json::Value;

use self::support::{Answer, run_in};

/// The folder, or `None` where it is missing and need not be there.
fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/openapi");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("SCOPES_REQUIRE_ALL").is_some_and(|value| value == "1");
    assert!(!required, "SCOPES_REQUIRE_ALL=1: {} is missing", folder.display());
    println!("skipped: the documents beside the project are missing");
    None
}

/// A vendor's audit of its scopes, as two documents. The expected findings have their reasons.
#[test]
fn an_audit_of_scopes() {
    let Some(folder) = folder() else { return };
    let pair = ["xero-payroll-au.before-scopes-audit.yaml", "xero-payroll-au.after-scopes-audit.yaml"];
    let Answer { code, out, err } = run_in(&folder, &["diff", pair[0], pair[1], "--format", "json"], "");
    assert_eq!((code, err.as_str()), (1, ""));
    let document: Value = serde_json::from_str(&out).unwrap();
    let found: Vec<String> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let axes: Vec<&str> =
                ["widening", "breaking"].into_iter().filter(|axis| finding.get(axis).is_some()).collect();
            let axes = if axes.is_empty() { finding["level"].as_str().unwrap().to_owned() } else { axes.join("+") };
            // Each finding points at a line of a document.
            assert!(finding.get("old").or(finding.get("new")).is_some(), "{finding}");
            let about = finding["message"].as_str().unwrap().split('`').nth(1).unwrap();
            format!("{axes}\t{}\t{about}", finding["rule"].as_str().unwrap())
        })
        .collect();
    let expected: Vec<&str> = include_str!("import/xero-audit.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (finding, reason) = line.rsplit_once('\t').unwrap();
            assert!(reason.len() > 10, "{line}");
            finding
        })
        .collect();
    assert_eq!(found, expected);
    println!("the audit: {} findings, as expected", found.len());
}

/// What the documents are known for.
#[test]
fn each_document_is_imported() {
    let Some(folder) = folder() else { return };
    for (name, code, expected) in [
        ("spotify.yml", 0, "97 operations; the catalogue has 97 routes and 19 scopes; 0 left out, 0 inexact, 0 notes"),
        (
            "xero-payroll-au.yaml",
            0,
            "32 operations; the catalogue has 32 routes and 13 scopes; 0 left out, 0 inexact, 17 notes",
        ),
        (
            "discord.json",
            1,
            "242 operations; the catalogue has 242 routes and 34 scopes; 27 left out, 181 inexact, 22 notes",
        ),
        (
            "slack-web-v2.json",
            0,
            "174 operations; the catalogue has 174 routes and 67 scopes; 0 left out, 0 inexact, 1 notes",
        ),
    ] {
        let Answer { code: found, err, .. } = run_in(&folder, &["import", name], "");
        let summary = err.lines().last().unwrap();
        assert_eq!((found, summary), (code, format!("{name}: {expected}").as_str()));
        println!("{summary}");
    }
    // `none` is not a scope there.
    let Answer { out, .. } = run_in(&folder, &["import", "slack-web-v2.json", "--no-scope", "none"], "");
    assert!(out.contains("authenticated(\"good credentials of `slackAuth`, without a scope\") {"), "{out}");
}
