//! Prints the cost of reading a token's scopes and comparing them with a demand, also for other
//! libraries.

use std::collections::HashSet;
use std::fmt;
use std::hint::black_box;
use std::sync::OnceLock;

use actix_web_grants::authorities::{AuthDetails, AuthoritiesCheck};
use aliri_oauth2::{Scope as AliriScope, ScopePolicy};
use aliri_traits::Policy;
use scopes_benches::clock::{Contest, markdown};
use scopes_core::declaration::Declaration;
use scopes_core::{Scope, ScopeId, ScopeSet, UntypedCatalogue};

/// How many scopes a token has.
const HELD: usize = 20;

/// Declares a catalogue with this number of scopes, like `scopes!` would.
macro_rules! catalogue {
    ($($name:ident $count:literal;)*) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        struct $name(u16);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Scope for $name {
            type Words = [u64; usize::div_ceil($count, 64)];

            fn id(self) -> ScopeId {
                ScopeId::new(self.0)
            }

            fn from_id(id: ScopeId) -> Option<Self> {
                (id.index() < $count).then_some(Self(id.index() as u16))
            }

            fn as_str(self) -> &'static str {
                Self::catalogue().scope(self.id()).map_or("", |scope| scope.name())
            }

            fn catalogue() -> &'static UntypedCatalogue {
                static CATALOGUE: OnceLock<UntypedCatalogue> = OnceLock::new();
                CATALOGUE.get_or_init(|| catalogue_of($count))
            }
        }
    )*};
}

catalogue! {
    Of13 13;
    Of128 128;
    Of900 900;
}

/// Makes names about as long as real ones.
fn name(number: usize) -> String {
    let (groups, kinds) = (["users", "wallets", "webhooks", "settings", "exports", "analytics"], ["read", "write"]);
    format!("environment{}.{}.{}", number / 12, groups[number / 2 % 6], kinds[number % 2])
}

fn catalogue_of(count: usize) -> UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    for number in 0..count {
        declaration.scope(&name(number)).route("GET", &format!("/{number}"));
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap_or_else(|errors| panic!("{errors}"))
}

fn main() {
    contest::<Of13>(13);
    contest::<Of128>(128);
    contest::<Of900>(900);
}

fn contest<S: Scope>(count: usize) {
    let held: Vec<String> = (0..HELD.min(count)).map(|number| name(number * count / HELD.min(count))).collect();
    let oauth = held.join(" ");
    let json = serde_json::to_string(&held).unwrap_or_default();
    let mut reading = Contest::default();
    reading.add("scopes, OAuth string", || oauth.parse::<ScopeSet<S>>().is_ok());
    reading.add("scopes, JSON array", || serde_json::from_str::<ScopeSet<S>>(&json).is_ok());
    reading.add("aliri_oauth2, OAuth string", || AliriScope::try_from(oauth.as_str()).is_ok());
    reading.add("`HashSet<String>`, OAuth string", || {
        !oauth.split(' ').map(str::to_owned).collect::<HashSet<String>>().is_empty()
    });
    reading.add("`HashSet<String>`, JSON array", || serde_json::from_str::<HashSet<String>>(&json).is_ok());
    markdown(&format!("{} of {count} scopes are read", held.len()), &reading.run());

    let set: ScopeSet<S> = oauth.parse().unwrap_or_else(|error| panic!("{error}"));
    let held_scopes: Vec<S> = set.iter().collect();
    let last = held.last().cloned().unwrap_or_default();
    let route = S::catalogue().routes().find(|route| {
        route
            .requirement()
            .iter()
            .any(|term| term.ids().any(|id| S::from_id(id).is_some_and(|scope| scope.as_str() == last)))
    });
    let route = route.unwrap_or_else(|| panic!("no route demands `{last}`"));
    let aliri = AliriScope::try_from(oauth.as_str()).unwrap_or_else(|error| panic!("{error}"));
    let policy = ScopePolicy::allow_one(AliriScope::try_from(last.as_str()).unwrap_or_else(|error| panic!("{error}")));
    let grants = AuthDetails::new(held.clone());
    let mut demand = Contest::default();
    let scope = *held_scopes.last().unwrap_or_else(|| panic!("no scope is held"));
    demand.add("scopes, one scope", move || black_box(&set).contains(black_box(scope)));
    demand.add("scopes, a route's requirement", || black_box(route).requirement().satisfied_by(set.as_words()));
    demand.add("aliri_oauth2, `ScopePolicy`", || policy.evaluate(black_box(&aliri)).is_ok());
    demand.add("actix-web-grants, `has_authority`", || black_box(&grants).has_authority(black_box(last.as_str())));
    markdown(&format!("one of {count} scopes is demanded"), &demand.run());
}
