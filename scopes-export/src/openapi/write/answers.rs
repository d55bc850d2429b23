//! The answers that the guard can give on a route, besides the handler's own.
//!
//! | status | routes | headers |
//! |---|---|---|
//! | 400 | all: a malformed target or malformed credentials | `WWW-Authenticate` for credentials |
//! | 401 | that need a grant | `WWW-Authenticate` |
//! | 403 | that need a grant | for a missing scope `WWW-Authenticate` and `Accepted-Scopes` |
//! | 404 | that need a grant: another tenant, if the server hides it; another reading of the path | |
//! | 414 | all | |
//! | 500 | that need a grant: a mistake of the set-up, a panic of the verifier | |
//! | 503 | that need a grant: the verifier cannot answer | |
//!
//! All of them have `Cache-Control: no-store`. Only the 401 promises a header, because a handler
//! may answer with the other statuses too. What the guard lets through on a deprecated route has
//! `Deprecation` and `Sunset`.

use std::collections::BTreeMap;

use scopes_core::{Deprecation, Route};

use super::options::Errors;
use super::parts::{Answer, Header, Media, Response, Schema};

/// The name of the schema of bodies.
pub(super) const ERROR: &str = "Error";
const ERROR_REFERENCE: &str = "#/components/schemas/Error";

/// The name of the schema of scopes' names.
pub(super) const SCOPE: &str = "Scope";
const SCOPE_REFERENCE: &str = "#/components/schemas/Scope";

/// One answer: its status, its name among the components, and whether only routes that need a grant
/// have it.
struct Kind {
    status: &'static str,
    name: &'static str,
    needs_grant: bool,
    description: &'static str,
    /// Headers, and whether each such answer has them.
    headers: &'static [(&'static str, bool)],
}

const KINDS: [Kind; 7] = [
    Kind {
        status: "400",
        name: "MalformedRequest",
        needs_grant: false,
        description: "The request's target or its credentials are malformed.",
        headers: &[(CHALLENGE, false)],
    },
    Kind {
        status: "401",
        name: "Unauthorized",
        needs_grant: true,
        description: "The request has no valid token.",
        headers: &[(CHALLENGE, true)],
    },
    Kind {
        status: "403",
        name: "Forbidden",
        needs_grant: true,
        description: "The token lacks a scope, or is not good for this object.",
        headers: &[(CHALLENGE, false), (ACCEPTED, false)],
    },
    Kind {
        status: "404",
        name: "NotFound",
        needs_grant: true,
        description: "The object does not exist, or not for this token.",
        headers: &[],
    },
    Kind {
        status: "414",
        name: "TargetTooLong",
        needs_grant: false,
        description: "The request's target is too long.",
        headers: &[],
    },
    Kind {
        status: "500",
        name: "InternalServerError",
        needs_grant: true,
        description: "The server has failed.",
        headers: &[],
    },
    Kind {
        status: "503",
        name: "Unavailable",
        needs_grant: true,
        description: "The token cannot be checked at the moment.",
        headers: &[],
    },
];

const CHALLENGE: &str = "WWW-Authenticate";
const ACCEPTED: &str = "Accepted-Scopes";
const CACHING: &str = "Cache-Control";

impl Kind {
    fn answer(&self, errors: Errors) -> Answer {
        let named = self.headers.iter().copied().chain([(CACHING, false)]);
        let headers = named.map(|(name, required)| (name, header(name, required))).collect();
        let media = match errors {
            Errors::Json => Some("application/json"),
            Errors::Problem => Some("application/problem+json"),
            Errors::Other => None,
        };
        let content = media.map(|media| (media, Media { schema: Schema::reference(ERROR_REFERENCE) }));
        Answer { description: self.description, headers, content: content.into_iter().collect() }
    }
}

