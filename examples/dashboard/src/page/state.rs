//! What the pages remember: one-time codes, sessions, and which forms were sent. Of codes and
//! sessions only digests are stored, so that readers of the database cannot sign in.

use core::time::Duration;

use jiff::Timestamp;

use crate::database::{Row, Statement, sql};
use crate::store::{Store, StoreError};

/// What a row is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A code that signs in once.
    Code,
    /// A session of a browser.
    Session,
    /// A form that was sent. It cannot be sent again.
    Form,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Session => "session",
            Self::Form => "form",
        }
    }
}

/// Whose row it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Whose {
    pub(super) admin_id: String,
    pub(super) environment_id: String,
}

/// A session that has not ended.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) whose: Whose,
    pub(super) environment_name: String,
    pub(super) environment_kind: String,
    pub(super) person: String,
    /// When the session ends, in seconds.
    pub(super) ends: i64,
}

/// Adds a row. Returns whether it is new.
pub(super) async fn add(
    store: &Store,
    kind: Kind,
    digest: &str,
    whose: &Whose,
    lifetime: Duration,
) -> Result<bool, StoreError> {
    Ok(store.database.execute(insert(kind, digest, whose, lifetime)).await? == 1)
}

/// Removes a code and adds a session in its place. Removes the sessions that end with it. Returns
/// `false` and changes nothing if the code has ended or another call has removed it.
pub(super) async fn exchange(
    store: &Store,
    code: &str,
    session: &str,
    lifetime: Duration,
    ending: impl Iterator<Item = String>,
) -> Result<bool, StoreError> {
    let mut transaction = store.database.begin().await?;
    let Some(row) = transaction.optional(select(Kind::Code, code)).await? else { return Ok(false) };
    // Of two requests with one code, only one removes it.
    if transaction.execute(delete(Kind::Code, code)).await? != 1 {
        return Ok(false);
    }
    transaction.execute(insert(Kind::Session, session, &read(&row)?.whose, lifetime)).await?;
    for ended in ending {
        transaction.execute(delete(Kind::Session, &ended)).await?;
    }
    transaction.commit().await?;
    Ok(true)
}

/// Finds a code or a session that has not ended.
pub(super) async fn find(store: &Store, kind: Kind, digest: &str) -> Result<Option<Found>, StoreError> {
    store.database.optional(select(kind, digest)).await?.as_ref().map(read).transpose()
}

/// The number of a person's other sessions.
pub(super) async fn count_others(store: &Store, admin_id: &str, session: &str) -> Result<i64, StoreError> {
    let count = sql("SELECT COUNT(*) AS count FROM page_state \
                     WHERE kind = 'session' AND admin_id = $1 AND digest <> $2 AND expires_at > $3");
    Ok(store.database.one(count.bind(admin_id).bind(session).bind(now())).await?.number("count")?)
}

/// Ends a person's other sessions.
pub(super) async fn end_others(store: &Store, admin_id: &str, session: &str) -> Result<(), StoreError> {
    let delete = sql("DELETE FROM page_state WHERE kind = 'session' AND admin_id = $1 AND digest <> $2");
    store.database.execute(delete.bind(admin_id).bind(session)).await?;
    Ok(())
}

/// Removes a row. Returns whether it was there.
pub(super) async fn remove(store: &Store, kind: Kind, digest: &str) -> Result<bool, StoreError> {
    Ok(store.database.execute(delete(kind, digest)).await? == 1)
}

/// Removes what has ended.
pub(super) async fn clean_up(store: &Store) -> Result<(), StoreError> {
    store.database.execute(sql("DELETE FROM page_state WHERE expires_at <= $1").bind(now())).await?;
    Ok(())
}

/// The time in seconds.
pub(super) fn now() -> i64 {
    Timestamp::now().as_second()
}

fn insert(kind: Kind, digest: &str, whose: &Whose, lifetime: Duration) -> Statement {
    let ends = now().saturating_add(i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX));
    let insert = sql("INSERT INTO page_state (kind, digest, admin_id, environment_id, expires_at) \
                      VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING");
    let insert = insert.bind(kind.as_str()).bind(digest).bind(whose.admin_id.as_str());
    insert.bind(whose.environment_id.as_str()).bind(ends)
}

fn delete(kind: Kind, digest: &str) -> Statement {
    sql("DELETE FROM page_state WHERE kind = $1 AND digest = $2").bind(kind.as_str()).bind(digest)
}

fn select(kind: Kind, digest: &str) -> Statement {
    let select = sql("SELECT s.admin_id, s.environment_id, s.expires_at, e.name, e.kind, a.first_name, a.last_name \
                      FROM page_state s JOIN environments e ON e.id = s.environment_id \
                      JOIN admins a ON a.id = s.admin_id \
                      WHERE s.kind = $1 AND s.digest = $2 AND s.expires_at > $3");
    select.bind(kind.as_str()).bind(digest).bind(now())
}

fn read(row: &Row) -> Result<Found, StoreError> {
    Ok(Found {
        whose: Whose { admin_id: row.text("admin_id")?, environment_id: row.text("environment_id")? },
        environment_name: row.text("name")?,
        environment_kind: row.text("kind")?,
        person: format!("{} {}", row.text("first_name")?, row.text("last_name")?),
        ends: row.number("expires_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::Seed;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn sessions_and_codes_of_a_restored_database_end_with_its_tokens() {
        let (store, seed) = (crate::testing::store().await, Seed::new());
        store.populate(&seed.contents, Vec::new()).await.unwrap();
        let whose = Whose { admin_id: seed.admin.clone(), environment_id: seed.live.clone() };
        for kind in [Kind::Code, Kind::Session, Kind::Form] {
            assert!(add(&store, kind, "07", &whose, MINUTE).await.unwrap());
        }
        store.revoke_all_tokens().await.unwrap();
        for kind in [Kind::Code, Kind::Session] {
            assert!(find(&store, kind, "07").await.unwrap().is_none(), "{kind:?}");
        }
        assert!(!add(&store, Kind::Form, "07", &whose, MINUTE).await.unwrap(), "a form cannot be sent again");
    }

    #[tokio::test]
    async fn a_row_is_taken_once_and_ends() {
        let (store, seed) = (crate::testing::store().await, Seed::new());
        store.populate(&seed.contents, Vec::new()).await.unwrap();
        let whose = Whose { admin_id: seed.admin.clone(), environment_id: seed.live.clone() };
        let digest = "07".repeat(32);
        assert!(add(&store, Kind::Code, &digest, &whose, MINUTE).await.unwrap());
        assert!(!add(&store, Kind::Code, &digest, &whose, MINUTE).await.unwrap(), "it exists");
        assert!(find(&store, Kind::Session, &digest).await.unwrap().is_none(), "another kind");
        let found = find(&store, Kind::Code, &digest).await.unwrap().unwrap();
        assert_eq!((found.whose, &*found.person, &*found.environment_kind), (whose.clone(), "Ada Example", "live"));
        assert!(remove(&store, Kind::Code, &digest).await.unwrap());
        assert!(!remove(&store, Kind::Code, &digest).await.unwrap(), "only once");

        assert!(add(&store, Kind::Session, &digest, &whose, Duration::ZERO).await.unwrap());
        assert!(find(&store, Kind::Session, &digest).await.unwrap().is_none(), "it has ended");
        clean_up(&store).await.unwrap();
        assert!(!remove(&store, Kind::Session, &digest).await.unwrap());
    }
}
