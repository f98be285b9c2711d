//! The recording as a file: NDJSON in gzip, the same bytes for the same blocks.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value as Json, json};

use super::chain::Block;
use super::node::CHAIN_ID;
use crate::error::{Context as _, Result};

/// All of a header, so that its hash can be computed again; not the block's transactions.
const HEADER_FIELDS: [&str; 21] = [
    "number",
    "hash",
    "parentHash",
    "timestamp",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "sha3Uncles",
    "difficulty",
    "gasLimit",
    "gasUsed",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
    "blobGasUsed",
    "excessBlobGas",
    "parentBeaconBlockRoot",
];
/// In the shape of `eth_getLogs`.
const LOG_FIELDS: [&str; 10] = [
    "address",
    "topics",
    "data",
    "blockNumber",
    "blockHash",
    "blockTimestamp",
    "transactionHash",
    "transactionIndex",
    "logIndex",
    "removed",
];

/// The file's bytes. `source` says how the blocks were made.
pub(crate) fn write(blocks: &[Block], source: &str) -> Result<Vec<u8>> {
    let logs: usize = blocks.iter().map(|block| block.logs.len()).sum();
    let mut lines = vec![json!({
        "recording": 1,
        "chain_id": CHAIN_ID,
        "source": source,
        "license": "MIT",
        "complete_blocks": true,
        "logs": logs,
        "first_block": 1,
        "last_block": blocks.len(),
    })];
    for block in blocks {
        lines.push(json!({"block": select(&block.header, &HEADER_FIELDS)?}));
    }
    for log in blocks.iter().flat_map(|block| &block.logs) {
        lines.push(json!({"log": select(log, &LOG_FIELDS)?}));
    }
    compress(&lines).context(|| "compressing the recording".to_owned())
}

/// The named fields in the named order, whatever order the node has them in.
fn select(value: &Json, fields: &[&str]) -> Result<Map<String, Json>> {
    let field = |name: &&str| {
        let value = value
            .get(*name)
            .context(|| format!("the node left out {name}: {value}"))?;
        Ok(((*name).to_owned(), value.clone()))
    };
    fields.iter().map(field).collect()
}

/// The gzip header carries no time and no name, so that the bytes do not change.
fn compress(lines: &[Json]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    for line in lines {
        writeln!(gzip, "{line}")?;
    }
    gzip.finish()
}

/// The blocks of a recording that was written before.
#[cfg(test)]
pub(crate) fn read(bytes: &[u8]) -> Vec<Block> {
    use std::io::{BufRead as _, BufReader};

    let mut blocks: Vec<Block> = Vec::new();
    for line in BufReader::new(flate2::read::GzDecoder::new(bytes)).lines() {
        let mut line: Json = serde_json::from_str(&line.unwrap()).unwrap();
        if let Some(header) = line.get_mut("block") {
            blocks.push(Block {
                header: header.take(),
                logs: Vec::new(),
            });
        } else if let Some(log) = line.get_mut("log") {
            let block = blocks
                .iter_mut()
                .find(|block| block.header["number"] == log["blockNumber"]);
            block.unwrap().logs.push(log.take());
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        let fields = |names: &[&str]| {
            names
                .iter()
                .map(|name| ((*name).to_owned(), json!("0x1")))
                .collect()
        };
        Block {
            header: Json::Object(fields(&HEADER_FIELDS)),
            logs: vec![Json::Object(fields(&LOG_FIELDS))],
        }
    }

    #[test]
    fn the_same_blocks_are_the_same_bytes_and_can_be_read_back() {
        let bytes = write(&[block()], "a test").unwrap();
        assert_eq!(bytes, write(&[block()], "a test").unwrap());
        let blocks = read(&bytes);
        assert_eq!(
            (&blocks[0].header, &blocks[0].logs),
            (&block().header, &block().logs)
        );
    }

    #[test]
    fn a_field_that_the_node_left_out_is_an_error() {
        let mut block = block();
        block.logs[0].as_object_mut().unwrap().remove("data");
        assert!(
            write(&[block], "a test")
                .unwrap_err()
                .to_string()
                .contains("left out data")
        );
    }
}
