//! What happened, and when.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What happened, line by line, each with its time. Two runs of one seed have the same lines, those of
/// one moment in the order of their text: which of two tasks that nothing connects runs first is
/// nobody's promise.
#[derive(Debug)]
pub struct Trace {
    start: Instant,
    lines: Mutex<Vec<(Duration, String)>>,
}

impl Trace {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            lines: Mutex::default(),
        }
    }

    /// Adds a line.
    pub fn note(&self, what: impl std::fmt::Display) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.push((self.elapsed(), what.to_string()));
    }

    /// How long it is going on.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// The lines so far.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = lines.clone();
        lines.sort();
        lines
            .into_iter()
            .map(|(time, what)| format!("{:>10.6} {what}", time.as_secs_f64()))
            .collect()
    }
}
