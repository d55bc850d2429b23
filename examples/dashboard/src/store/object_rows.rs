//! The table of objects: all its statements, the same for every kind.
//!
//! Each statement names the environment, except [`Store::object`]: routes without an environment
//! find an object by its id and then compare its owner with the caller.

use core::str::FromStr;

use super::{Store, StoreError};
use crate::database::{Row, Statement, sql};

/// An object as the table has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectRow {
    /// UUID.
    pub id: String,
    /// The name of its kind.
    pub kind: &'static str,
    /// The environment that owns it.
    pub environment_id: String,
    /// The object with which it is deleted.
    pub parent_id: Option<String>,
    /// What no other object of the kind and environment may have.
    pub unique_key: Option<String>,
    /// What figures are grouped by.
    pub label: Option<String>,
    /// The user whom an event concerns.
    pub user_id: Option<String>,
    /// For kinds that can be enabled and disabled.
    pub enabled: Option<bool>,
    /// When the server acts on it without a request. Microseconds since 1970.
    pub due_at: Option<i64>,
    /// Microseconds since 1970.
    pub created_at: i64,
    /// Microseconds since 1970.
    pub updated_at: i64,
    /// The number of changes; a change must name the one that it was made from.
    pub version: i64,
    /// The record in JSON.
    pub body: String,
}

/// Where a list goes on: after the object with this time and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    created_at: i64,
    id: String,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The greatest number of objects.
    pub limit: u32,
    /// Where the part begins; `None` for the beginning of the list.
    pub after: Option<Cursor>,
    /// Whether the list begins with the newest object.
    pub newest_first: bool,
}

/// An object that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueObject {
    /// The environment that owns it.
    pub environment_id: String,
    /// The object to which it belongs.
    pub parent_id: String,
    /// Its id.
    pub id: String,
}

/// How many objects of a kind have a label and were made on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The label.
    pub label: String,
    /// Days since 1970.
    pub day: i64,
    /// The number of objects.
    pub amount: u64,
    /// The number of different users.
    pub users: u64,
}

const MICROSECONDS_A_DAY: i64 = 86_400_000_000;

pub(super) const COLUMNS: &str = "id, environment_id, parent_id, unique_key, label, user_id, enabled, due_at, created_at, \
     updated_at, version, body FROM objects";

impl ObjectRow {
    /// The place of the object in a list.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor { created_at: self.created_at, id: self.id.clone() }
    }

    pub(super) fn read(kind: &'static str, row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.text("id")?,
            kind,
            environment_id: row.text("environment_id")?,
            parent_id: row.optional_text("parent_id")?,
            unique_key: row.optional_text("unique_key")?,
            label: row.optional_text("label")?,
            user_id: row.optional_text("user_id")?,
            enabled: row.optional_number("enabled")?.map(|enabled| enabled == 1),
            due_at: row.optional_number("due_at")?,
            created_at: row.number("created_at")?,
            updated_at: row.number("updated_at")?,
            version: row.number("version")?,
            body: row.text("body")?,
        })
    }
}

