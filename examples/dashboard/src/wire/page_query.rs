//! The query of a list: `?limit=..&after=..`.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use scopes_store::Page;
use serde::Deserialize;

use super::BodyError;
use crate::failure::Failure;

/// The greatest number of tokens on a page, and the default of `limit`.
pub const MAX_PAGE: u32 = 1000;

/// Which part of a list the client asks for; without a query, the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageQuery(pub Page);

#[derive(Deserialize)]
struct Fields {
    limit: Option<String>,
    after: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for PageQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let Query(fields) =
            Query::<Fields>::try_from_uri(&parts.uri).map_err(|_| BodyError::Query("malformed query"))?;
        Ok(Self(fields.page()?))
    }
}

impl Fields {
    fn page(&self) -> Result<Page, BodyError> {
        let limit = match &self.limit {
            None => MAX_PAGE,
            Some(limit) => match limit.parse() {
                Ok(limit @ 1..=MAX_PAGE) => limit,
                _ => return Err(BodyError::Query("`limit` must be a number from 1 to 1000")),
            },
        };
        match &self.after {
            None => Ok(Page::first(limit)),
            Some(after) => {
                Page::after(after, limit).map_err(|_| BodyError::Query("`after` must be the `next` of a page"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_cursors() {
        let page = |limit: Option<&str>, after: Option<&str>| {
            Fields { limit: limit.map(str::to_owned), after: after.map(str::to_owned) }.page()
        };
        assert_eq!(page(None, None).unwrap(), Page::first(MAX_PAGE));
        assert_eq!(page(Some("7"), Some("5.x")).unwrap(), Page::after("5.x", 7).unwrap());
        for limit in ["", "0", "-1", "1001", "x", "99999999999999"] {
            assert!(page(Some(limit), None).unwrap_err().to_string().contains("`limit`"), "{limit}");
        }
        assert!(page(None, Some("x")).unwrap_err().to_string().contains("`after`"));
    }
}
