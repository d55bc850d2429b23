//! The tables, and the list of migrations that made them.

use scopes::Scope;

use crate::access::Access;
use crate::clock::Clock;
use crate::database::{AnyConnection, Statement};
use crate::error::Error;

/// A step for each version of the tables, the first one first. A published step never changes.
const STEPS: [Step; 1] = [Step { sqlite: include_str!("sqlite.sql"), postgres: include_str!("postgres.sql") }];

/// One change of the tables, in the words of each database.
struct Step {
    sqlite: &'static str,
    postgres: &'static str,
}

/// Chosen at random; PostgreSQL's advisory locks are numbers.
const LOCK: i64 = 0x5c09_e5a7_0b5e_11d3;

/// Makes or updates the tables in one transaction, one process at a time.
pub(crate) async fn migrate<S: Scope>(access: &Access<'_>, clock: &Clock) -> Result<(), Error<S>> {
    let mut held = access.hold().await?;
    // On SQLite, `BEGIN IMMEDIATE` makes a second process wait here.
    let mut begun = held.begin().await?;
    let mut connection = begun.connection();
    if connection.is_postgres() {
        connection.execute(Statement::new("SELECT pg_advisory_xact_lock($1)").bind(LOCK)).await?;
    }
    connection
        .script("CREATE TABLE IF NOT EXISTS scopes_migrations (version BIGINT NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)")
        .await?;
    let done = connection
        .optional(Statement::new("SELECT COALESCE(MAX(version), 0) AS version FROM scopes_migrations"))
        .await?;
    let done = match done {
        Some(row) => row.number("version")?,
        None => 0,
    };
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if done > known {
        return Err(Error::Corrupt("tables of a newer version of `scopes-store`"));
    }
    for (version, step) in (1..).zip(&STEPS).skip_while(|(version, _)| *version <= done) {
        apply(&mut connection, step).await?;
        let entry = Statement::new("INSERT INTO scopes_migrations (version, applied_at) VALUES ($1, $2)");
        connection.execute(entry.bind(version).bind(clock.now())).await?;
    }
    Ok(begun.commit().await?)
}

async fn apply(connection: &mut AnyConnection<'_>, step: &Step) -> sqlx::Result<()> {
    let script = if connection.is_postgres() { step.postgres } else { step.sqlite };
    connection.script(script).await
}
