//! The queue between the reader and the application: bounded in batches and in bytes.
//!
//! One puts in and one takes out, which a lock for a moment is enough for: an item costs two of them.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use event_streamer_models::{ProgressMessage, ReorgMessage};
use event_streamer_stream::{Batch, DeliveryId};

/// What waits for the application.
#[derive(Debug)]
pub(crate) enum Item {
    Batch(DeliveryId, Batch),
    // Boxed, so that what is nearly always moved is small.
    Rollback(DeliveryId, Box<ReorgMessage>),
    Progress(Box<ProgressMessage>),
}

/// An item and the room it takes until this is dropped.
#[derive(Debug)]
pub(crate) struct Queued {
    pub(crate) item: Item,
    _room: Room,
}

/// The reader's end.
#[derive(Debug)]
pub(crate) struct QueueSender {
    shared: Arc<Shared>,
    /// What was free when the queue was looked at last. It can only have become more since.
    free: Free,
}

/// The application's end.
#[derive(Debug)]
pub(crate) struct QueueReceiver {
    shared: Arc<Shared>,
}

/// Room for one item that nobody else can take, so that putting the item in cannot fail or wait.
pub(crate) struct Place<'q> {
    queue: &'q mut QueueSender,
    bytes: usize,
}

/// A queue of so many batches and bytes.
pub(crate) fn queue(batches: usize, bytes: usize) -> (QueueSender, QueueReceiver) {
    let shared = Arc::new(Shared {
        most: Free {
            items: batches.max(1),
            bytes: bytes.max(1),
        },
        state: Mutex::default(),
    });
    let sender = QueueSender {
        free: shared.most,
        shared: Arc::clone(&shared),
    };
    (sender, QueueReceiver { shared })
}

#[derive(Debug)]
struct Shared {
    /// What is free in an empty queue.
    most: Free,
    state: Mutex<State>,
}

/// How much fits.
#[derive(Clone, Copy, Debug)]
struct Free {
    items: usize,
    bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    items: VecDeque<(Item, usize)>,
    /// Of the items, and of those that were taken out and still have their room.
    bytes: usize,
    /// Whoever waits for room.
    sender: Option<Waker>,
    /// Whoever waits for an item.
    receiver: Option<Waker>,
    sender_gone: bool,
    receiver_gone: bool,
}

impl Shared {
    /// For a moment: never across an await, and nothing in here panics.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn free(&self, state: &State) -> Free {
        Free {
            items: self.most.items.saturating_sub(state.items.len()),
            bytes: self.most.bytes.saturating_sub(state.bytes),
        }
    }

    fn give_back(&self, bytes: usize) {
        let mut state = self.lock();
        state.bytes = state.bytes.saturating_sub(bytes);
        let waker = state.sender.take();
        drop(state);
        wake(waker);
    }
}

impl Free {
    fn fits(self, bytes: usize) -> bool {
        self.items > 0 && self.bytes >= bytes
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl QueueSender {
    /// Waits for room. An item longer than the whole queue waits until it is alone. `None` when the
    /// application's end is gone. Cancel safe.
    pub(crate) async fn place(&mut self, bytes: usize) -> Option<Place<'_>> {
        let bytes = bytes.clamp(1, self.shared.most.bytes);
        if !self.free.fits(bytes) {
            poll_fn(|context| self.poll_room(context, bytes)).await?;
        }
        Some(Place { queue: self, bytes })
    }

    /// `None` when the application's end is gone.
    fn poll_room(&mut self, context: &Context<'_>, bytes: usize) -> Poll<Option<()>> {
        let mut state = self.shared.lock();
        if state.receiver_gone {
            return Poll::Ready(None);
        }
        self.free = self.shared.free(&state);
        if self.free.fits(bytes) {
            return Poll::Ready(Some(()));
        }
        state.sender = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Place<'_> {
    pub(crate) fn put(self, item: Item) {
        let Self { queue, bytes } = self;
        let mut state = queue.shared.lock();
        // What nobody will take any more comes again with the next run.
        if state.receiver_gone {
            return;
        }
        state.items.push_back((item, bytes));
        state.bytes += bytes;
        queue.free = queue.shared.free(&state);
        let waker = state.receiver.take();
        drop(state);
        wake(waker);
    }
}

impl Drop for QueueSender {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.sender_gone = true;
        let waker = state.receiver.take();
        drop(state);
        wake(waker);
    }
}

impl QueueReceiver {
    /// The next item, its room free at once; `None` when there will be none. Cancel safe.
    pub(crate) async fn recv(&mut self) -> Option<Item> {
        poll_fn(|context| self.poll_recv(context)).await
    }

