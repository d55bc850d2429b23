//! The structure of the JSON text for serde.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The version of the format that this module reads.
///
/// ```
/// use scopes_core::{UntypedCatalogue, json};
///
/// let next = json::VERSION + 1;
/// let error = UntypedCatalogue::from_json(&format!(r#"{{"version": {next}, "name": "api"}}"#)).unwrap_err();
/// assert_eq!(error.to_string(), "line 1, column 13: version 2 is not known, this program reads version 1");
/// ```
pub const VERSION: u64 = 1;

/// Accepts only a JSON object. serde's derived code for a struct would also accept an array of its
/// members.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(Object)
            }
        }

        deserializer.deserialize_map(Members(PhantomData))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    #[serde(default, rename = "$schema")]
    _schema: IgnoredAny,
    #[serde(default, rename = "version", deserialize_with = "known_version")]
    _version: (),
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) base: Option<String>,
    pub(super) tenant: Option<String>,
    #[serde(default)]
    pub(super) strict: bool,
    #[serde(default)]
    pub(super) scopes: Vec<Object<ScopeEntry>>,
    #[serde(default)]
    pub(super) requirements: Vec<Object<RequirementEntry>>,
    #[serde(default)]
    pub(super) public: Vec<Object<BlockEntry>>,
    #[serde(default)]
    pub(super) authenticated: Vec<Object<BlockEntry>>,
    #[serde(default)]
    pub(super) external: Vec<Object<BlockEntry>>,
    #[serde(default)]
    pub(super) open: Vec<RouteEntry>,
    #[serde(default)]
    pub(super) deprecated: Vec<(String, String)>,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
    #[serde(default, rename = "notes")]
    _notes: IgnoredAny,
    #[serde(default, rename = "templates")]
    _templates: IgnoredAny,
    #[serde(default, rename = "removed")]
    _removed: IgnoredAny,
    #[serde(default, rename = "accepted")]
    _accepted: IgnoredAny,
}

/// Refuses versions that this program does not know, because a member may have another meaning
/// there.
fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(), D::Error> {
    match u64::deserialize(deserializer)? {
        VERSION => Ok(()),
        other => {
            Err(D::Error::custom(format_args!("version {other} is not known, this program reads version {VERSION}")))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ScopeEntry {
    pub(super) scope: String,
    pub(super) dotted: Option<String>,
    #[serde(default)]
    pub(super) was: Vec<String>,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    pub(super) deprecated: Option<DeprecatedEntry>,
    #[serde(default)]
    pub(super) includes: Vec<String>,
    pub(super) global: Option<String>,
    pub(super) unbound: Option<String>,
    #[serde(default)]
    pub(super) routes: Vec<RouteEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BlockEntry {
    pub(super) reason: String,
    pub(super) global: Option<String>,
    pub(super) unbound: Option<String>,
    pub(super) routes: Vec<RouteEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RequirementEntry {
    pub(super) route: RouteEntry,
    #[serde(deserialize_with = "at_least_one")]
    pub(super) any_of: Vec<Vec<String>>,
}

/// Refuses an empty list of alternatives, because then no client could call the route. It is
/// refused here, where the line is known.
fn at_least_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Vec<String>>, D::Error> {
    let alternatives = Vec::deserialize(deserializer)?;
    if alternatives.is_empty() { Err(D::Error::custom("`any_of` names no scope")) } else { Ok(alternatives) }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteObject {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) description: String,
    pub(super) deprecated: Option<DeprecatedEntry>,
    pub(super) global: Option<String>,
    pub(super) unbound: Option<String>,
    #[serde(default)]
    pub(super) raw: Vec<String>,
    #[serde(default)]
    pub(super) trailing_slash: bool,
    pub(super) overlaps: Option<Reasons>,
}

/// Why something is deprecated, and since when, until when, and what replaces it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeprecatedObject {
    #[serde(default)]
    pub(super) note: String,
    pub(super) since: Option<String>,
    pub(super) sunset: Option<String>,
    #[serde(rename = "use")]
    pub(super) successor: Option<String>,
}

pub(super) enum DeprecatedEntry {
    Reason(String),
    Object(DeprecatedObject),
}

impl<'de> Deserialize<'de> for DeprecatedEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = DeprecatedEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a reason, or an object with `note`, `since`, `sunset` and `use`")
            }

            fn visit_str<E: Error>(self, reason: &str) -> Result<DeprecatedEntry, E> {
                Ok(DeprecatedEntry::Reason(reason.into()))
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<DeprecatedEntry, A::Error> {
                DeprecatedObject::deserialize(MapAccessDeserializer::new(object)).map(DeprecatedEntry::Object)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// A reason, or several of them.
pub(super) enum Reasons {
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for Reasons {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Reasons;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a reason, or an array of reasons")
            }

            fn visit_str<E: Error>(self, reason: &str) -> Result<Reasons, E> {
                Ok(Reasons::One(reason.into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Reasons, A::Error> {
                let mut reasons = Vec::new();
                while let Some(reason) = list.next_element()? {
                    reasons.push(reason);
                }
                Ok(Reasons::Several(reasons))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

pub(super) enum RouteEntry {
    Pair(String, String),
    Object(Box<RouteObject>),
}

impl<'de> Deserialize<'de> for RouteEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RouteEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a route: `[\"GET\", \"/path\"]` or an object with `method` and `path`")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut pair: A) -> Result<RouteEntry, A::Error> {
                let method = pair.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let path = pair.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                match pair.next_element::<IgnoredAny>()? {
                    Some(_) => Err(A::Error::invalid_length(3, &self)),
                    None => Ok(RouteEntry::Pair(method, path)),
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<RouteEntry, A::Error> {
                RouteObject::deserialize(MapAccessDeserializer::new(object))
                    .map(|object| RouteEntry::Object(Box::new(object)))
            }
        }

        deserializer.deserialize_any(Either)
    }
}
