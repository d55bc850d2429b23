//! Special cases of the matcher, by the length of segments, the shape of catalogues and very long
//! paths, compared with the oracle or with results written by hand.

use std::borrow::ToOwned;
use std::format;
use std::string::String;
use std::vec::Vec;

use super::against_oracle::answer;
use super::catalogue;
use crate::catalogue::UntypedCatalogue;
use crate::matcher::{MAX_SEGMENTS, Node};
use crate::oracle;
use crate::route::NoRoute;
use crate::target::{DEFAULT_TARGET_LIMIT, MAX_TARGET_LIMIT};

const UUID: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// A catalogue and the same routes for the oracle.
struct Both {
    catalogue: UntypedCatalogue,
    routes: Vec<oracle::Route>,
}

impl Both {
    fn new(routes: &[(&str, &str)]) -> Self {
        let catalogue = catalogue(routes);
        let known = |route: crate::Route<'_>| oracle::Route {
            method: route.method().into(),
            path: route.path().into(),
            raw: Vec::new(),
        };
        let routes = catalogue.routes().map(known).collect();
        Self { catalogue, routes }
    }

    fn agree(&self, method: &str, target: &[u8]) {
        let expected = oracle::answer(&self.routes, "", DEFAULT_TARGET_LIMIT, method, target);
        let known = self.catalogue.match_path(self.catalogue.method_id(method), target);
        for found in [self.catalogue.at(method, target), known] {
            assert_eq!(answer(&self.catalogue, &found), expected, "{method} {}", target.escape_ascii());
        }
    }
}

const DASHBOARD: [(&str, &str); 8] = [
    ("GET", "/environments/{e}/users"),
    ("GET", "/environments/{e}/users/{u}"),
    ("POST", "/environments/{e}/users/bulk"),
    ("GET", "/environments/{e}/tokens/{t}/signMessages"),
    ("DELETE", "/environments/{e}"),
    ("GET", "/environments/{e}/{x}/y"),
    ("GET", "/users/{u}"),
    ("GET", "/health"),
];

#[test]
fn each_byte_at_each_place_of_a_uuid() {
    let both = Both::new(&DASHBOARD);
    for at in 0..UUID.len() {
        for byte in 0..=255 {
            let mut value = UUID.as_bytes().to_vec();
            value[at] = byte;
            for (before, after) in [
                ("/users/", ""),
                ("/environments/", "/users"),
                ("/environments/x/users/", ""),
                ("/environments/", "/no"),
            ] {
                both.agree("GET", &[before.as_bytes(), &value, after.as_bytes()].concat());
            }
        }
    }
}

#[test]
fn values_of_all_lengths() {
    let both = Both::new(&DASHBOARD);
    for length in 0..70 {
        let value = "0123456789abcdefABCDEF-:_~".chars().cycle().take(length).collect::<String>();
        for odd in ["", ".", "%41", "%2F", ";", "?", "é"] {
            for (method, target) in [
                ("GET", format!("/users/{value}{odd}")),
                ("GET", format!("/environments/{value}{odd}/users")),
                ("POST", format!("/environments/{odd}{value}/users/bulk")),
                ("DELETE", format!("/environments/{value}{odd}")),
                ("GET", format!("/environments/{value}/tokens/{odd}{value}/signMessages")),
                ("GET", format!("/environments/{UUID}/users/{value}{odd}")),
                ("GET", format!("/environments/{UUID}/{value}/{odd}")),
                ("GET", format!("/environments/{UUID}/{value}{odd}/y?a=/b")),
            ] {
                both.agree(method, target.as_bytes());
            }
        }
    }
}

#[test]
fn literals_of_all_lengths() {
    for length in 1..40 {
        let literal: String = "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(length).collect();
        let routes =
            [format!("/{literal}"), format!("/{literal}/{{a}}/{literal}/{{b}}"), format!("/{literal}/{{a}}/x")];
        let both = Both::new(&[("GET", &routes[0]), ("GET", &routes[1]), ("POST", &routes[2]), ("GET", "/z/{a}")]);
        for value in ["1", UUID, "0123456789abcdef", "%41", ""] {
            for changed in [literal.clone(), literal[1..].to_owned(), format!("{literal}a"), literal.to_uppercase()] {
                for end in ["", "/", "/x", "?q", &format!("/{changed}/{value}"), &format!("/{literal}/{UUID}")] {
                    both.agree("GET", format!("/{changed}/{value}{end}").as_bytes());
                    both.agree("POST", format!("/{literal}/{value}{end}").as_bytes());
                }
            }
            both.agree("GET", format!("/{literal}").as_bytes());
        }
    }
}

#[test]
fn segments_far_from_the_beginning() {
    let half = MAX_SEGMENTS / 2 - 1;
    let path: String = (0..half).map(|segment| format!("/s{segment}/{{p{segment}}}")).collect::<String>() + "/end";
    let both = Both::new(&[("GET", &path)]);
    let target: String = (0..half).map(|segment| format!("/s{segment}/value{segment}")).collect();
    for end in ["/end", "/end/", "/enD", ""] {
        both.agree("GET", (target.clone() + end).as_bytes());
    }
}