impl Store {
    /// Finds an object by its id, in whatever environment it is. The caller must compare the
    /// environment.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn object(&self, kind: &'static str, id: &str) -> Result<Option<ObjectRow>, StoreError> {
        let select = sql("SELECT ").and(COLUMNS).and(" WHERE kind = $1 AND id = $2").bind(kind).bind(id);
        self.database.optional(select).await?.map(|row| ObjectRow::read(kind, &row)).transpose()
    }

    /// Finds an object of an environment by its id.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn object_in(
        &self,
        environment_id: &str,
        kind: &'static str,
        id: &str,
    ) -> Result<Option<ObjectRow>, StoreError> {
        let select = sql("SELECT ").and(COLUMNS).and(" WHERE environment_id = $1 AND kind = $2 AND id = $3");
        let row = self.database.optional(select.bind(environment_id).bind(kind).bind(id)).await?;
        row.map(|row| ObjectRow::read(kind, &row)).transpose()
    }

    /// Finds an object of an environment by its unique key.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn object_by_key(
        &self,
        environment_id: &str,
        kind: &'static str,
        key: &str,
    ) -> Result<Option<ObjectRow>, StoreError> {
        let select = sql("SELECT ").and(COLUMNS).and(" WHERE environment_id = $1 AND kind = $2 AND unique_key = $3");
        let row = self.database.optional(select.bind(environment_id).bind(kind).bind(key)).await?;
        row.map(|row| ObjectRow::read(kind, &row)).transpose()
    }

    /// Lists the objects of an environment, or those that belong to one object of it.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn objects_of(
        &self,
        environment_id: &str,
        kind: &'static str,
        parent_id: Option<&str>,
        part: &Part,
    ) -> Result<Vec<ObjectRow>, StoreError> {
        let select = sql("SELECT ").and(COLUMNS);
        let mut select = select.and(" WHERE environment_id = ").value(environment_id).and(" AND kind = ").value(kind);
        if let Some(parent_id) = parent_id {
            select = select.and(" AND parent_id = ").value(parent_id);
        }
        if let Some(after) = &part.after {
            select = select.and(" AND (created_at, id) ").and(if part.newest_first { "< (" } else { "> (" });
            select = select.value(after.created_at).and(", ").value(after.id.as_str()).and(")");
        }
        let order = if part.newest_first { " ORDER BY created_at DESC, id DESC" } else { " ORDER BY created_at, id" };
        let rows = self.database.all(select.and(order).and(" LIMIT ").value(i64::from(part.limit))).await?;
        rows.iter().map(|row| ObjectRow::read(kind, row)).collect()
    }

    /// Counts the objects of an environment, or those that belong to one object of it.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn count_objects(
        &self,
        environment_id: &str,
        kind: &'static str,
        parent_id: Option<&str>,
    ) -> Result<u64, StoreError> {
        let count = count(environment_id, kind, parent_id);
        Ok(self.database.one(count).await?.number("amount")?.unsigned_abs())
    }

    /// Counts the objects of a kind that were made from this time on, by label and day.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn tally_objects(
        &self,
        environment_id: &str,
        kind: &'static str,
        since: i64,
    ) -> Result<Vec<Tally>, StoreError> {
        let select = sql("SELECT label, created_at / $1 AS day, COUNT(*) AS amount, COUNT(DISTINCT user_id) AS users \
             FROM objects WHERE environment_id = $2 AND kind = $3 AND created_at >= $4 AND label IS NOT NULL \
             GROUP BY label, created_at / $1 ORDER BY created_at / $1, label");
        let select = select.bind(MICROSECONDS_A_DAY).bind(environment_id).bind(kind).bind(since);
        let rows = self.database.all(select).await?;
        let tallies = rows.iter().map(|row| {
            Ok(Tally {
                label: row.text("label")?,
                day: row.number("day")?,
                amount: row.number("amount")?.unsigned_abs(),
                users: row.number("users")?.unsigned_abs(),
            })
        });
        tallies.collect()
    }

    /// Counts the users with a labelled object from this time on, and those among them with such
    /// objects on more than one day.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn count_users(
        &self,
        environment_id: &str,
        kind: &'static str,
        label: &str,
        since: i64,
    ) -> Result<(u64, u64), StoreError> {
        let select = sql("SELECT COUNT(*) AS users, COUNT(CASE WHEN days > 1 THEN 1 END) AS returning_users FROM \
             (SELECT user_id, COUNT(DISTINCT created_at / $1) AS days FROM objects WHERE environment_id = $2 \
             AND kind = $3 AND label = $4 AND created_at >= $5 AND user_id IS NOT NULL GROUP BY user_id) AS by_user");
        let select = select.bind(MICROSECONDS_A_DAY).bind(environment_id).bind(kind).bind(label).bind(since);
        let row = self.database.one(select).await?;
        Ok((row.number("users")?.unsigned_abs(), row.number("returning_users")?.unsigned_abs()))
    }

    /// Finds objects of all environments that are due, earliest first, and at most so many of each
    /// parent. A parent with many objects does not keep those of others from being found.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn due_objects(
        &self,
        kind: &'static str,
        now: i64,
        of_each_parent: u32,
    ) -> Result<Vec<DueObject>, StoreError> {
        let select = sql("SELECT environment_id, parent_id, id FROM (SELECT environment_id, parent_id, id, due_at, \
             ROW_NUMBER() OVER (PARTITION BY parent_id ORDER BY due_at, id) AS place FROM objects \
             WHERE kind = $1 AND due_at <= $2 AND parent_id IS NOT NULL) AS due WHERE place <= $3 ORDER BY due_at, id");
        let rows = self.database.all(select.bind(kind).bind(now).bind(of_each_parent)).await?;
        let due = rows.iter().map(|row| {
            Ok(DueObject {
                environment_id: row.text("environment_id")?,
                parent_id: row.text("parent_id")?,
                id: row.text("id")?,
            })
        });
        due.collect()
    }

    /// Deletes the objects of a kind that were made before this time, of one environment or of all.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn delete_objects_before(
        &self,
        environment_id: Option<&str>,
        kind: &'static str,
        time: i64,
    ) -> Result<u64, StoreError> {
        let mut delete = sql("DELETE FROM objects WHERE kind = ").value(kind).and(" AND created_at < ").value(time);
        if let Some(environment_id) = environment_id {
            delete = delete.and(" AND environment_id = ").value(environment_id);
        }
        Ok(self.database.execute(delete).await?)
    }

    /// Whether an environment has an object with this unique key; without an environment, whether
    /// any environment has one.
    ///
    /// # Errors
    ///
    /// If the database fails.
    pub async fn has_key(
        &self,
        environment_id: Option<&str>,
        kind: &'static str,
        key: &str,
    ) -> Result<bool, StoreError> {
        let mut select = sql("SELECT 1 AS found FROM objects WHERE kind = ").value(kind);
        select = select.and(" AND unique_key = ").value(key);
        if let Some(environment_id) = environment_id {
            select = select.and(" AND environment_id = ").value(environment_id);
        }
        Ok(self.database.optional(select.and(" LIMIT 1")).await?.is_some())
    }
}

