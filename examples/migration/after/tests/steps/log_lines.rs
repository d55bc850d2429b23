//! The lines that `scopes` logs.

use std::mem;
use std::sync::{Mutex, Once, PoisonError};

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Lines;

impl log::Log for Lines {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).push(record.args().to_string());
    }

    fn flush(&self) {}
}

/// The lines about requests that were only reported, logged while `running` ran.
pub(crate) async fn of(running: impl Future<Output = ()>) -> Vec<String> {
    static LISTENS: Once = Once::new();
    LISTENS.call_once(|| {
        log::set_logger(&Lines).expect("the only logger of this program");
        log::set_max_level(log::LevelFilter::Warn);
    });
    mem::take(&mut *LINES.lock().unwrap_or_else(PoisonError::into_inner));
    running.await;
    let lines = mem::take(&mut *LINES.lock().unwrap_or_else(PoisonError::into_inner));
    lines.into_iter().filter(|line| line.starts_with("reported only")).collect()
}
