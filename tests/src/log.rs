//! Records what is logged on one thread.

use std::io;
use std::sync::{Arc, Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt;

/// The text that was logged.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Listens at every level on this thread, until the guard is dropped.
    #[must_use = "it listens only as long as the guard lives"]
    pub fn listen() -> (Self, impl Drop) {
        // While there is only one subscriber, `tracing` caches for each event whether it is of
        // interest. If a thread without a subscriber reaches an event first, the event is disabled
        // for every thread. A second, global subscriber that wants every event prevents this.
        static LISTENS: Once = Once::new();
        LISTENS.call_once(|| {
            let all = tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(io::sink);
            // A global subscriber that is already set is enough.
            let _ = all.finish().try_init();
        });
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_max_level(LevelFilter::TRACE)
            .with_writer(move || writer.clone())
            .finish();
        (log, subscriber.set_default())
    }

    /// Everything since the last call.
    #[must_use]
    pub fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Takes the lines of level `ERROR` since the last call.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        self.take().lines().filter(|line| line.contains("ERROR")).map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
