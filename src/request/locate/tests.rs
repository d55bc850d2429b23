use scopes_core::declaration::{At, Declaration, RouteDeclaration, TenancyDeclaration};

use super::*;

/// A sequence of numbers that a seed determines (`SplitMix64`).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

const BASES: [&str; 5] = ["", "", "/api", "/api/v0", "/x"];
const METHODS: [&str; 6] = ["GET", "GET", "HEAD", "POST", "OPTIONS", "PURGE"];
const LITERALS: [&str; 7] = ["users", "me", "a", "b", "longer-than-a-few-words", "v1", "files"];
const VALUES: [&str; 12] = [
    "7",
    "me",
    "a",
    "v1",
    "7:replay",
    "v1.json",
    "E1",
    "a_b~c",
    "users",
    "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    "7",
    "E2",
];
const ODD_VALUES: [&str; 14] =
    ["", "%61", "%75sers", "a%20b", "%2F", "a%2Fb", "a;b", "%zz", "%ff", "..", "%2e%2e", "%20", "é", "%25"];

/// A segment of a template, and what its parameter, if any, is called.
fn segment(random: &mut Random, index: usize) -> String {
    match random.below(10) {
        0..=3 => random.pick(&LITERALS).to_owned(),
        4 => "{tenant}".to_owned(),
        5 => format!("v{{p{index}}}"),
        6 => format!("{{p{index}}}{}", random.pick(&[":replay", ".json"])),
        _ => format!("{{p{index}}}"),
    }
}

fn path(random: &mut Random) -> String {
    let mut path: String = (0..random.below(5)).map(|index| format!("/{}", segment(random, index))).collect();
    if random.once_in(8) {
        // More segments than the positions that a match keeps.
        path.extend((0..9).map(|index| format!("/{{q{index}}}")));
    }
    match random.below(8) {
        0 => path + "/{*rest}",
        1 => path + "/",
        _ if path.is_empty() => "/".to_owned(),
        _ => path,
    }
}

/// A catalogue of one scope whose routes overlap as much as possible. No two routes have one shape,
/// and no route names two tenants.
fn catalogue(random: &mut Random) -> &'static UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    declaration.base = Some(random.pick(&BASES)).filter(|base| !base.is_empty()).map(Into::into);
    declaration.tenant = Some("tenant".into());
    let mut paths = vec!["/of/{tenant}".to_owned()];
    paths.extend((0..random.below(12)).map(|_| path(random)));
    if random.once_in(10) {
        // These routes would make too many states if they were merged, so the matcher searches the
        // plain trie.
        let segment = |at, index| if at == index { format!("/k{at}") } else { format!("/{{p{index}}}") };
        paths.extend((0..13).map(|at| (0..13).map(|index| segment(at, index)).collect()));
    }
    let mut shapes = Vec::new();
    let scope = declaration.scope("users.read");
    for path in &paths {
        let method = random.pick(&METHODS);
        let shape = (method, renamed(path));
        if shapes.contains(&shape) || path.matches("{tenant}").count() > 1 {
            continue;
        }
        shapes.push(shape);
        let mut route = RouteDeclaration::new(method, path);
        route.name = Some(format!("route{}", shapes.len()).as_str().into());
        route.trailing_slash = (path.len() > 1 && path.ends_with('/')).then(Default::default);
        for name in ["p0", "p1", "p2", "rest"] {
            if path.contains(&format!("{name}}}")) && random.once_in(3) {
                route.raw.push(name.into());
            }
        }
        if !path.contains("{tenant}") {
            route.tenancy = Some(At::new(TenancyDeclaration::Global("no tenant's".to_owned()), Default::default()));
        }
        scope.routes.push(route);
    }
    let compiled = UntypedCatalogue::from_declaration(&declaration);
    Box::leak(Box::new(compiled.unwrap_or_else(|errors| panic!("{paths:?}: {errors}"))))
}

/// The template with other names for its parameters, one name for all of them.
fn renamed(template: &str) -> String {
    let rename = |segment: &str| match (segment.find('{'), segment.find('}')) {
        (Some(start), Some(end)) => {
            let rest = if segment[start..].starts_with("{*") { "*" } else { "" };
            format!("{}{{{rest}x}}{}", &segment[..start], &segment[end + 1..])
        }
        _ => segment.to_owned(),
    };
    template.split('/').map(rename).collect::<Vec<_>>().join("/")
}

