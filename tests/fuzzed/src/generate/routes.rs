//! Templates, catalogues and raw targets.

use crate::Random;

const LITERALS: &[&str] =
    &["a", "b", "ab", "abc", "users", "userGroups", "longer-literal-segment", "a:b", "v1", "me", "E1"];
const MANGLED: &[&str] = &[
    "",
    ".",
    "..",
    "%2e",
    "%2F",
    "%2f",
    "%5C",
    "a;b",
    ";",
    "%zz",
    "%",
    "%4",
    "%20",
    "a%20b",
    "%41",
    "%c3%a9",
    "%C3",
    "\\xff",
    "\\x00",
    "a b",
    "é",
    "%25",
    "%E2%80%83",
    "%C2%85",
    "...",
    "a|b",
    "~",
    "$&'()*+,=:@",
];
pub(super) const METHODS: &[&str] =
    &["GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE"];
pub(super) const SCOPES: &[&str] =
    &["users.read", "users.write", "events.read", "events.write", "a.b.read", "admin", "legacy:status", "x-y"];

fn segment(random: &mut Random, index: usize) -> String {
    match random.below(12) {
        0..=5 => random.pick(LITERALS).to_owned(),
        6 => format!(":p{index}"),
        7 => "{env}".to_owned(),
        8 => format!("{{p{index}}}"),
        9 => format!("{}{{p{index}}}", random.pick(&["v", "a", "ab"])),
        10 => format!("{{p{index}}}{}", random.pick(&["b", ":b", "bc", ".json"])),
        _ => format!("a{{p{index}}}b"),
    }
}

pub(super) fn path(random: &mut Random) -> String {
    let mut path = String::new();
    for index in 0..random.below(5) {
        path = path + "/" + &segment(random, index);
    }
    match random.below(14) {
        0 => path + "/{*rest}",
        1 => path + "/",
        _ if path.is_empty() => "/".to_owned(),
        _ => path,
    }
}

pub(crate) fn route_grammar(random: &mut Random) -> Vec<u8> {
    if random.once_in(20) {
        return at_a_limit(random).into_bytes();
    }
    let path = path(random);
    if random.once_in(2) {
        return path.into_bytes();
    }
    let pieces = [
        "/",
        "//",
        "{",
        "}",
        "{*",
        ":",
        "*",
        "<id>",
        "?",
        "#",
        "%41",
        "\\",
        " ",
        "é",
        "..",
        ".",
        "\u{0}",
        "http://h",
        "{a:[0-9]+}",
        "{a...}",
        "{+a}",
        "{a=b/*}",
        "{?a}",
        "{$}",
        "${a}",
        "$id",
        "*",
        "(.*)",
        "(:a)",
        "[a]",
        "[/{a}]",
        "{a.b}",
        "{a-}",
    ];
    random.mutated(path.as_bytes(), &pieces)
}

/// A template near the limit of segments, parameters or bytes: below it, at it, or above it.
fn at_a_limit(random: &mut Random) -> String {
    let more = random.below(3);
    match random.below(3) {
        0 => "/a".repeat(31 + more),
        1 => (0..15 + more).map(|index| format!("/{{p{index}}}")).collect(),
        _ => format!("/{}", "b".repeat(4094 + more)),
    }
}

pub(super) fn value(random: &mut Random) -> String {
    match random.below(10) {
        0..=5 => random.pick(LITERALS).to_owned(),
        6 => random.pick(&["ab", "aab", "vb", "v", "x:b", "abbc", "E2", "x.json"]).to_owned(),
        7 => random.pieces(1, 4, "", |random| random.pick(MANGLED).to_owned()),
        8 => random.pick(MANGLED).to_owned(),
        _ => "x".repeat(random.below(24)),
    }
}

pub(super) fn target(random: &mut Random, base: &str) -> String {
    let values = random.pieces(0, 5, "/", value);
    let below = match random.below(20) {
        0 => return "*".to_owned(),
        1 => random.pick(&["", "/", "?", "//", "/?a=/../;"]).to_owned(),
        2 => format!("/{values}/"),
        3 => format!("/{values}?{}", value(random)),
        _ => format!("/{values}"),
    };
    let base = match random.below(16) {
        0 => "",
        1 => "/ap",
        _ => base,
    };
    match random.below(12) {
        0 => format!(
            "{}{base}{below}",
            random.pick(&["http://h", "HTTPS://h:80", "http://", "1x://h", "urn:x", "a+b-c.d://u@h"])
        ),
        _ => format!("{base}{below}"),
    }
}

