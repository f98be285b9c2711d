//! What a node says: logs and headers, in the shape of the Ethereum JSON-RPC.

use serde::{Deserialize, Serialize};

use crate::quantity;
use crate::{Address, B256, HexBytes, LogsBloom};

/// One block of one branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlockRef {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: B256,
}

/// A log as `eth_getLogs` answers it. Unknown fields are ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// The contract that emitted it.
    pub address: Address,
    /// Up to four topics; the first is topic0 unless the event is anonymous.
    pub topics: Vec<B256>,
    /// The ABI-encoded parameters that are not indexed.
    pub data: HexBytes,
    /// The block's number.
    #[serde(with = "quantity")]
    pub block_number: u64,
    /// The block's hash; `None` where the source does not know it.
    #[serde(default)]
    pub block_hash: Option<B256>,
    /// The transaction.
    pub transaction_hash: B256,
    /// The transaction's place in the block.
    #[serde(with = "quantity")]
    pub transaction_index: u64,
    /// The log's place in the block: unsigned, 32 bits, not always contiguous.
    #[serde(with = "quantity::number32")]
    pub log_index: u32,
    /// The block's time in seconds since the epoch, which not every node sends.
    #[serde(
        default,
        with = "quantity::optional",
        skip_serializing_if = "Option::is_none"
    )]
    pub block_timestamp: Option<u64>,
    /// Whether the log's block left the chain.
    #[serde(default)]
    pub removed: bool,
}

/// A block's header, as far as it is needed to link and check blocks. Unknown fields are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockHeader {
    /// Its number.
    #[serde(with = "quantity")]
    pub number: u64,
    /// Its hash.
    pub hash: B256,
    /// The hash of the block before it.
    pub parent_hash: B256,
    /// Its time in seconds since the epoch.
    #[serde(with = "quantity")]
    pub timestamp: u64,
    /// The bloom filter over its logs, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logs_bloom: Option<LogsBloom>,
    /// The root of its receipts, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipts_root: Option<B256>,
}

impl BlockHeader {
    /// Number and hash.
    pub fn block_ref(&self) -> BlockRef {
        BlockRef {
            number: self.number,
            hash: self.hash,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_keeps_its_shape() {
        let text = r#"{"address":"0x4b1e80cac91e2216eeb63e29b957eb91ae9c2be8","topics":["0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"],"data":"0x0a","blockNumber":"0x119298d","blockHash":null,"transactionHash":"0x1220670dcfbe51b260164950bcbd3212775e1f5b4c894e0c18fa98ee24eedfe5","transactionIndex":"0x0","logIndex":"0xffffffe2","removed":false}"#;
        let log: Log = serde_json::from_str(text).unwrap();
        assert_eq!(log.log_index, 0xffff_ffe2);
        assert_eq!(log.block_number, 18_426_253);
        assert_eq!(serde_json::to_string(&log).unwrap(), text);
    }

    #[test]
    fn a_header_keeps_what_is_needed() {
        let text = format!(
            r#"{{"number":"0x10","hash":"0x{0}","parentHash":"0x{1}","timestamp":"0x5","gasUsed":"0x1"}}"#,
            "11".repeat(32),
            "22".repeat(32)
        );
        let header: BlockHeader = serde_json::from_str(&text).unwrap();
        assert_eq!(
            header.block_ref(),
            BlockRef {
                number: 16,
                hash: B256([0x11; 32])
            }
        );
        assert_eq!(header.logs_bloom, None);
    }
}
