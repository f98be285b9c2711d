//! Streaming with handlers.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use event_streamer_models::{
    BatchAcknowledgmentResponse, BatchId, BulkBatchAcknowledgmentResponse, ClientHeartbeatResponse,
    ConnectionId, ProcessingStatusResponse, ResumeToken, SubscriptionId,
};
use event_streamer_transport::RetryMode;

use super::core::Core;
use super::deliveries::Deliveries;
use super::handlers::Handlers;
use super::options::{AfterFailure, StreamingOptions};
use super::queue::queue;
use super::run::{Consumer, Run, StreamEnd};
use super::stats::StreamStats;
use crate::api::Api;
use crate::error::{Error, ErrorKind};

/// The most batch ids that one request acknowledges.
const MAX_IDS: usize = 1_000;

/// Streams a subscription's events to handlers; made by
/// [`EventStreamer::create_streaming_client`](crate::EventStreamer::create_streaming_client).
///
/// What is promised (`docs/protocol.md`, section 6): every event is given to its handlers at least
/// once, in the order of the chain; the position moves, and a batch is acknowledged, only after its
/// handlers returned without error; nothing is stepped over. Broken connections, restarts of the
/// service and the like are reported to [`on_error`](Self::on_error) and repaired; what cannot be
/// repaired ends the stream with an error: see [`finished`](Self::finished).
///
/// Handlers are async closures, or closures that return a future. They run one at a time, in a task
/// of their own; while one runs, heartbeats and acknowledgements go on, and reading goes on until the
/// queue is full. A handler that returns an error, or panics, is called again:
/// [`HandlerPolicy`](crate::HandlerPolicy).
///
/// Registering handlers takes effect with the next [`start_streaming`](Self::start_streaming).
/// Dropping the client ends the stream at once, without a task left behind and without the last
/// acknowledgements; [`stop_streaming`](Self::stop_streaming) sends them.
///
/// ```no_run
/// # use event_streamer_client::{EventStreamer, StreamingOptions};
/// # use event_streamer_models::SubscriptionId;
/// # async fn example(client: EventStreamer, id: SubscriptionId) -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// let seen = Arc::new(AtomicUsize::new(0));
/// let mut stream = client.create_streaming_client(id, StreamingOptions::default());
/// stream
///     .on_event("Transfer", {
///         let seen = Arc::clone(&seen);
///         move |events, context| {
///             seen.fetch_add(events.len(), Ordering::Relaxed);
///             async move {
///                 for event in &events {
///                     let value: Option<String> = event.field("value")?;
///                     println!("{:?} {value:?}", event.block_number());
///                 }
///                 println!("resume from {:?}", context.resume_token());
///                 Ok::<_, event_streamer_stream::DecodeError>(())
///             }
///         }
///     })
///     .on_event("$undecoded", async |_events, _context| {})
///     .on_error(async |error| eprintln!("{}: {}", error.error_code, error.error_message));
/// stream.start_streaming().await?;
/// stream.finished().await?;
/// # Ok(())
/// # }
/// ```
pub struct StreamingClient {
    pub(super) core: Arc<Core>,
    pub(super) handlers: Handlers,
    run: Mutex<Option<Run>>,
}

impl StreamingClient {
    pub(crate) fn new(api: Api, id: SubscriptionId, options: StreamingOptions) -> Self {
        Self {
            core: Arc::new(Core::new(api, id, options)),
            handlers: Handlers::default(),
            run: Mutex::new(None),
        }
    }