/// The template of a router that has no text beside parameters.
fn without_text(template: &str) -> String {
    let bare = |segment| if str::contains(segment, '{') && !segment.starts_with("{*") { "{x}" } else { segment };
    template.split('/').map(bare).collect::<Vec<_>>().join("/")
}

fn value(random: &mut Random) -> &'static str {
    if random.once_in(8) { random.pick(&ODD_VALUES) } else { random.pick(&VALUES) }
}

/// A path of this template, or nearly one.
fn on_template(random: &mut Random, template: &str) -> String {
    let mut path = String::new();
    for segment in template.split('/').skip(1) {
        path += if random.once_in(40) { "//" } else { "/" };
        path += &match (segment.find('{'), segment.find('}')) {
            (Some(start), Some(end)) => {
                let more = if segment.starts_with("{*") && random.once_in(2) { "/me/7" } else { "" };
                format!("{}{}{}{more}", &segment[..start], value(random), &segment[end + 1..])
            }
            _ if random.once_in(20) => value(random).to_owned(),
            _ if random.once_in(20) => segment.replace('s', "%73"),
            _ => segment.to_owned(),
        };
    }
    path + random.pick(&["", "", "", "", "", "", "", "", "", "/"])
}

/// The route, the path and the values that were found, or the reason why none was found.
fn described(found: &Result<Located<'_>, Missing<'_>>) -> String {
    match found {
        Ok(Located { matched, .. }) => {
            let raw = matched.route().parameters().map(|parameter| matched.raw_parameter(parameter.name()));
            format!(
                "{:?} {:?} {:?} {:?}",
                matched.route().id(),
                matched.raw_path(),
                raw.collect::<Vec<_>>(),
                matched.tenant()
            )
        }
        Err(Missing::Misread) => "misread".to_owned(),
        Err(Missing::Template(template)) => format!("template {template}"),
        Err(Missing::Base) => "base".to_owned(),
        Err(Missing::Target) => "target".to_owned(),
        Err(Missing::Refused(refused)) => format!("{refused:?}"),
    }
}

/// The fast path and the slow path agree on the route, the positions of its parameters, or the kind
/// of refusal.
#[test]
fn the_fast_path_agrees_with_the_slow_path() {
    let mut reached = std::collections::BTreeMap::<&str, usize>::new();
    for seed in 0..700 {
        let random = &mut Random(seed);
        let catalogue = catalogue(random);
        let routes: Vec<_> = catalogue.routes().collect();
        let base = if random.once_in(4) { random.pick(&["", "/m", "/api/v2"]) } else { catalogue.base() };
        for _ in 0..60 {
            let route = random.pick(&routes);
            let other = random.pick(&routes);
            let method = match random.below(6) {
                0 => random.pick(&METHODS),
                1 if route.method() == "GET" => "HEAD",
                _ => route.method(),
            };
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let below = on_template(random, route.path());
            let before = if random.once_in(16) { random.pick(&["", "/api", "/%61pi", "//api"]) } else { base };
            let below = if below == "/" && !base.is_empty() && random.once_in(2) { "" } else { &*below };
            let target = match random.below(24) {
                0 => "*".to_owned(),
                1 | 2 => format!("http://host{before}{below}"),
                3 | 4 => format!("{before}{below}?a=/b/../c;%zz"),
                _ => format!("{before}{below}"),
            };
            let registered = match random.below(12) {
                0..=5 => renamed(route.path()),
                6 => route.path().to_owned(),
                7 => without_text(route.path()),
                8 => renamed(other.path()),
                9 => without_text(other.path()),
                10 => format!("{}/", renamed(route.path())),
                _ => renamed(&path(random)),
            };
            let registered = if registered == "/" && random.once_in(2) { String::new() } else { registered };
            let mount = if random.once_in(16) { random.pick(&["", "/api", "/ap"]) } else { base };
            let template = format!("{mount}{registered}");
            let mut facts = Facts::new(&method, &target);
            if !random.once_in(12) {
                facts = facts.with_template(&template);
            }
            if random.once_in(24) {
                facts = facts.misread();
            }
            if facts.matched_template.is_none() && random.once_in(3) {
                let path = facts.path();
                let slashes: Vec<_> = path.match_indices('/').map(|(at, _)| at).collect();
                facts = facts.with_local_path(slashes.last().map_or("/", |_| &path[random.pick(&slashes)..]));
            }
            let gates = Some(other).filter(|_| random.once_in(2));
            let place = Place { catalogue, base, target_limit: if random.once_in(24) { 24 } else { 8192 } };

            let slow = place.slow_path(facts, gates);
            let expected = described(&slow);
            let fast = place.fast_path(facts);
            let is_as_gated = |route| facts.matched_template.is_some() || gates.is_none_or(|gates| gates == route);
            let is_fast = fast.is_some_and(|located| is_as_gated(located.matched.route()));
            let found = described(&place.locate(facts, gates));
            assert_eq!(found, expected, "{method} {target}, matched as {template} below `{base}`");
            let states = states(is_fast, &slow, facts, place);
            states.into_iter().for_each(|state| *reached.entry(state).or_default() += 1);
        }
    }
    for state in [
        "fast",
        "fast HEAD by GET",
        "fast odd raw parameter",
        "fast trailing slash",
        "fast text beside",
        "fast rest",
        "fast far parameters",
        "fast absolute form",
        "fast query",
        "fast tenant",
        "fast mounted",
        "fast trie",
        "fast by the target",
        "slow",
        "slow root",
        "slow less specific",
        "slow escaped literal",
        "slow by the gate",
        "misread",
        "template",
        "target",
        "400",
        "414",
    ] {
        assert!(reached.get(state).is_some_and(|&times| times >= 10), "`{state}` was not reached: {reached:?}");
    }
}

