//! One decoded event with its place in the chain.

use serde::{Deserialize, Serialize};

use crate::{Address, B256, ChainId, EventId, Extra, Timestamp};

/// One event of a batch (reference model `StreamingEventData`).
///
/// This is for programs that look at events of any kind; for one kind, deserialise the event's
/// JSON into a struct of your own. Parameters that the service writes as JSON numbers go through
/// [`serde_json::Value`]; by the protocol Solidity integers are decimal strings.
///
/// ```
/// use event_streamer_models::StreamingEventData;
///
/// let event: StreamingEventData = serde_json::from_str(
///     r#"{"from": "0x00", "value": "1", "block_number": 19000001, "log_index": 0,
///         "transaction_hash": "0x1220670dcfbe51b260164950bcbd3212775e1f5b4c894e0c18fa98ee24eedfe5",
///         "address": "0xa0b86a33e6417b3c4555ba476f04245600306d5d", "timestamp": null}"#,
/// )?;
/// assert_eq!(event.params["value"], "1");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamingEventData {
    /// The decoded parameters by name, and whatever else this version does not know.
    #[serde(flatten)]
    pub params: Extra,
    /// The height of its block.
    pub block_number: u64,
    /// The hash of its transaction.
    pub transaction_hash: B256,
    /// Its place among the logs of the block.
    pub log_index: u32,
    /// The contract that wrote it.
    pub address: Address,
    /// The time of its block, if the service knows it.
    #[serde(default)]
    pub timestamp: Option<Timestamp>,
    /// The hash of its block, with feature `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_hash: Option<B256>,
    /// The place of its transaction in the block, with feature `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_index: Option<u64>,
    /// Its chain, with feature `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_id: Option<ChainId>,
    /// Its name, the same in every delivery, with feature `metadata`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_id: Option<EventId>,
}

impl StreamingEventData {
    /// The keys of an event's JSON that are its place in the chain. Parameters of these names get a
    /// trailing underscore, whether or not the place is asked for: names are stable.
    pub const PLACE_KEYS: [&'static str; 9] = [
        "block_number",
        "transaction_hash",
        "log_index",
        "address",
        "timestamp",
        "block_hash",
        "transaction_index",
        "chain_id",
        "event_id",
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_but_the_parameters_has_its_key() {
        let event = StreamingEventData {
            block_hash: Some(B256::default()),
            transaction_index: Some(0),
            chain_id: Some(ChainId::default()),
            event_id: Some(EventId::from("1-0x00-0")),
            ..StreamingEventData::default()
        };
        let json = serde_json::to_value(event).unwrap();
        let keys: Vec<&str> = json
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, StreamingEventData::PLACE_KEYS);
    }
}
