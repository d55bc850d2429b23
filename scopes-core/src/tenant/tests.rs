use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{MAX_LENGTH, TenantError, Tenants};

#[test]
fn none_is_the_default_and_covers_nothing() {
    assert_eq!(Tenants::default(), Tenants::None);
    assert_eq!(Tenants::only([""; 0]), Ok(Tenants::None));
    for tenant in ["", "e1", "*", "None"] {
        assert!(!Tenants::None.covers(tenant) && !Tenants::None.covers_raw(tenant.as_bytes()));
    }
}

#[test]
fn values_are_held_to_the_grammar() {
    let long = "x".repeat(MAX_LENGTH + 1);
    for (value, message) in [
        ("", "a tenant must not be empty"),
        (".", "`.` cannot name a tenant"),
        ("..", "`..` cannot name a tenant"),
        ("a b", "tenant `a b` holds ' ' at byte 1, only letters, digits and `-._~` are allowed"),
        ("äb", "tenant `äb` holds 'ä' at byte 0, only letters, digits and `-._~` are allowed"),
        ("e1\n", "tenant `e1\\n` holds '\\n' at byte 2, only letters, digits and `-._~` are allowed"),
        ("e%31", "tenant `e%31` holds '%' at byte 1, only letters, digits and `-._~` are allowed"),
        ("*", "tenant `*` holds '*' at byte 0, only letters, digits and `-._~` are allowed"),
        ("a/b", "tenant `a/b` holds '/' at byte 1, only letters, digits and `-._~` are allowed"),
        (long.as_str(), "a tenant of 256 bytes, at most 255 are allowed"),
    ] {
        let error = Tenants::only(["fine", value]).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(!Tenants::Any.covers(value), "{value}");
        // An escape is not a value, but it stands for one in a raw path.
        assert_eq!(Tenants::Any.covers_raw(value.as_bytes()), value == "e%31", "{value}");
    }
    let echoed = Tenants::only([format!("{}!", "x".repeat(200))]).unwrap_err();
    assert!(matches!(echoed, TenantError::Character { offset: 200, character: '!', .. }));
    assert!(echoed.to_string().starts_with(&format!("tenant `{}…` holds", "x".repeat(64))));
    for fine in ["a", "...", ".a", "0", "A-z.0_9~", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", &"x".repeat(MAX_LENGTH)] {
        assert!(Tenants::only([fine]).unwrap().covers(fine), "{fine}");
        assert!(Tenants::Any.covers(fine), "{fine}");
    }
}

#[test]
fn a_raw_value_is_decoded_once() {
    let tenants = Tenants::only(["e1", "E.2", "25"]).unwrap();
    for (raw, covered) in [
        (&b"e1"[..], true),
        (b"%65%31", true),
        (b"E%2e2", true),
        (b"E1", false),
        (b"e1 ", false),
        (b"e1%20", false),
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
    ] {
        assert_eq!(tenants.covers_raw(raw), covered, "{}", raw.escape_ascii());
    }
    for (raw, covered) in [(&b"%65"[..], true), (b"%25", false), (b"%2e%2E", false), (b"%ff", false), (b"\xff", false)]
    {
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

proptest! {
    #[test]
    fn behaves_as_a_set(a in proptest::collection::btree_set("[a-c]{1,2}", 0..6), b in proptest::collection::btree_set("[a-c]{1,2}", 0..6), one in "[a-c%]{0,2}") {
        let (x, y) = (Tenants::only(&a).unwrap(), Tenants::only(&b).unwrap());
        prop_assert_eq!(x.iter().map(String::from).collect::<BTreeSet<_>>(), a.clone());
        prop_assert_eq!(x.is_subset(&y), a.is_subset(&b));
        prop_assert_eq!(x.covers(&one), a.contains(&one));
    }

    #[test]
    fn an_escape_changes_nothing(value in "[A-Za-z0-9._~-]{1,12}", lower in any::<bool>()) {
        prop_assume!(value != "." && value != "..");
        let escaped: String = value.bytes().map(|byte| if lower { format!("%{byte:02x}") } else { format!("%{byte:02X}") }).collect();
        prop_assert!(Tenants::only([&value]).unwrap().covers_raw(escaped.as_bytes()));
        prop_assert!(Tenants::Any.covers_raw(escaped.as_bytes()));
        prop_assert!(!Tenants::only(["other-tenant-x"]).unwrap().covers_raw(escaped.as_bytes()));
    }
}
