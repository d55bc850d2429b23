//! The tokens, and the check that every handler has to call.

use axum::http::{HeaderMap, StatusCode};

/// The scopes that the page for new tokens offers.
pub const SCOPES: [&str; 4] = ["boards:read", "boards:write", "cards:read", "cards:write"];

/// A token of the database: its text, the account, its scopes.
type Row = (&'static str, &'static str, &'static [&'static str]);

/// Stands in for a database.
const TOKENS: [Row; 5] = [
    ("reader", "A1", &["boards:read", "cards:read"]),
    ("writer", "A1", &["boards:read", "boards:write", "cards:read", "cards:write"]),
    ("admin", "A1", &["boards:read", "members:read"]),
    ("bot", "A1", &["cards:write"]),
    ("other", "A2", &["boards:read", "cards:read"]),
];

/// The caller of a request.
#[derive(Clone, Copy, Debug)]
pub struct Caller {
    /// The account of the token.
    pub account: &'static str,
    scopes: &'static [&'static str],
}

/// Finds the caller by the token.
///
/// # Errors
/// 401 without a valid token.
pub fn caller(headers: &HeaderMap) -> Result<Caller, StatusCode> {
    let header = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let row = TOKENS.iter().find(|(known, ..)| *known == token).ok_or(StatusCode::UNAUTHORIZED)?;
    Ok(Caller { account: row.1, scopes: row.2 })
}

impl Caller {
    /// Checks a scope.
    ///
    /// # Errors
    /// 403 if the token does not have it.
    pub fn require(&self, scope: &str) -> Result<(), StatusCode> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(StatusCode::FORBIDDEN) }
    }

    /// Checks the account in the path.
    ///
    /// # Errors
    /// 403 if it is another one.
    pub fn in_account(&self, account: &str) -> Result<(), StatusCode> {
        if self.account == account { Ok(()) } else { Err(StatusCode::FORBIDDEN) }
    }
}
