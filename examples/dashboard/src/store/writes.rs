//! Changes of the table of objects, and the transactions that make them.

use sha2::{Digest as _, Sha256};

use super::object_rows::{COLUMNS, ObjectRow, count};
use super::{Store, StoreError};
use crate::database::{Transaction, sql};

/// One change of the table.
#[derive(Clone, Debug)]
pub enum Write {
    /// Adds a row.
    Insert(ObjectRow),
    /// Changes a row that has still this version.
    Update(ObjectRow),
    /// Deletes a row with everything that belongs to it.
    Delete(ObjectRow),
}

/// The greatest number of objects of a kind, in an environment or below one object of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The environment.
    pub environment_id: String,
    /// The kind.
    pub kind: &'static str,
    /// The object to which they belong; `None` for all of the environment.
    pub parent_id: Option<String>,
    /// The greatest number.
    pub most: u64,
}

/// Why changes were not made.
#[derive(Debug)]
pub enum WriteError {
    /// Another object has the unique key of the change at this position.
    Duplicate(usize),
    /// The parent of the change at this position does not exist.
    NoParent(usize),
    /// The row of the change at this position was changed or deleted meanwhile.
    Stale(usize),
    /// There would be more objects than the limit at this position allows.
    Full(usize),
    /// Two transactions waited for each other, and the database has ended this one. It may be
    /// tried again.
    Deadlock(StoreError),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for WriteError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl WriteError {
    /// What the database says about the change at this position.
    fn of(error: sqlx::Error, position: usize) -> Self {
        let Some(found) = error.as_database_error() else { return Self::Store(error.into()) };
        if found.is_unique_violation() {
            Self::Duplicate(position)
        } else if found.is_foreign_key_violation() {
            Self::NoParent(position)
        } else {
            error.into()
        }
    }
}

/// What the database says about a statement that belongs to no change.
impl From<sqlx::Error> for WriteError {
    fn from(error: sqlx::Error) -> Self {
        // `deadlock_detected` and `serialization_failure` of PostgreSQL. SQLite has no such codes.
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let may_be_tried_again = matches!(code.as_deref(), Some("40P01" | "40001"));
        if may_be_tried_again { Self::Deadlock(error.into()) } else { Self::Store(error.into()) }
    }
}

/// For changes that have no unique key, no limit and no parent but the environment.
impl From<WriteError> for StoreError {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Deadlock(error) | WriteError::Store(error) => error,
            WriteError::Duplicate(_) | WriteError::NoParent(_) | WriteError::Stale(_) | WriteError::Full(_) => {
                Self::Corrupt("rows that keep an event from being written")
            }
        }
    }
}

impl Store {
    /// Begins a transaction that changes this environment.
    ///
    /// # Errors
    ///
    /// If the database fails, or other writers take too long.
    pub async fn begin_in(&self, environment_id: &str) -> Result<Transaction, StoreError> {
        Ok(self.database.begin_in(environment_id).await?)
    }

    /// Makes all changes or none.
    ///
    /// # Errors
    ///
    /// If one of the changes cannot be made.
    pub async fn write(&self, writes: &[Write]) -> Result<(), WriteError> {
        // All changes of a call belong to one environment, but for tests.
        let Some(first) = writes.first() else { return Ok(()) };
        let mut transaction = self.begin_in(&first.row().environment_id).await?;
        transaction.write(writes).await?;
        Ok(transaction.commit().await?)
    }
}

