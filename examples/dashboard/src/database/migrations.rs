//! The steps that make the tables, in the words of each database.
//!
//! A published step never changes. A new step gets a file in each folder of `migrations/` and a
//! line in [`STEPS`].

use std::borrow::Cow;

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::{Database, Transaction, sql};

struct Step {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! steps {
    ($($version:literal $name:literal)*) => {
        &[$(Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/000", $version, "_", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/000", $version, "_", $name, ".sql")),
        }),*]
    };
}

/// Version 2 dropped the tables that `store/old_tokens.rs` copies, on SQLite only and not here.
const STEPS: &[Step] = steps! {
    1 "tables"
    3 "objects"
    4 "page"
    5 "due"
};

/// Chosen at random. The token store has another one.
const LOCK: i64 = 0x2f11_8c6e_90d4_a7b3;

/// Runs the missing steps in one transaction, one process at a time.
pub(super) async fn run(database: &Database) -> Result<(), MigrateError> {
    // On SQLite, `BEGIN IMMEDIATE` makes a second process wait here. sqlx takes no lock there, and
    // on PostgreSQL one that outlives the transaction.
    let mut transaction = database.begin().await?;
    if matches!(transaction, Transaction::Postgres(..)) {
        // Another process may need long for a large table.
        transaction.execute(sql("SET LOCAL lock_timeout = 0")).await?;
    }
    transaction.wait_for_others(LOCK).await?;
    match &mut transaction {
        Transaction::Sqlite(connection, _) => {
            migrator(|step| step.sqlite).run_direct(None, &mut **connection, false).await
        }
        Transaction::Postgres(connection, _) => {
            migrator(|step| step.postgres).run_direct(None, &mut **connection, false).await
        }
    }?;
    Ok(transaction.commit().await?)
}

fn migrator(text: fn(&Step) -> &'static str) -> Migrator {
    let migration = |step: &Step| {
        let name = Cow::Borrowed(step.name);
        Migration::new(step.version, name, MigrationType::Simple, text(step).into_sql_str(), false)
    };
    let mut migrator = Migrator::with_migrations(STEPS.iter().map(migration).collect());
    migrator.set_locking(false);
    migrator
}
