//! Opening a SQLite database in a file, which several processes may do at once.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

use super::PATIENCE;

/// The result code of SQLite for a file that another connection has locked. The bits above the
/// lowest eight say more about the reason.
const SQLITE_BUSY: u32 = 5;

const RETRY: Duration = Duration::from_millis(20);

/// Opens the file, which is created if it does not exist.
pub(super) async fn open(file: &Path) -> sqlx::Result<SqlitePool> {
    // SQLite gives names such as `:memory:` and `file:..` a meaning, but not after a folder.
    let file = &Path::new(".").join(file);
    keep_private(file).map_err(sqlx::Error::Io)?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(PATIENCE);
    // The pool would say that it timed out, and not why.
    let first = connect(&options, PATIENCE).await?;
    let pool = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE);
    let pool = pool.connect_with(options).await?;
    first.close().await?;
    Ok(pool)
}

/// Connects to a file that other processes may create at the same time.
///
/// The first connection to a new file switches it to the write-ahead log, for which SQLite needs
/// the file alone. SQLite does not wait for it: a connection that finds the file locked fails at
/// once, whatever its `busy_timeout` is, and must try again.
async fn connect(options: &SqliteConnectOptions, patience: Duration) -> sqlx::Result<SqliteConnection> {
    let begin = Instant::now();
    loop {
        match options.connect().await {
            Err(error) if is_busy(&error) && begin.elapsed() < patience => tokio::time::sleep(RETRY).await,
            connected => return connected,
        }
    }
}

pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xff == SQLITE_BUSY)
}

/// Lets only its owner read a new file, because the file holds the key of the sessions.
fn keep_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn temporary(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("dashboard-{name}-{}.db", uuid::Uuid::new_v4()))
    }

    #[tokio::test]
    async fn a_connection_waits_while_another_one_makes_the_file() {
        let file = temporary("waits");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let mut other = options.connect().await.unwrap();
        let transaction = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let release = async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            transaction.rollback().await
        };
        let waiting = options.clone().journal_mode(SqliteJournalMode::Wal).busy_timeout(PATIENCE);
        let (opened, released) = tokio::join!(connect(&waiting, PATIENCE), release);
        released.unwrap();
        opened.unwrap().close().await.unwrap();
        other.close().await.unwrap();
        std::fs::remove_file(&file).unwrap();
    }

    #[tokio::test]
    async fn a_file_that_stays_locked_is_an_error() {
        let file = temporary("locked");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let mut alone = options.connect().await.unwrap();
        let transaction = alone.begin_with("BEGIN EXCLUSIVE").await.unwrap();
        let patience = Duration::from_millis(50);
        let waiting = options.journal_mode(SqliteJournalMode::Wal).busy_timeout(patience);
        let error = connect(&waiting, patience).await.unwrap_err();
        assert!(is_busy(&error), "{error}");
        transaction.rollback().await.unwrap();
        connect(&waiting, patience).await.unwrap().close().await.unwrap();
        alone.close().await.unwrap();
        std::fs::remove_file(&file).unwrap();
    }
}
