//! The page's script and the picker's search find what the catalogue finds: on every route, and on
//! 10,000 random targets.

use std::fmt::Write as _;
use std::process::Command;

use scopes_core::template::Template;
use scopes_core::{NoRoute, Route, UntypedCatalogue};
use scopes_export::page::Page;
use scopes_export::picker::{Options, Picker};
use serde_json::{Value, json};

use crate::catalogues::{dashboard, folder, full, hostile, large, odd};

const RANDOM: usize = 10_000;

const METHODS: [&str; 10] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PURGE", "get", "A'B"];

/// Values of segments: usual ones, literals of the catalogues, and whatever a rule is about.
const VALUES: [&str; 50] = [
    "7",
    "me",
    "users",
    "v2",
    "v",
    "a.json",
    ".json",
    "7:cancel",
    ":cancel",
    "xay",
    "xy",
    "meta",
    "raw",
    "files",
    "a b",
    "%20",
    "a%20b",
    "%20a",
    "a%0A",
    "%2F",
    "%2f",
    "%5C",
    "%25",
    "%3B",
    "a;b",
    ";",
    "%",
    "%4",
    "%zz",
    "%41",
    "%6De",
    ".",
    "..",
    "%2e",
    "%2E%2e",
    "...",
    "é",
    "%C3%A9",
    "%C3",
    "%FF",
    "%C2%85",
    "%E2%80%AE",
    "%EF%BB%BF",
    "%E3%80%80",
    "a|b",
    "[x]",
    "^",
    "",
    "%00",
    "caf\u{e9}<>\"`",
];

/// A small generator with a fixed seed (xorshift), so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())]
    }
}

/// The data in the page, as the script gets it.
pub(crate) fn data(html: &str) -> Value {
    let (_, rest) = html.split_once("<script type=\"application/json\" id=\"catalogue\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

fn verdict(catalogue: &UntypedCatalogue, method: &str, target: &str) -> String {
    match catalogue.at(method, target.as_bytes()) {
        Ok(found) => format!("route {} {}", found.route().method(), found.route().template()),
        Err(NoRoute::Malformed(_)) => "malformed".to_owned(),
        Err(NoRoute::TooLong) => "too long".to_owned(),
        Err(NoRoute::NotFound) => "not found".to_owned(),
        Err(NoRoute::MethodNotAllowed(set)) => {
            let mut methods: Vec<&str> = catalogue.method_names(set).collect();
            methods.sort_unstable();
            format!("allowed {}", methods.join(" "))
        }
        Err(other) => panic!("{other}"),
    }
}

/// A target near a route: some segments changed, in one of the forms of targets.
fn target(random: &mut Random, catalogue: &UntypedCatalogue, routes: &[Route<'_>]) -> String {
    let route = routes[random.below(routes.len())];
    let value = random.of(&VALUES);
    let path = Template::parse(route.path()).unwrap().example(|_| value.to_owned());
    let mut segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
    for _ in 0..random.below(3) {
        let at = random.below(segments.len());
        match random.below(5) {
            0 => drop(segments.remove(at)),
            1 => segments.insert(at, random.of(&VALUES).to_owned()),
            2 => segments[at].push_str(random.of(&VALUES)),
            3 => segments[at].insert_str(0, random.of(&VALUES)),
            _ => random.of(&VALUES).clone_into(&mut segments[at]),
        }
        if segments.is_empty() {
            segments.push(String::new());
        }
    }
    let mut target = if random.below(12) == 0 { String::new() } else { catalogue.base().to_owned() };
    for segment in &segments {
        let _ = write!(target, "/{segment}");
    }
    match random.below(24) {
        0 => target.push('/'),
        1 => target.push_str("?a=/b/../c;%zz"),
        2 => target.insert_str(0, "https://user@example.com:8080"),
        3 => target.insert_str(0, "http:/"),
        4 => target = target.trim_start_matches('/').to_owned(),
        5 => target.push_str(&"/a".repeat(40)),
        6 => target.push_str(&"a".repeat(8100 + random.below(120))),
        7 => {
            target =
                random.of(&["*", "", "/", "?", "//", "x://", "x://h", "x://h?q", "/%", "example.com:443"]).to_owned();
        }
        _ => {}
    }
    target
}

fn cases(name: &str, catalogue: &UntypedCatalogue, count: usize) -> Value {
    let data = data(&Page::new(catalogue).html());
    let routes: Vec<Route<'_>> = catalogue.routes().collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut cases: Vec<(String, String)> = Vec::new();
    for route in &routes {
        let path = Template::parse(route.path()).unwrap().example(|name| format!("{name}-0"));
        let target = format!("{}{path}", catalogue.base());
        cases.extend([route.method(), "HEAD"].map(|method| (method.to_owned(), target.clone())));
    }
    for _ in 0..count {
        let target = target(&mut random, catalogue, &routes);
        let method =
            if random.below(2) == 0 { random.of(&METHODS) } else { routes[random.below(routes.len())].method() };
        cases.push((method.to_owned(), target));
    }
    let cases: Vec<Value> = cases
        .into_iter()
        .map(|(method, target)| {
            let verdict = verdict(catalogue, &method, &target);
            json!([method, target, verdict])
        })
        .collect();
    // The targets reach every kind of verdict.
    for kind in ["route", "malformed", "too long", "not found"] {
        let is_of_kind = |case: &&Value| case[2].as_str().is_some_and(|verdict| verdict.starts_with(kind));
        assert!(count == 0 || cases.iter().filter(is_of_kind).count() >= count / 200, "{name}: too few of {kind}");
    }
    let picker = Picker::new(catalogue, &Options::new()).unwrap().to_json();
    let picker: Value = serde_json::from_str(&picker).unwrap();
    json!({ "name": name, "catalogue": data, "picker": picker, "cases": cases })
}

#[test]
fn the_scripts_find_what_the_catalogue_finds() {
    let all = json!([
        cases("dashboard", &dashboard(), RANDOM),
        cases("odd", &odd(), RANDOM),
        cases("full", &full(), RANDOM),
        cases("hostile", &hostile(), RANDOM),
        cases("large", &large(1_000), 0),
    ]);
    let file = folder().join("verdicts.json");
    std::fs::write(&file, all.to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/page/matcher.mjs");
    let output = match Command::new("node").arg(script).arg(&file).output() {
        Ok(output) => output,
        Err(error) => {
            let is_required = std::env::var_os("SCOPES_REQUIRE_ALL").is_some_and(|value| value == "1");
            assert!(!is_required, "node cannot be run: {error}");
            println!("SKIPPED: node cannot be run: {error}");
            return;
        }
    };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    print!("{out}");
}