impl Transaction {
    /// Waits for other transactions that change objects of the same kinds and environments. Without
    /// it, each of two transactions could count before the other one adds.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(crate) async fn wait_for_writers(&mut self, writes: &[Write]) -> Result<(), WriteError> {
        let mut locks: Vec<_> = writes.iter().map(|write| lock_of(write.row())).collect();
        // All transactions take their locks in one order, so none of them waits in a circle.
        locks.sort_unstable();
        locks.dedup();
        for lock in locks {
            self.wait_for_others(lock).await?;
        }
        Ok(())
    }

    /// Makes all changes. After an error, the transaction can only be dropped.
    ///
    /// # Errors
    ///
    /// If one of the changes cannot be made.
    pub(crate) async fn write(&mut self, writes: &[Write]) -> Result<(), WriteError> {
        for (position, write) in writes.iter().enumerate() {
            let changed = match write {
                Write::Insert(row) => row.insert(self).await,
                Write::Update(row) => row.update(self).await,
                Write::Delete(row) => row.delete(self).await,
            };
            match changed {
                Ok(0) => return Err(WriteError::Stale(position)),
                Ok(_) => {}
                Err(error) => return Err(WriteError::of(error, position)),
            }
        }
        Ok(())
    }

    /// Compares the numbers of objects with their limits. It counts what this transaction has
    /// added. Others add nothing after [`wait_for_writers`](Self::wait_for_writers).
    ///
    /// # Errors
    ///
    /// [`WriteError::Full`] if there are too many. Otherwise if the database fails.
    pub(crate) async fn check_limits(&mut self, limits: &[Limit]) -> Result<(), WriteError> {
        for (position, Limit { environment_id, kind, parent_id, most }) in limits.iter().enumerate() {
            let count = count(environment_id, kind, parent_id.as_deref());
            if self.one(count).await?.number("amount")?.unsigned_abs() > *most {
                return Err(WriteError::Full(position));
            }
        }
        Ok(())
    }

    /// All objects of a kind that has few of them. Other transactions cannot change or delete them
    /// until this one ends.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub(crate) async fn hold_objects(
        &mut self,
        environment_id: &str,
        kind: &'static str,
    ) -> Result<Vec<ObjectRow>, WriteError> {
        let select =
            sql("SELECT ").and(COLUMNS).and(" WHERE environment_id = $1 AND kind = $2 ORDER BY created_at, id");
        let rows = self.all(select.either("", " FOR SHARE").bind(environment_id).bind(kind)).await?;
        Ok(rows.iter().map(|row| ObjectRow::read(kind, row)).collect::<Result<_, _>>()?)
    }
}

impl Write {
    fn row(&self) -> &ObjectRow {
        match self {
            Self::Insert(row) | Self::Update(row) | Self::Delete(row) => row,
        }
    }
}

/// The number of the lock for writers of a kind in an environment. All instances of the server
/// compute the same one.
fn lock_of(row: &ObjectRow) -> i64 {
    let digest = Sha256::digest(format!("objects {} {}", row.environment_id, row.kind));
    digest.iter().take(8).fold(0, |number, &byte| number << 8 | i64::from(byte))
}

