//! Streaming by pulling.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use event_streamer_models::{ProgressMessage, ReorgMessage, ResumeToken};
use event_streamer_stream::{Batch, DeliveryId, Events};

use super::checkpointer::{is_committed, not_committed};
#[cfg(feature = "sqlx")]
use super::commit::commit_with;
use super::core::Core;
use super::handlers::Listeners;
use super::keeper::{Step, Turn};
use super::queue::{Item, QueueReceiver, queue};
use super::run::{Consumer, Ending, Run, StreamEnd};
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
    pulling: Option<Pulling>,
    /// The number of the last batch or rollback, from 1.
    step: Step,
    /// Waits for the end, once the queue is empty for good.
    waiting: Option<Waiting>,
}

type Waiting = Pin<Box<dyn Future<Output = Result<StreamEnd, Error>> + Send>>;

/// The run behind the deliveries, and its end of the queue.
struct Pulling {
    queue: QueueReceiver,
    run: Run,
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
        Self {
            core,
            listeners,
            pulling: None,
            step: 0,
            waiting: None,
        }
    }

    /// The next delivery; `None` when the subscription is delivered to its end. Cancel safe.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(deliveries: &mut Deliveries) -> Result<(), Error> {
    /// while let Some(delivery) = deliveries.next().await? {
    ///     if let Delivery::Batch(batch) = delivery {
    ///         println!("{} events", batch.events().len());
    ///         batch.ack().await?;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
        let Some(pulling) = self.pulling else {
            return Ok(());
        };
        self.core.signals.request_stop();
        pulling.run.ending().wait().await.map(drop)
    }

    fn poll_delivery(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Delivery, Error>>> {
        let pulling = self.pulling.get_or_insert_with(|| {
            let options = &self.core.options;
            let (sender, queue) = queue(options.queue_batches, options.queue_bytes);
            let consumer = Consumer::Pull(self.listeners.clone());
            let run = Run::start(Arc::clone(&self.core), sender, consumer);
            Pulling { queue, run }
        });
        if let Some(item) = ready!(pulling.queue.poll_recv(context)) {
            let ending = pulling.run.ending();
            return Poll::Ready(Some(Ok(self.delivery(item, ending))));
        }
        // Acknowledgements may still come in: only an end in failure has to be waited for.
        if self.core.signals.is_completed() {
            return Poll::Ready(None);
        }
        let ending = pulling.run.ending();
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(ending.wait()));
        let end = ready!(waiting.as_mut().poll(context));
        self.waiting = None;
        Poll::Ready(end.err().map(Err))
    }

    fn delivery(&mut self, item: Item, ending: Ending) -> Delivery {
        if !matches!(item, Item::Progress(_)) {
            self.step += 1;
        }
        let receipt = |id| Receipt {
            core: Arc::clone(&self.core),
            ending,
            id,
            turn: self.core.turn(self.step),
        };
        match item {
            Item::Batch(id, batch) => Delivery::Batch(DeliveredBatch {
                batch,
                receipt: receipt(id),
            }),
            Item::Rollback(id, reorg) => Delivery::Rollback(DeliveredRollback {
                reorg: *reorg,
                receipt: receipt(id),
            }),
            Item::Progress(progress) => Delivery::Progress(*progress),
        }
    }
}

impl futures_core::Stream for Deliveries {
    type Item = Result<Delivery, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_delivery(context)
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
    ending: Ending,
    id: DeliveryId,
    turn: Turn,
}

impl Receipt {
    async fn handled(&self) -> Result<(), Error> {
        if let Some(keeper) = self.core.handlers_keeper()?
            && !is_committed(&self.core, keeper, self.turn.step).await?
        {
            return Err(not_committed(&"a pulled delivery"));
        }
        if self.ending.has_come() {
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

    /// Writes the position behind the batch in the transaction that holds what is stored of it, for
    /// streams whose [`checkpoint_writer`](crate::StreamingOptions::checkpoint_writer) is the handler:
    /// as [`BatchContext::commit_with`](crate::BatchContext::commit_with). Then commit, then
    /// [`ack`](Self::ack). Batches are committed in their order.
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(feature = "sqlx")]
    pub async fn commit_with<DB: crate::checkpoint::CheckpointDatabase>(
        &self,
        transaction: &mut sqlx::Transaction<'_, DB>,
    ) -> Result<(), Error> {
        let Receipt { core, turn, .. } = &self.receipt;
        commit_with(core, transaction, *turn, self.resume_token()).await
    }

    /// Says that the batch is handled. A checkpoint store has the position next, then the service is
    /// told with the next acknowledgements, and at [`Deliveries::close`]. Saying it twice does no harm.
    ///
    /// # Errors
    ///
    /// [`Stopped`](ErrorKind::Stopped) if the stream has ended: the batch comes again.
    /// [`Checkpoint`](ErrorKind::Checkpoint) if the position was to be committed and is not.
    pub async fn ack(&self) -> Result<(), Error> {
        self.receipt.handled().await?;
        self.receipt.core.saw_handled(self.batch.clone());
        Ok(())
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

    /// Writes the position behind the rollback in the transaction that undoes what is above it: as
    /// [`DeliveredBatch::commit_with`].
    ///
    /// # Errors
    ///
    /// As there.
    #[cfg(feature = "sqlx")]
    pub async fn commit_with<DB: crate::checkpoint::CheckpointDatabase>(
        &self,
        transaction: &mut sqlx::Transaction<'_, DB>,
    ) -> Result<(), Error> {
        let Receipt { core, turn, .. } = &self.receipt;
        commit_with(core, transaction, *turn, Some(&self.reorg.resume_token)).await
    }

    /// Says that the rollback is done. Until then the position stays before it.
    ///
    /// # Errors
    ///
    /// [`Stopped`](ErrorKind::Stopped) if the stream has ended: the notice comes again.
    /// [`Checkpoint`](ErrorKind::Checkpoint) if the position was to be committed and is not.
    pub async fn ack(&self) -> Result<(), Error> {
        self.receipt.handled().await
    }
}
