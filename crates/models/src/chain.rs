//! What an EVM node tells: logs and block headers, in the shape of its JSON-RPC.

use serde::{Deserialize, Serialize};

use crate::{Address, B256, Extra, HexBytes, LogsBloom, optional, quantity};

/// A block, named so that no other block is meant.
///
/// On the wire of a stream: `{"block_number": 19000000, "block_hash": "0x.."}`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BlockRef {
    /// Its height.
    #[serde(rename = "block_number")]
    pub number: u64,
    /// Its hash.
    #[serde(rename = "block_hash")]
    pub hash: B256,
}

impl BlockRef {
    /// The block of this height and hash.
    #[must_use]
    pub const fn new(number: u64, hash: B256) -> Self {
        Self { number, hash }
    }
}

/// A log as `eth_getLogs` gives it (execution-apis, `Log`): raw, not decoded.
///
/// Quantities are hex strings on the wire. A log of a pending block, which has no number yet, does
/// not parse. Unknown fields are ignored: logs come by the hundred thousand.
///
/// ```
/// use event_streamer_models::Log;
///
/// let log: Log = serde_json::from_str(
///     r#"{"address": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2", "topics": [],
///         "data": "0x2a", "blockNumber": "0x119298d", "blockHash": null,
///         "transactionHash": "0x1220670dcfbe51b260164950bcbd3212775e1f5b4c894e0c18fa98ee24eedfe5",
///         "transactionIndex": "0x0", "logIndex": "0xffffffe2"}"#,
/// )?;
/// assert_eq!(log.block_number, 18_426_253);
/// assert_eq!(log.log_index, 0xffff_ffe2);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// The contract that wrote it.
    pub address: Address,
    /// The indexed part: up to four words, of which the first is topic0 unless the event is
    /// anonymous.
    pub topics: Vec<B256>,
    /// The part that is not indexed.
    pub data: HexBytes,
    /// The height of its block.
    #[serde(with = "quantity")]
    pub block_number: u64,
    /// The hash of its block; `None` in recordings that do not know it.
    #[serde(default)]
    pub block_hash: Option<B256>,
    /// The hash of its transaction.
    pub transaction_hash: B256,
    /// The place of its transaction in the block.
    #[serde(with = "quantity")]
    pub transaction_index: u64,
    /// Its place among the logs of the block. Uses the whole 32 bits on some chains.
    #[serde(with = "quantity")]
    pub log_index: u32,
    /// The time of its block in seconds since 1970, from nodes that send it.
    #[serde(
        default,
        with = "quantity::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub block_timestamp: Option<u64>,
    /// Whether a reorg took it back; only a subscription over a WebSocket says so.
    #[serde(default, deserialize_with = "optional::null_default")]
    pub removed: bool,
}

impl Log {
    /// Its place in the chain: height, then place in the block. The order of a stream.
    #[must_use]
    pub const fn position(&self) -> (u64, u32) {
        (self.block_number, self.log_index)
    }
}

/// The header of a block as `eth_getBlockByNumber` gives it, as far as this project looks at it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockHeader {
    /// The height.
    #[serde(with = "quantity")]
    pub number: u64,
    /// The hash.
    pub hash: B256,
    /// The hash of the block before it.
    pub parent_hash: B256,
    /// Its time in seconds since 1970.
    #[serde(with = "quantity")]
    pub timestamp: u64,
    /// The filter over the addresses and topics of its logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs_bloom: Option<LogsBloom>,
    /// The root of the trie of its receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts_root: Option<B256>,
    /// All other fields of the block, transactions included if they were asked for.
    #[serde(flatten)]
    pub extra: Extra,
}

impl BlockHeader {
    /// The name of the block.
    #[must_use]
    pub const fn block_ref(&self) -> BlockRef {
        BlockRef::new(self.number, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn log() -> Value {
        json!({
            "address": "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2",
            "topics": [B256([1; 32]), B256([2; 32])],
            "data": "0x2a",
            "blockNumber": "0x119298d",
            "blockHash": B256([3; 32]),
            "transactionHash": B256([4; 32]),
            "transactionIndex": "0x5",
            "logIndex": "0xffffffe2",
            "blockTimestamp": "0x65300000",
            "removed": true
        })
    }

    #[test]
    fn a_log_comes_out_as_it_went_in() {
        let parsed: Log = serde_json::from_value(log()).unwrap();
        assert_eq!(serde_json::to_value(&parsed).unwrap(), log());
        assert_eq!(parsed.position(), (0x0119_298d, 0xffff_ffe2));
        assert_eq!(parsed.block_timestamp, Some(0x6530_0000));
    }

    #[test]
    fn what_a_node_may_leave_out_may_be_null_too() {
        for field in ["blockHash", "blockTimestamp", "removed"] {
            let mut null = log();
            null[field] = Value::Null;
            let mut missing = log();
            missing.as_object_mut().unwrap().shift_remove(field);
            let null: Log = serde_json::from_value(null).unwrap();
            assert_eq!(null, serde_json::from_value(missing).unwrap(), "{field}");
        }
    }

    #[test]
    fn a_log_without_its_place_does_not_parse() {
        for field in [
            "blockNumber",
            "transactionHash",
            "logIndex",
            "address",
            "topics",
            "data",
        ] {
            let mut null = log();
            null[field] = Value::Null;
            assert!(serde_json::from_value::<Log>(null).is_err(), "{field}");
        }
        let mut wide = log();
        wide["logIndex"] = json!("0x100000000");
        assert!(serde_json::from_value::<Log>(wide).is_err());
    }

    #[test]
    fn unknown_fields_of_a_log_are_ignored_and_those_of_a_header_kept() {
        let mut more = log();
        more["l1Fee"] = json!("0x1");
        assert_eq!(
            serde_json::from_value::<Log>(more).unwrap(),
            serde_json::from_value(log()).unwrap()
        );

        let header = json!({
            "number": "0x1",
            "hash": B256([1; 32]),
            "parentHash": B256([2; 32]),
            "timestamp": "0x65300000",
            "logsBloom": LogsBloom::ZERO,
            "receiptsRoot": B256([3; 32]),
            "gasUsed": "0x5208",
            "transactions": []
        });
        let parsed: BlockHeader = serde_json::from_value(header.clone()).unwrap();
        assert_eq!(parsed.block_ref(), BlockRef::new(1, B256([1; 32])));
        assert_eq!(parsed.extra.len(), 2);
        assert_eq!(serde_json::to_value(&parsed).unwrap(), header);
    }

    #[test]
    fn a_block_is_named_on_the_wire_as_the_protocol_says() {
        let block = BlockRef::new(7, B256::ZERO);
        let json = json!({"block_number": 7, "block_hash": B256::ZERO});
        assert_eq!(serde_json::to_value(block).unwrap(), json);
        assert_eq!(serde_json::from_value::<BlockRef>(json).unwrap(), block);
    }
}
