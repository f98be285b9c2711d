//! What the stream of a subscription does.

use crate::text_enum::text_enum;

text_enum! {
    /// What the stream of a subscription does.
    StreamingStatus {
        /// Nothing yet.
        Pending = "pending",
        /// It delivers; the service does not say whether history or head.
        Active = "active",
        /// It delivers blocks of the past.
        Backfilling = "backfilling",
        /// It is at the head of the chain.
        Live = "live",
        /// It waits until it is told to go on.
        Paused = "paused",
        /// Its last block is delivered and acknowledged.
        Completed = "completed",
        /// It stopped for good.
        Error = "error",
    }
}
