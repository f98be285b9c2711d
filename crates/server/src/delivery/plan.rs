//! What one subscription wants of a chain, compiled: a filter, and logs to events.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::Arc;

use event_streamer_abi::{AbiError, DecodeError, EventDecoder};
use event_streamer_models::{B256, Log};
use event_streamer_stream::UNDECODED;

use super::event_id::EventRef;
use super::metadata::MetadataWriter;
use crate::ingest::LogFilter;
use crate::subscription::SubscriptionSpec;

/// A subscription's filter and decoders.
#[derive(Debug)]
pub(crate) struct EventPlan {
    filter: LogFilter,
    events: Vec<PlannedEvent>,
    /// Which events a log may be, by its first topic. Several share one if they differ only in
    /// what is indexed: ERC-20's and ERC-721's `Transfer`.
    by_topic0: HashMap<B256, Vec<usize>>,
    anonymous: Vec<usize>,
    undecoded: Arc<str>,
    metadata: MetadataWriter,
}

#[derive(Debug)]
struct PlannedEvent {
    name: Arc<str>,
    decoder: EventDecoder,
}

impl EventPlan {
    /// Compiles what a subscription asks for.
    ///
    /// # Errors
    ///
    /// One of its events is not valid. A stored subscription was checked when it came in.
    pub(crate) fn new(spec: &SubscriptionSpec) -> Result<Self, AbiError> {
        let mut plan = Self {
            filter: LogFilter::default(),
            events: Vec::with_capacity(1 + spec.events.further.len()),
            by_topic0: HashMap::new(),
            anonymous: Vec::new(),
            undecoded: UNDECODED.into(),
            metadata: MetadataWriter::new(spec.chain_id),
        };
        for event in spec.events.iter() {
            let decoder = EventDecoder::new(event)?;
            let index = plan.events.len();
            match decoder.topic0() {
                Some(topic0) => plan.by_topic0.entry(topic0).or_default().push(index),
                None => plan.anonymous.push(index),
            }
            plan.events.push(PlannedEvent {
                name: decoder.name().into(),
                decoder,
            });
        }
        plan.filter = plan.filter_for(spec);
        Ok(plan)
    }

    fn filter_for(&self, spec: &SubscriptionSpec) -> LogFilter {
        let mut addresses = spec.addresses.clone();
        addresses.sort_unstable();
        addresses.dedup();
        // An anonymous event has no topic0 to ask for: every log of its contracts may be one.
        let topic0 = if self.anonymous.is_empty() {
            let mut hashes: Vec<_> = self.by_topic0.keys().copied().collect();
            hashes.sort_unstable();
            hashes
        } else {
            Vec::new()
        };
        let [topic1, topic2, topic3] =
            [1, 2, 3].map(|position| spec.topics.topic(position).to_vec());
        LogFilter {
            addresses,
            topics: [topic0, topic1, topic2, topic3],
        }
    }

    /// The logs to ask for.
    pub(crate) fn filter(&self) -> &LogFilter {
        &self.filter
    }

    /// Appends a log as one JSON object to `out`, and returns the name of the event it is.
    pub(crate) fn write_event(
        &mut self,
        log: &Log,
        metadata: bool,
        out: &mut Vec<u8>,
    ) -> &Arc<str> {
        out.push(b'{');
        let params = out.len();
        let (event, separate) = match self.write_params(log, out) {
            Ok(index) => (Some(index), out.len() > params),
            Err(reason) => {
                write_undecoded(log, &reason, out);
                (None, true)
            }
        };
        if separate {
            out.push(b',');
        }
        self.metadata.write(log, event_ref(log), metadata, out);
        out.push(b'}');
        let event = event.and_then(|index| self.events.get(index));
        event.map_or(&self.undecoded, |event| &event.name)
    }

    /// Appends the parameters, and gives the index of the event that the log is.
    fn write_params(&self, log: &Log, out: &mut Vec<u8>) -> Result<usize, String> {
        let by_topic0 = log
            .topics
            .first()
            .and_then(|topic0| self.by_topic0.get(topic0));
        let mut first_fault: Option<DecodeError> = None;
        for &index in by_topic0.into_iter().flatten().chain(&self.anonymous) {
            let Some(event) = self.events.get(index) else {
                continue;
            };
            match event
                .decoder
                .write_params(&log.topics, log.data.as_bytes(), out)
            {
                Ok(()) => return Ok(index),
                Err(fault) => drop(first_fault.get_or_insert(fault)),
            }
        }
        Err(first_fault.map_or_else(
            || "no event of the subscription has this topic0".to_owned(),
            |fault| fault.to_string(),
        ))
    }
}

/// Which event a log is. A node that leaves out the hash of a mined block gives the zero hash,
/// which no block has.
pub(crate) fn event_ref(log: &Log) -> EventRef {
    EventRef {
        block_hash: log.block_hash.unwrap_or_default(),
        log_index: log.log_index,
    }
}

fn write_undecoded(log: &Log, reason: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(br#""topics":["#);
    for (index, topic) in log.topics.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(out, "{comma}\"{topic}\"");
    }
    let _ = write!(out, r#"],"data":"{}","reason":"#, log.data);
    // A string always has a JSON form.
    let _ = serde_json::to_writer(&mut *out, reason);
}

#[cfg(test)]
mod tests;
