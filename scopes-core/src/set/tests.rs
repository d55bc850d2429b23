use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;
use std::collections::HashSet;
use std::sync::OnceLock;

use proptest::prelude::*;

use super::{ScopeSet, Words};
use crate::catalogue::UntypedCatalogue;
use crate::declaration::Declaration;
use crate::scope::{Scope, ScopeId};

/// The number of scopes of the test catalogue: more than the bits of one word.
const COUNT: u16 = 70;

/// A scope of a catalogue of 70: `all.read` (0) includes `*.read`, then `thingN.read` and
/// `thingN.write`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Numbered(u16);

impl fmt::Display for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

fn name(id: u16) -> String {
    match id {
        0 => "all.read".into(),
        _ if id % 2 == 1 => format!("thing{}.read", id / 2),
        _ => format!("thing{}.write", id / 2 - 1),
    }
}

/// The name that every fifth scope had before.
fn old_name(id: u16) -> String {
    format!("item{id}.view")
}

impl Scope for Numbered {
    type Words = [u64; 2];

    fn id(self) -> ScopeId {
        ScopeId(self.0)
    }

    fn from_id(id: ScopeId) -> Option<Self> {
        (id.0 < COUNT).then_some(Self(id.0))
    }

    fn as_str(self) -> &'static str {
        Self::catalogue().scope(self.id()).unwrap().name()
    }

    fn catalogue() -> &'static UntypedCatalogue {
        static CATALOGUE: OnceLock<UntypedCatalogue> = OnceLock::new();
        CATALOGUE.get_or_init(|| {
            let mut declaration = Declaration::new("numbered");
            declaration.scope("all.read").including("*.read");
            for id in 1..COUNT {
                let scope = declaration.scope(&name(id)).route("GET", &format!("/{id}"));
                if id.is_multiple_of(5) {
                    scope.was.extend([old_name(id).as_str().into(), format!("older:{id}").as_str().into()]);
                }
            }
            UntypedCatalogue::from_declaration(&declaration).unwrap()
        })
    }
}

type Set = ScopeSet<Numbered>;

fn set(ids: &[u16]) -> Set {
    ids.iter().copied().map(Numbered).collect()
}

#[test]
fn starts_empty() {
    for empty in [Set::EMPTY, Set::new(), Set::default(), set(&[]), "".parse().unwrap(), "  ".parse().unwrap()] {
        assert!(empty.is_empty());
        assert_eq!(empty.len(), 0);
        assert_eq!(empty.to_string(), "");
        assert!(!empty.contains(Numbered(0)));
    }
    assert_eq!(<[u64; 0]>::EMPTY.as_slice(), &[0_u64; 0]);
}

#[test]
fn all_is_every_scope_and_no_bit_more() {
    assert_eq!(Set::all().len(), 70);
    assert_eq!(Set::all().words(), &[u64::MAX, 0x3f]);
    assert_eq!(Set::all().iter().map(|scope| scope.0).collect::<Vec<_>>(), (0..70).collect::<Vec<_>>());
}

#[test]
fn inserts_and_removes_across_words() {
    let mut set = Set::EMPTY;
    for id in [0, 63, 64, 69] {
        assert!(set.insert(Numbered(id)));
        assert!(!set.insert(Numbered(id)));
    }
    assert_eq!(set.words(), &[1 | 1 << 63, 1 | 1 << 5]);
    assert!(set.remove(Numbered(63)));
    assert!(!set.remove(Numbered(63)));
    assert_eq!(set, self::set(&[0, 64, 69]));
    assert_eq!(Set::from(Numbered(64)).words(), &[0, 1]);
}

#[test]
fn a_bit_beyond_the_catalogue_is_never_a_scope() {
    let stray = Set::from_words([0, 1 << 63]);
    assert_eq!(stray.iter().next(), None);
    assert_eq!(stray.to_string(), "");
    let mut small = ScopeSet::<Small>::EMPTY;
    assert!(!small.insert(Small(64)));
    assert!(!small.remove(Small(64)));
    assert!(!small.contains(Small(64)));
    assert!(small.is_empty());
}

