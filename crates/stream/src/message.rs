//! A line of the stream, typed.

use bytes::Bytes;
use bytestring::ByteString;
use event_streamer_models::{
    CompleteMessage, ProgressMessage, ReorgMessage, StreamingError, StreamingHeartbeat,
};
use serde::de::DeserializeOwned;

use crate::batch::Batch;
use crate::envelope::{self, Line};
use crate::error::DecodeError;
use crate::scan::{Marks, Unreadable};

/// One message of the stream (`docs/protocol.md`, section 4).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum StreamMessage {
    /// Decoded events.
    EventBatch(Batch),
    /// A sign of life.
    Heartbeat(StreamingHeartbeat),
    /// Something went wrong at the service.
    Error(StreamingError),
    /// Blocks without a matching log.
    Progress(ProgressMessage),
    /// Events above a block are undone.
    Reorg(ReorgMessage),
    /// The subscription's last block is delivered; the stream ends.
    Complete(CompleteMessage),
    /// A message of a type this version does not know.
    Unknown {
        /// Its `type`.
        kind: String,
        /// The whole line.
        raw: Bytes,
    },
}

impl StreamMessage {
    /// Reads one line, as the [`Framer`](crate::Framer) gives it.
    ///
    /// Unknown types and unknown fields are kept, absent and `null` optional fields accepted. The
    /// work is linear in the length of the line and the nesting of what is read is bounded.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use event_streamer_stream::StreamMessage;
    ///
    /// let line = Bytes::from_static(br#"{"type":"event_batch","events":{"Paused":[{"by":"0x01"}]}}"#);
    /// let StreamMessage::EventBatch(batch) = StreamMessage::decode(line)? else {
    ///     panic!("a batch was sent");
    /// };
    /// assert_eq!(batch.len(), 1);
    /// # Ok::<(), event_streamer_stream::DecodeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the line is not a JSON object with a `type`, not UTF-8, has a field
    /// twice, or lacks what its type cannot do without.
    pub fn decode(line: Bytes) -> Result<Self, DecodeError> {
        let line = ByteString::try_from(line).map_err(|error| {
            Unreadable::new("not UTF-8", error.valid_up_to()).within("a stream line")
        })?;
        let marks = Marks::of(&line);
        match envelope::read(&line, &marks)? {
            Line::Batch(layout) => Ok(Self::EventBatch(Batch::new(line, marks, layout))),
            Line::Other(kind) => Self::decode_other(kind, line),
        }
    }

    fn decode_other(kind: String, line: ByteString) -> Result<Self, DecodeError> {
        Ok(match kind.as_str() {
            "heartbeat" => Self::Heartbeat(read("heartbeat", &line)?),
            "error" => Self::Error(read("error message", &line)?),
            "progress" => Self::Progress(read("progress message", &line)?),
            "reorg" => Self::Reorg(read("reorg message", &line)?),
            "complete" => Self::Complete(read("complete message", &line)?),
            _ => Self::Unknown {
                kind,
                raw: line.into_bytes(),
            },
        })
    }
}

fn read<T: DeserializeOwned>(what: &str, line: &str) -> Result<T, DecodeError> {
    serde_json::from_str(line).map_err(|error| DecodeError::json(format_args!("a {what}"), &error))
}

#[cfg(test)]
mod tests;
