#![cfg_attr(docsrs, feature(doc_cfg))]
#![doc = include_str!("../README.md")]

#[cfg(not(any(feature = "sqlite", feature = "postgres")))]
compile_error!("enable the feature `sqlite` or `postgres` of `scopes-store`, or both");

mod access;
mod audit;
mod cache;
mod clean_up;
mod clock;
mod database;
mod error;
mod id;
mod import;
mod issue;
mod new_token;
mod owner;
mod page;
mod revoke;
mod rotate;
mod schema;
mod store;
mod token;
mod unknown;
mod uses;
mod verify;

pub use access::Within;
pub use audit::AuditEntry;
pub use database::{Connection, Pool};
pub use error::{Error, Invalid, NotYours};
pub use import::ImportedToken;
pub use new_token::NewToken;
pub use owner::Owner;
pub use page::{Page, TokenPage};
pub use scopes::tokens::TokenFormat;
pub use store::{MAX_CACHE_TIME, Store};
pub use token::{Made, Token};
pub use unknown::UnknownName;
