//! Mistakes of the test itself.

use std::error::Error;
use std::fmt;

use super::CLASSES;

/// A mistake in the settings of a test, or a sign that its requests had no verdict. Such a test
/// tries too little, so a [`Report`](super::Report) with a problem is never clean. If a problem can
/// be found beforehand, nothing is sent.
///
/// Tokens are named by their number, counted from 1 in the order given.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::Conformance;
///
/// let conformance = Conformance::new(server(), &api::CATALOGUE).value("usr", "ada");
/// let report = conformance.token("reader", reader).run();
/// assert!(report.problems[0].to_string().contains("did you mean `user`?"));
/// assert_eq!(report.requests, 0);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// [`without`](super::Conformance::without): no class has this name.
    UnknownClass {
        /// The name that the test gave.
        name: String,
        /// The name of the class that was probably meant.
        nearest: Option<&'static str>,
    },
    /// [`value`](super::Conformance::value): no path of the catalogue has a parameter of this name.
    UnknownParameter {
        /// The name that the test gave.
        name: String,
        /// The name of the parameter that was probably meant.
        nearest: Option<String>,
    },
    /// [`value`](super::Conformance::value): the parameter names the tenant, whose values come from
    /// the tokens.
    TenantParameter {
        /// The name that the test gave.
        name: String,
    },
    /// [`body_of`](super::Conformance::body_of) or [`query_of`](super::Conformance::query_of): no
    /// route of the catalogue has this name.
    UnknownRoute {
        /// The name that the test gave.
        name: String,
        /// The name of the route that was probably meant.
        nearest: Option<String>,
    },
    /// [`mounted_at`](super::Conformance::mounted_at): the base does not consist of literal
    /// segments, or it ends with a slash.
    Base {
        /// The base that the test gave.
        base: String,
    },
    /// With the base and the values given, the path of this route belongs to another route or to
    /// none.
    Path {
        /// The route, as method and template.
        route: String,
        /// The path; empty if there is none.
        path: String,
        /// Why the path is not a path of the route.
        reason: String,
    },
    /// [`token`](super::Conformance::token): a token that the test cannot use.
    Token {
        /// The token's number, counted from 1.
        number: usize,
        /// Why the test cannot use the token.
        reason: TokenProblem,
    },
    /// [`anonymous`](super::Conformance::anonymous): callers without credentials have opened no
    /// handler. The server may not have an anonymous grant.
    AnonymousIdle,
    /// [`tokens_in`](super::Conformance::tokens_in) or [`token_in`](super::Conformance::token_in):
    /// a name that no header and no cookie can have.
    PlaceName {
        /// The name that the test gave.
        name: String,
    },
    /// [`query_of`](super::Conformance::query_of): the query is empty, or contains a character that
    /// a query cannot hold unescaped.
    Query {
        /// The route, as the test gave it.
        route: String,
    },
    /// [`values`](super::Conformance::values): the list of values is empty.
    NoValues {
        /// The name of the route's parameter.
        name: String,
    },
    /// [`host`](super::Conformance::host): a value that no `Host` header may have.
    Host,
    /// [`body`](super::Conformance::body) or [`body_of`](super::Conformance::body_of): a content
    /// type that no header may hold.
    ContentType,
    /// [`reached`](super::Conformance::reached) besides
    /// [`handler_header`](super::Conformance::handler_header) or
    /// [`tenant_header`](super::Conformance::tenant_header): only one of them can count.
    TwoProbes,
    /// [`tenant_header`](super::Conformance::tenant_header) was set without a
    /// [`handler_header`](super::Conformance::handler_header).
    TenantHeaderAlone,
    /// No answer had this header of [`handler_header`](super::Conformance::handler_header) or
    /// [`tenant_header`](super::Conformance::tenant_header).
    UnseenHeader {
        /// The name of the header that never came.
        name: String,
    },
    /// With [`handler_header`](super::Conformance::handler_header): this route answers authorized
    /// and unauthorized callers with success, and its handler never names itself.
    Unnamed {
        /// The route, as method and template.
        route: String,
    },
    /// The catalogue has a date for the deprecation of this route, and a success does not tell
    /// clients of it: RFC 9745, RFC 8594. Leave out the class `deprecation` if that is intended.
    Untold {
        /// The route, as method and template.
        route: String,
        /// The name of the header that is missing.
        header: &'static str,
    },
    /// Requests that must be refused were rejected before any check of the caller: by a rate limit,
    /// or by a proxy that does not reach its server.
    TurnedAway {
        /// The status that the answers had.
        status: u16,
        /// The number of requests with this answer.
        requests: usize,
    },
}