/// A scope type whose words are too few, as hand-written code could make one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
struct Small(u16);

impl fmt::Display for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Scope for Small {
    type Words = [u64; 1];

    fn id(self) -> ScopeId {
        ScopeId(self.0)
    }

    fn from_id(id: ScopeId) -> Option<Self> {
        Some(Self(id.0))
    }

    fn as_str(self) -> &'static str {
        Numbered(self.0).as_str()
    }

    fn catalogue() -> &'static UntypedCatalogue {
        Numbered::catalogue()
    }
}

#[test]
fn closure_adds_what_is_included() {
    let closed = set(&[0, 2]).closure();
    assert!((1..70).filter(|id| id % 2 == 1).all(|id| closed.contains(Numbered(id))));
    assert_eq!(closed.len(), 37);
    assert!(closed.contains(Numbered(2)) && !closed.contains(Numbered(4)));
    assert_eq!(set(&[1, 68]).closure(), set(&[1, 68]));
    assert_eq!(closed.closure(), closed);
}

#[test]
fn shows_wire_names_only() {
    let set = set(&[68, 1, 0]);
    assert_eq!(set.to_string(), "all.read thing0.read thing33.write");
    assert_eq!(format!("{set:?}"), r#"{"all.read", "thing0.read", "thing33.write"}"#);
    assert_eq!(format!("{:?}", set.iter()), r#"["all.read", "thing0.read", "thing33.write"]"#);
}

#[test]
fn parses_the_space_separated_form() {
    for (text, expected) in [
        ("all.read", Ok(&[0][..])),
        ("thing0.read all.read", Ok(&[0, 1])),
        (" thing0.read   thing0.read ", Ok(&[1])),
        ("thing0.raed", Err("unknown scope `thing0.raed`, did you mean `thing0.read`?")),
        ("all.read thing0", Err("unknown scope `thing0`")),
        ("*.read", Err("unknown scope `*.read`")),
        ("all.read\tthing0.read", Err("unknown scope `all.read\\tthing0.read`")),
        ("all.read,thing0.read", Err("unknown scope `all.read,thing0.read`")),
        ("all.read\n", Err("unknown scope `all.read\\n`, did you mean `all.read`?")),
        ("All.Read", Err("unknown scope `All.Read`, did you mean `all.read`?")),
        ("zz\u{a0}zz", Err("unknown scope `zz\\u{a0}zz`")),
    ] {
        let parsed = text.parse::<Set>().map_err(|error| error.to_string());
        match expected {
            Ok(ids) => assert_eq!(parsed, Ok(set(ids)), "{text:?}"),
            Err(message) => {
                let error = parsed.unwrap_err();
                // The suggestion is tested elsewhere; only the text before it is compared.
                assert_eq!(error.split(", did").next(), message.split(", did").next(), "{text:?}");
            }
        }
    }
    let error = "thing0.raed".parse::<Set>().unwrap_err();
    assert_eq!((error.name.as_str(), error.nearest), ("thing0.raed", Some("thing0.read")));
}

#[test]
fn an_error_repeats_no_more_than_64_characters() {
    let long = "ä".repeat(65);
    let error = Set::from_names([&long]).unwrap_err();
    assert_eq!(error.name, long);
    assert_eq!(error.to_string(), format!("unknown scope `{}…`", "ä".repeat(64)));
    let fits = "ä".repeat(64);
    assert_eq!(Set::from_names([&fits]).unwrap_err().to_string(), format!("unknown scope `{fits}`"));
    assert_eq!(Set::from_names(["x".repeat(100_000)]).unwrap_err().to_string().len(), 64 + 19);
}

#[test]
fn names_in_a_list_are_taken_whole() {
    assert_eq!(Set::from_names(["all.read", "thing0.read"]), Ok(set(&[0, 1])));
    for wrong in ["", " ", "all.read thing0.read", " all.read"] {
        assert_eq!(Set::from_names([wrong]).unwrap_err().name, wrong);
    }
}

#[test]
fn lossy_keeps_the_unknown_apart() {
    let lossy = Set::lossy(["thing1.read", "*.read", "thing1", "thing1.read", ""]);
    assert_eq!(lossy.known, set(&[3]));
    assert_eq!(lossy.unknown, ["*.read", "thing1", ""]);
    let lossy = Set::parse_lossy(" all.read  root\tx all.read");
    assert_eq!((lossy.known, lossy.unknown), (set(&[0]), Vec::from([String::from("root\tx")])));
}

#[test]
fn old_names_mean_the_scope_of_today() {
    let error = "item6.view".parse::<Set>().unwrap_err();
    assert_eq!((error.name.as_str(), error.nearest), ("item6.view", None), "an old name is not suggested");
    for text in ["item5.view", "older:5", "thing2.read older:5 item5.view"] {
        let read: Set = text.parse().unwrap();
        assert_eq!((read, read.to_string().as_str()), (set(&[5]), "thing2.read"));
        assert_eq!(Set::from_names(text.split(' ')), Ok(set(&[5])));
        #[cfg(feature = "serde")]
        for json in [format!("{text:?}"), format!("{:?}", text.split(' ').collect::<Vec<_>>())] {
            let read: Set = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), r#"["thing2.read"]"#);
        }
    }
    let lossy = Set::parse_lossy("item5.view thing0.read openid item10.view item5.view");
    assert_eq!((lossy.known, lossy.unknown), (set(&[1, 5, 10]), Vec::from([String::from("openid")])));
    let renamed: Vec<_> = lossy.renamed.iter().map(|renamed| (renamed.old, renamed.scope.0)).collect();
    assert_eq!(renamed, [("item5.view", 5), ("item10.view", 10), ("item5.view", 5)]);
}

#[cfg(feature = "serde")]
#[test]
fn serde_speaks_wire_names() {
    assert_eq!(serde_json::to_string(&set(&[2, 0])).unwrap(), r#"["all.read","thing0.write"]"#);
    assert_eq!(serde_json::to_string(&Set::EMPTY).unwrap(), "[]");
    for (text, expected) in [
        (r#"["thing0.write","all.read"]"#, Ok(&[0, 2][..])),
        (r#""thing0.write all.read""#, Ok(&[0, 2])),
        (r#""\u0061ll.read""#, Ok(&[0])),
        ("[]", Ok(&[])),
        (r#""""#, Ok(&[])),
        (r#"["unknown.read"]"#, Err("unknown scope `unknown.read` at line 1")),
        (r#""unknown.read""#, Err("unknown scope `unknown.read` at line 1")),
        (r#"["all.read thing0.write"]"#, Err("unknown scope `all.read thing0.write`")),
        ("[0]", Err("invalid type: integer `0`, expected a scope")),
        ("3", Err("invalid type: integer `3`, expected a sequence of scopes or one string")),
        ("null", Err("invalid type: null")),
        (r#"{"all.read":true}"#, Err("invalid type: map")),
    ] {
        match (serde_json::from_str::<Set>(text), expected) {
            (Ok(parsed), Ok(ids)) => assert_eq!(parsed, set(ids), "{text}"),
            (Err(error), Err(message)) => assert!(error.to_string().starts_with(message), "{text}: {error}"),
            (parsed, _) => panic!("{text}: {parsed:?}"),
        }
    }
    // A reader cannot lend its text, so names must not be borrowed from it.
    assert_eq!(serde_json::from_reader::<_, Set>(&br#"["all.read"]"#[..]).unwrap(), set(&[0]));
}

fn ids() -> impl Strategy<Value = BTreeSet<u16>> {
    proptest::collection::btree_set(0..COUNT, 0..20)
}

fn numbers(set: Set) -> BTreeSet<u16> {
    set.iter().map(|scope| scope.0).collect()
}

proptest! {
    #[test]
    fn behaves_as_a_set(a in ids(), b in ids(), one in 0..COUNT) {
        let of = |ids: &BTreeSet<u16>| ids.iter().copied().map(Numbered).collect::<Set>();
        let (x, y) = (of(&a), of(&b));
        prop_assert_eq!(numbers(x), a.clone());
        prop_assert_eq!(x.iter().len(), a.len());
        prop_assert_eq!(x.len(), a.len());
        prop_assert_eq!(numbers(x | y), &a | &b);
        prop_assert_eq!(numbers(x & y), &a & &b);
        prop_assert_eq!(numbers(x - y), &a - &b);
        let (mut or, mut and, mut minus) = (x, x, x);
        or |= y;
        let mut with_one = x;
        with_one |= Numbered(one);
        let expected: BTreeSet<u16> = a.iter().copied().chain([one]).collect();
        prop_assert_eq!((numbers(with_one), numbers(x | Numbered(one))), (expected.clone(), expected));
        and &= y;
        minus -= y;
        prop_assert_eq!((or, and, minus), (x | y, x & y, x - y));
        prop_assert_eq!(x.is_subset(&y), a.is_subset(&b));
        prop_assert_eq!(x.is_superset(&y), a.is_superset(&b));
        prop_assert_eq!(x.is_disjoint(&y), a.is_disjoint(&b));
        prop_assert_eq!(x.is_empty(), a.is_empty());
        prop_assert_eq!(x.contains(Numbered(one)), a.contains(&one));
        prop_assert_eq!(x == y, a == b);
        prop_assert_eq!(x.cmp(&y).is_eq(), a == b);
        prop_assert_eq!([x, y].into_iter().collect::<HashSet<_>>().len(), [a, b].into_iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn only_spaces_separate(text in "[a!\u{1f} \\t\u{a0}ä\u{2620}]{0,40}") {
        let names: Vec<&str> = super::unknown::names(&text).collect();
        prop_assert_eq!(names, text.split(' ').filter(|name| !name.is_empty()).collect::<Vec<_>>());
    }

    #[test]
    fn reads_what_it_prints(a in ids()) {
        let set: Set = a.iter().copied().map(Numbered).collect();
        prop_assert_eq!(set.to_string().parse::<Set>(), Ok(set));
        prop_assert_eq!(Set::from_names(set.iter().map(Numbered::as_str)), Ok(set));
        let lossy = Set::parse_lossy(&set.to_string());
        prop_assert_eq!(lossy.known, set);
        prop_assert!(lossy.unknown.is_empty());
        #[cfg(feature = "serde")]
        prop_assert_eq!(serde_json::from_str::<Set>(&serde_json::to_string(&set).unwrap()).unwrap(), set);
    }

    /// A text may have any name of a scope, today's or an old one. It is read as that scope, and
    /// written back with today's name.
    #[test]
    fn reads_old_names(wanted in ids(), old in any::<u64>()) {
        let set: Set = wanted.iter().copied().map(Numbered).collect();
        let is_old = |id: u16| id != 0 && id.is_multiple_of(5) && old >> (id % 64) & 1 == 1;
        let written: Vec<_> = wanted.iter().map(|&id| if is_old(id) { old_name(id) } else { name(id) }).collect();
        prop_assert_eq!(Set::from_names(&written), Ok(set));
        prop_assert_eq!(written.join(" ").parse::<Set>(), Ok(set));
        let lossy = Set::lossy(&written);
        prop_assert!(lossy.unknown.is_empty());
        let renamed: Vec<_> = lossy.renamed.iter().map(|renamed| renamed.scope.0).collect();
        prop_assert_eq!(renamed, wanted.iter().copied().filter(|&id| is_old(id)).collect::<Vec<_>>());
        prop_assert_eq!(Set::parse_lossy(&lossy.known.to_string()).renamed, []);
    }

    #[test]
    fn no_text_grants_a_scope_it_does_not_name(text in "[a-z0-9.* \t]{0,30}|(all|thing[0-9]{1,2})[. ](read|write)( |\t)?") {
        let lossy = Set::parse_lossy(&text);
        for scope in lossy.known {
            prop_assert!(text.split(' ').any(|name| name == scope.as_str()));
        }
        prop_assert_eq!(text.parse::<Set>().is_ok(), lossy.unknown.is_empty());
    }
}
