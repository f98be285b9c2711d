//! Positions that end with the program.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{CheckpointError, CheckpointFuture, CheckpointKey, CheckpointStore, SavedPosition};

/// Positions in memory: for tests, and to fence consumers within one program.
#[derive(Debug, Default)]
pub struct MemoryCheckpoints {
    positions: Mutex<HashMap<CheckpointKey, SavedPosition>>,
}

impl MemoryCheckpoints {
    /// No positions yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<CheckpointKey, SavedPosition>) -> T) -> T {
        // Each change is one assignment, so a panic elsewhere leaves nothing half done.
        act(&mut self
            .positions
            .lock()
            .unwrap_or_else(PoisonError::into_inner))
    }
}

impl CheckpointStore for MemoryCheckpoints {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        Box::pin(async move {
            Ok(self.with(|positions| {
                let saved = positions.entry(key.clone()).or_default();
                saved.epoch += 1;
                saved.step = 0;
                saved.clone()
            }))
        })
    }

    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        Box::pin(async move {
            self.with(|positions| {
                let saved = positions.get_mut(key);
                let Some(saved) = saved.filter(|saved| saved.epoch == position.epoch) else {
                    return Err(CheckpointError::superseded(key));
                };
                if saved.step <= position.step {
                    saved.clone_from(position);
                }
                Ok(())
            })
        })
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        Box::pin(async move { Ok(self.with(|positions| positions.get(key).cloned())) })
    }
}
