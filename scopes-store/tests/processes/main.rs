//! Several processes on one database: requests while tokens are revoked, chains that are issued
//! while their roots are revoked, and processes that are killed while they write.
//!
//! A test starts this program again as a worker, which does one job on the test's database.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod chains;
#[path = "../suite/database.rs"]
#[allow(dead_code, reason = "the suite uses the rest")]
mod database;
mod killed;
mod load;
#[path = "../suite/postgres.rs"]
mod postgres;
mod worker;

use std::time::{SystemTime, UNIX_EPOCH};

use database::{Database, FORMAT};
use scopes_store::{NewToken, Store};

scopes::scopes! {
    pub(crate) mod api;
    tenant account;
    users.read { GET "/accounts/{account}/users"; }
    tokens.write { POST "/accounts/{account}/tokens"; }
}

fn session() -> api::Grant {
    api::Grant::new(api::Scopes::all()).for_tenant("E1").unwrap().with_subject("u")
}

fn named(name: &str) -> NewToken<api::Scope> {
    NewToken::named(name).scopes(api::Scopes::all()).tenant("E1").unwrap()
}

/// A store without a limit, because these tests issue many tokens.
fn store(database: &Database) -> Store<api::Scope> {
    Store::new(database.pool(), FORMAT).limit(u32::MAX)
}

/// The machine's clock, which all processes share.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros()
}

/// Random enough to choose a token or a moment.
fn random(below: usize) -> usize {
    use std::hash::{BuildHasher as _, RandomState};
    let number = RandomState::new().hash_one(now());
    usize::try_from(number % u64::try_from(below).unwrap()).unwrap()
}

/// Runs a test on both databases, one after the other.
macro_rules! on_both {
    ($($name:ident: $test:path;)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let database = crate::Database::sqlite().await;
                $test(&database).await;
                database.end().await;
            })*
        }
        mod postgresql {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(database) = crate::Database::postgres().await else { return };
                $test(&database).await;
                database.end().await;
            })*
        }
    };
}

on_both! {
    no_request_is_served_after_a_revocation: crate::load::no_request_is_served_after_a_revocation;
    no_active_token_has_a_revoked_ancestor: crate::chains::no_active_token_has_a_revoked_ancestor;
    what_was_acknowledged_survives_kill_9: crate::killed::what_was_acknowledged_survives_kill_9;
}
