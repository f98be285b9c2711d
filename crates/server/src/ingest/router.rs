//! The filters of a chain's followers, and the way of a block's logs to them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event_streamer_models::Log;

use super::index::{FilterIndex, FilterKey, Routes};
use super::matcher::LogMatcher;

/// Who follows a chain, by what they want of it.
#[derive(Debug, Default)]
pub(crate) struct Router {
    index: Mutex<FilterIndex>,
}

/// A follower's place in the router; leaves it when dropped.
#[derive(Debug)]
pub(crate) struct Route {
    router: Arc<Router>,
    key: FilterKey,
    matcher: Arc<LogMatcher>,
}

impl Router {
    /// Takes in a follower.
    pub(crate) fn register(self: &Arc<Self>, matcher: LogMatcher) -> Route {
        let matcher = Arc::new(matcher);
        Route {
            router: Arc::clone(self),
            key: self.lock().insert(Arc::clone(&matcher)),
            matcher,
        }
    }

    /// Sends all logs of a block to those who are there.
    pub(crate) fn route(&self, logs: &[Log]) -> Routes {
        self.lock().route(logs)
    }

    fn lock(&self) -> MutexGuard<'_, FilterIndex> {
        // Nothing in there panics between two changes that belong together.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Route {
    pub(crate) fn key(&self) -> FilterKey {
        self.key
    }

    pub(crate) fn matcher(&self) -> &LogMatcher {
        &self.matcher
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        self.router.lock().remove(self.key);
    }
}