/// The states that a request has reached. The test counts them, to show that it reaches every one
/// often.
fn states(
    is_fast: bool,
    slow: &Result<Located<'_>, Missing<'_>>,
    facts: Facts<'_>,
    place: Place<'_>,
) -> Vec<&'static str> {
    let matched = match slow {
        Ok(located) => located.matched,
        Err(Missing::Misread) => return vec!["misread"],
        Err(Missing::Template(_)) => return vec!["template"],
        Err(Missing::Base) => return vec!["base"],
        Err(Missing::Target) => return vec!["target"],
        Err(Missing::Refused(NoRoute::Malformed(_))) => return vec!["400"],
        Err(Missing::Refused(NoRoute::TooLong)) => return vec!["414"],
        Err(Missing::Refused(refused)) => panic!("{refused} is not an answer of this case"),
    };
    let (route, target) = (matched.route(), facts.raw_target);
    if !is_fast {
        let by_matcher =
            place.catalogue.at_mounted(place.base, place.target_limit, facts.method.as_str(), target.as_bytes());
        let cases = [
            ("slow", true),
            ("slow root", route.path() == "/"),
            ("slow less specific", by_matcher.is_ok_and(|found| found.route() != route)),
            ("slow escaped literal", by_matcher.is_err() && facts.matched_template.is_some() && target.contains("%73")),
            ("slow by the gate", facts.matched_template.is_none()),
        ];
        return cases.into_iter().filter(|case| case.1).map(|case| case.0).collect();
    }
    let parameters: Vec<_> = route.parameters().collect();
    let odd =
        |bytes: &[u8]| bytes.split(|&byte| byte == b'/').any(|segment| path_rules::check_segment(segment).is_err());
    let cases = [
        ("fast", true),
        ("fast HEAD by GET", *facts.method == Method::HEAD && route.method() == "GET"),
        ("fast odd raw parameter", odd(matched.raw_path())),
        ("fast trailing slash", route.has_trailing_slash()),
        (
            "fast text beside",
            parameters.iter().any(|parameter| parameter.prefix_length() + parameter.suffix_length() > 0),
        ),
        ("fast rest", parameters.iter().any(|parameter| parameter.is_rest())),
        ("fast far parameters", parameters.iter().any(|parameter| parameter.segment() >= 8)),
        ("fast absolute form", !target.starts_with('/')),
        ("fast query", target.contains('?')),
        ("fast tenant", matched.tenant().is_some()),
        ("fast mounted", place.base != place.catalogue.base()),
        ("fast by the target", facts.matched_template.is_none()),
        ("fast trie", !place.catalogue.parts().tables.trie.is_empty()),
    ];
    cases.into_iter().filter(|case| case.1).map(|case| case.0).collect()
}
