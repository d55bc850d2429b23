use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{MAX_LENGTH, TenantError, Tenants};
use crate::path_rules;

#[test]
fn none_is_the_default_and_covers_nothing() {
    assert_eq!(Tenants::default(), Tenants::None);
    assert_eq!(Tenants::only([""; 0]), Ok(Tenants::None));
    for tenant in ["", "e1", "*", "None"] {
        assert!(!Tenants::None.covers(tenant) && !Tenants::None.covers_raw(tenant.as_bytes()));
    }
}

const NEVER: &str = "`/`, `\\`, `%`, `;` and control characters are not allowed";

#[test]
fn values_are_held_to_the_grammar() {
    let long = "x".repeat(MAX_LENGTH + 1);
    let (percent, slash) =
        (format!("tenant `e%31` holds `%` at byte 1, {NEVER}"), format!("tenant `a/b` holds `/` at byte 1, {NEVER}"));
    let (back, semi) =
        (format!("tenant `ä\\b` holds `\\` at byte 2, {NEVER}"), format!("tenant `a;b` holds `;` at byte 1, {NEVER}"));
    let (feed, nul) = (
        format!("tenant `e1\\n` holds `\\n` at byte 2, {NEVER}"),
        format!("tenant `\\0` holds `\\0` at byte 0, {NEVER}"),
    );
    let (delete, next_line) = (
        format!("tenant `a\\u{{7f}}` holds `\\u{{7f}}` at byte 1, {NEVER}"),
        format!("tenant `a\\u{{85}}b` holds `\\u{{85}}` at byte 1, {NEVER}"),
    );
    for (value, message) in [
        ("", "a tenant must not be empty"),
        (".", "`.` cannot name a tenant"),
        ("..", "`..` cannot name a tenant"),
        (" a", "tenant ` a` begins or ends with white space"),
        ("a ", "tenant `a ` begins or ends with white space"),
        (" ", "tenant ` ` begins or ends with white space"),
        ("\u{a0}a", "tenant `\\u{a0}a` begins or ends with white space"),
        ("a\u{3000}", "tenant `a\\u{3000}` begins or ends with white space"),
        ("a\u{2028}", "tenant `a\\u{2028}` begins or ends with white space"),
        ("e1\n", &feed),
        ("e%31", &percent),
        ("a/b", &slash),
        ("ä\\b", &back),
        ("a;b", &semi),
        ("\0", &nul),
        ("a\u{7f}", &delete),
        ("a\u{85}b", &next_line),
        (&long, "a tenant of 256 bytes, at most 255 are allowed"),
    ] {
        let error = Tenants::only(["fine", value]).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(!Tenants::Any.covers(value), "{value}");
        // An escaped value is not a value itself, but in a raw path it stands for one.
        assert_eq!(Tenants::Any.covers_raw(value.as_bytes()), value == "e%31", "{value}");
    }
    let echoed = Tenants::only([format!("{};", "x".repeat(200))]).unwrap_err();
    assert!(matches!(echoed, TenantError::Character { offset: 200, character: ';', .. }));
    assert!(echoed.to_string().starts_with(&format!("tenant `{}…` holds", "x".repeat(64))));
    for fine in [
        "a",
        "...",
        ".a",
        "0",
        "A-z.0_9~",
        "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
        "ann@example.com",
        "auth0|7",
        "!r:hs",
        "acme corp",
        "a\u{2028}b",
        "überfirma",
        "株式会社",
        "a+b",
        "*",
        "[x]^{y}<z>\"'`#?&=,$()",
        &"x".repeat(MAX_LENGTH),
    ] {
        assert!(Tenants::only([fine]).unwrap().covers(fine), "{fine}");
        assert!(Tenants::Any.covers(fine), "{fine}");
    }
}