/// Literals that differ in their first bytes are distinguished by these. Literals that begin alike
/// are distinguished by a hash of their first sixteen bytes, so that a look-up skips few others.
#[test]
fn literals_that_begin_alike() {
    let nouns = ["user", "account", "customer", "shipment", "organization", "project"];
    let kinds = ["s", "Groups", "Settings", "Templates", "Versions", "Links", "Records", "Requests", "Types", "States"];
    let paths: Vec<String> = nouns
        .iter()
        .flat_map(|noun| kinds.iter().map(move |kind| format!("/{noun}{kind}")))
        .flat_map(|path| [path.clone(), path + "/{id}"])
        .collect();
    let routes: Vec<(&str, &str)> = paths.iter().map(|path| ("GET", path.as_str())).collect();
    let both = Both::new(&routes);
    let nodes = &both.catalogue.parts().tables.nodes;
    assert!(nodes.iter().any(|node| node.flags & crate::matcher::DETOUR != 0), "the detour is not tried");
    assert!(nodes.iter().map(|node| others_after(nodes, node)).max() <= Some(2));
    for path in &paths {
        let target = path.replace("{id}", UUID);
        both.agree("GET", target.as_bytes());
        both.agree("GET", format!("{target}x").as_bytes());
        both.agree("GET", &target.as_bytes()[..target.len() - 1]);
        both.agree("POST", target.replace("s", "z").as_bytes());
    }
}

/// The number of literals that are compared after this one, if it does not match.
fn others_after(nodes: &[Node], node: &Node) -> usize {
    let mut others = 0;
    let mut next = node.chained;
    while let Some(node) = nodes.get(next as usize) {
        others += 1;
        next = node.chained;
    }
    others
}

#[test]
fn of_literals_that_share_a_slot_the_one_that_leads_to_more_comes_first() {
    let routes = [
        ("GET", "/repositories"),
        ("GET", "/repos/{owner}/{repo}"),
        ("GET", "/repos/{owner}/{repo}/keys"),
        ("GET", "/user"),
        ("GET", "/repositoriesOfEverybody"),
        ("GET", "/events"),
        ("GET", "/feeds"),
        ("GET", "/gists"),
        ("GET", "/teams"),
    ];
    let both = Both::new(&routes);
    let nodes = &both.catalogue.parts().tables.nodes;
    let first = nodes.iter().find(|node| node.first.to_le_bytes() == *b"repos/\0\0").unwrap();
    assert_eq!(others_after(nodes, first), 2);
    for path in
        ["/repos/a/b", "/repositories", "/repositoriesOfEverybody", "/repositoriesOfEverybod", "/user", "/users"]
    {
        both.agree("GET", path.as_bytes());
    }
}

#[test]
fn zero_bytes_do_not_match_a_literal() {
    let routes = [
        ("GET", "/users/{user}/keys"),
        ("GET", "/users/{user}/settingsOfEverybody"),
        ("GET", "/users/{user}/settings"),
        ("POST", "/users/"),
        ("GET", "/files/{*rest}"),
        ("GET", "/x"),
    ];
    let both = Both::new(&routes);
    for before in
        ["", "/users", "/users/u", "/users/u/keys", "/users/u/settingsOfEverybody", "/files", "/files/a", "/x"]
    {
        for zeros in [1, 7, 8, 15, 16, 17, 40] {
            for after in ["", "/", "/keys", "x", "?y"] {
                let path = format!("{before}/{}{after}", "\0".repeat(zeros));
                both.agree("GET", path.as_bytes());
                let found = both.catalogue.at("GET", path.as_bytes());
                assert!(matches!(found, Err(NoRoute::Malformed(_))), "{path:?}");
            }
        }
    }
}

#[test]
fn a_node_fills_a_cache_line() {
    assert_eq!(size_of::<Node>(), 64);
}

#[test]
fn very_long_paths() {
    let catalogue = catalogue(&DASHBOARD);
    let get = catalogue.method_id("GET");
    let filled = |before: &str, unit: &str, after: &str| {
        let count = (MAX_TARGET_LIMIT - before.len() - after.len()) / unit.len();
        format!("{before}{}{after}", unit.repeat(count))
    };
    let malformed = Err(NoRoute::Malformed(crate::Malformation::NotAPathCharacter));
    for (path, expected) in [
        (filled("/users/", "a", ""), Ok(())),
        (filled("/environments/", "a", "/users"), Ok(())),
        (filled("/environments/", "a_", "/users"), Ok(())),
        (filled("/environments/", "%41", "/users"), Ok(())),
        (filled("/environments/", "a", "/nothing"), Err(NoRoute::NotFound)),
        (filled("/", "a", ""), Err(NoRoute::NotFound)),
        (filled("", "/", ""), Err(NoRoute::NotFound)),
        (filled("", "/a", ""), Err(NoRoute::NotFound)),
        (filled("/environments", "/a", ""), Err(NoRoute::NotFound)),
        (filled("/users/", "a", "\u{7f}"), malformed),
        (filled("/nothing/", "a", "\u{7f}"), malformed),
        (filled("/", "a", " "), malformed),
        (filled("", "/", "\\"), malformed),
        (filled("/users/", "a", "") + "aaa", Err(NoRoute::TooLong)),
    ] {
        let found = catalogue.match_path(get, path.as_bytes()).map(|found| {
            let value = found.parameters().map(|(_, value)| value.len()).max();
            assert!(value > Some(20_000), "the value is cut");
        });
        assert_eq!(found, expected, "{}..{}", &path[..9], path.get(path.len() - 9..).unwrap_or_default());
    }
}
