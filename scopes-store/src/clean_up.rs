//! Deleting tokens that ended long ago.

use std::time::Duration;

use scopes::Scope;

use crate::access::Access;
use crate::audit::{self, Actor};
use crate::database::Statement;
use crate::error::Error;
use crate::owner::id_list;
use crate::store::Store;

/// The number of tokens that one transaction deletes, so that no transaction takes long.
const PART: i64 = 1000;

/// How many times a part is tried if the database stops it in favour of another transaction.
const ATTEMPTS: u32 = 5;

pub(crate) async fn clean_up<S: Scope>(
    store: &Store<S>,
    access: &Access<'_>,
    ended_since: Duration,
) -> Result<u64, Error<S>> {
    let now = store.settings.clock.now();
    let Some(before) = i64::try_from(ended_since.as_micros()).ok().and_then(|age| now.checked_sub(age)) else {
        return Ok(0);
    };
    let (mut deleted, mut attempt) = (0, 1);
    loop {
        match part(access, now, before).await {
            Ok(0) => return Ok(deleted),
            Ok(part) => (deleted, attempt) = (deleted + part, 1),
            // The task that writes last uses may have been in the way.
            Err(error) if error.is_conflict() && access.may_repeat() && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

async fn part<S: Scope>(access: &Access<'_>, now: i64, before: i64) -> Result<u64, Error<S>> {
    let mut held = access.hold().await?;
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    // An issuer is deleted only after the tokens that it has issued. They have ended by then as
    // well.
    let statement = Statement::new(
        "SELECT t.id FROM scopes_tokens t WHERE (t.revoked_at < $1 OR t.expires_at < $1) \
         AND NOT EXISTS (SELECT 1 FROM scopes_tokens c WHERE c.issuer_id = t.id) LIMIT $2",
    )
    // Another process may delete the same tokens.
    .either("", " FOR UPDATE OF t SKIP LOCKED")
    .bind(before)
    .bind(PART);
    let rows = connection.all(statement).await?;
    let ids = rows.iter().map(|row| row.text("id")).collect::<sqlx::Result<Vec<_>>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let list = id_list(ids.iter().map(String::as_str));
    audit::write(&mut connection, "deleted", &list, Actor::default(), now).await?;
    let statement = Statement::new("DELETE FROM scopes_tokens WHERE id IN (")
        .either("SELECT value FROM json_each($1)", "SELECT json_array_elements_text(CAST($1 AS json))")
        .push(")");
    let deleted = connection.execute(statement.bind(list.as_str())).await?;
    begun.commit().await?;
    Ok(deleted)
}
