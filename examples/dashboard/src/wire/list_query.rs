//! The query of a list: `?limit=..&cursor=..`.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use scopes_store::Page;
use serde::Deserialize;

use crate::failure::Failure;
use crate::kinds::Fault;
use crate::store::Cursor;

/// The greatest number of objects on a page.
pub const MAX_PAGE: u32 = 1000;

/// How many objects a page has if the client does not say.
pub const DEFAULT_PAGE: u32 = 100;

/// Which part of a list the client asks for; without a query, the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListQuery {
    /// The greatest number of objects.
    pub limit: u32,
    /// Where the part begins.
    cursor: Option<String>,
}

/// Which part of a list of tokens the client asks for. Without a query, the documents promise all
/// tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenQuery(pub Page);

#[derive(Deserialize)]
struct Fields {
    limit: Option<String>,
    cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = Fields::of(parts)?.query(DEFAULT_PAGE)?;
        query.rows()?;
        Ok(query)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for TokenQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Fields::of(parts)?.query(MAX_PAGE)?.tokens().map(Self)
    }
}

impl Fields {
    fn of(parts: &Parts) -> Result<Self, Failure> {
        let read = Query::<Self>::try_from_uri(&parts.uri);
        read.map(|Query(fields)| fields).map_err(|_| Failure::Malformed(Fault::of("limit, cursor", "cannot be read")))
    }

    fn query(self, default: u32) -> Result<ListQuery, Failure> {
        let limit = match &self.limit {
            None => default,
            Some(limit) => match limit.parse() {
                Ok(limit @ 1..=MAX_PAGE) => limit,
                _ => return Err(Failure::Malformed(Fault::of("limit", "must be a number from 1 to 1000"))),
            },
        };
        Ok(ListQuery { limit, cursor: self.cursor })
    }
}

impl ListQuery {
    /// Where a list of objects begins.
    pub(crate) fn rows(&self) -> Result<Option<Cursor>, Failure> {
        self.cursor.as_ref().map(|cursor| cursor.parse().map_err(|_| bad_cursor())).transpose()
    }

    fn tokens(&self) -> Result<Page, Failure> {
        match &self.cursor {
            None => Ok(Page::first(self.limit)),
            Some(cursor) => Page::after(cursor, self.limit).map_err(|_| bad_cursor()),
        }
    }
}

fn bad_cursor() -> Failure {
    Failure::Malformed(Fault::of("cursor", "must be the `next` of a page"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_cursors() {
        let query = |limit: Option<&str>, cursor: Option<&str>| {
            Fields { limit: limit.map(str::to_owned), cursor: cursor.map(str::to_owned) }.query(DEFAULT_PAGE)
        };
        let tokens = |limit, cursor| query(limit, cursor).and_then(|query| query.tokens());
        let named = |failure: Failure| match failure {
            Failure::Malformed(fault) => fault.field().to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!(tokens(None, None).unwrap(), Page::first(DEFAULT_PAGE));
        assert_eq!(tokens(Some("7"), Some("5.x")).unwrap(), Page::after("5.x", 7).unwrap());
        for limit in ["", "0", "-1", "1001", "x", "99999999999999"] {
            assert_eq!(named(query(Some(limit), None).unwrap_err()), "limit", "{limit}");
        }
        assert_eq!(named(tokens(None, Some("x")).unwrap_err()), "cursor");
        assert_eq!(named(query(None, Some("5.x")).unwrap().rows().unwrap_err()), "cursor");
        let cursor = "5.95b11417-f18f-457f-8804-68e361f9164f";
        assert_eq!(query(None, Some(cursor)).unwrap().rows().unwrap().unwrap().to_string(), cursor);
    }
}