/// What is wrong with a token.
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::{Conformance, Problem, TokenProblem};
///
/// let report = Conformance::new(server(), &api::CATALOGUE).token("", reader).run();
/// assert_eq!(report.problems, [Problem::Token { number: 1, reason: TokenProblem::Empty }]);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenProblem {
    /// The token is an empty text.
    Empty,
    /// The token holds a space or a control character. A line break in it would end the header.
    Characters,
    /// An earlier token is the same, in the same place.
    Repeated,
    /// The token is to be sent as `Basic` credentials, but has no colon between user name and
    /// password.
    NoPassword,
    /// The token is to be sent in a cookie, but holds `"`, `,`, `;` or `\`.
    CookieCharacters,
    /// The token has opened no handler, although it may reach some. The server may not know it, and
    /// refuse it for that reason alone.
    Idle,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownClass { name, nearest: Some(nearest) } => {
                write!(f, "no class of requests is named `{}`; did you mean `{nearest}`?", Quoted(name))
            }
            Self::UnknownClass { name, nearest: None } => {
                let classes = CLASSES.join("`, `");
                write!(f, "no class of requests is named `{}`; known classes: `{classes}`", Quoted(name))
            }
            Self::UnknownParameter { name, nearest } => {
                write!(f, "no path of the catalogue has a parameter `{}`{}", Quoted(name), DidYouMean(nearest))
            }
            Self::TenantParameter { name } => {
                write!(f, "the values of `{}`, the tenant, come from the tokens", Quoted(name))
            }
            Self::UnknownRoute { name, nearest } => {
                write!(f, "no route of the catalogue is named `{}`{}", Quoted(name), DidYouMean(nearest))
            }
            Self::Base { base } => {
                write!(
                    f,
                    "`{}` is not a base: literal segments without a slash at the end, such as `/api`",
                    Quoted(base)
                )
            }
            Self::Path { route, path, reason } if path.is_empty() => write!(f, "`{route}` has no path: {reason}"),
            Self::Path { route, path, reason } => {
                write!(f, "`{path}` is not a path of `{route}`, give another value: {reason}")
            }
            Self::Token { number, reason } => write!(f, "token {number} {reason}"),
            Self::AnonymousIdle => f.write_str(
                "callers without credentials have opened no handler: the server may not have an anonymous grant",
            ),
            Self::PlaceName { name } => {
                write!(f, "`{}` cannot be the name of a header or a cookie that carries tokens", Quoted(name))
            }
            Self::Query { route } => {
                write!(f, "the query of `{}` is empty, or holds a character that must be escaped", Quoted(route))
            }
            Self::NoValues { name } => write!(f, "`values` gives none for `{}`", Quoted(name)),
            Self::Host => f.write_str("the host is empty, or holds a space or a control character"),
            Self::ContentType => f.write_str("a content type holds a control character"),
            Self::TwoProbes => f.write_str("`reached` and a header are given: only one can tell which handler ran"),
            Self::TenantHeaderAlone => f.write_str("`tenant_header` is given without `handler_header`"),
            Self::UnseenHeader { name } => write!(f, "no answer had the header `{}`", Quoted(name)),
            Self::Unnamed { route } => write!(f, "`{route}` answers every caller with success, and names no handler"),
            Self::Untold { route, header } => {
                write!(f, "`{route}` is deprecated with a date, and its answer has no `{header}` header")
            }
            Self::TurnedAway { status, requests } => {
                write!(
                    f,
                    "{requests} requests that must be refused were answered {status}, which says nothing of the caller"
                )
            }
        }
    }
}

impl Error for Problem {}

impl fmt::Display for TokenProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "is empty",
            Self::Characters => "holds a space or a control character",
            Self::Repeated => "is given twice",
            Self::NoPassword => "is not `user:password`, which `Basic` credentials are",
            Self::CookieCharacters => "holds a character that no cookie can hold",
            Self::Idle => "has opened no handler, although it may: does the server know it, and take it from there?",
        })
    }
}

impl Error for TokenProblem {}

/// Quotes a name that may hold any text.
struct Quoted<'n>(&'n str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_debug().fmt(f)
    }
}

struct DidYouMean<'n>(&'n Option<String>);

impl fmt::Display for DidYouMean<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}
