//! Setting the handlers of a stream, and who is told of what happens to it.

use std::future::Future;

use event_streamer_abi::FromEvent;
use event_streamer_models::{ProgressMessage, ReorgMessage, StreamingError, StreamingHeartbeat};
use event_streamer_stream::Events;

use super::client::StreamingClient;
use super::context::{BatchContext, RollbackContext};
use super::handlers::{IntoHandlerResult, Registered, event_handler, listener, reorg_handler};
use super::notices::Lifecycle;
use super::options::HandlerPolicy;
use super::typed::Typed;

impl StreamingClient {
    /// Sets the handler of the events of one name, in place of an earlier one.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_event("Transfer", async |events, _context| {
    ///     for event in &events {
    ///         println!("{:?} in block {:?}", event.raw(), event.block_number());
    ///     }
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_event<F, Fut>(&mut self, name: impl Into<String>, handler: F) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on_event(name.into(), None, handler)
    }

    /// As [`on_event`](Self::on_event), with a policy of its own for when it fails.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// // Once, and then the stream stops.
    /// let policy = HandlerPolicy::default().with_max_attempts(1);
    /// stream.on_event_with("Transfer", policy, async |events, _context| {
    ///     match events.len() {
    ///         0 => Err("a call without events"),
    ///         _ => Ok(()),
    ///     }
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_event_with<F, Fut>(
        &mut self,
        name: impl Into<String>,
        policy: HandlerPolicy,
        handler: F,
    ) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on_event(name.into(), Some(policy), handler)
    }

    fn set_on_event<F, Fut>(
        &mut self,
        name: String,
        policy: Option<HandlerPolicy>,
        handler: F,
    ) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        let registered = Registered::new(event_handler(handler), policy);
        self.handlers.by_name.insert(name.into(), registered);
        self
    }

    /// Sets the handler of one type of event, in place of an earlier one: a struct of the ABI crate's
    /// [catalogue](event_streamer_abi::catalogue), or [generated](event_streamer_abi::codegen). It is
    /// called once for each event, in the order of the chain, before the handlers of names.
    ///
    /// Events are taken by name and parameters: of overloads with one name each type gets its own. An
    /// event that has the name and is of no such type fails as if the handler had, at once; it is
    /// never left out. Subscribe with the type's own declaration, so that the names of the parameters
    /// are those of its fields.
    ///
    /// ```no_run
    /// # use event_streamer_client::StreamingClient;
    /// # fn example(stream: &mut StreamingClient) {
    /// use event_streamer_abi::catalogue::erc20;
    /// use event_streamer_client::Typed;
    ///
    /// stream.on(async |transfer: Typed<erc20::Transfer>| {
    ///     println!("{} in block {:?}", transfer.value, transfer.event().block_number());
    /// });
    /// # }
    /// ```
    pub fn on<T, F, Fut>(&mut self, handler: F) -> &mut Self
    where
        T: FromEvent + Send + 'static,
        F: Fn(Typed<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on(None, handler)
    }

    /// As [`on`](Self::on), with a policy of its own for when it fails.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// use event_streamer_abi::catalogue::erc20;
    ///
    /// let policy = HandlerPolicy::default().with_max_attempts(1);
    /// stream.on_with(policy, async |transfer: Typed<erc20::Transfer>| {
    ///     println!("{}", transfer.value);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_with<T, F, Fut>(&mut self, policy: HandlerPolicy, handler: F) -> &mut Self
    where
        T: FromEvent + Send + 'static,
        F: Fn(Typed<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on(Some(policy), handler)
    }

    fn set_on<T, F, Fut>(&mut self, policy: Option<HandlerPolicy>, handler: F) -> &mut Self
    where
        T: FromEvent + Send + 'static,
        F: Fn(Typed<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        if let Err(error) = self.handlers.typed.add(policy, handler) {
            self.handlers.fault.get_or_insert(error);
        }
        self
    }

    /// Sets the handler of all events, those with a handler of their own included. It is called once
    /// for each batch, after those, with the events of all names in the order of the chain.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_all_events(async |events, context| {
    ///     println!("{} events in {:?}", events.len(), context.batch_id());
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_all_events<F, Fut>(&mut self, handler: F) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on_all_events(None, handler)
    }

    /// As [`on_all_events`](Self::on_all_events), with a policy of its own for when it fails.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = HandlerPolicy::default().with_timeout(std::time::Duration::from_secs(5));
    /// stream.on_all_events_with(policy, async |events, _context| {
    ///     println!("{} events", events.len());
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_all_events_with<F, Fut>(&mut self, policy: HandlerPolicy, handler: F) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.set_on_all_events(Some(policy), handler)
    }

    fn set_on_all_events<F, Fut>(&mut self, policy: Option<HandlerPolicy>, handler: F) -> &mut Self
    where
        F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.handlers.all = Some(Registered::new(event_handler(handler), policy));
        self
    }

    /// Sets the handler of rollbacks: everything above
    /// [`rollback_to`](ReorgMessage::rollback_to) is undone, and what follows is the new branch.
    /// Without it rollbacks are reported to [`on_error`](Self::on_error) as `REORG_DETECTED`.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_reorg(async |reorg, _context| {
    ///     // Here the application deletes what it made of events above this block.
    ///     println!("undone above block {}", reorg.rollback_to.number);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_reorg<F, Fut>(&mut self, handler: F) -> &mut Self
    where
        F: Fn(ReorgMessage, RollbackContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.handlers.reorg = Some(Registered::new(reorg_handler(handler), None));
        self
    }

    /// As [`on_reorg`](Self::on_reorg), with a policy of its own for when it fails. What fails for
    /// good stops the stream, whatever the policy says.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let policy = HandlerPolicy::default().with_max_attempts(20);
    /// stream.on_reorg_with(policy, async |reorg, _context| {
    ///     println!("undone above block {}", reorg.rollback_to.number);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_reorg_with<F, Fut>(&mut self, policy: HandlerPolicy, handler: F) -> &mut Self
    where
        F: Fn(ReorgMessage, RollbackContext) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        self.handlers.reorg = Some(Registered::new(reorg_handler(handler), Some(policy)));
        self
    }

    /// Sets who is told of the service's heartbeats.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_heartbeat(async |heartbeat| {
    ///     println!("sent up to block {:?} of {:?}", heartbeat.last_block, heartbeat.head_block);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_heartbeat<F, Fut>(&mut self, told: F) -> &mut Self
    where
        F: Fn(StreamingHeartbeat) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.listeners.heartbeat = Some(listener(told));
        self
    }

    /// Sets who is told of errors: those that the service reports on the stream, and those that the
    /// client met itself (`CONNECTION_LOST`, `STREAM_ERROR`). Only those with
    /// `recoverable: false` end the stream.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_error(async |error| {
    ///     eprintln!("{}: {}", error.error_code, error.error_message);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_error<F, Fut>(&mut self, told: F) -> &mut Self
    where
        F: Fn(StreamingError) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.listeners.error = Some(listener(told));
        self
    }

    /// Sets who is told of blocks that were searched and held no events.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_progress(async |progress| {
    ///     println!("no events from block {} to {}", progress.from_block, progress.to_block);
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress<F, Fut>(&mut self, told: F) -> &mut Self
    where
        F: Fn(ProgressMessage) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.listeners.progress = Some(listener(told));
        self
    }

    /// Sets who is told of connections made and lost.
    ///
    /// ```no_run
    /// # use event_streamer_client::*;
    /// # async fn example(stream: &mut StreamingClient) -> Result<(), Box<dyn std::error::Error>> {
    /// stream.on_lifecycle(async |turn| match turn {
    ///     Lifecycle::Reconnecting { attempt, delay, cause } => {
    ///         eprintln!("{cause}: attempt {attempt} in {delay:?}");
    ///     }
    ///     Lifecycle::CaughtUp { block } => println!("at the head, block {block}"),
    ///     _ => {}
    /// });
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_lifecycle<F, Fut>(&mut self, told: F) -> &mut Self
    where
        F: Fn(Lifecycle) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        self.handlers.listeners.lifecycle = Some(listener(told));
        self
    }
}
