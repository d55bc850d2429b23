//! Prints the table of the worst cases: nanoseconds per request, the median of many rounds in which
//! the contenders take turns.

use std::hint::black_box;

use scopes_benches::clock::medians;
use scopes_benches::contenders;
use scopes_benches::sets::{self, Request};

const CONTENDERS: [&str; 3] = ["scopes match", "matchit", "matchit, method map"];
/// The longest path that the core accepts.
const LONGEST: usize = 65_535;

/// Repeats the unit between `before` and `after` as often as it fits into a target.
fn filled(before: &str, unit: &str, after: &str) -> String {
    let count = (LONGEST - before.len() - after.len()) / unit.len();
    format!("{before}{}{after}", unit.repeat(count))
}

fn main() {
    let literals: String = (0..12).map(|position| format!("/k{position}")).collect();
    let others: String = (0..12).map(|position| format!("/x{position}")).collect();
    println!("| ns a request | {} |", CONTENDERS.join(" | "));
    println!("|---|{}", "---|".repeat(CONTENDERS.len()));
    for (set, what, path) in [
        ("dashboard", "64 KiB parameter, then a literal", filled("/environments/", "a", "/tokens")),
        ("dashboard", "64 KiB parameter of underscores", filled("/environments/", "_", "/tokens")),
        ("dashboard", "64 KiB unknown first segment", filled("/", "a", "")),
        ("dashboard", "65,535 slashes", filled("", "/", "")),
        ("dashboard", "a literal, then 32,761 times `/a`", filled("/environments", "/a", "")),
        ("adv", "all literals, the last one wrong", "/a/b/c/d/e/wrong".to_owned()),
        ("positions", "all literals of 12 routes that have one each", literals.clone()),
        ("positions", "the same and a segment more", literals + "/more"),
        ("positions", "none of them", others),
    ] {
        let Some(set) = sets::set(set) else { continue };
        let all = contenders::all(&set);
        let requests = [Request { method: 0, path }];
        let times: Vec<String> = CONTENDERS
            .iter()
            .map(|name| {
                let contender = all.iter().find(|contender| contender.name() == *name)?;
                let times = medians(&[(1, || _ = black_box(contender.run(&requests)))]);
                times.first().map(|time| format!("{time:.0}"))
            })
            .map(|time| time.unwrap_or_else(|| "refused".to_owned()))
            .collect();
        println!("| {}: {what} | {} |", set.name, times.join(" | "));
    }
}