    /// The same if it is there.
    pub(crate) fn try_recv(&mut self) -> Option<Item> {
        match self.poll_recv(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(item) => item,
            Poll::Pending => None,
        }
    }

    /// The same, as a poll.
    pub(crate) fn poll_recv(&mut self, context: &mut Context<'_>) -> Poll<Option<Item>> {
        self.poll_take(context, true)
            .map(|taken| taken.map(|(item, _)| item))
    }

    /// The next item, which keeps its room; `None` when there will be none. Cancel safe.
    pub(crate) async fn recv_held(&mut self) -> Option<Queued> {
        let (item, bytes) = poll_fn(|context| self.poll_take(context, false)).await?;
        let shared = Arc::clone(&self.shared);
        Some(Queued {
            item,
            _room: Room { shared, bytes },
        })
    }

    fn poll_take(
        &mut self,
        context: &mut Context<'_>,
        free_at_once: bool,
    ) -> Poll<Option<(Item, usize)>> {
        let mut state = self.shared.lock();
        let Some((item, bytes)) = state.items.pop_front() else {
            if state.sender_gone {
                return Poll::Ready(None);
            }
            state.receiver = Some(context.waker().clone());
            return Poll::Pending;
        };
        if free_at_once {
            state.bytes = state.bytes.saturating_sub(bytes);
        }
        let waker = state.sender.take();
        drop(state);
        wake(waker);
        Poll::Ready(Some((item, bytes)))
    }
}

impl Drop for QueueReceiver {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.receiver_gone = true;
        let items = std::mem::take(&mut state.items);
        let waker = state.sender.take();
        drop(state);
        drop(items);
        wake(waker);
    }
}

/// The bytes of an item that was taken out.
#[derive(Debug)]
struct Room {
    shared: Arc<Shared>,
    bytes: usize,
}

impl Drop for Room {
    fn drop(&mut self) {
        self.shared.give_back(self.bytes);
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
        let progress = ProgressMessage::new(ResumeToken::from("rt"), 1, to, 1);
        Item::Progress(Box::new(progress))
    }

    async fn fits(sender: &mut QueueSender, bytes: usize) -> bool {
        let place = std::pin::pin!(sender.place(bytes));
        tokio::select! {
            biased;
            place = place => { place.unwrap().put(item()); true }
            () = tokio::task::yield_now() => false,
        }
    }

    #[tokio::test]
    async fn the_queue_is_bounded_in_batches_and_in_bytes() {
        let (mut sender, mut receiver) = queue(2, 100);
        assert!(fits(&mut sender, 10).await);
        assert!(fits(&mut sender, 10).await);
        assert!(!fits(&mut sender, 10).await, "two batches are the most");
        drop(receiver.recv().await);
        assert!(!fits(&mut sender, 95).await, "100 bytes are the most");
        drop(receiver.recv().await);
        assert!(fits(&mut sender, 1_000).await, "alone, a long one fits");
        assert!(!fits(&mut sender, 1).await);
        drop(receiver);
        assert!(sender.place(1).await.is_none());
    }

    #[tokio::test]
    async fn what_is_held_keeps_its_bytes_and_not_its_place() {
        let (mut sender, mut receiver) = queue(1, 100);
        assert!(fits(&mut sender, 60).await);
        let held = receiver.recv_held().await.unwrap();
        assert!(!fits(&mut sender, 60).await, "its bytes are still taken");
        assert!(fits(&mut sender, 40).await, "its place is not");
        drop(receiver.recv().await);
        drop(held);
        assert!(fits(&mut sender, 100).await);
    }

    #[tokio::test]
    async fn both_ends_are_woken() {
        let (mut sender, mut receiver) = queue(1, 100);
        let reader = tokio::spawn(async move {
            for _ in 0..100 {
                sender.place(100).await.unwrap().put(item());
            }
        });
        let mut taken = 0;
        while let Some(queued) = receiver.recv_held().await {
            tokio::task::yield_now().await;
            drop(queued);
            taken += 1;
        }
        assert_eq!(taken, 100);
        reader.await.unwrap();
    }
}
