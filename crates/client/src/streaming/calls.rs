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
    pub(crate) policy: Option<HandlerPolicy>,
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

/// What a handler is called for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Events(String),
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
pub(crate) fn for_batch(
    core: &Core,
    handlers: &Handlers,
    batch: &Batch,
) -> Result<Vec<Call>, Error> {
    let groups: Vec<(String, Events)> = batch
        .names()
        .map(|name| (name.to_owned(), batch.events_named(name)))
        .collect();
    collect(core, handlers, &groups, batch.events())
}

/// The calls for some events of a batch, in the same order.
///
/// # Errors
///
/// As [`for_batch`].
pub(crate) fn for_events(
    core: &Core,
    handlers: &Handlers,
    events: Events,
) -> Result<Vec<Call>, Error> {
    let groups = events.group_by(|event| event.name().to_owned());
    collect(core, handlers, &groups, events)
}

fn collect(
    core: &Core,
    handlers: &Handlers,
    groups: &[(String, Events)],
    all: Events,
) -> Result<Vec<Call>, Error> {
    for (name, events) in groups.iter().filter(|(_, events)| !events.is_empty()) {
        if handlers.all.is_some() || handlers.has_for(name) {
            continue;
        }
        match core.options.unhandled_events {
            UnhandledEvents::Ignore => core.count_ignored(events.len()),
            UnhandledEvents::Fail => return Err(nobody_for(name)),
        }
    }
    let mut calls = Vec::new();
    if !handlers.typed.is_empty() {
        calls.extend(all.iter().filter_map(|event| typed_call(handlers, event)));
    }
    for (name, events) in groups.iter().filter(|(_, events)| !events.is_empty()) {
        if let Some(registered) = handlers.by_name.get(name) {
            calls.push(Call {
                what: What::Events(name.clone()),
                policy: registered.policy.clone(),
                target: Target::Events(Arc::clone(&registered.handler), events.clone()),
            });
        }
    }
    if let Some(registered) = &handlers.all {
        calls.push(Call {
            what: What::AllEvents,
            policy: registered.policy.clone(),
            target: Target::Events(Arc::clone(&registered.handler), all),
        });
    }
    Ok(calls)
}

fn typed_call(handlers: &Handlers, event: DecodedEvent) -> Option<Call> {
    let handler = handlers.typed.of(&event)?;
    Some(Call {
        what: What::Typed(handler.signature),
        policy: handler.policy.clone(),
        target: Target::Typed(Arc::clone(&handler.call), event),
    })
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
