//! The messages about mistakes in a declaration.

use alloc::string::String;
use core::fmt::{self, Display as _};

use super::kind::{CatalogueErrorKind, SCOPES_IN_ALL};
use crate::method::MethodError;
use crate::notation::{Attribute, Notation, Reason, Strict, TrailingSlash};
use crate::quoted::Quoted;

/// The message about a block of `scopes!`.
impl fmt::Display for CatalogueErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Notation::Macro)
    }
}

impl CatalogueErrorKind {
    /// Writes the message in the terms of the declaration's notation.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, notation: Notation) -> fmt::Result {
        let attribute = |name| Attribute { name, notation };
        let another_name = |scope| AnotherName { scope, example: "another.name", notation };
        match self {
            Self::Name { name, error } => match name.as_str() {
                "" => error.fmt(f),
                name => {
                    write!(f, "`{}` is not a scope name: ", Quoted(name))?;
                    error.write(f, notation)
                }
            },
            Self::NoDottedName { name } => {
                write!(
                    f,
                    "`{name}` has no letter or digit to make a dotted name of, {}",
                    AnotherName { scope: name, example: "some.name", notation }
                )
            }
            Self::DuplicateScope { name } => write!(f, "scope `{name}` is declared twice"),
            Self::DuplicateDottedName { name, other, dotted } => {
                write!(f, "scopes `{other}` and `{name}` both have the dotted name `{dotted}`, {}", another_name(name))
            }
            Self::CrossedNames { name, other, text } => {
                write!(f, "`{text}` means both scope `{other}` and scope `{name}`, {}", another_name(name))
            }
            Self::SameTypeName { name, other, type_name } => {
                write!(f, "scopes `{other}` and `{name}` both make the Rust name `{type_name}`, {}", another_name(name))
            }
            Self::TakenTypeName { name, type_name } => write!(
                f,
                "scope `{name}` makes the Rust name `{type_name}`, which every catalogue has, {}",
                another_name(name)
            ),
            Self::OldName { name, error } => match name.as_str() {
                "" => f.write_str("an old name is empty, write the name that tokens had before"),
                name => {
                    write!(f, "`{}` cannot have been a scope name: ", Quoted(name))?;
                    error.write(f, notation)
                }
            },
            Self::OldNameInUse { name, is_own: true } => {
                write!(f, "`{name}` is the scope's name of today, write a name that it had before")
            }
            Self::OldNameInUse { name, is_own: false } => {
                write!(f, "`{name}` is the name of a scope, so tokens with it mean that scope, remove this old name")
            }
            Self::OldNameOfTwo { name, scope, other } => write!(
                f,
                "`{name}` is an old name of both `{other}` and `{scope}`, tokens with it can mean only one of them, \
                 remove one of the two"
            ),
            Self::Title => f.write_str("a title is one line of text, write it or remove the title"),
            Self::Date { text, error } => write!(f, "`{}` is not a date: {error}", Quoted(text)),
            Self::SunsetTooEarly { since, sunset } => write!(
                f,
                "the sunset `{sunset}` comes before the deprecation `{since}`, write a day that is not earlier than that"
            ),
            Self::OwnSuccessor { name } => {
                write!(f, "`{name}` cannot replace itself, name the scope to use instead")
            }
            Self::DeprecatedSuccessor { name } => {
                write!(f, "`{name}` is deprecated too, name a scope that clients can keep using")
            }
            Self::RenamedScope { name, scope } => {
                write!(f, "`{name}` is an old name, the scope is `{scope}` today")
            }
            Self::UnknownScope { name, nearest } => write!(f, "unknown scope `{}`{}", Quoted(name), Nearest(nearest)),
            Self::Method { method, error } => match method.as_str() {
                "" => error.fmt(f),
                _ if matches!(error, MethodError::Every { .. }) => error.fmt(f),
                method => write!(f, "`{}` is not a method: {error}", Quoted(method)),
            },
            Self::UnquotedMethod { method, nearest: Some(nearest) } => {
                write!(f, "unknown method `{method}`, did you mean `{nearest}`?")
            }
            Self::UnquotedMethod { method, nearest: None } => {
                write!(
                    f,
                    "unknown method `{method}`, a method outside RFC 9110 and RFC 5789 is written as a string: `{method:?}`"
                )
            }
            Self::Path { path, error } => {
                write!(f, "path `{}`: ", Quoted(path))?;
                error.kind().write(f, notation)
            }
            Self::Base { base } => {
                let place = match notation {
                    Notation::Macro => "`under`",
                    Notation::Json => "the routes' paths",
                };
                write!(
                    f,
                    "base `{}` must be literal segments without a trailing slash, such as `/api/v0`; put parameters in {place}",
                    Quoted(base)
                )
            }
            Self::DuplicateRoute { method, path } => {
                write!(f, "route `{method} {path}` is written twice, remove one of the two")
            }
            Self::Repeated { what, name } => write!(f, "{what} `{}` is named twice here, once is enough", Quoted(name)),
            Self::SameShape { method, path, other, one_block: true } => {
                write!(
                    f,
                    "`{method} {path}` and `{method} {other}` are the same route with other parameter names, remove one of the two"
                )
            }
            Self::SameShape { method, path, other, one_block: false } => {
                write!(
                    f,
                    "`{method} {path}` and `{method} {other}` are the same route with other parameter names, write one of them in both places"
                )
            }
            Self::DuplicateRouteName { name } => {
                let word = match notation {
                    Notation::Macro => "as",
                    Notation::Json => "name",
                };
                write!(f, "two routes are named `{}`, give one of them another name with `{word}`", Quoted(name))
            }
            Self::RouteNamedTwice { method, path, name, other } => {
                write!(
                    f,
                    "route `{method} {path}` is named `{}` and `{}`, keep one of them",
                    Quoted(other),
                    Quoted(name)
                )
            }
            Self::RouteName { name } => {
                write!(f, "`{}` cannot name a route, write an identifier in snake case", Quoted(name))
            }
            Self::TrailingSlash { path } => {
                let written = TrailingSlash(notation);
                write!(f, "path `{path}` ends in `/`, remove it, or write {written} if it is meant")
            }
            Self::NoTrailingSlash { path } => {
                write!(f, "{} on `{path}`, which does not end in `/`", attribute("trailing_slash"))
            }
            Self::UnknownParameter { name, path, nearest } => {
                write!(f, "`{path}` has no parameter `{}`{}", Quoted(name), Nearest(nearest))
            }
            Self::RawTenant { name } => write!(f, "`{name}` names the tenant and cannot be raw"),
            Self::EmptyAll => f.write_str(match notation {
                Notation::Macro => "`all()` names no scope, write `all(a.b, c.d)`",
                Notation::Json => "an alternative names no scope, write `[\"a.b\", \"c.d\"]`",
            }),
            Self::LonelyAll { name } => write!(f, "`all({0})` names one scope, write `{0} {{ .. }}`", Quoted(name)),
            Self::RepeatedInAll { name } => match notation {
                Notation::Macro => write!(f, "`{name}` is named twice in this `all(..)`"),
                Notation::Json => write!(f, "`{name}` is named twice in this alternative"),
            },
            Self::EmptyReason { of } => write!(f, "`{of}` needs a reason, write why in the string"),
            Self::AccessConflict { method, path, access, other } => write!(
                f,
                "route `{method} {path}` is {access} here and {other} elsewhere, which would silently remove protection"
            ),
            Self::Absorbed { method, path, wider, narrower } => write!(
                f,
                "route `{method} {path}`: `{}` alone suffices, so `{}` would never count, remove one of them",
                Together { scopes: wider, notation },
                Together { scopes: narrower, notation }
            ),
            Self::Group { name, members } => {
                write!(f, "`{name}` is a group of scopes, name one of them: ")?;
                for (index, member) in members.iter().take(8).enumerate() {
                    write!(f, "{}`{member}`", if index > 0 { ", " } else { "" })?;
                }
                if members.len() > 8 { f.write_str(", ..") } else { Ok(()) }
            }
            Self::PatternMatchesNothing { pattern, nearest: None } => write!(
                f,
                "`includes {pattern}` matches no scope; it never matches the including scope nor scopes with `includes`, \
                 which are named one by one"
            ),
            Self::PatternMatchesNothing { pattern, nearest } => {
                write!(f, "`includes {pattern}` matches no scope{}", Nearest(nearest))
            }
            Self::Pattern { pattern } => {
                write!(
                    f,
                    "`{}` is not a pattern, write a scope's name or `*.` and its last segments, such as `*.read`",
                    Quoted(pattern)
                )
            }
            Self::IncludesCycle { names } => {
                f.write_str("scopes include one another: ")?;
                for (index, name) in names.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" -> ")?;
                    }
                    if name.is_empty() { f.write_str("..") } else { write!(f, "`{name}`") }?;
                }
                Ok(())
            }
            Self::TenantNotUsed { tenant, nearest } => {
                write!(f, "no route has the tenant's parameter `{}`{}", Quoted(tenant), Nearest(nearest))
            }
            Self::TenantMissing { method, path, tenant, nearest: Some(nearest) } => {
                write!(f, "route `{method} {path}` has no `{tenant}`, did you mean that instead of `{nearest}`?")
            }
            Self::TenantMissing { method, path, tenant, nearest: None } => write!(
                f,
                "route `{method} {path}` has no `{tenant}`, write {} if the handler compares the owner, \
                 or {} if the data belongs to no tenant",
                Reason { name: "unbound", notation },
                Reason { name: "global", notation }
            ),
            Self::TenancyUnneeded { tenant, attribute: name } => {
                write!(f, "{} where every route has the tenant's parameter `{tenant}`, remove it", attribute(name))
            }
            Self::TenancyOnBoundRoute { path, tenant, attribute: name } => {
                write!(f, "{} on `{path}`, which has the tenant's parameter `{tenant}`, remove it", attribute(name))
            }
            Self::TenancyWithoutTenant { attribute: name } => {
                write!(
                    f,
                    "{} has no meaning here, it belongs on a scoped or authenticated route of a catalogue with a `tenant`",
                    attribute(name)
                )
            }
            Self::TenancyConflict { method, path } => {
                write!(
                    f,
                    "route `{method} {path}` is {} in one place and {} in another, choose one",
                    attribute("global"),
                    attribute("unbound")
                )
            }
            Self::Overlap { overlap, others_accepted } => {
                write!(
                    f,
                    "`{m} {}` and `{m} {}` both match `{}`: the first wins and needs {}, the second needs {}; {} refuses \
                     that, change one of the paths or write {}{} on the second",
                    overlap.winner,
                    overlap.loser,
                    overlap.witness,
                    overlap.winner_needs,
                    overlap.loser_needs,
                    Strict(notation),
                    if *others_accepted { "one more " } else { "" },
                    Reason { name: "overlaps", notation },
                    m = overlap.method
                )
            }
            Self::OverlapsUnneeded { method, path } => write!(
                f,
                "{} on `{method} {path}` accepts nothing, because no route that crosses this one wins over it, remove it",
                attribute("overlaps")
            ),
            Self::OverlapsWithoutStrict => write!(
                f,
                "{} accepts what only a strict catalogue refuses, remove it, or write {}",
                attribute("overlaps"),
                match notation {
                    Notation::Macro => "`#![strict]`",
                    Notation::Json => "`\"strict\": true`",
                }
            ),
            Self::NotMerged { path, other } => write!(
                f,
                "`{path}`, `{other}` and others have literals where the others have parameters in so many ways that a path \
                 may be compared with all of them, which {} refuses",
                Strict(notation)
            ),
            Self::TooMany { what, limit } => {
                let what = match (*what, notation) {
                    (SCOPES_IN_ALL, Notation::Json) => "scopes in one alternative",
                    (what, _) => what,
                };
                write!(f, "more than {limit} {what}")
            }
            Self::Internal { what } => write!(f, "internal error of the catalogue compiler, please report it: {what}"),
        }
    }
}

/// The end of a message that suggests a name.
struct Nearest<'a>(&'a Option<String>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, ", did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

/// The advice that a scope needs another dotted name.
struct AnotherName<'a> {
    scope: &'a str,
    example: &'static str,
    notation: Notation,
}

impl fmt::Display for AnotherName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Macro => write!(f, "write `{:?} as {}`", self.scope, self.example),
            Notation::Json => write!(f, "write `\"dotted\": {:?}`", self.example),
        }
    }
}

/// Scopes that are demanded together.
struct Together<'a> {
    scopes: &'a [String],
    notation: Notation,
}

impl fmt::Display for Together<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.scopes, self.notation) {
            ([scope], _) => f.write_str(scope),
            (scopes, Notation::Macro) => write!(f, "all({})", scopes.join(", ")),
            (scopes, Notation::Json) => write!(f, "{scopes:?}"),
        }
    }
}
