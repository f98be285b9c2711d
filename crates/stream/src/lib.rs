//! Event Streamer's NDJSON stream: framing, typed messages and the session state machine, without IO.
//!
//! Bytes go in, decisions come out. What arrives on a stream is cut into lines by the [`Framer`],
//! read by [`StreamMessage::decode`] and judged by the [`Session`], which knows the position, finds
//! duplicates and gaps, and says what may be acknowledged. Nothing here reads a socket or a clock:
//! bytes, time and randomness are handed in, so that every run can be repeated.
//!
//! The service writes with [`BatchBuilder`] and [`encode_line`].
//!
//! The protocol is described in `docs/protocol.md`; this crate is its sections 4 and 6.

mod batch;
mod encode;
mod envelope;
mod error;
mod event;
mod events;
mod framer;
mod message;
mod position;
mod scan;
mod session;

pub use batch::Batch;
pub use encode::{
    BatchBuilder, BatchEnvelope, DEFAULT_MAX_LINE_BYTES, ENVELOPE_RESERVE, EncodeError, Push,
    encode_line,
};
pub use error::{DecodeError, FrameError, FrameErrorKind};
pub use event::{DecodedEvent, UNDECODED};
pub use events::{Events, EventsIter};
pub use framer::{DEFAULT_MAX_LINE, Framer, FramerConfig};
pub use message::StreamMessage;
pub use position::LogPosition;
pub use session::{
    AckOutcome, AckPolicy, AckRequest, AckVerdict, Action, Checkpoint, DeliveryId, FaultKind,
    PositionKeeper, ProtocolFault, ReconnectPolicy, Recovery, Session, SessionConfig,
    SessionCounters,
};