/// A path of one of these routes, with values for its parameters.
fn on_route(random: &mut Random, routes: &[String]) -> String {
    let Some(route) = routes.get(random.below(routes.len().max(1))) else { return value(random) };
    let mut text = String::new();
    for segment in route.split('/').skip(1) {
        text.push('/');
        match segment.split_once(['{', ':']) {
            Some((prefix, rest)) => {
                let (name, suffix) = rest.split_once('}').unwrap_or((rest, ""));
                text = text + prefix + &value(random) + suffix;
                if name.starts_with('*') && random.once_in(2) {
                    text = text + "/" + &value(random);
                }
            }
            None if random.once_in(12) => text += &value(random),
            None => text += segment,
        }
    }
    text
}

struct Lines {
    text: String,
    base: &'static str,
    routes: Vec<String>,
    tenant: bool,
}

/// One scope per route, with as many overlaps as possible.
fn overlapping(random: &mut Random) -> Lines {
    let base = random.pick(&["", "", "/api", "/v1/x", "/ab"]);
    let mut lines = Lines { text: String::new(), base, routes: Vec::new(), tenant: false };
    if !base.is_empty() {
        lines.text += &format!("base {base}\n");
    }
    for scope in 0..=random.below(14) {
        let path = path(random);
        let mut flags = String::new();
        if path.len() > 1 && path.ends_with('/') {
            flags += " slash";
        }
        for name in ["rest", "p0", "p1", "env"] {
            if random.once_in(4) && (path.contains(&format!("{name}}}")) || path.contains(&format!(":{name}"))) {
                flags += &format!(" raw={name}");
            }
        }
        lines.text += &format!("scope s{scope}\n{} {path}{flags}\n", random.pick(METHODS));
        lines.routes.push(path);
    }
    lines
}

/// Each route has one literal, at a different position. Merged, they would have too many states.
fn exploding(random: &mut Random) -> Lines {
    let mut lines = Lines { text: String::new(), base: "", routes: Vec::new(), tenant: false };
    let count = 12 + random.below(3);
    for at in 0..count {
        let path: String = (0..count)
            .map(|segment| if segment == at { format!("/k{at}") } else { format!("/{{p{segment}}}") })
            .collect();
        lines.text += &format!("scope s{at}\n{} {path}\n", random.pick(METHODS));
        lines.routes.push(path);
    }
    lines
}

fn requests(random: &mut Random, lines: &Lines, count: usize) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(count) {
        let target = match random.below(4) {
            0 => target(random, lines.base),
            _ => lines.base.to_owned() + &on_route(random, &lines.routes),
        };
        text += &format!("> {} {target}\n", random.pick(METHODS));
    }
    text
}

pub(crate) fn matcher(random: &mut Random) -> Vec<u8> {
    let mut lines = if random.once_in(100) { exploding(random) } else { overlapping(random) };
    if random.once_in(10) {
        lines.base = random.pick(&["", "/m", "/api/v2"]);
        lines.text += &format!("mount {}\n", lines.base);
    }
    if random.once_in(12) {
        lines.text += &format!("limit {}\n", random.pick(&["0", "8", "20", "65535", "99999"]));
    }
    lines.text += &requests(random, &lines, 10);
    lines.text.into_bytes()
}

