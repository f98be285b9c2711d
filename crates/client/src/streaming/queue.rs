//! The queue between the reader and the application: bounded in batches and in bytes.

use std::sync::Arc;

use event_streamer_models::{ProgressMessage, ReorgMessage};
use event_streamer_stream::{Batch, DeliveryId};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// What waits for the application.
#[derive(Debug)]
pub(crate) enum Item {
    Batch(DeliveryId, Batch),
    Rollback(DeliveryId, ReorgMessage),
    Progress(ProgressMessage),
}

/// An item and the room it takes until it is taken out.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) item: Item,
    _room: OwnedSemaphorePermit,
}

/// The reader's end.
#[derive(Debug)]
pub(crate) struct QueueSender {
    items: mpsc::Sender<Queued>,
    bytes: Arc<Semaphore>,
    most: u32,
}

/// The application's end.
pub(crate) type QueueReceiver = mpsc::Receiver<Queued>;

/// Room for one item that is taken already, so that putting the item in cannot fail or wait.
pub(crate) struct Place<'q> {
    slot: mpsc::Permit<'q, Queued>,
    room: OwnedSemaphorePermit,
}

/// A queue of so many batches and bytes.
pub(crate) fn queue(batches: usize, bytes: usize) -> (QueueSender, QueueReceiver) {
    let (items, receiver) = mpsc::channel(batches.max(1));
    let most = u32::try_from(bytes.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
    let sender = QueueSender {
        items,
        bytes: Arc::new(Semaphore::new(most as usize)),
        most,
    };
    (sender, receiver)
}

impl QueueSender {
    /// Waits for room. An item longer than the whole queue waits until it is alone. `None` when the
    /// application's end is gone. Cancel safe.
    pub(crate) async fn place(&self, bytes: usize) -> Option<Place<'_>> {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX).clamp(1, self.most);
        let room = Arc::clone(&self.bytes)
            .acquire_many_owned(bytes)
            .await
            .ok()?;
        let slot = self.items.reserve().await.ok()?;
        Some(Place { slot, room })
    }
}

impl Place<'_> {
    pub(crate) fn put(self, item: Item) {
        self.slot.send(Queued {
            item,
            _room: self.room,
        });
    }
}

#[cfg(test)]
mod tests {
    use event_streamer_models::{B256, ResumeToken};

    use super::*;

    fn item() -> Item {
        let to = event_streamer_models::BlockRef {
            number: 1,
            hash: B256::from([0; 32]),
        };
        Item::Progress(ProgressMessage::new(ResumeToken::from("rt"), 1, to, 1))
    }

    async fn fits(sender: &QueueSender, bytes: usize) -> bool {
        let place = std::pin::pin!(sender.place(bytes));
        tokio::select! {
            biased;
            place = place => { place.unwrap().put(item()); true }
            () = tokio::task::yield_now() => false,
        }
    }

    #[tokio::test]
    async fn the_queue_is_bounded_in_batches_and_in_bytes() {
        let (sender, mut receiver) = queue(2, 100);
        assert!(fits(&sender, 10).await);
        assert!(fits(&sender, 10).await);
        assert!(!fits(&sender, 10).await, "two batches are the most");
        drop(receiver.recv().await);
        assert!(!fits(&sender, 95).await, "100 bytes are the most");
        drop(receiver.recv().await);
        assert!(fits(&sender, 1_000).await, "alone, a long one fits");
        assert!(!fits(&sender, 1).await);
        drop(receiver);
        assert!(sender.place(1).await.is_none());
    }
}
