//! What a pump reads from: a chain's followers, or a test's script.

use std::future::Future;

use event_streamer_models::Finality;

use super::ending::Ending;
use crate::ingest::{FollowStart, HeadState, LogFilter, Step};

/// A chain that can be followed.
pub(crate) trait Chain: Send + Sync + 'static {
    type Feed: Feed;

    fn follow(&self, wanted: Wanted) -> Self::Feed;

    fn head(&self) -> Option<HeadState>;
}

/// What a follower is to hand out.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) filter: LogFilter,
    pub(crate) start: FollowStart,
    /// Nothing below this block, not even after a reorg that goes back further.
    pub(crate) first_block: u64,
    pub(crate) end_block: Option<u64>,
    /// `None` is what the chain's configuration says.
    pub(crate) finality: Option<Finality>,
}

/// An ordered sequence of logs.
pub(crate) trait Feed: Send + 'static {
    /// The next step. Waits as long as there is none; cancel safe.
    fn next(&mut self) -> impl Future<Output = Result<Step, Ending>> + Send;

    /// Waits, after the end, until there is something else to tell. Cancel safe.
    fn reopened(&mut self) -> impl Future<Output = ()> + Send {
        std::future::pending()
    }
}
