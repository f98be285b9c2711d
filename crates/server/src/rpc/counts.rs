//! What became of the calls of one node, by method.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Calls of one method since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MethodCalls {
    /// Answered as asked.
    pub succeeded: u64,
    /// Everything else.
    pub failed: u64,
}

/// Counts by method. There are as many as this crate knows methods.
#[derive(Debug, Default)]
pub(super) struct CallCounts(Mutex<BTreeMap<&'static str, MethodCalls>>);

impl CallCounts {
    pub(super) fn count(&self, method: &'static str, succeeded: bool) {
        let mut methods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = methods.entry(method).or_default();
        if succeeded {
            calls.succeeded += 1;
        } else {
            calls.failed += 1;
        }
    }

    pub(super) fn all(&self) -> BTreeMap<&'static str, MethodCalls> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
