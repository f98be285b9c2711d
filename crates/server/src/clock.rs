//! The wall clock, at the one place where the service reads it.
//!
//! Deadlines never use it: they run on tokio's monotonic clock, which tests can pause.

use std::time::{SystemTime, UNIX_EPOCH};

use event_streamer_models::Timestamp;

/// The current time in UTC, to the millisecond.
pub(crate) fn now() -> Timestamp {
    // A clock before 1970 is a broken clock; the epoch itself is the honest answer then.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_unix_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
