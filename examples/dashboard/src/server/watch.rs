//! Watches the database while the server runs.

use core::convert::Infallible;
use core::time::Duration;

use crate::database::{Database, PATIENCE};

/// How often the database is asked.
const INTERVAL: Duration = Duration::from_secs(2);

/// Writes one line into the log when the database does not answer any more, with the cause, and one
/// when it answers again. The errors of requests often say only that they had to wait too long.
pub(super) async fn watch(database: &Database) -> Infallible {
    let mut is_lost = false;
    loop {
        tokio::time::sleep(INTERVAL).await;
        match database.answers(PATIENCE).await {
            Ok(()) if is_lost => tracing::info!("the database answers again"),
            Err(error) if !is_lost => tracing::error!(%error, "the database does not answer"),
            Ok(()) | Err(_) => continue,
        }
        is_lost = !is_lost;
    }
}
