//! Sets of routes and the requests for them, the same on every machine.

use std::collections::BTreeSet;
use std::path::Path;

use scopes_core::declaration::{At, Declaration, Item, Place, TenancyDeclaration};
use scopes_core::template::Template;
use scopes_core::{UntypedCatalogue, json};

/// The tenant of every request.
pub const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// The methods, in the order of their indices.
pub const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A set of routes.
pub struct Set {
    /// Its name in tables and limits.
    pub name: String,
    /// Method index and path. Parameters are named by their position, so that no router reports
    /// conflicting names.
    pub routes: Vec<(usize, String)>,
    /// The same routes, compiled by the core.
    pub catalogue: UntypedCatalogue,
}

/// One request.
pub struct Request {
    /// The method's index.
    pub method: usize,
    /// The raw path.
    pub path: String,
}

/// `dashboard`, `rest100`, `rest1000`, `rest10000`, `positions`, `github` (the catalogue
/// `../../shared/data/github_octokit.json`), `github+archive` (with one action more), or a file of
/// `../../shared/routes`.
#[must_use]
pub fn set(name: &str) -> Option<Set> {
    let lines = match name {
        "dashboard" => parse(include_str!("../routes/dashboard.txt")),
        "rest100" => rest(100),
        "rest1000" => rest(1_000),
        "rest10000" => rest(10_000),
        "positions" => positions(12),
        "github" => github()?,
        "github+archive" => {
            let mut lines = github()?;
            lines.push(("POST".to_owned(), "/repos/{owner}/{repo}:archive".to_owned()));
            lines
        }
        _ => parse(&std::fs::read_to_string(shared().join(name).with_extension("txt")).ok()?),
    };
    Some(Set::new(name, lines))
}

/// The names of all available sets. Prints a message if the files of `../../shared/routes` are
/// missing.
///
/// # Panics
/// With `SCOPES_REQUIRE_ALL=1`, if these files are missing.
#[must_use]
pub fn names() -> Vec<String> {
    let mut names = ["dashboard", "rest100", "rest1000", "rest10000"].map(String::from).to_vec();
    let files = match std::fs::read_dir(shared()) {
        Ok(files) => files,
        Err(error) => {
            eprintln!("skipped: the sets of {}: {error}", shared().display());
            let required = std::env::var_os("SCOPES_REQUIRE_ALL").is_some_and(|value| value == "1");
            assert!(!required, "SCOPES_REQUIRE_ALL=1: nothing may be skipped");
            return names;
        }
    };
    let mut files: Vec<String> = files
        .flatten()
        .filter_map(|entry| Some(entry.path().file_stem()?.to_str()?.to_owned()))
        .filter(|name| name != "dynamic")
        .collect();
    files.sort();
    names.append(&mut files);
    names
}

fn shared() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/routes")
}

/// The routes of a real catalogue whose paths are valid templates.
fn github() -> Option<Vec<(String, String)>> {
    let text = std::fs::read_to_string(shared().join("../data/github_octokit.json")).ok()?;
    let (declaration, _) = json::declaration_from_json(&text).ok()?;
    let routes = declaration.items.iter().flat_map(|item| match item {
        Item::Scope(scope) => scope.routes.as_slice(),
        Item::Block(block) => block.routes.as_slice(),
        _ => &[],
    });
    let lines = routes.map(|route| (route.method.value.clone(), route.path.value.clone()));
    Some(lines.filter(|(_, path)| Template::parse(path).is_ok()).collect())
}

/// Reads lines of method and path, with parameters as `{name}` or `:name`.
fn parse(text: &str) -> Vec<(String, String)> {
    text.lines().filter_map(|line| line.split_once(' ')).map(|(m, p)| (m.to_owned(), p.to_owned())).collect()
}

impl Set {
    fn new(name: &str, lines: Vec<(String, String)>) -> Self {
        let mut declaration = Declaration::new("api");
        let tenant = lines.iter().any(|(_, path)| path.contains("environmentId"));
        declaration.tenant = tenant.then(|| At::new("environmentId".to_owned(), Place::default()));
        let mut known = BTreeSet::new();
        let mut routes: Vec<(usize, String, String)> = Vec::new();
        for (method, path) in lines {
            let Some(method) = METHODS.iter().position(|known| *known == method) else { continue };
            let mut position = 0;
            let numbered: String = path
                .split_inclusive('/')
                .map(|segment| {
                    let (name, slash) = segment.strip_suffix('/').map_or((segment, ""), |name| (name, "/"));
                    if name.starts_with([':', '{']) {
                        position += 1;
                        let text = name.split_once('}').map_or("", |(_, text)| text);
                        format!("{{p{position}}}{text}{slash}")
                    } else {
                        segment.to_owned()
                    }
                })
                .collect();
            if known.insert((method, numbered.clone())) {
                routes.push((method, numbered, path));
            }
        }
        // Each scope has ten routes. Routes without the tenant in their path are `global`.
        for (index, routes) in routes.chunks(10).enumerate() {
            let scope = declaration.scope(&format!("scope{index}"));
            for (method, numbered, path) in routes {
                let bound = tenant && path.contains("environmentId");
                let declared = if bound { numbered.replace("{p1}", "{environmentId}") } else { numbered.clone() };
                scope.route(METHODS[*method], &declared);
                if path.len() > 1
                    && path.ends_with('/')
                    && let Some(route) = scope.routes.last_mut()
                {
                    route.trailing_slash = Some(Place::default());
                }
                if tenant
                    && !bound
                    && let Some(route) = scope.routes.last_mut()
                {
                    let global = TenancyDeclaration::Global("the same for all users".to_owned());
                    route.tenancy = Some(At::new(global, Place::default()));
                }
            }
        }
        let catalogue =
            UntypedCatalogue::from_declaration(&declaration).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        let routes = routes.into_iter().map(|(method, path, _)| (method, path)).collect();
        Self { name: name.to_owned(), routes, catalogue }
    }