/// Scopes with routes, blocks, tenants, `includes`: mostly valid.
fn declared(random: &mut Random) -> Lines {
    let base = random.pick(&["", "/api"]);
    let mut lines = Lines { text: String::new(), base, routes: Vec::new(), tenant: random.once_in(2) };
    if !base.is_empty() {
        lines.text += &format!("base {base}\n");
    }
    if lines.tenant {
        lines.text += "tenant env\n";
    }
    if random.once_in(5) {
        lines.text += "strict\n";
    }
    let scopes: Vec<&str> = SCOPES.iter().copied().filter(|_| !random.once_in(4)).collect();
    let tenant = if lines.tenant { "GET /tenants/{env}\n" } else { "" };
    for (index, scope) in scopes.iter().enumerate() {
        let includes = match random.below(16) {
            0 => format!(" includes {}", random.pick(SCOPES)),
            1 | 2 => format!(" includes *.{}", random.pick(&["read", "write", "read", "none"])),
            _ => String::new(),
        };
        lines.text += &format!("scope {scope}{includes}\n");
        if random.once_in(6) {
            let more = if random.once_in(12) { "users.read".to_owned() } else { format!("x:{index}") };
            lines.text += &format!("was old{index}.view {more}\ntitle T{index}\n");
        }
        if random.once_in(5) {
            lines.text += &deprecated(random);
        }
        lines.text += if index == 0 { tenant } else { "" };
        routes(random, &mut lines, 4);
        if random.once_in(10) {
            lines.text += &deprecated(random);
        }
    }
    for _ in 0..random.below(3) {
        lines.text += &match random.below(4) {
            0 if scopes.len() > 1 => {
                let first = random.below(scopes.len() - 1);
                format!("all {} {}\n", scopes[first], scopes[first + 1])
            }
            kind => format!("{} why\n", ["public", "authenticated", "external"][kind % 3]),
        };
        routes(random, &mut lines, 3);
    }
    lines
}

/// A deprecation of the scope or of the route before it, mostly sound.
fn deprecated(random: &mut Random) -> String {
    let (year, day) = (2020 + random.below(20), 1 + random.below(28));
    let since = format!(" since={year}-11-{day:02}");
    let sunset = format!(" sunset={}-{:02}-01", year + 1 + random.below(3), 1 + random.below(12));
    let successor = if random.once_in(20) { " use=admin" } else { "" };
    let wrong = if random.once_in(50) { " sunset=2019-02-30" } else { "" };
    let [since, sunset] = [since, sunset].map(|date| if random.once_in(3) { String::new() } else { date });
    format!("deprecated{since}{sunset}{successor}{wrong}\n")
}

fn routes(random: &mut Random, lines: &mut Lines, count: usize) {
    if lines.tenant && random.once_in(2) {
        lines.text += "under /envs/:env\n";
    }
    let prefix = if lines.text.ends_with(":env\n") { "/envs/{env}" } else { "" };
    for _ in 0..random.below(count) {
        // A unique segment keeps most routes from colliding.
        let own = if random.once_in(4) { path(random) } else { format!("/r{}{}", random.below(60), path(random)) };
        let whole = if own == "/" && !prefix.is_empty() { prefix.to_owned() } else { format!("{prefix}{own}") };
        let bound = whole.contains("{env}");
        if !own.is_empty() && whole.matches("{env}").count() <= 1 {
            let tenancy =
                if lines.tenant && !bound && !random.once_in(6) { random.pick(&[" global", " unbound"]) } else { "" };
            let slash = if own.len() > 1 && own.ends_with('/') { " slash" } else { "" };
            lines.text += &format!("{} {own}{slash}{tenancy}\n", random.pick(METHODS));
            lines.routes.push(whole);
        }
    }
}

pub(crate) fn compiler(random: &mut Random) -> Vec<u8> {
    let mut lines = match random.below(4) {
        0 => overlapping(random),
        _ => declared(random),
    };
    let holds = random.pieces(0, 4, " ", |random| random.pick(SCOPES).to_owned());
    lines.text +=
        &format!("holds {holds} s0 s1 s2\nfor {}\n", random.pick(&["E1", "*", "E1 users", "*", "a b", "a:b \u{e9}"]));
    lines.text += &requests(random, &lines, 8);
    let pieces = [
        "scope ",
        "scope a.b\n",
        "GET /\n",
        "all ",
        "public\n",
        "tenant x\n",
        "base /{x}\n",
        "includes",
        "*.read",
        " slash",
        " raw=p0",
        "under /x\n",
        "strict\n",
    ];
    if random.once_in(3) { random.mutated(lines.text.as_bytes(), &pieces) } else { lines.text.into_bytes() }
}
