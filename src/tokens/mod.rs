//! API tokens: their text format, their digest, and what a token holder may pass on.
//!
//! A token is `<prefix><random characters><checksum>`, for example
//! `dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC`. The prefix and the length are the application's
//! ([`TokenFormat`]); the part after the prefix, the *body*, is base 62 (`0-9a-zA-Z`), and its last
//! six characters are the CRC-32 of the others.
//!
//! # What the format provides
//!
//! - **Typing and copying errors**: a single wrong character and two swapped neighbours are noticed
//!   without a look-up.
//! - **Cheap rejection**: text that is not a token of this application costs no query of the store.
//! - **Secret scanners**: prefix and checksum let them recognise a leaked token offline, almost
//!   without false alarms. A double click selects the whole token, because `_` joins words.
//!
//! # What it does not provide
//!
//! **The checksum is not a signature.** Anyone can compute one: a text that parses may not be a
//! token. The caller is authenticated only if the [digest](TokenDigest) is in the store and is
//! neither revoked nor expired. The checksum can only *save* that look-up. Therefore **answer a
//! malformed token exactly like an unknown or revoked one**, byte for byte: a verifier returns
//! `Ok(None)` for all of them. Otherwise the answer tells an attacker which guesses are well
//! formed.
//!
//! The store keeps the digest, never the token. A plain SHA-256 without salt or stretching is
//! enough because a token, unlike a password, is at least 128 random bits.
//!
//! [`scopes-store`](https://docs.rs/scopes-store) is such a store, on SQLite or PostgreSQL: it
//! issues, lists, revokes, rotates and expires tokens, and is a verifier.
//!
//! # Example
//!
//! ```
//! use scopes::tokens::{RawToken, TokenDigest, TokenFormat};
//! use std::collections::HashMap;
//!
//! // Issues bodies of 56 characters, and still accepts the older ones of 36.
//! const FORMAT: TokenFormat = TokenFormat::new("dyn_").accepting(36);
//!
//! // Issue: the text is shown to its owner once, the digest is stored.
//! let token: RawToken = FORMAT.generate()?;
//! let mut store: HashMap<TokenDigest, &str> = HashMap::new();
//! store.insert(token.digest(), "token 1");
//! let shown_once = token.reveal().to_owned();
//!
//! // Check: a text that does not parse and an unknown digest get the same answer.
//! let verify = |text: &str| {
//!     let token = FORMAT.parse(text).ok()?;
//!     store.get(&token.digest()).copied()
//! };
//! assert_eq!(verify(&shown_once), Some("token 1"));
//! assert_eq!(verify("dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC"), None);
//! assert_eq!(verify("dyn_typo"), None);
//! # Ok::<(), scopes::tokens::EntropyError>(())
//! ```

mod digest;
mod format;
mod issue;
mod raw_token;

pub use digest::{ParseDigestError, TokenDigest};
pub use format::{
    DEFAULT_BODY_LENGTH, EntropyError, InvalidTokenFormat, MAX_TOKEN_LENGTH, MIN_BODY_LENGTH, ParseTokenError,
    TokenFormat,
};
pub use issue::{IssueError, IssueRequest, Issued, issue};
pub use raw_token::RawToken;

/// The number of characters of the checksum at the end of a body.
pub const CHECKSUM_LENGTH: usize = 6;
