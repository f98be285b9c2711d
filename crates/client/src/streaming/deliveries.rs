//! Streaming by pulling.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use event_streamer_models::{ProgressMessage, ReorgMessage, ResumeToken};
use event_streamer_stream::{Batch, DeliveryId, Events};

use super::core::Core;
use super::guard::TaskGuard;
use super::handlers::Listeners;
use super::queue::{Item, QueueReceiver, queue};
use super::run::{Consumer, StreamEnd, spawn};
use super::stats::StreamStats;
use crate::error::{Error, ErrorKind};

/// A subscription's events, pulled one batch at a time; made by
/// [`StreamingClient::into_deliveries`](crate::StreamingClient::into_deliveries).
///
/// The first pull starts the stream. Several batches may be held at once and acknowledged in any
/// order; the position moves over those that are acknowledged without a gap. What is not acknowledged
/// comes again after a restart of the program; while it runs, nothing comes twice.
///
/// Also a [`futures_core::Stream`].
///
/// ```no_run
/// # use event_streamer_client::{EventStreamer, StreamingOptions};
/// # use event_streamer_models::SubscriptionId;
/// # async fn example(client: EventStreamer, id: SubscriptionId) -> Result<(), Box<dyn std::error::Error>> {
/// use event_streamer_client::Delivery;
///
/// let mut deliveries = client
///     .create_streaming_client(id, StreamingOptions::default())
///     .into_deliveries();
/// while let Some(delivery) = deliveries.next().await? {
///     match delivery {
///         Delivery::Batch(batch) => {
///             for event in batch.events() {
///                 println!("{} {}", event.name(), event.raw());
///             }
///             batch.ack().await?;
///         }
///         Delivery::Rollback(rollback) => {
///             println!("undo what is above block {}", rollback.reorg().rollback_to.number);
///             rollback.ack().await?;
///         }
///         Delivery::Progress(progress) => println!("nothing up to block {}", progress.to_block),
///         _ => {}
///     }
/// }
/// deliveries.close().await?;
/// # Ok(())
/// # }
/// ```
pub struct Deliveries {
    core: Arc<Core>,
    listeners: Listeners,
    run: Option<Run>,
    ending: Option<Pin<Box<dyn Future<Output = Result<StreamEnd, Error>> + Send + Sync>>>,
}

/// The run behind the deliveries. Dropping it ends its tasks.
struct Run {
    queue: QueueReceiver,
    _task: TaskGuard<()>,
}

/// What is pulled.
#[derive(Debug)]
#[non_exhaustive]
pub enum Delivery {
    /// Events.
    Batch(DeliveredBatch),
    /// Events above a block are undone; what follows is the new branch.
    Rollback(DeliveredRollback),
    /// These blocks held no events. Needs no acknowledgement.
    Progress(ProgressMessage),
}

impl Deliveries {
    pub(crate) fn new(core: Arc<Core>, listeners: Listeners) -> Self {
        core.end.send_replace(None);
        Self {
            core,
            listeners,
            run: None,
            ending: None,
        }
    }

    /// The next delivery; `None` when the subscription is delivered to its end. Cancel safe.
    ///
    /// # Errors
    ///
    /// What ended the stream for good; asked again, the same.
    pub async fn next(&mut self) -> Result<Option<Delivery>, Error> {
        poll_fn(|context| self.poll_delivery(context))
            .await
            .transpose()
    }

    /// The position behind everything acknowledged without a gap: to be kept, to resume from after a
    /// restart of the program.
    #[must_use]
    pub fn current_resume_token(&self) -> Option<ResumeToken> {
        self.core.session().position().cloned()
    }

    /// What the stream has done so far.
    #[must_use]
    pub fn stats(&self) -> StreamStats {
        self.core.stats()
    }

    /// Ends the stream and sends the acknowledgements that are due, within
    /// [`stop_timeout`](crate::StreamingOptions::stop_timeout). Dropping the deliveries ends the stream
    /// without them.
    ///
    /// # Errors
    ///
    /// [`Timeout`](ErrorKind::Timeout) if not all acknowledgements were confirmed, or what had ended
    /// the stream before.
    pub async fn close(self) -> Result<(), Error> {
        if self.run.is_none() {
            return Ok(());
        }
        self.core.request_stop();
        self.core.ended().await.map(drop)
    }

