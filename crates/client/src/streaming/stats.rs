//! What a stream has done so far, as numbers.

use std::time::Duration;

use event_streamer_stream::SessionCounters;

/// Counters of a stream since its client was made, over all its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStats {
    /// Connections opened.
    pub connections: u64,
    /// Connections opened beyond the first.
    pub reconnects: u64,
    /// Batches given to the application.
    pub batches_received: u64,
    /// Events given to the application.
    pub events_received: u64,
    /// Events handled, without a gap from the start.
    pub events_handled: u64,
    /// Events without a handler, where that is allowed.
    pub events_ignored: u64,
    /// Batches that came again and were dropped.
    pub duplicate_batches: u64,
    /// Batches whose acknowledgement the service confirmed.
    pub batches_acknowledged: u64,
    /// Positions that the checkpoint store took from the client.
    pub checkpoints: u64,
    /// Events that became dead letters.
    pub dead_letters: u64,
    /// The head of the chain as the service told it last.
    pub head_block: Option<u64>,
    /// How many blocks the handled events are behind the head, if both are known.
    pub lag_blocks: Option<u64>,
    /// The age of the last event that was handled, by the time of its block; zero at the head. `None`
    /// while nothing is handled, or the service sends no times.
    pub lag: Option<Duration>,
    /// Times that the stream broke the protocol.
    pub protocol_faults: u64,
    /// Calls of handlers that failed.
    pub handler_failures: u64,
    /// Reports to `on_error` and the like that were dropped because they were not taken in time.
    pub notices_dropped: u64,
}

impl StreamStats {
    pub(crate) fn of(session: SessionCounters) -> Self {
        Self {
            connections: session.connections,
            reconnects: session.connections.saturating_sub(1),
            batches_received: session.batches_delivered,
            events_received: session.events_delivered,
            events_handled: session.events_handled,
            duplicate_batches: session.duplicate_batches,
            checkpoints: session.checkpoints,
            batches_acknowledged: session.batches_acknowledged,
            protocol_faults: session.protocol_faults,
            ..Self::default()
        }
    }
}
