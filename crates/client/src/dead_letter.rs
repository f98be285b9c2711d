//! Events that a handler could not take, put aside.
//!
//! With [`AfterFailure::DeadLetter`](crate::AfterFailure::DeadLetter) the events of a call that failed
//! for good are written as [`DeadLetter`]s, durably, and the stream goes on: each counts as handled, so
//! whoever chooses this looks after them. [`DeadLetterFile`] keeps them in a file that
//! `event-streamer dead-letters` lists and replays to a program, and
//! [`replay_dead_letters`](crate::StreamingClient::replay_dead_letters) to the application's own handlers.
//!
//! A letter is of the moment it was written. If its block is rolled back later, the notice goes to
//! `on_reorg` and the letter stays as it is: whoever replays letters of blocks that were not final
//! compares `block_hash` with the chain first.

mod error;
mod file;
mod line;
mod reader;

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use event_streamer_models::{BatchId, SubscriptionId, Timestamp};

pub use error::{DeadLetterError, DeadLetterErrorKind};
pub use file::DeadLetterFile;
pub use reader::{LetterId, OpenLetters};

use crate::error::excerpt;

/// The most of an error's text that a letter keeps, in bytes.
const MAX_ERROR: usize = 2_000;

/// One event that its handler could not take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeadLetter {
    /// When it was given up.
    pub failed_at: Timestamp,
    /// The subscription that it is of.
    pub subscription_id: SubscriptionId,
    /// The batch that it came in.
    pub batch_id: Option<BatchId>,
    /// Whose handler failed: `` `Transfer` ``, `all events`.
    pub handler: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The last failure and what caused it, at most 2,000 bytes.
    pub error: String,
    /// The event's name.
    pub event_name: String,
    /// The event's JSON object as it was sent. It may be sent again after a crash: its `event_id` tells.
    pub event: String,
}

/// What a sink answers.
pub type DeadLetterFuture<'a> =
    Pin<Box<dyn Future<Output = Result<(), DeadLetterError>> + Send + 'a>>;

/// Takes events that no handler could.
pub trait DeadLetterSink: fmt::Debug + Send + Sync + 'static {
    /// Takes letters, all or none; they are durable when this returns.
    ///
    /// # Errors
    ///
    /// If they are not. It is tried again as the handler was, and then ends the stream.
    fn write<'a>(&'a self, letters: &'a [DeadLetter]) -> DeadLetterFuture<'a>;
}

/// An error and what caused it, on one line.
pub(crate) fn error_text(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        if text.len() > MAX_ERROR {
            break;
        }
        source = error.source();
    }
    excerpt(&text, MAX_ERROR)
}
