//! Where positions are kept between runs of a program.
//!
//! A [`CheckpointStore`] holds, for each subscription and name, the position behind everything that is
//! handled. A stream that has one begins there; the order is always handler, then checkpoint, then
//! acknowledgement. There are stores [in memory](MemoryCheckpoints) and [in files](FileCheckpoints);
//! with the feature `sqlx` also in SQLite and PostgreSQL, where the position can be written in the
//! transaction that also holds what the handler stores.

mod crc;
mod error;
mod file;
mod key;
mod lock;
mod memory;
#[cfg(feature = "sqlx")]
mod sql;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use event_streamer_models::ResumeToken;

pub(crate) use crc::crc32_hex;
pub use error::{CheckpointError, CheckpointErrorKind};
pub use file::FileCheckpoints;
pub use key::CheckpointKey;
pub use memory::MemoryCheckpoints;
#[cfg(feature = "sqlx")]
pub(crate) use sql::Commit;
#[cfg(feature = "sqlx")]
pub use sql::{
    CREATE_CHECKPOINT_TABLE, CheckpointDatabase, PostgresCheckpoints, SqliteCheckpoints,
};

/// What a store answers.
pub type CheckpointFuture<'a, T> =
    Pin<Box<dyn Future<Output = Result<T, CheckpointError>> + Send + 'a>>;

/// A position as a store has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavedPosition {
    /// Where to go on; `None` until the first is kept.
    pub resume_token: Option<ResumeToken>,
    /// Counts the claims: who wrote it.
    pub epoch: u64,
    /// Counts what that writer wrote, so that of two of its positions the later one is known.
    pub step: u64,
}

/// Keeps positions durably.
///
/// **Fencing**: of several programs with one key the last to [`claim`](Self::claim) writes. The
/// others are told so, and stop; none of them can move the position back.
///
/// A store of one's own implements the three methods; this one forgets with the program:
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use event_streamer_client::{
///     CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
///     SavedPosition,
/// };
///
/// #[derive(Debug, Default)]
/// struct Table(Mutex<HashMap<CheckpointKey, SavedPosition>>);
///
/// impl CheckpointStore for Table {
///     fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
///         Box::pin(async move {
///             let mut table = self.0.lock().unwrap();
///             let saved = table.entry(key.clone()).or_default();
///             saved.epoch += 1;
///             saved.step = 0;
///             Ok(saved.clone())
///         })
///     }
///
///     fn save<'a>(
///         &'a self,
///         key: &'a CheckpointKey,
///         position: &'a SavedPosition,
///     ) -> CheckpointFuture<'a, ()> {
///         Box::pin(async move {
///             let mut table = self.0.lock().unwrap();
///             let saved = table.entry(key.clone()).or_default();
///             if saved.epoch != position.epoch {
///                 return Err(CheckpointError::superseded(key));
///             }
///             if saved.step <= position.step {
///                 *saved = position.clone();
///             }
///             Ok(())
///         })
///     }
///
///     fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
///         Box::pin(async move { Ok(self.0.lock().unwrap().get(key).cloned()) })
///     }
/// }
/// # let _ = CheckpointErrorKind::Unavailable;
/// ```
pub trait CheckpointStore: fmt::Debug + Send + Sync + 'static {
    /// Takes a key over, and answers what is kept under it: with an epoch that is one more than
    /// before, and step 0. From then on writers with an earlier epoch are refused.
    ///
    /// # Errors
    ///
    /// [`InUse`](CheckpointErrorKind::InUse) where a store lets nobody else in,
    /// [`Damaged`](CheckpointErrorKind::Damaged) if what is kept cannot be trusted.
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition>;

    /// Keeps a position; it is durable when this returns. A position with a smaller step than the one
    /// that is kept changes nothing.
    ///
    /// # Errors
    ///
    /// [`Superseded`](CheckpointErrorKind::Superseded) if the epoch is not that of the last claim.
    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()>;

    /// What is kept; `None` if the key was never claimed.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>>;
}

/// Who writes the position to the store.
///
/// ```
/// use event_streamer_client::StreamingOptions;
///
/// use event_streamer_client::{CheckpointWriter, MemoryCheckpoints};
///
/// let options = StreamingOptions::default()
///     .with_checkpoint_store(MemoryCheckpoints::new())
///     .with_checkpoint_writer(CheckpointWriter::Client);
/// assert_eq!(options.checkpoint_writer, CheckpointWriter::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckpointWriter {
    /// The client, after the handlers of a batch returned. At least once: a crash between the two
    /// has the batch handled again.
    #[default]
    Client,
    /// The handler, in the transaction that holds what it stores (feature `sqlx`):
    /// [`BatchContext::commit_with`](crate::BatchContext::commit_with). Exactly once: both are there,
    /// or neither is.
    Handler,
}