    /// One request for each route, in the order of the routes.
    #[must_use]
    pub fn hits(&self) -> Vec<Request> {
        let mut random = Random(1);
        self.routes.iter().map(|(method, path)| self.request(*method, path, &mut random)).collect()
    }

    /// Requests for random routes.
    #[must_use]
    pub fn shuffled(&self) -> Vec<Request> {
        let mut random = Random(2);
        let count = self.routes.len().max(4_096);
        (0..count)
            .map(|_| {
                let (method, path) = &self.routes[random.below(self.routes.len())];
                self.request(*method, path, &mut random)
            })
            .collect()
    }

    /// For each route, one request that no route answers: with a segment more or less, a wrong
    /// literal, an empty parameter, a trailing slash, or another method.
    #[must_use]
    pub fn misses(&self) -> Vec<Request> {
        let mut random = Random(3);
        let mut misses = Vec::new();
        for (index, (method, path)) in self.routes.iter().enumerate() {
            for kind in 0..6 {
                let mut request = self.request(*method, path, &mut random);
                match (index + kind) % 6 {
                    0 => request.path.push_str("/more"),
                    1 => request.path.truncate(request.path.rfind('/').unwrap_or(0).max(1)),
                    2 => request.path.push_str("Wrong"),
                    3 => request.path = request.path.replacen(TENANT, "", 1),
                    4 => request.path.push('/'),
                    _ => request.method = (request.method + 1 + random.below(4)) % METHODS.len(),
                }
                if self.catalogue.at(METHODS[request.method], request.path.as_bytes()).is_err() {
                    misses.push(request);
                    break;
                }
            }
        }
        misses
    }

    fn request(&self, method: usize, path: &str, random: &mut Random) -> Request {
        let template = Template::parse(path).unwrap_or_default();
        let path = template.example(|name| if name == "p1" { TENANT.to_owned() } else { random.value() });
        Request { method, path }
    }
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// A value of a parameter: seven of ten are UUIDs, the others are numbers and words.
    fn value(&mut self) -> String {
        let (a, b) = (self.next(), self.next());
        match self.below(20) {
            0..14 => {
                format!("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a as u32, (a >> 32) as u16, a >> 48, b as u16, b >> 16)
            }
            14..17 => format!("{}", a % 1_000_000),
            _ => format!("order-{:x}-v{}", a as u16, b % 10),
        }
    }
}

const NOUNS: [&str; 40] = [
    "user", "account", "order", "invoice", "payment", "product", "price", "customer", "project", "team", "member",
    "role", "session", "token", "event", "webhook", "file", "folder", "comment", "label", "ticket", "message",
    "channel", "device", "report", "metric", "alert", "policy", "secret", "domain", "address", "shipment", "refund",
    "coupon", "plan", "quota", "region", "cluster", "volume", "image",
];
const KINDS: [&str; 25] = [
    "",
    "Group",
    "Setting",
    "Template",
    "Version",
    "Link",
    "Record",
    "Request",
    "Type",
    "State",
    "Rule",
    "Export",
    "Import",
    "Batch",
    "Draft",
    "Note",
    "View",
    "Filter",
    "Item",
    "Entry",
    "Summary",
    "History",
    "Preference",
    "Schedule",
    "Snapshot",
];
const VERBS: [&str; 6] = ["archive", "restore", "approve", "reject", "duplicate", "transfer"];

/// `count` routes of `count` segments. Each route has one literal segment, at a different position,
/// and parameters elsewhere. Merged, they would have 2^count states.
fn positions(count: usize) -> Vec<(String, String)> {
    let segment = |route, at| if route == at { format!("/k{at}") } else { format!("/{{p{at}}}") };
    (0..count).map(|route| ("GET".to_owned(), (0..count).map(|at| segment(route, at)).collect())).collect()
}

/// A REST API of `count` routes: lists, items, searches beside items, nested lists and items,
/// verbs.
fn rest(count: usize) -> Vec<(String, String)> {
    let mut random = Random(count as u64);
    let mut routes = Vec::new();
    let mut known = BTreeSet::new();
    while routes.len() < count {
        let mut noun = || format!("{}{}", NOUNS[random.below(NOUNS.len())], KINDS[random.below(KINDS.len())]);
        let (outer, inner) = (noun(), noun());
        let verb = VERBS[random.below(VERBS.len())];
        let item = format!("/{outer}s/{{{outer}Id}}");
        let nested = format!("{item}/{inner}s");
        for (method, path) in [
            ("GET", format!("/{outer}s")),
            ("POST", format!("/{outer}s")),
            ("GET", format!("/{outer}s/search")),
            ("GET", item.clone()),
            ("PATCH", item.clone()),
            ("DELETE", item.clone()),
            ("POST", format!("{item}/{verb}")),
            ("GET", nested.clone()),
            ("POST", nested.clone()),
            ("GET", format!("{nested}/{{nestedId}}")),
            ("PUT", format!("{nested}/{{nestedId}}")),
        ] {
            if routes.len() < count && known.insert((method, path.clone())) {
                routes.push((method.to_owned(), path));
            }
        }
    }
    routes
}