/// Two texts that look alike, or mean the same in other software, are two tenants.
#[test]
fn nothing_is_folded_or_normalised() {
    for (held, other) in [
        ("Acme", "acme"),
        ("\u{e9}", "e\u{301}"),
        ("stra\u{df}e", "strasse"),
        ("\u{212a}", "K"),
        ("a\u{ff20}b", "a@b"),
        ("a b", "a+b"),
        ("a b", "a  b"),
        ("a\u{a0}b", "a b"),
        ("a\u{200b}b", "ab"),
    ] {
        let tenants = Tenants::only([held]).unwrap();
        assert!(!tenants.covers(other) && !tenants.covers_raw(escaped(other).as_bytes()), "{held}, {other}");
        assert!(tenants.covers_raw(escaped(held).as_bytes()), "{held}");
    }
}

/// A tenant in a log line never breaks the line.
#[test]
fn a_tenant_does_not_break_lines() {
    let odd = Tenants::only(["a\u{2028}b\u{202e}c"]).unwrap();
    assert_eq!(format!("{odd:?}"), "Only(TenantSet { values: [\"a\\u{2028}b\\u{202e}c\"] })");
    let error = Tenants::only(["a\u{2028}b\u{202e};"]).unwrap_err();
    assert!(error.to_string().starts_with("tenant `a\\u{2028}b\\u{202e};` holds"), "{error}");
}

#[test]
fn a_raw_value_is_decoded_once() {
    let tenants = Tenants::only(["e1", "E.2", "25", "a@b", "auth0|7", "ä b"]).unwrap();
    for (raw, covered) in [
        (&b"e1"[..], true),
        (b"%65%31", true),
        (b"E%2e2", true),
        (b"E1", false),
        (b"e1 ", false),
        (b"e1%20", false),
        (b"%20e1", false),
        (b"%2565", false),
        (b"%25", false),
        (b"%2525", false),
        (b"%", false),
        (b"%6", false),
        (b"e1%", false),
        (b"e1%00", false),
        (b"%ff", false),
        (b"\xff", false),
        (b"", false),
        (b"a@b", true),
        (b"a%40b", true),
        (b"a%2540b", false),
        (b"auth0%7C7", true),
        (b"auth0%7c7", true),
        (b"auth0%257C7", false),
        (b"%C3%A4%20b", true),
        (b"%c3%A4+b", false),
        (b"a%CC%88%20b", false),
        (b"%E4%20b", false),
    ] {
        assert_eq!(tenants.covers_raw(raw), covered, "{}", raw.escape_ascii());
    }
    // A value never contains `%`, so that no raw text with an escape equals a value.
    assert!(!Tenants::only(["ab"]).unwrap().covers_raw(b"a%2562"));
    assert!(Tenants::only(["a%62"]).is_err());
    for (raw, covered) in [
        (&b"%65"[..], true),
        (b"a%40b", true),
        (b"a%7Cb%20c", true),
        (b"%25", false),
        (b"%2e%2E", false),
        (b"%ff", false),
        (b"\xff", false),
        (b"a%2Fb", false),
        (b"a%5Cb", false),
        (b"a%3Bb", false),
        (b"a%00", false),
        (b"a%0Ab", false),
        (b"a%C2%85b", false),
        (b"%20a", false),
        (b"a%E3%80%80", false),
        (b"%C0%AE", false),
        (b"%C1%A1", false),
        (b"%ED%A0%80", false),
        (b"%F4%90%80%80", false),
    ] {
        assert_eq!(Tenants::Any.covers_raw(raw), covered, "{}", raw.escape_ascii());
    }
}

