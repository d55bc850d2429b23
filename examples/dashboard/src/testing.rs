//! What the unit tests share.

#[path = "../tests/common/database.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod database;

use crate::store::Store;

/// A store on the database that the run of the tests has chosen.
pub(crate) async fn store() -> Store {
    match database::url().await {
        Some(url) => Store::open(&url.parse().unwrap()).await.unwrap(),
        None => Store::in_memory().await.unwrap(),
    }
}
