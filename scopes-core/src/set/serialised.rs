//! Sets as wire names in serde formats. Written as a sequence; read from a sequence or from the
//! space-separated form.

use core::fmt;
use core::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::ScopeSet;
use super::unknown::named;
use crate::scope::Scope;

impl<S: Scope> Serialize for ScopeSet<S> {
    fn serialize<Z: Serializer>(&self, serializer: Z) -> Result<Z::Ok, Z::Error> {
        serializer.collect_seq(self.iter().map(S::as_str))
    }
}

/// Strict: an unknown name is an error that contains the name.
impl<'de, S: Scope> Deserialize<'de> for ScopeSet<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Set(PhantomData))
        } else {
            // Binary formats often cannot tell which type comes next, and always contain a
            // sequence.
            deserializer.deserialize_seq(Set(PhantomData))
        }
    }
}

struct Set<S>(PhantomData<S>);

impl<'de, S: Scope> Visitor<'de> for Set<S> {
    type Value = ScopeSet<S>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence of scopes or one string of space-separated scopes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<ScopeSet<S>, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<ScopeSet<S>, A::Error> {
        let mut set = ScopeSet::EMPTY;
        while let Some(scope) = names.next_element_seed(Name(PhantomData))? {
            set.insert(scope);
        }
        Ok(set)
    }
}

/// Looks a name up directly in the input, without a copy.
struct Name<S>(PhantomData<S>);

impl<'de, S: Scope> DeserializeSeed<'de> for Name<S> {
    type Value = S;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<S: Scope> Visitor<'_> for Name<S> {
    type Value = S;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scope")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<S, E> {
        named(name).map_err(E::custom)
    }
}