fn header(name: &'static str, required: bool) -> Header {
    let text = Schema::text;
    let (description, schema) = match name {
        CHALLENGE => ("The schemes by which a client may authenticate; with a token, what is wrong with it.", text()),
        ACCEPTED => (
            "The scopes that would do: blanks between scopes that are all needed, `; ` between alternatives.",
            Schema { any_of: vec![Schema::reference(SCOPE_REFERENCE), text()], ..Schema::default() },
        ),
        _ => ("`no-store`: the answer is for this request only.", text()),
    };
    Header { description, required, schema, example: None }
}

/// All answers, by their names among the components.
pub(super) fn components(errors: Errors) -> BTreeMap<&'static str, Answer> {
    KINDS.iter().map(|kind| (kind.name, kind.answer(errors))).collect()
}

/// The answers of the guard on a route, by status.
pub(super) fn of_guard(route: Route<'_>) -> impl Iterator<Item = (&'static str, Response)> {
    let needs_grant = route.access().needs_grant();
    KINDS.iter().filter(move |kind| needs_grant || !kind.needs_grant).map(|kind| {
        let reference = format!("#/components/responses/{}", kind.name);
        (kind.status, Response::Reference { reference })
    })
}

/// Like [`of_guard`], without references to components.
#[cfg(any(feature = "aide", feature = "utoipa"))]
pub(crate) fn whole(route: Route<'_>, errors: Errors) -> impl Iterator<Item = (&'static str, Answer)> {
    let needs_grant = route.access().needs_grant();
    KINDS.iter().filter(move |kind| needs_grant || !kind.needs_grant).map(move |kind| {
        let mut answer = kind.answer(errors);
        for media in answer.content.values_mut() {
            media.schema = body(errors);
        }
        for header in answer.headers.values_mut() {
            if !header.schema.any_of.is_empty() {
                header.schema = Schema::text();
            }
        }
        (kind.status, answer)
    })
}

/// The answers of the handler, whose status the catalogue does not know.
pub(super) fn of_handler(route: Route<'_>) -> Answer {
    let headers = route.effective_deprecation().map(announcement).unwrap_or_default();
    Answer { description: "The handler's answer.", headers, content: BTreeMap::new() }
}

/// The headers of a deprecated route.
pub(crate) fn announcement(deprecation: Deprecation<'_>) -> BTreeMap<&'static str, Header> {
    let mut headers = BTreeMap::new();
    let mut add = |name, description, value: Option<String>| {
        if value.is_some() {
            headers.insert(name, Header { description, required: true, schema: Schema::text(), example: value });
        }
    };
    let since = deprecation.since().map(|date| format!("@{}", date.unix_seconds()));
    add("Deprecation", "Since when the operation is deprecated, in seconds since 1970 (RFC 9745).", since);
    let sunset = deprecation.sunset().map(|date| date.http_date().to_string());
    add("Sunset", "From when on the operation may stop working (RFC 8594).", sunset);
    headers
}

/// The body of a denial.
pub(super) fn body(errors: Errors) -> Schema {
    let property = |description| Schema { description: Some(description), ..Schema::text() };
    let (required, properties) = match errors {
        Errors::Problem => (
            vec!["detail", "status", "title", "type"],
            vec![
                ("detail", property("What is wrong, for humans.")),
                ("documentation", property("The page about the missing scope.")),
                ("missing", Schema { description: Some("The scopes to ask for."), ..Schema::list(Schema::text()) }),
                (
                    "required",
                    Schema {
                        description: Some("The alternatives of scopes that would do."),
                        ..Schema::list(Schema::list(Schema::text()))
                    },
                ),
                ("status", Schema { kind: Some("integer"), ..property("The status of the answer.") }),
                ("title", property("The name of the status.")),
                ("type", property("The kind of the problem.")),
            ],
        ),
        Errors::Json | Errors::Other => (vec!["error"], vec![("error", property("What is wrong, for humans."))]),
    };
    Schema {
        kind: Some("object"),
        description: Some("Why a request was refused."),
        required,
        properties: properties.into_iter().collect(),
        ..Schema::default()
    }
}
