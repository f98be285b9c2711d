//! What must be true of the blocks before they are written: a recording that contradicts itself
//! would teach whoever replays it wrong things.

use serde_json::Value as Json;

use super::bloom::Bloom;
use super::chain::Block;
use super::rpc::quantity;
use crate::error::{Context as _, Result, fail};
use crate::hash::from_hex;

/// Checks numbers, parents, timestamps, blooms and the places of all logs.
pub(crate) fn check(blocks: &[Block]) -> Result<()> {
    for (block, expected) in blocks.iter().zip(1..) {
        check_block(block, expected).context(|| format!("block {expected}"))?;
    }
    for (block, next) in blocks.iter().zip(blocks.iter().skip(1)) {
        let (header, child) = (&block.header, &next.header);
        if child["parentHash"] != header["hash"] {
            return fail!(
                "block {}: its parent is not the block before it",
                child["number"]
            );
        }
        if quantity(&child["timestamp"]) <= quantity(&header["timestamp"]) {
            return fail!("block {}: it is not later than its parent", child["number"]);
        }
    }
    Ok(())
}

fn check_block(block: &Block, number: u64) -> Result<()> {
    if quantity(&block.header["number"]) != Some(number) {
        return fail!("the header's number is {}", block.header["number"]);
    }
    let mut bloom = Bloom::EMPTY;
    for (log, index) in block.logs.iter().zip(0..) {
        let here = log["blockHash"] == block.header["hash"]
            && log["blockNumber"] == block.header["number"]
            && quantity(&log["logIndex"]) == Some(index);
        if !here {
            return fail!("log {index} is not the log of that index: {log}");
        }
        bloom.add(&bytes(&log["address"])?);
        for topic in log["topics"].as_array().into_iter().flatten() {
            bloom.add(&bytes(topic)?);
        }
    }
    if bytes(&block.header["logsBloom"])? != bloom.as_bytes() {
        return fail!("the header's bloom is not that of the logs");
    }
    Ok(())
}

fn bytes(value: &Json) -> Result<Vec<u8>> {
    value
        .as_str()
        .and_then(from_hex)
        .context(|| format!("not hexadecimal: {value}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::recording;
    use super::*;
    use crate::hash::to_hex;

    const HASH: &str = "0x0000000000000000000000000000000000000000000000000000000000000001";

    /// One block with one log, and the bloom that goes with it.
    fn block() -> Block {
        let mut bloom = Bloom::EMPTY;
        bloom.add(&[0xaa; 20]);
        bloom.add(&[0xbb; 32]);
        Block {
            header: json!({
                "number": "0x1", "hash": HASH, "parentHash": HASH, "timestamp": "0x10",
                "logsBloom": to_hex(bloom.as_bytes()),
            }),
            logs: vec![json!({
                "address": format!("0x{}", "aa".repeat(20)), "topics": [format!("0x{}", "bb".repeat(32))],
                "blockHash": HASH, "blockNumber": "0x1", "logIndex": "0x0",
            })],
        }
    }

    fn complaint(blocks: &[Block]) -> String {
        check(blocks).unwrap_err().to_string()
    }

    #[test]
    fn a_sound_block_passes() {
        check(&[block()]).unwrap();
    }

    #[test]
    fn a_missing_log_shows_in_the_bloom() {
        let mut block = block();
        block.logs.clear();
        assert!(complaint(&[block]).contains("bloom"));
    }

    #[test]
    fn a_log_in_another_place_is_found() {
        let mut block = block();
        block.logs[0]["logIndex"] = json!("0x1");
        assert!(complaint(&[block]).contains("log 0"));
    }

    #[test]
    fn blocks_must_be_linked_and_later() {
        let second = |parent: &str, timestamp: &str| {
            let mut second = block();
            second.header["number"] = json!("0x2");
            second.header["parentHash"] = json!(parent);
            second.header["timestamp"] = json!(timestamp);
            second.logs[0]["blockNumber"] = json!("0x2");
            second
        };
        check(&[block(), second(HASH, "0x11")]).unwrap();
        assert!(complaint(&[block(), second("0x2", "0x11")]).contains("parent"));
        assert!(complaint(&[block(), second(HASH, "0x10")]).contains("later"));
    }

    /// The node computed these blooms and parents, so this holds our reading of them too.
    #[test]
    fn the_committed_recording_is_sound() {
        let blocks = recording::read(include_bytes!(
            "../../../crates/cli/assets/demo-recording.ndjson.gz"
        ));
        assert_eq!(blocks.len(), 60);
        check(&blocks).unwrap();
    }
}