#[test]
fn is_sorted_and_named_once() {
    let tenants = Tenants::only(["b", "a", "b"]).unwrap();
    assert_eq!(tenants.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(tenants, Tenants::only(["a", "b"]).unwrap());
    assert_eq!((Tenants::Any.iter().len(), Tenants::None.iter().len()), (0, 0));
}

#[test]
fn any_is_a_subset_of_any_only() {
    let only = Tenants::only(["a"]).unwrap();
    let all = [&Tenants::None, &only, &Tenants::Any];
    let table = all.map(|mine| all.map(|theirs| mine.is_subset(theirs)));
    assert_eq!(table, [[true, true, true], [false, true, true], [false, false, true]]);
}

fn escaped(value: &str) -> String {
    value.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Pieces of raw values: allowed bytes, forbidden bytes, and escapes of both.
fn raw_value() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-cA@|:. ~-]{1,3}".prop_map(String::into_bytes),
        4 => any::<u8>().prop_map(|byte| format!("%{byte:02X}").into_bytes()),
        3 => any::<char>().prop_map(|character| escaped(character.encode_utf8(&mut [0; 4])).into_bytes()),
        2 => any::<u8>().prop_map(|byte| alloc::vec![byte]),
        1 => prop::sample::select(&["%61", "%2e", "%25", "%2561", "%", "%4", "%zz", "%C0%AE", "%20", "é"][..])
            .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_raw_value_is_covered_exactly_if_what_it_decodes_to_is(raw in raw_value(), others in prop::collection::vec(raw_value(), 0..3)) {
        let decoded = path_rules::decode(&raw);
        // The decoded value, the raw text as a value, and others.
        let candidates = [decoded.clone().map(String::from), String::from_utf8(raw.clone()).ok()];
        let others = others.iter().filter_map(|other| path_rules::decode(other)).map(String::from);
        let candidates: Vec<String> = candidates.into_iter().flatten().chain(others).collect();
        let legal: Vec<&String> = candidates.iter().filter(|value| Tenants::only([value]).is_ok()).collect();
        let mut all = alloc::vec![Tenants::None, Tenants::Any, Tenants::only(&legal).unwrap()];
        all.extend(legal.iter().map(|one| Tenants::only([one]).unwrap()));
        for tenants in all {
            let expected = decoded.as_ref().is_some_and(|value| tenants.covers(value));
            prop_assert_eq!(tenants.covers_raw(&raw), expected, "{:?} {}", tenants, raw.escape_ascii());
        }
    }

    /// A whole segment that keeps the byte rules is a value, except that it may be too long.
    #[test]
    fn a_segment_in_order_is_a_value(raw in raw_value()) {
        let legal = path_rules::decode(&raw).is_some_and(|value| Tenants::only([value]).is_ok());
        let in_order = !raw.is_empty() && !raw.contains(&b'/') && path_rules::check_segment(&raw).is_ok();
        prop_assert!(legal || !in_order, "{}", raw.escape_ascii());
        prop_assert_eq!(Tenants::Any.covers_raw(&raw), legal);
    }

    /// Every value can be sent in a path: escaped, it breaks no rule and decodes to itself.
    #[test]
    fn a_value_can_stand_in_a_path(value in any::<String>()) {
        let raw = escaped(&value);
        let legal = Tenants::only([&value]).is_ok();
        prop_assert_eq!(legal, (1..=MAX_LENGTH).contains(&value.len()) && path_rules::check_segment(raw.as_bytes()).is_ok());
        prop_assert_eq!(legal, Tenants::Any.covers_raw(raw.as_bytes()));
    }
}

proptest! {
    #[test]
    fn behaves_as_a_set(a in proptest::collection::btree_set("[a-c]{1,2}", 0..6), b in proptest::collection::btree_set("[a-c]{1,2}", 0..6), one in "[a-c%]{0,2}") {
        let (x, y) = (Tenants::only(&a).unwrap(), Tenants::only(&b).unwrap());
        prop_assert_eq!(x.iter().map(String::from).collect::<BTreeSet<_>>(), a.clone());
        prop_assert_eq!(x.is_subset(&y), a.is_subset(&b));
        prop_assert_eq!(x.covers(&one), a.contains(&one));
    }

    #[test]
    fn an_escape_changes_nothing(value in "[A-Za-z0-9._~|@:é-]{1,12}", lower in any::<bool>()) {
        prop_assume!(value != "." && value != "..");
        let escaped: String = value.bytes().map(|byte| if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") }).collect();
        prop_assert!(Tenants::only([&value]).unwrap().covers_raw(escaped.as_bytes()));
        prop_assert!(Tenants::Any.covers_raw(escaped.as_bytes()));
        prop_assert!(!Tenants::only(["other-tenant-x"]).unwrap().covers_raw(escaped.as_bytes()));
    }
}
