use scopes::Permit;
use scopes::tokens::RawToken;
use static_assertions::{assert_impl_all, assert_not_impl_any};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

type Guard = Permit<api::permits::UsersRead>;

assert_not_impl_any!(Guard: Clone, Copy, Default, From<api::Grant>, From<api::Scopes>);
assert_impl_all!(Guard: Send, Sync, std::fmt::Debug);
assert_not_impl_any!(api::permits::UsersRead: Clone, Default);
assert_impl_all!(api::Grant: Send, Sync, Clone, std::fmt::Debug);
assert_not_impl_any!(api::Grant: Default, From<api::Scopes>);
assert_impl_all!(api::Scope: Copy, Eq, Ord, std::hash::Hash, std::str::FromStr, std::fmt::Display, Send, Sync);
assert_not_impl_any!(RawToken: std::fmt::Display, Copy);

fn main() {}
