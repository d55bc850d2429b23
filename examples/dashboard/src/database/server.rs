//! Connecting to a PostgreSQL server, and finding out why it does not answer.

use std::io::{Error, ErrorKind};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _};

use super::PATIENCE;

/// The greatest number of connections of one instance.
const CONNECTIONS: u32 = 16;

/// The greatest number of them that write. The others are for reads.
pub(super) const WRITERS: usize = CONNECTIONS as usize / 2;

/// How long the server waits for a lock of another transaction, and for the next statement of a
/// transaction, before it ends the transaction.
const BOUNDS: [(&str, &str); 2] = [("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "15s")];

/// Connects to a server that must answer now.
pub(super) async fn open(options: &PgConnectOptions) -> sqlx::Result<PgPool> {
    reach(options, PATIENCE).await?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
    // The pool itself waits for the answer to a statement that was given up. A server that was cut
    // off never sends it, so the pool would lose the place of this connection.
    let pool = pool.after_release(|connection, _| {
        Box::pin(async {
            let answered = tokio::time::timeout(PATIENCE, connection.ping()).await;
            answered.map_err(|_| silence(PATIENCE))?.map(|()| true)
        })
    });
    Ok(pool.connect_lazy_with(options.clone().options(BOUNDS)))
}

/// Connects outside of the pool. The pool tries again until its time is over, and then says that it
/// timed out and not why.
pub(super) async fn reach(options: &PgConnectOptions, patience: Duration) -> sqlx::Result<()> {
    let connected = tokio::time::timeout(patience, async { options.connect().await?.close().await });
    connected.await.unwrap_or_else(|_| Err(silence(patience)))
}

fn silence(patience: Duration) -> sqlx::Error {
    let text = format!("the server does not answer within {} seconds", patience.as_secs());
    sqlx::Error::Io(Error::new(ErrorKind::TimedOut, text))
}
