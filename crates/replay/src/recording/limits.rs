//! How much a recording may hold.

/// Bounds on what a recording may hold, so that a damaged or hostile file ends in an error and not
/// in a full memory. They count what comes out of the decompression.
///
/// ```
/// use event_streamer_replay::{Recording, RecordingErrorKind, RecordingLimits};
///
/// let text = "{\"recording\":1,\"chain_id\":1,\"first_block\":7,\"last_block\":7}\n";
/// let limits = RecordingLimits::default().with_max_line_bytes(16);
/// let error = Recording::read_with(text.as_bytes(), limits).unwrap_err();
/// assert_eq!(error.kind(), RecordingErrorKind::Limit);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordingLimits {
    /// The longest line in bytes, without its end. Default: 16 MiB, a log of 8 MB of data.
    pub max_line_bytes: usize,
    /// All lines together, in bytes. Default: 1 GiB, about two million logs.
    pub max_total_bytes: u64,
    /// The blocks that have a header, and those that have logs: each so many. Default: 1,000,000.
    pub max_blocks: usize,
}

impl Default for RecordingLimits {
    fn default() -> Self {
        Self {
            max_line_bytes: 16 << 20,
            max_total_bytes: 1 << 30,
            max_blocks: 1_000_000,
        }
    }
}

impl RecordingLimits {
    /// Sets [`max_line_bytes`](Self::max_line_bytes).
    #[must_use]
    pub fn with_max_line_bytes(mut self, bytes: usize) -> Self {
        self.max_line_bytes = bytes;
        self
    }

    /// Sets [`max_total_bytes`](Self::max_total_bytes).
    #[must_use]
    pub fn with_max_total_bytes(mut self, bytes: u64) -> Self {
        self.max_total_bytes = bytes;
        self
    }

    /// Sets [`max_blocks`](Self::max_blocks).
    #[must_use]
    pub fn with_max_blocks(mut self, blocks: usize) -> Self {
        self.max_blocks = blocks;
        self
    }
}
