//! The messages of a stream, one JSON object a line (docs/protocol.md, section 4).
//!
//! Only `type` and `events` are indispensable for a batch to be delivered, so every field that an
//! older service may leave out is optional here. Our service sends them all: the `new` functions
//! take what the reference client requires. A `timestamp` that cannot be read is as good as none;
//! it only informs.

mod batch;
mod data;
mod error;
mod notice;

pub use batch::{Coverage, EventBatchMessage, Events};
pub use data::StreamingEventData;
pub use error::{ErrorCode, StreamingError};
pub use notice::{CompleteMessage, ProgressMessage, ReorgMessage, StreamingHeartbeat};

/// The event name under which a log is delivered that matches the filter but does not decode.
pub const UNDECODED_EVENT: &str = "$undecoded";