impl ObjectRow {
    pub(super) async fn insert(&self, transaction: &mut Transaction) -> sqlx::Result<u64> {
        let insert = sql(
            "INSERT INTO objects (id, kind, environment_id, parent_id, unique_key, label, user_id, enabled, due_at, \
             created_at, updated_at, version, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        );
        let insert = insert.bind(&self.id).bind(self.kind).bind(&self.environment_id).bind(self.parent_id.as_deref());
        let insert = insert.bind(self.unique_key.as_deref()).bind(self.label.as_deref());
        let insert = insert.bind(self.user_id.as_deref()).bind(self.enabled.map(i64::from)).bind(self.due_at);
        let insert = insert.bind(self.created_at).bind(self.updated_at).bind(self.version).bind(&self.body);
        transaction.execute(insert).await
    }

    async fn update(&self, transaction: &mut Transaction) -> sqlx::Result<u64> {
        let update =
            sql("UPDATE objects SET unique_key = $1, label = $2, enabled = $3, due_at = $4, updated_at = $5, \
             body = $6, version = version + 1 WHERE environment_id = $7 AND kind = $8 AND id = $9 AND version = $10");
        let update = update.bind(self.unique_key.as_deref()).bind(self.label.as_deref());
        let update = update.bind(self.enabled.map(i64::from)).bind(self.due_at).bind(self.updated_at).bind(&self.body);
        let update = update.bind(&self.environment_id).bind(self.kind).bind(&self.id).bind(self.version);
        transaction.execute(update).await
    }

    async fn delete(&self, transaction: &mut Transaction) -> sqlx::Result<u64> {
        let delete = sql("DELETE FROM objects WHERE environment_id = $1 AND kind = $2 AND id = $3");
        transaction.execute(delete.bind(&self.environment_id).bind(self.kind).bind(&self.id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::objects::{KIND, id, row, store};

    #[tokio::test]
    async fn all_changes_are_made_or_none() {
        let store = store().await;
        store.write(&[Write::Insert(row("a", 1))]).await.unwrap();
        let twin = ObjectRow { unique_key: row("a", 1).unique_key, ..row("a", 3) };
        let failed = store.write(&[Write::Insert(row("a", 2)), Write::Insert(twin.clone())]).await;
        assert!(matches!(failed, Err(WriteError::Duplicate(1))), "{failed:?}");
        assert_eq!(store.count_objects("a", KIND, None).await.unwrap(), 1);
        // The key counts within its environment only.
        store.write(&[Write::Insert(ObjectRow { environment_id: "b".to_owned(), ..twin })]).await.unwrap();

        let orphan = ObjectRow { parent_id: Some(id(9)), ..row("a", 4) };
        assert!(matches!(store.write(&[Write::Insert(orphan)]).await, Err(WriteError::NoParent(0))));

        let changed = ObjectRow { body: r#"{"a":1}"#.to_owned(), enabled: Some(false), ..row("a", 1) };
        store.write(&[Write::Update(changed.clone())]).await.unwrap();
        assert_eq!(
            store.object_in("a", KIND, &id(1)).await.unwrap(),
            Some(ObjectRow { version: 1, ..changed.clone() })
        );
        assert!(matches!(store.write(&[Write::Update(changed)]).await, Err(WriteError::Stale(0))), "an old version");
    }

    #[tokio::test]
    async fn what_belongs_to_an_object_goes_with_it() {
        let store = store().await;
        let child = ObjectRow { parent_id: Some(id(1)), ..row("a", 2) };
        let grandchild = ObjectRow { parent_id: Some(id(2)), ..row("a", 3) };
        let writes = [row("a", 1), child, grandchild, row("a", 4)].map(Write::Insert);
        store.write(&writes).await.unwrap();
        assert_eq!(store.count_objects("a", KIND, Some(&id(1))).await.unwrap(), 1);
        store.write(&[Write::Delete(row("a", 1))]).await.unwrap();
        assert_eq!(store.count_objects("a", KIND, None).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_limit_counts_what_the_transaction_has_added() {
        let store = store().await;
        let child = |number: u32| Write::Insert(ObjectRow { parent_id: Some(id(1)), ..row("a", number) });
        store.write(&[Write::Insert(row("a", 1)), child(2)]).await.unwrap();
        let limit = |parent: Option<u32>, most| Limit {
            environment_id: "a".to_owned(),
            kind: KIND,
            parent_id: parent.map(id),
            most,
        };
        for (limits, expected) in [
            (vec![limit(None, 3), limit(Some(1), 2)], None),
            (vec![limit(None, 3), limit(Some(1), 1)], Some(1)),
            (vec![limit(None, 2), limit(Some(1), 2)], Some(0)),
        ] {
            let mut transaction = store.begin_in("a").await.unwrap();
            let writes = [child(3)];
            transaction.wait_for_writers(&writes).await.unwrap();
            transaction.write(&writes).await.unwrap();
            let position = match transaction.check_limits(&limits).await {
                Ok(()) => None,
                Err(WriteError::Full(position)) => Some(position),
                Err(error) => panic!("{error:?}"),
            };
            assert_eq!(position, expected, "{limits:?}");
        }
        assert_eq!(store.count_objects("a", KIND, None).await.unwrap(), 2, "dropped transactions add nothing");
    }

    #[test]
    fn locks_differ_by_environment_and_kind() {
        let other = ObjectRow { kind: "other", ..row("a", 1) };
        assert_eq!(lock_of(&row("a", 1)), lock_of(&row("a", 2)));
        assert!(lock_of(&row("a", 1)) != lock_of(&row("b", 1)) && lock_of(&row("a", 1)) != lock_of(&other));
    }
}
