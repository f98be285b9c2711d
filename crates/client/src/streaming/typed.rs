//! Events as structs of the ABI crate.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;

use event_streamer_abi::{EventDecoder, FromEvent, parse_event_signature};
use event_streamer_stream::DecodedEvent;
use serde::de::IgnoredAny;

use super::context::BatchContext;
use super::handlers::{Boxed, HandlerError, IntoHandlerResult};
use super::options::HandlerPolicy;
use crate::error::Error;

/// An event as a type of its own, and where it stands on the chain. Dereferences to the type.
#[derive(Clone)]
pub struct Typed<T> {
    value: T,
    event: DecodedEvent,
    context: BatchContext,
}

impl<T> Typed<T> {
    /// The event as it was sent: block number, transaction hash, log index, address, event id.
    pub fn event(&self) -> &DecodedEvent {
        &self.event
    }

    /// The batch that it is of.
    pub fn context(&self) -> &BatchContext {
        &self.context
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Typed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Typed<T> {
    /// Without the value, which is payload.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Typed")
            .field("event", &self.event)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

pub(crate) type TypedCall =
    Arc<dyn Fn(DecodedEvent, BatchContext) -> Boxed<Result<(), HandlerError>> + Send + Sync>;

/// The handler of one type.
#[derive(Clone)]
pub(crate) struct TypedHandler {
    pub(crate) signature: &'static str,
    /// The keys of its parameters in the JSON, by which it is told from others of its name.
    keys: BTreeSet<String>,
    pub(crate) call: TypedCall,
    pub(crate) policy: Option<Arc<HandlerPolicy>>,
}

/// The handlers of types, by the names of their events.
#[derive(Clone, Default)]
pub(crate) struct TypedHandlers(HashMap<String, Vec<TypedHandler>>);

impl TypedHandlers {
    /// Adds the handler of a type, in place of an earlier one of the same type.
    ///
    /// # Errors
    ///
    /// If the type is not that of an event, or cannot be told from one of the same name.
    pub(crate) fn add<T, F, Fut>(
        &mut self,
        policy: Option<HandlerPolicy>,
        handler: F,
    ) -> Result<(), Error>
    where
        T: FromEvent + Send + 'static,
        F: Fn(Typed<T>) -> Fut + Send + Sync + 'static,
        Fut: Future<Output: IntoHandlerResult> + Send + 'static,
    {
        let event = parse_event_signature(T::DECLARATION).map_err(Error::abi)?;
        let decoder = EventDecoder::new(&event).map_err(Error::abi)?;
        let keys = decoder
            .parameters()
            .map(|(key, _)| key.to_owned())
            .collect();
        let call: TypedCall = Arc::new(move |event, context| {
            let value = T::from_json(event.raw());
            let call = value.map(|value| {
                handler(Typed {
                    value,
                    event,
                    context,
                })
            });
            Box::pin(async move { call?.await.into_handler_result() })
        });
        let new = TypedHandler {
            signature: T::SIGNATURE,
            keys,
            call,
            policy: policy.map(Arc::new),
        };
        let same_name = self.0.entry(decoder.name().to_owned()).or_default();
        let alike = same_name.iter_mut().find(|other| other.keys == new.keys);
        match alike {
            Some(other) if other.signature == new.signature => *other = new,
            Some(other) => {
                return Err(Error::validation(format!(
                    "`{}` and `{}` cannot be told apart: their parameters have the same names; handle them \
                     with on_event",
                    other.signature, new.signature
                )));
            }
            None => same_name.push(new),
        }
        Ok(())
    }

    pub(crate) fn has_for(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn policies(&self) -> impl Iterator<Item = &Option<Arc<HandlerPolicy>>> {
        self.0.values().flatten().map(|handler| &handler.policy)
    }

    /// Who takes an event. Several types of its name are told apart by their parameters: the one with
    /// the most of them that the event has all of. Whether it is of the type after all, in every
    /// parameter, shows when it is made.
    pub(crate) fn of(&self, event: &DecodedEvent) -> Option<&TypedHandler> {
        let same_name = self.0.get(event.name())?;
        if let [only] = &same_name[..] {
            return Some(only);
        }
        let keys: BTreeMap<String, IgnoredAny> = event.deserialize().unwrap_or_default();
        same_name
            .iter()
            .filter(|handler| handler.keys.iter().all(|key| keys.contains_key(key)))
            .max_by_key(|handler| handler.keys.len())
            .or(same_name.first())
    }
}
