//! What a session counts.

/// What a session has seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionCounters {
    /// Connections opened.
    pub connections: u64,
    /// Batches given to the application.
    pub batches_delivered: u64,
    /// Events given to the application.
    pub events_delivered: u64,
    /// Events handled without a gap from the start.
    pub events_handled: u64,
    /// Batches that came again and were dropped.
    pub duplicate_batches: u64,
    /// Checkpoints that the store has durably.
    pub checkpoints: u64,
    /// Batches whose acknowledgement the service confirmed.
    pub batches_acknowledged: u64,
    /// Messages that broke the protocol.
    pub protocol_faults: u64,
}