    fn poll_delivery(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Delivery, Error>>> {
        let run = self.run.get_or_insert_with(|| {
            let options = &self.core.options;
            let (sender, receiver) = queue(options.queue_batches, options.queue_bytes);
            let consumer = Consumer::Pull(self.listeners.clone());
            Run {
                queue: receiver,
                _task: spawn(Arc::clone(&self.core), sender, consumer),
            }
        });
        if let Some(queued) = ready!(run.queue.poll_recv(context)) {
            return Poll::Ready(Some(Ok(self.delivery(queued.item))));
        }
        // Acknowledgements may still come in: only an end in failure has to be waited for.
        if self.core.is_completed() {
            return Poll::Ready(None);
        }
        let ending = self.ending.get_or_insert_with(|| {
            let core = Arc::clone(&self.core);
            Box::pin(async move { core.ended().await })
        });
        let end = ready!(ending.as_mut().poll(context));
        self.ending = None;
        Poll::Ready(end.err().map(Err))
    }

    fn delivery(&self, item: Item) -> Delivery {
        match item {
            Item::Batch(id, batch) => Delivery::Batch(DeliveredBatch {
                batch,
                receipt: self.receipt(id),
            }),
            Item::Rollback(id, reorg) => Delivery::Rollback(DeliveredRollback {
                reorg,
                receipt: self.receipt(id),
            }),
            Item::Progress(progress) => Delivery::Progress(progress),
        }
    }

    fn receipt(&self, id: DeliveryId) -> Receipt {
        Receipt {
            core: Arc::clone(&self.core),
            id,
        }
    }
}

impl futures_core::Stream for Deliveries {
    type Item = Result<Delivery, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_delivery(context)
    }
}

impl Drop for Deliveries {
    fn drop(&mut self) {
        // Whoever still holds a batch learns that its acknowledgement goes nowhere.
        let closed = Error::stopped("the deliveries are closed");
        self.core
            .end
            .send_if_modified(|end| end.replace_if_none(Err(closed)));
    }
}

/// Setting what is not set.
trait ReplaceIfNone<T> {
    fn replace_if_none(&mut self, value: T) -> bool;
}

impl<T> ReplaceIfNone<T> for Option<T> {
    fn replace_if_none(&mut self, value: T) -> bool {
        let was_none = self.is_none();
        self.get_or_insert(value);
        was_none
    }
}

impl fmt::Debug for Deliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Deliveries")
            .field("core", &self.core)
            .finish_non_exhaustive()
    }
}

/// What says that a delivery is handled.
struct Receipt {
    core: Arc<Core>,
    id: DeliveryId,
}

impl Receipt {
    fn handled(&self) -> Result<(), Error> {
        if self.core.end.borrow().is_some() {
            return Err(Error::new(
                ErrorKind::Stopped,
                "the stream has ended; what is acknowledged now comes again after a restart",
            ));
        }
        self.core.handled(self.id);
        Ok(())
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// A batch that was pulled.
#[derive(Debug)]
pub struct DeliveredBatch {
    batch: Batch,
    receipt: Receipt,
}

impl DeliveredBatch {
    /// The batch.
    #[must_use]
    pub fn batch(&self) -> &Batch {
        &self.batch
    }

    /// All its events in the order of the chain.
    #[must_use]
    pub fn events(&self) -> Events {
        self.batch.events()
    }

    /// The position after it: to be kept with what is stored of it, to resume from.
    #[must_use]
    pub fn resume_token(&self) -> Option<&ResumeToken> {
        self.batch.resume_token()
    }

    /// Says that the batch is handled. The service is told with the next acknowledgements, and at
    /// [`Deliveries::close`]. Saying it twice does no harm.
    ///
    /// # Errors
    ///
    /// [`Stopped`](ErrorKind::Stopped) if the stream has ended: the batch comes again.
    #[allow(
        clippy::unused_async,
        reason = "where checkpoints are kept this waits for them"
    )]
    pub async fn ack(&self) -> Result<(), Error> {
        self.receipt.handled()
    }
}

/// The notice of a rollback that was pulled.
#[derive(Debug)]
pub struct DeliveredRollback {
    reorg: ReorgMessage,
    receipt: Receipt,
}

impl DeliveredRollback {
    /// The notice.
    #[must_use]
    pub fn reorg(&self) -> &ReorgMessage {
        &self.reorg
    }

    /// Says that the rollback is done. Until then the position stays before it.
    ///
    /// # Errors
    ///
    /// [`Stopped`](ErrorKind::Stopped) if the stream has ended: the notice comes again.
    #[allow(
        clippy::unused_async,
        reason = "where checkpoints are kept this waits for them"
    )]
    pub async fn ack(&self) -> Result<(), Error> {
        self.receipt.handled()
    }
}
