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

/// Samples for the tests of the table of objects.
pub(crate) mod objects {
    use crate::store::{Contents, Environment, EnvironmentKind, ObjectRow, Store};

    pub(crate) const KIND: &str = "sample";

    pub(crate) fn id(number: u32) -> String {
        format!("00000000-0000-4000-8000-{number:012}")
    }

    pub(crate) fn row(environment_id: &str, number: u32) -> ObjectRow {
        ObjectRow {
            id: id(number),
            kind: KIND,
            environment_id: environment_id.to_owned(),
            parent_id: None,
            unique_key: Some(format!("key {number}")),
            label: Some("label".to_owned()),
            user_id: Some(format!("user {}", number % 2)),
            enabled: Some(true),
            due_at: None,
            created_at: i64::from(number),
            updated_at: i64::from(number),
            version: 0,
            body: "{}".to_owned(),
        }
    }

    pub(crate) async fn store() -> Store {
        let store = super::store().await;
        let environments =
            ["a", "b"].map(|id| Environment { id: id.to_owned(), name: id.to_owned(), kind: EnvironmentKind::Sandbox });
        store
            .populate(&Contents { environments: environments.into(), ..Contents::default() }, Vec::new())
            .await
            .unwrap();
        store
    }
}