    /// Starts streaming at the position: behind what was handled, or where the options say. Does
    /// nothing if it runs already. Returns at once; whether the stream comes to be is told by
    /// [`on_error`](Self::on_error), [`on_lifecycle`](Self::on_lifecycle) and
    /// [`finished`](Self::finished).
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_all_events(async |events, _context| println!("{} events", events.len()));
    /// stream.start_streaming().await?;
    /// println!("{:?}", stream.finished().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Validation`](ErrorKind::Validation) if the options or the handlers do not go together, or the
    /// client metadata is too large.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[allow(
        clippy::unused_async,
        reason = "the name and form of the reference client"
    )]
    pub async fn start_streaming(&self) -> Result<(), Error> {
        self.core.options.metadata_header()?;
        self.check()?;
        let mut run = self.run();
        if run.as_ref().is_some_and(|run| !run.ending().has_come()) {
            return Ok(());
        }
        let options = &self.core.options;
        let (sender, receiver) = queue(options.queue_batches, options.queue_bytes);
        let consumer = Consumer::Handlers(Arc::new(self.handlers.clone()), receiver);
        *run = Some(Run::start(Arc::clone(&self.core), sender, consumer));
        Ok(())
    }

    /// Stops streaming: no more is read, the handler that runs may finish, and what was handled is
    /// acknowledged, each within [`stop_timeout`](StreamingOptions::stop_timeout). Does nothing if
    /// it does not run. Streaming can be started again, at the position.
    ///
    /// From inside a handler use [`BatchContext::request_stop`](crate::BatchContext::request_stop)
    /// instead: this would wait for the handler itself.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Err(error) = stream.stop_streaming().await {
    ///     eprintln!("some batches will come again: {error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Timeout`](ErrorKind::Timeout) if not all acknowledgements were confirmed: those batches come
    /// again, unless streaming goes on from the resume token.
    pub async fn stop_streaming(&self) -> Result<(), Error> {
        if !self.is_running() {
            return Ok(());
        }
        self.core.signals.request_stop();
        match self.finished().await {
            Err(error) if error.kind() == ErrorKind::Timeout => Err(error),
            // How the stream ended before is told by `finished`.
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// The same as [`stop_streaming`](Self::stop_streaming).
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.disconnect().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn disconnect(&self) -> Result<(), Error> {
        self.stop_streaming().await
    }

    /// Stops streaming and starts again at a position, whatever a checkpoint store has. The counters
    /// begin anew.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let kept = stream.current_resume_token();
    /// stream.stop_streaming().await?;
    /// if let Some(token) = kept {
    ///     stream.resume(token).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`start_streaming`](Self::start_streaming).
    pub async fn resume(&mut self, token: impl Into<ResumeToken>) -> Result<(), Error> {
        // Acknowledgements that are not confirmed are given up with the old position.
        let _ = self.stop_streaming().await;
        self.core = Arc::new(self.core.anew_at(token.into()));
        self.start_streaming().await
    }

    /// Waits until streaming has ended, and says how. Can be asked again. Without a run, the answer
    /// is that it is stopped.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// match stream.finished().await {
    ///     Ok(StreamEnd::Completed) => println!("delivered to its last block"),
    ///     Ok(_) => println!("stopped"),
    ///     Err(error) if error.is_auth() => eprintln!("other credentials are needed: {error}"),
    ///     Err(error) => eprintln!("{error}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What ended the stream for good: see [`ErrorKind`].
    pub async fn finished(&self) -> Result<StreamEnd, Error> {
        let ending = self.run().as_ref().map(Run::ending);
        match ending {
            Some(ending) => ending.wait().await,
            None => Ok(StreamEnd::Stopped),
        }
    }

    /// Whether streaming was started and has not ended.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("running: {}", stream.is_running());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_running(&self) -> bool {
        let run = self.run();
        run.as_ref().is_some_and(|run| !run.ending().has_come())
    }

    /// Whether a connection is open.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("connected: {}", stream.is_connected());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.core.session().is_connected()
    }

    /// The id of the open connection.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{:?}", stream.connection_id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn connection_id(&self) -> Option<ConnectionId> {
        self.core.session().connection_id().cloned()
    }

    /// The subscription that is streamed.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{}", stream.subscription_id());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn subscription_id(&self) -> SubscriptionId {
        self.core.subscription_id
    }

    /// The position behind everything handled: to be kept, to resume from after a restart of the
    /// program.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// if let Some(token) = stream.current_resume_token() {
    ///     std::fs::write("position", token.as_str())?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn current_resume_token(&self) -> Option<ResumeToken> {
        self.core.session().position().cloned()
    }

    /// What the stream has done so far.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let stats = stream.stats();
    /// println!("{} of {} events handled", stats.events_handled, stats.events_received);
    /// println!("{:?} blocks behind, {} reconnects", stats.lag_blocks, stats.reconnects);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn stats(&self) -> StreamStats {
        self.core.stats()
    }

    /// Acknowledges a batch of the open connection, for streams without
    /// [`auto_acknowledge`](StreamingOptions::auto_acknowledge). Returns when the service has it
    /// durably.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = stream.acknowledge_batch("batch_0193").await?;
    /// println!("{answer:?}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotFound`](ErrorKind::NotFound) if the service does not know the batch or the connection;
    /// [`Connection`](ErrorKind::Connection) if none is open; otherwise as for any call.
    pub async fn acknowledge_batch(
        &self,
        batch_id: impl Into<BatchId>,
    ) -> Result<BatchAcknowledgmentResponse, Error> {
        self.core.acknowledge_now(None, &batch_id.into()).await
    }

    /// Acknowledges many batches of the open connection, 1,000 in a request. The answers of several
    /// requests are put together; what the service did not take is in `failed_batch_ids`.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let answer = stream.acknowledge_batch_bulk(["batch_0193", "batch_0194"]).await?;
    /// println!("not taken: {:?}", answer.failed_batch_ids);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`acknowledge_batch`](Self::acknowledge_batch); [`Validation`](ErrorKind::Validation) for no
    /// batches at all.
    pub async fn acknowledge_batch_bulk(
        &self,
        batch_ids: impl IntoIterator<Item = impl Into<BatchId>>,
    ) -> Result<BulkBatchAcknowledgmentResponse, Error> {
        let batch_ids: Vec<BatchId> = batch_ids.into_iter().map(Into::into).collect();
        let connection = self.core.connection_id()?;
        let mut whole: Option<BulkBatchAcknowledgmentResponse> = None;
        for ids in batch_ids.chunks(MAX_IDS) {
            let part = self
                .core
                .api
                .acknowledge_bulk(
                    self.core.subscription_id,
                    &connection,
                    ids.to_vec(),
                    RetryMode::Idempotent,
                )
                .await?;
            whole = Some(match whole {
                None => part,
                Some(before) => joined(before, part),
            });
        }
        whole.ok_or_else(|| Error::validation("acknowledge batches: no batch is named"))
    }

    /// Sends a heartbeat for the open connection. The stream does this by itself.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{:?}", stream.send_heartbeat().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`acknowledge_batch`](Self::acknowledge_batch).
    pub async fn send_heartbeat(&self) -> Result<ClientHeartbeatResponse, Error> {
        let connection = self.core.connection_id()?;
        let limit = self.core.options.heartbeat_interval;
        self.core
            .api
            .heartbeat(&connection, self.core.next_heartbeat(), limit)
            .await
    }

    /// Whether the service is processing the subscription.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// println!("{:?}", stream.check_processing_status().await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As for any call.
    pub async fn check_processing_status(&self) -> Result<ProcessingStatusResponse, Error> {
        let id = self.core.subscription_id;
        self.core.api.processing_status(id).await
    }

    /// Streams by pulling instead: handlers of events and rollbacks are put aside, listeners stay. A
    /// run that is under way ends.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: StreamingClient) -> Result<(), Error> {
    /// let mut deliveries = stream.into_deliveries();
    /// while let Some(delivery) = deliveries.next().await? {
    ///     println!("{delivery:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn into_deliveries(self) -> Deliveries {
        // With a state of its own: the run that ends has not seen its last moment yet.
        let position = self.current_resume_token();
        let core = Arc::new(self.core.anew(position));
        Deliveries::new(core, self.handlers.listeners)
    }

    /// Whether options and handlers go together.
    fn check(&self) -> Result<(), Error> {
        if let Some(error) = &self.handlers.fault {
            return Err(error.clone());
        }
        let options = &self.core.options;
        let by_default = options.handlers.after_failure == AfterFailure::DeadLetter;
        if (by_default || self.handlers.use_dead_letters()) && options.dead_letters.is_none() {
            return Err(Error::validation(
                "a handler's policy is to write dead letters, and there is no place for them: see \
                 with_dead_letters",
            ));
        }
        if self.core.handlers_keeper()?.is_none() {
            return Ok(());
        }
        if !self.handlers.is_one_for_all() || options.concurrency.count() > 1 {
            return Err(Error::validation(
                "where the handler writes the checkpoint, one handler takes each batch as a whole: set \
                 on_all_events and no other, and no concurrency",
            ));
        }
        Ok(())
    }

    fn run(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two answers as one; position and time are those of the later.
fn joined(
    before: BulkBatchAcknowledgmentResponse,
    mut after: BulkBatchAcknowledgmentResponse,
) -> BulkBatchAcknowledgmentResponse {
    after.total_batches += before.total_batches;
    after.acknowledged_batches += before.acknowledged_batches;
    after.failed_batches += before.failed_batches;
    after.total_events_acknowledged += before.total_events_acknowledged;
    let later = std::mem::replace(&mut after.failed_batch_ids, before.failed_batch_ids);
    after.failed_batch_ids.extend(later);
    after
}

impl fmt::Debug for StreamingClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamingClient")
            .field("core", &self.core)
            .field("running", &self.is_running())
            .finish_non_exhaustive()
    }
}
