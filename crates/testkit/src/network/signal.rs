//! A number that others wait for, woken in the order in which they began to wait.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

/// In place of tokio's watch channel, which wakes those who wait in an order of its own dice.
#[derive(Debug, Default)]
pub(super) struct Signal {
    value: AtomicU64,
    changed: Notify,
}

impl Signal {
    pub(super) fn value(&self) -> u64 {
        self.value.load(Ordering::SeqCst)
    }

    pub(super) fn set(&self, value: u64) {
        self.value.store(value, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    pub(super) async fn wait_until(&self, is_so: impl Fn(u64) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // From here on no change is missed.
            changed.as_mut().enable();
            if is_so(self.value()) {
                return;
            }
            changed.await;
        }
    }
}
