//! Which routes each API token uses, in a file for `scopes minimal` and `scopes unused`.

use core::convert::Infallible;
use core::time::Duration;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scopes::DecisionEvent;
use scopes::usage::Recorder;

use crate::catalogue::api;

/// How long the server may hold what it has not written.
const EVERY: Duration = Duration::from_secs(60);

/// The record of a running server; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct UsageFile {
    recorder: Recorder,
    path: Arc<Path>,
}

impl UsageFile {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { recorder: Recorder::new(&api::CATALOGUE), path: path.into() }
    }

    /// Records decisions about API tokens. The catalogues of sessions and pages have none.
    pub(crate) fn record(&self, event: &DecisionEvent<'_>) {
        if core::ptr::eq(event.catalogue(), api::CATALOGUE.untyped()) {
            self.recorder.record(event);
        }
    }

    /// Writes what was not written yet, on a thread that may block.
    pub(crate) async fn write(&self) {
        let Self { recorder, path } = self.clone();
        let written = tokio::task::spawn_blocking(move || recorder.append_to(path)).await;
        // The next call writes what this one could not.
        if let Ok(Err(error)) = written {
            tracing::error!(%error, "the record of use was not written");
        }
    }

    /// Writes every minute, if there is a file to write to.
    pub(crate) async fn write_always(usage: Option<&Self>) -> Infallible {
        let Some(usage) = usage else { return core::future::pending().await };
        loop {
            tokio::time::sleep(EVERY).await;
            usage.write().await;
        }
    }
}
