//! What subscriptions may be asked for: every fault of a request, in one answer.
//!
//! The rules are those of `docs/protocol.md`, section 3.

mod chain;
mod faults;
mod fields;
mod filters;
mod signatures;
#[cfg(test)]
mod tests;

use event_streamer_models::{Address, ChainId, Finality, StartBlock, TopicFilter};
use serde_json::{Map, Value};

pub(crate) use chain::chain;
pub(crate) use faults::Faults;
use fields::Fields;

use super::error::{ApiError, ApiResult};
use crate::subscription::{Events, Subscription, SubscriptionSpec};

/// What a body says, as far as it says anything valid. Absent and null are the same, except where
/// noted.
#[derive(Debug, Default)]
struct Draft {
    subscriber_id: Option<String>,
    chain_id: Option<u64>,
    events: Option<Events>,
    addresses: Option<Vec<Address>>,
    topics: Option<TopicFilter>,
    start_block: Option<StartBlock>,
    /// `Some(None)`: explicitly null, which takes an end away.
    end_block: Option<Option<u64>>,
    finality: Option<Finality>,
    paused: Option<bool>,
}

/// A valid request.
#[derive(Debug, PartialEq)]
pub(crate) struct Valid {
    /// With start block 0 if that is to be the latest.
    pub(crate) spec: SubscriptionSpec,
    /// The subscription starts after the head, wherever that is.
    pub(crate) start_at_head: bool,
    pub(crate) paused: bool,
}

/// Reads the body of `POST /subscriptions`.
pub(crate) fn create(body: &Value, chains: &[u64]) -> ApiResult<Valid> {
    let mut faults = Faults::default();
    let draft = Draft::read(object(body)?, &mut faults);
    draft.require(&mut faults);
    draft.into_valid(chains, faults)
}

/// Reads the body of `PUT` and `PATCH /subscriptions/{id}`: what it does not name stays.
pub(crate) fn update(body: &Value, current: &Subscription, chains: &[u64]) -> ApiResult<Valid> {
    let mut faults = Faults::default();
    let body = object(body)?;
    let draft = Draft::read(body, &mut faults);
    if draft.events.is_none() {
        signatures::check_topic0(body, &current.spec.events.first, &mut faults);
    }
    draft.over(current).into_valid(chains, faults)
}

impl Draft {
    fn read(body: &Map<String, Value>, faults: &mut Faults) -> Self {
        let mut fields = Fields { body, faults };
        Self {
            subscriber_id: fields.subscriber_id(),
            chain_id: fields.integer("chain_id", 1..=u64::MAX),
            start_block: fields.start_block(),
            end_block: fields.end_block(),
            finality: fields.finality(),
            paused: fields.paused(),
            addresses: filters::addresses(body, fields.faults),
            topics: filters::topics(body, fields.faults),
            events: signatures::events(body, fields.faults),
        }
    }

    fn require(&self, faults: &mut Faults) {
        for (name, missing) in [
            ("subscriber_id", self.subscriber_id.is_none()),
            ("chain_id", self.chain_id.is_none()),
            ("start_block", self.start_block.is_none()),
        ] {
            if missing {
                faults.add_unless_known(name, "is required");
            }
        }
        if self.events.is_none() && !faults.knows("events") {
            faults.add_unless_known("event_signature", "is required");
        }
    }

    /// What is not said is as it was.
    fn over(self, current: &Subscription) -> Self {
        let old = current.spec.clone();
        Self {
            subscriber_id: self.subscriber_id.or(Some(old.subscriber_id)),
            chain_id: self.chain_id.or(Some(old.chain_id.get())),
            events: self.events.or(Some(old.events)),
            addresses: self.addresses.or(Some(old.addresses)),
            topics: self.topics.or(Some(old.topics)),
            start_block: self
                .start_block
                .or(Some(StartBlock::Number(old.start_block))),
            end_block: self.end_block.or(Some(old.end_block)),
            finality: self.finality.or(old.finality),
            paused: self.paused.or(Some(current.paused)),
        }
    }

    /// The rules that look at more than one field. A field that is at fault itself is not blamed
    /// twice.
    fn check(&self, chains: &[u64], faults: &mut Faults) {
        if let Some(chain_id) = self.chain_id
            && !chains.contains(&chain_id)
        {
            let known: Vec<_> = chains.iter().map(u64::to_string).collect();
            let known = if known.is_empty() {
                "none".to_owned()
            } else {
                known.join(", ")
            };
            let what = format!("unknown chain {chain_id}; this service has: {known}");
            faults.add("chain_id", what);
        }
        if let (Some(StartBlock::Number(start)), Some(Some(end))) =
            (self.start_block, self.end_block)
            && end < start
        {
            faults.add("end_block", format!("{end} is before start_block {start}"));
        }
        let anonymous = self
            .events
            .iter()
            .flat_map(Events::iter)
            .any(|event| event.anonymous);
        if anonymous && self.addresses.as_ref().is_none_or(Vec::is_empty) {
            let what = "an anonymous event has no topic0 and is found by its contracts: name at \
                        least one";
            faults.add_unless_known("addresses", what);
        }
    }

    fn into_valid(self, chains: &[u64], mut faults: Faults) -> ApiResult<Valid> {
        self.check(chains, &mut faults);
        faults.into_result()?;
        let (Some(subscriber_id), Some(chain_id), Some(start_block), Some(events)) = (
            self.subscriber_id,
            self.chain_id,
            self.start_block,
            self.events,
        ) else {
            // Each of them missing is a fault, and faults have ended this above.
            return Err(ApiError::internal());
        };
        let (start_block, start_at_head) = match start_block {
            StartBlock::Number(number) => (number, false),
            StartBlock::Latest => (0, true),
        };
        let spec = SubscriptionSpec {
            subscriber_id,
            chain_id: ChainId::new(chain_id),
            events,
            addresses: self.addresses.unwrap_or_default(),
            topics: self.topics.unwrap_or_default(),
            start_block,
            end_block: self.end_block.flatten(),
            finality: self.finality,
        };
        Ok(Valid {
            spec,
            start_at_head,
            paused: self.paused.unwrap_or_default(),
        })
    }
}

fn object(body: &Value) -> ApiResult<&Map<String, Value>> {
    body.as_object()
        .ok_or_else(|| ApiError::invalid("body: must be a json object"))
}
