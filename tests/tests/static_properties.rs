//! What types must be able to do, and what they must never be able to do, checked by the compiler.

use std::fmt::{Debug, Display};
use std::mem::size_of;

use scopes::tokens::RawToken;
use scopes::tower::{Authenticate, Gate};
use scopes::{All, Any, Authentication, Denied, Permit, Required, ScopeSet, Settings, Stricter};
use scopes_tests::api::{Grant, Scope, Scopes, permits};
use scopes_tests::catalogues::dashboard;
use static_assertions::{assert_impl_all, assert_not_impl_any, const_assert, const_assert_eq};

type Checked = Permit<permits::UsersRead>;
type CheckedForBoth = Permit<Any<permits::UsersRead, All<permits::UsersWrite, permits::EventsRead>>>;

// A permit is a proof: only the check makes one, and it cannot be copied.
assert_not_impl_any!(Checked: Clone, Default);
assert_not_impl_any!(CheckedForBoth: Clone, Default);
assert_not_impl_any!(Checked: serde::Serialize, serde::Deserialize<'static>, serde::de::DeserializeOwned);
assert_not_impl_any!(Checked: From<Grant>, From<()>, std::str::FromStr);
assert_not_impl_any!(Checked: PartialEq, Display);
assert_impl_all!(Checked: Send, Sync, Unpin, Debug);
// One kind of permit does not become another.
assert_not_impl_any!(Checked: Into<Permit<permits::UsersWrite>>, AsRef<Permit<permits::UsersWrite>>);

// A grant is passed around, but never sent by a client.
assert_impl_all!(Grant: Send, Sync, Clone, Debug, Unpin);
assert_not_impl_any!(Grant: Default, Copy, serde::Serialize, serde::Deserialize<'static>);
// Two catalogues never mix.
assert_not_impl_any!(Grant: Into<dashboard::api::Grant>, PartialEq<dashboard::api::Grant>);
assert_not_impl_any!(Scope: Into<dashboard::api::Scope>, PartialEq<dashboard::api::Scope>);
assert_not_impl_any!(permits::UsersRead: scopes::Scope);
assert_impl_all!(permits::UsersRead: Required<Scope = Scope>);
assert_impl_all!(Stricter<permits::UsersRead>: Required<Scope = Scope>);

// Sets are values. serde writes them as names.
assert_impl_all!(Scopes: Copy, Eq, Send, Sync, Default, serde::Serialize, serde::de::DeserializeOwned, std::str::FromStr);
assert_impl_all!(Scope: Copy, Ord, std::hash::Hash, Display, std::str::FromStr, serde::Serialize);

// Types that are stored in a request, and types that answer it.
assert_impl_all!(Authentication<Scope>: Send, Sync, Clone);
assert_not_impl_any!(Authentication<Scope>: Default);
assert_impl_all!(Denied: Send, Sync, std::error::Error);
assert_impl_all!(Settings: Send, Sync, Clone, Default);
assert_impl_all!(Authenticate<Scope>: Send, Sync, Clone);
assert_impl_all!(Gate<Scope>: Send, Sync, Clone);

// A token is shown only on explicit request.
assert_not_impl_any!(RawToken: Display, Clone, serde::Serialize, AsRef<str>, PartialEq);
assert_impl_all!(RawToken: Send, Sync, Debug);

// Sizes: a set is as large as its words, a scope has 16 bits, a grant and a denial are as large as
// a pointer.
const_assert_eq!(size_of::<Scope>(), 2);
const_assert_eq!(size_of::<Scopes>(), 8);
const_assert_eq!(size_of::<ScopeSet<dashboard::api::Scope>>(), 8);
const_assert_eq!(size_of::<Grant>(), size_of::<usize>());
const_assert_eq!(size_of::<Option<Grant>>(), size_of::<usize>());
const_assert_eq!(size_of::<Denied>(), size_of::<usize>());
const_assert!(size_of::<Authentication<Scope>>() <= 2 * size_of::<usize>());
const_assert!(size_of::<Checked>() <= 16 * size_of::<usize>());

/// The requirement costs nothing at run time: all permits have the same size.
#[test]
fn a_requirement_is_a_type_only() {
    assert_eq!(size_of::<Checked>(), size_of::<CheckedForBoth>());
    assert_eq!(size_of::<Result<Checked, Denied>>(), size_of::<Checked>());
}
