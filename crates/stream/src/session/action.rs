//! What a session answers to a message.

use event_streamer_models::{
    CompleteMessage, ProgressMessage, ReorgMessage, StreamingError, StreamingHeartbeat,
};

use super::{DeliveryId, ProtocolFault};
use crate::batch::Batch;

/// What to do with a message.
#[derive(Debug, Clone)]
#[must_use]
pub enum Action {
    /// Give the batch to the application, and say [`handled`](super::Session::handled) when it is.
    Deliver(DeliveryId, Batch),
    /// Tell the application of the rollback, and say [`handled`](super::Session::handled) when it is done.
    Rollback(DeliveryId, ReorgMessage),
    /// Nothing: the batch was delivered before. It will be acknowledged again.
    Duplicate,
    /// Nothing: what the message says is taken in.
    Nothing,
    /// Blocks without events; may be shown.
    Progress(ProgressMessage),
    /// A sign of life; may be shown.
    Heartbeat(StreamingHeartbeat),
    /// The service reports an error and goes on; to be shown.
    Report(StreamingError),
    /// The service reports an error that is final.
    Fail(StreamingError),
    /// The subscription is delivered to its end: nothing more comes.
    Finish(CompleteMessage),
    /// Close the connection and ask [`fault`](super::Session::fault) what to do.
    Break(ProtocolFault),
}