/// Counts the objects of an environment, or those that belong to one object of it, as `amount`.
pub(super) fn count(environment_id: &str, kind: &'static str, parent_id: Option<&str>) -> Statement {
    let count = sql("SELECT COUNT(*) AS amount FROM objects WHERE environment_id = ").value(environment_id);
    let count = count.and(" AND kind = ").value(kind);
    match parent_id {
        Some(parent_id) => count.and(" AND parent_id = ").value(parent_id),
        None => count,
    }
}

impl core::fmt::Display for Cursor {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}.{}", self.created_at, self.id)
    }
}

/// The text is not a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorError;

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let (created_at, id) = text.split_once('.').ok_or(CursorError)?;
        let is_id = id.len() == 36 && id.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
        if !is_id || !created_at.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(CursorError);
        }
        let created_at = created_at.parse().map_err(|_| CursorError)?;
        Ok(Self { created_at, id: id.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Write, WriteError};
    use crate::testing::objects::{KIND, id, row, store};

    #[tokio::test]
    async fn every_statement_but_one_names_the_environment() {
        let store = store().await;
        store.write(&[Write::Insert(row("a", 1)), Write::Insert(row("b", 2))]).await.unwrap();
        assert_eq!(store.object(KIND, &id(1)).await.unwrap(), Some(row("a", 1)));
        assert_eq!(store.object("other", &id(1)).await.unwrap(), None);
        assert_eq!(store.object_in("a", KIND, &id(1)).await.unwrap(), Some(row("a", 1)));
        assert_eq!(store.object_in("b", KIND, &id(1)).await.unwrap(), None);
        assert_eq!(store.object_by_key("a", KIND, "key 1").await.unwrap(), Some(row("a", 1)));
        assert_eq!(store.object_by_key("b", KIND, "key 1").await.unwrap(), None);
        assert_eq!(store.count_objects("a", KIND, None).await.unwrap(), 1);
        assert!(store.has_key(Some("a"), KIND, "key 1").await.unwrap());
        assert!(!store.has_key(Some("b"), KIND, "key 1").await.unwrap());
        assert!(store.has_key(None, KIND, "key 1").await.unwrap());

        // A row that names another environment than its own changes nothing.
        let foreign = ObjectRow { environment_id: "b".to_owned(), ..row("a", 1) };
        for write in [Write::Update(foreign.clone()), Write::Delete(foreign)] {
            assert!(matches!(store.write(&[write]).await, Err(WriteError::Stale(0))));
        }
        assert_eq!(store.object(KIND, &id(1)).await.unwrap(), Some(row("a", 1)));
    }

    #[tokio::test]
    async fn a_list_goes_on_where_it_stopped() {
        let store = store().await;
        // Two have the same time.
        let rows: Vec<_> =
            (1..=5).map(|number| ObjectRow { created_at: i64::from(number / 2), ..row("a", number) }).collect();
        store.write(&rows.iter().cloned().map(Write::Insert).collect::<Vec<_>>()).await.unwrap();
        for newest_first in [false, true] {
            let (mut found, mut after) = (Vec::new(), None);
            loop {
                let part = Part { limit: 2, after, newest_first };
                let rows = store.objects_of("a", KIND, None, &part).await.unwrap();
                let Some(last) = rows.last() else { break };
                after = Some(last.cursor().to_string().parse().unwrap());
                found.extend(rows);
            }
            let mut expected = rows.clone();
            if newest_first {
                expected.reverse();
            }
            assert_eq!(found, expected);
        }
        for text in [
            "",
            ".",
            "1",
            "1.x",
            "-1.00000000-0000-4000-8000-000000000001",
            "99999999999999999999.00000000-0000-4000-8000-000000000001",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(CursorError), "{text}");
        }
    }

    #[tokio::test]
    async fn a_parent_with_many_due_objects_leaves_others_their_turn() {
        let store = store().await;
        let child = |environment: &str, parent: u32, number: u32, due_at: Option<i64>| {
            Write::Insert(ObjectRow { parent_id: Some(id(parent)), due_at, ..row(environment, number) })
        };
        let mut writes = vec![Write::Insert(row("a", 1)), Write::Insert(row("b", 2))];
        writes.extend((10..20).map(|number| child("a", 1, number, Some(i64::from(number)))));
        writes.extend([child("b", 2, 20, Some(50)), child("b", 2, 21, Some(51)), child("b", 2, 22, None)]);
        store.write(&writes).await.unwrap();
        let found = store.due_objects(KIND, 50, 2).await.unwrap();
        let found: Vec<_> = found.iter().map(|due| (due.environment_id.as_str(), due.id.clone())).collect();
        assert_eq!(found, [("a", id(10)), ("a", id(11)), ("b", id(20))]);
        assert_eq!(store.due_objects("other", 50, 2).await.unwrap(), []);
    }

    #[tokio::test]
    async fn figures_are_grouped_by_day() {
        let store = store().await;
        let at = |day: i64, number: u32| {
            Write::Insert(ObjectRow { created_at: day * MICROSECONDS_A_DAY + i64::from(number), ..row("a", number) })
        };
        // Users: 1, 0, 1 on the first day, 0 on the second.
        store.write(&[at(10, 1), at(10, 2), at(10, 3), at(11, 4)]).await.unwrap();
        let tallies = store.tally_objects("a", KIND, 0).await.unwrap();
        let tally = |day, amount, users| Tally { label: "label".to_owned(), day, amount, users };
        assert_eq!(tallies, [tally(10, 3, 2), tally(11, 1, 1)]);
        assert_eq!(store.tally_objects("a", KIND, 11 * MICROSECONDS_A_DAY).await.unwrap(), [tally(11, 1, 1)]);
        assert_eq!(store.tally_objects("b", KIND, 0).await.unwrap(), []);
        assert_eq!(store.count_users("a", KIND, "label", 0).await.unwrap(), (2, 1), "user 0 came back");
        assert_eq!(store.count_users("a", KIND, "other", 0).await.unwrap(), (0, 0));
        assert_eq!(store.delete_objects_before(Some("b"), KIND, 12 * MICROSECONDS_A_DAY).await.unwrap(), 0);
        assert_eq!(store.delete_objects_before(Some("a"), KIND, 11 * MICROSECONDS_A_DAY).await.unwrap(), 3);
        assert_eq!(store.delete_objects_before(None, KIND, 12 * MICROSECONDS_A_DAY).await.unwrap(), 1);
    }
}
