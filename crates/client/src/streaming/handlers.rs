//! The application's handlers, of whatever closure type, as one.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use event_streamer_models::{ProgressMessage, ReorgMessage, StreamingError, StreamingHeartbeat};
use event_streamer_stream::Events;

use super::context::BatchContext;
use super::notices::Lifecycle;

/// The error of a handler: anything that is an error.
pub type HandlerError = Box<dyn StdError + Send + Sync>;

/// What a handler may return: nothing, or a result of nothing.
pub trait IntoHandlerResult {
    /// As the one form of it.
    ///
    /// # Errors
    ///
    /// The handler's.
    fn into_handler_result(self) -> Result<(), HandlerError>;
}

impl IntoHandlerResult for () {
    fn into_handler_result(self) -> Result<(), HandlerError> {
        Ok(())
    }
}

impl<E: Into<HandlerError>> IntoHandlerResult for Result<(), E> {
    fn into_handler_result(self) -> Result<(), HandlerError> {
        self.map_err(Into::into)
    }
}

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Handles events; may fail.
pub(crate) type EventHandler =
    Arc<dyn Fn(Events, BatchContext) -> Boxed<Result<(), HandlerError>> + Send + Sync>;

/// Handles the notice of a rollback; may fail.
pub(crate) type ReorgHandler =
    Arc<dyn Fn(ReorgMessage) -> Boxed<Result<(), HandlerError>> + Send + Sync>;

/// Is told something; cannot fail.
pub(crate) type Listener<T> = Arc<dyn Fn(T) -> Boxed<()> + Send + Sync>;

/// Every handler of a stream.
#[derive(Clone, Default)]
pub(crate) struct Handlers {
    pub(crate) by_name: HashMap<String, EventHandler>,
    pub(crate) all: Option<EventHandler>,
    pub(crate) reorg: Option<ReorgHandler>,
    pub(crate) listeners: Listeners,
}

/// Those who are told, beside the events.
#[derive(Clone, Default)]
pub(crate) struct Listeners {
    pub(crate) heartbeat: Option<Listener<StreamingHeartbeat>>,
    pub(crate) error: Option<Listener<StreamingError>>,
    pub(crate) progress: Option<Listener<ProgressMessage>>,
    pub(crate) lifecycle: Option<Listener<Lifecycle>>,
}

pub(crate) fn event_handler<F, Fut>(handler: F) -> EventHandler
where
    F: Fn(Events, BatchContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoHandlerResult> + Send + 'static,
{
    Arc::new(move |events, context| {
        let call = handler(events, context);
        Box::pin(async move { call.await.into_handler_result() })
    })
}

pub(crate) fn reorg_handler<F, Fut>(handler: F) -> ReorgHandler
where
    F: Fn(ReorgMessage) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoHandlerResult> + Send + 'static,
{
    Arc::new(move |reorg| {
        let call = handler(reorg);
        Box::pin(async move { call.await.into_handler_result() })
    })
}

pub(crate) fn listener<T, F, Fut>(listener: F) -> Listener<T>
where
    F: Fn(T) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    Arc::new(move |told| Box::pin(listener(told)))
}
