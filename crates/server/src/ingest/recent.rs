//! The logs of recent blocks, read once per block for all followers of a chain.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event_streamer_models::{B256, BlockRef, Log};
use tokio::sync::watch;

use super::check;
use super::fault::Defect;
use super::index::Routes;
use super::router::{Route, Router};

/// What an entry costs beside its logs, about.
const ENTRY_BYTES: usize = 512;

/// All logs of one block, checked, and routed to those who followed the chain when they came: the
/// cost of a block for a follower does not grow with the logs that do not concern it.
#[derive(Debug)]
pub(crate) struct IndexedLogs {
    logs: Vec<Log>,
    routes: Routes,
}

impl IndexedLogs {
    pub(crate) fn new(logs: Vec<Log>, router: &Router) -> Self {
        let routes = router.route(&logs);
        Self { logs, routes }
    }

    /// The logs that pass a follower's filter, in their order.
    pub(crate) fn select(&self, route: &Route) -> Vec<Log> {
        let Some(places) = self.routes.of(route.key()) else {
            // It came later, as one does that catches up.
            let logs = self.logs.iter();
            return logs
                .filter(|log| route.matcher().matches(log))
                .cloned()
                .collect();
        };
        let log = |place: &u32| self.logs.get(usize::try_from(*place).ok()?).cloned();
        places.iter().filter_map(log).collect()
    }

    fn weight(&self) -> usize {
        check::weight_of(&self.logs) + self.routes.weight()
    }
}

/// What is known of a block's logs.
#[derive(Clone, Debug)]
pub(crate) enum BlockLogs {
    /// All of them.
    All(Arc<IndexedLogs>),
    /// They do not fit into one answer: followers ask for what they want themselves.
    TooLarge,
    /// No answer agrees with the header. Whoever asks next has them read again.
    Doubtful(Defect),
}

/// Where the logs of a block will be; closed while still `None` if they cannot be had.
pub(crate) type Pending = watch::Receiver<Option<BlockLogs>>;

/// Who loads a block puts its logs here.
pub(crate) type Loader = watch::Sender<Option<BlockLogs>>;

/// A cache of blocks bounded in bytes. Where it overflows, the lowest blocks go.
#[derive(Debug)]
pub(crate) struct RecentBlocks {
    blocks: Mutex<Blocks>,
    max_bytes: usize,
    router: Arc<Router>,
}

#[derive(Debug, Default)]
struct Blocks {
    entries: BTreeMap<(u64, B256), Entry>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    logs: Pending,
    bytes: usize,
}

impl RecentBlocks {
    pub(crate) fn new(max_bytes: usize, router: Arc<Router>) -> Self {
        Self {
            blocks: Mutex::default(),
            max_bytes,
            router,
        }
    }

    /// Asks for a block. Whoever is the first to ask also gets the loader, and is to see to it
    /// that the logs come.
    pub(crate) fn join(&self, block: BlockRef) -> (Pending, Option<Loader>) {
        let mut blocks = self.lock();
        let key = (block.number, block.hash);
        if let Some(entry) = blocks.entries.get(&key) {
            let is_orphan = entry.logs.borrow().is_none() && entry.logs.has_changed().is_err();
            let is_doubtful = matches!(*entry.logs.borrow(), Some(BlockLogs::Doubtful(_)));
            if !is_orphan && !is_doubtful {
                return (entry.logs.clone(), None);
            }
        }
        let (loader, logs) = watch::channel(None);
        blocks.insert(
            key,
            Entry {
                logs: logs.clone(),
                bytes: ENTRY_BYTES,
            },
        );
        blocks.shrink(self.max_bytes);
        (logs, Some(loader))
    }

    /// Hands the logs to everybody who asked for them, and keeps them if they fit.
    pub(crate) fn finish(&self, block: BlockRef, loader: &Loader, logs: Vec<Log>) {
        let logs = IndexedLogs::new(logs, &self.router);
        let bytes = ENTRY_BYTES + logs.weight();
        let key = (block.number, block.hash);
        let mut blocks = self.lock();
        // It may have been dropped while it was loaded, even be loaded anew.
        if let Some(entry) = blocks.entries.remove(&key) {
            blocks.bytes -= entry.bytes;
            // A block that fills half of the cache would push out all that it is there for.
            if bytes <= self.max_bytes / 2 {
                blocks.insert(key, Entry { bytes, ..entry });
                blocks.shrink(self.max_bytes);
            }
        }
        drop(blocks);
        loader.send_replace(Some(BlockLogs::All(Arc::new(logs))));
    }

    fn lock(&self) -> MutexGuard<'_, Blocks> {
        // Nothing in here panics between two changes that belong together.
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Blocks {
    fn insert(&mut self, key: (u64, B256), entry: Entry) {
        self.bytes += entry.bytes;
        if let Some(old) = self.entries.insert(key, entry) {
            self.bytes -= old.bytes;
        }
    }

    fn shrink(&mut self, max_bytes: usize) {
        while self.bytes > max_bytes
            && let Some((_, entry)) = self.entries.pop_first()
        {
            self.bytes -= entry.bytes;
        }
    }
}

#[cfg(test)]
mod tests;
