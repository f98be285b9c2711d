//! The application's handlers, of whatever closure type, as one.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use event_streamer_models::{ProgressMessage, ReorgMessage, StreamingError, StreamingHeartbeat};
use event_streamer_stream::Events;

use super::context::{BatchContext, RollbackContext};
use super::notices::Lifecycle;
use super::options::{AfterFailure, HandlerPolicy};
use super::typed::TypedHandlers;
use crate::error::Error;

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

pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Handles events; may fail.
pub(crate) type EventHandler =
    Arc<dyn Fn(Events, BatchContext) -> Boxed<Result<(), HandlerError>> + Send + Sync>;

/// Handles the notice of a rollback; may fail.
pub(crate) type ReorgHandler =
    Arc<dyn Fn(ReorgMessage, RollbackContext) -> Boxed<Result<(), HandlerError>> + Send + Sync>;

/// Is told something; cannot fail.
pub(crate) type Listener<T> = Arc<dyn Fn(T) -> Boxed<()> + Send + Sync>;

/// A handler, and its policy if it has one of its own.
#[derive(Clone)]
pub(crate) struct Registered<H> {
    pub(crate) handler: H,
    pub(crate) policy: Option<Arc<HandlerPolicy>>,
}

impl<H> Registered<H> {
    pub(crate) fn new(handler: H, policy: Option<HandlerPolicy>) -> Self {
        Self {
            handler,
            policy: policy.map(Arc::new),
        }
    }
}

/// Every handler of a stream.
#[derive(Clone, Default)]
pub(crate) struct Handlers {
    pub(crate) by_name: BTreeMap<Arc<str>, Registered<EventHandler>>,
    pub(crate) typed: TypedHandlers,
    pub(crate) all: Option<Registered<EventHandler>>,
    pub(crate) reorg: Option<Registered<ReorgHandler>>,
    pub(crate) listeners: Listeners,
    /// The first handler that cannot be: told when streaming starts.
    pub(crate) fault: Option<Error>,
}

impl Handlers {
    /// Whether the one handler of whole batches is the only one.
    pub(crate) fn is_one_for_all(&self) -> bool {
        self.all.is_some() && self.by_name.is_empty() && self.typed.is_empty()
    }

    /// Whether a handler has a policy of its own by which events become dead letters.
    pub(crate) fn use_dead_letters(&self) -> bool {
        let of_names = self.by_name.values().map(|handler| &handler.policy);
        let of_all = self.all.iter().map(|handler| &handler.policy);
        let mut policies = of_names
            .chain(of_all)
            .chain(self.typed.policies())
            .flatten();
        policies.any(|policy| policy.after_failure == AfterFailure::DeadLetter)
    }
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
    F: Fn(ReorgMessage, RollbackContext) -> Fut + Send + Sync + 'static,
    Fut: Future<Output: IntoHandlerResult> + Send + 'static,
{
    Arc::new(move |reorg, context| {
        let call = handler(reorg, context);
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
