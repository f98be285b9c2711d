//! Who is called with which events.

use std::fmt;
use std::sync::Arc;

use event_streamer_stream::{Batch, DecodedEvent, Events};

use super::context::BatchContext;
use super::core::Core;
use super::handlers::{Boxed, EventHandler, HandlerError, Handlers};
use super::options::{HandlerPolicy, UnhandledEvents};
use super::typed::TypedCall;
use crate::error::{Error, ErrorKind};

/// A handler and the events that it is to be called with.
pub(crate) struct Call {
    pub(crate) what: What,
    pub(crate) policy: Option<Arc<HandlerPolicy>>,
    target: Target,
}

enum Target {
    Events(EventHandler, Events),
    Typed(TypedCall, DecodedEvent),
}

impl Call {
    pub(crate) fn make(&self, context: BatchContext) -> Boxed<Result<(), HandlerError>> {
        match &self.target {
            Target::Events(handler, events) => handler(events.clone(), context),
            Target::Typed(handler, event) => handler(event.clone(), context),
        }
    }

    /// The events that the handler is called with.
    pub(crate) fn events(&self) -> Vec<DecodedEvent> {
        match &self.target {
            Target::Events(_, events) => events.iter().collect(),
            Target::Typed(_, event) => vec![event.clone()],
        }
    }
}

/// Calls in their order. Mostly there is one, which takes no allocation.
#[derive(Default)]
pub(crate) struct Calls {
    first: Option<Call>,
    others: Vec<Call>,
}

impl Calls {
    fn push(&mut self, call: Call) {
        match &self.first {
            None => self.first = Some(call),
            Some(_) => self.others.push(call),
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Call> {
        self.first.iter().chain(&self.others)
    }
}

/// What a handler is called for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Events(Arc<str>),
    Typed(&'static str),
    AllEvents,
    Rollback,
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Events(name) => write!(f, "`{}`", crate::error::excerpt(name, 100)),
            Self::Typed(signature) => write!(f, "`{signature}`"),
            Self::AllEvents => f.write_str("all events"),
            Self::Rollback => f.write_str("a rollback"),
        }
    }
}

/// The calls for a whole batch: types in the order of the chain, then names, then all.
///
/// # Errors
///
/// If nobody is there for an event, and that is not allowed.
pub(crate) fn for_batch(core: &Core, handlers: &Handlers, batch: &Batch) -> Result<Calls, Error> {
    let mut plan = Plan::new(core, handlers);
    if !handlers.typed.is_empty() {
        plan.add_types(&batch.events());
    }
    for (name, events) in batch.groups() {
        plan.add_name(name, events)?;
    }
    if handlers.all.is_some() {
        plan.add_all(batch.events());
    }
    Ok(plan.calls)
}

/// The calls for some events of a batch, in the same order.
///
/// # Errors
///
/// As [`for_batch`].
pub(crate) fn for_events(core: &Core, handlers: &Handlers, events: Events) -> Result<Calls, Error> {
    let mut plan = Plan::new(core, handlers);
    plan.add_types(&events);
    for (name, events) in events.group_by(|event| event.name().to_owned()) {
        plan.add_name(&name, events)?;
    }
    plan.add_all(events);
    Ok(plan.calls)
}

/// The calls for some events, as they are put together.
struct Plan<'a> {
    core: &'a Core,
    handlers: &'a Handlers,
    calls: Calls,
}

impl<'a> Plan<'a> {
    fn new(core: &'a Core, handlers: &'a Handlers) -> Self {
        Self {
            core,
            handlers,
            calls: Calls::default(),
        }
    }

    fn add_types(&mut self, events: &Events) {
        if self.handlers.typed.is_empty() {
            return;
        }
        for event in events {
            if let Some(handler) = self.handlers.typed.of(&event) {
                self.calls.push(Call {
                    what: What::Typed(handler.signature),
                    policy: handler.policy.clone(),
                    target: Target::Typed(Arc::clone(&handler.call), event),
                });
            }
        }
    }

    /// Adds the call for all events of a name.
    fn add_name(&mut self, name: &str, events: Events) -> Result<(), Error> {
        if events.is_empty() {
            return Ok(());
        }
        if let Some((name, registered)) = self.handlers.by_name.get_key_value(name) {
            self.calls.push(Call {
                what: What::Events(Arc::clone(name)),
                policy: registered.policy.clone(),
                target: Target::Events(Arc::clone(&registered.handler), events),
            });
        } else if self.handlers.all.is_none() && !self.handlers.typed.has_for(name) {
            match self.core.options.unhandled_events {
                UnhandledEvents::Ignore => self.core.count_ignored(events.len()),
                UnhandledEvents::Fail => return Err(nobody_for(name)),
            }
        }
        Ok(())
    }

    fn add_all(&mut self, events: Events) {
        if let Some(registered) = &self.handlers.all {
            self.calls.push(Call {
                what: What::AllEvents,
                policy: registered.policy.clone(),
                target: Target::Events(Arc::clone(&registered.handler), events),
            });
        }
    }
}

fn nobody_for(name: &str) -> Error {
    let name = crate::error::excerpt(name, 100);
    Error::new(
        ErrorKind::Handler,
        format!(
            "no handler for events of the name `{name}`: add one, or on_all_events, or let such \
             events be ignored"
        ),
    )
}
