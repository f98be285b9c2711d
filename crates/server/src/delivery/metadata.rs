//! What every event has beside its parameters: where on the chain it is (`docs/protocol.md`,
//! section 4).

use event_streamer_models::{ChainId, Log, Timestamp, hex};

use super::event_id::EventRef;

/// Of 2^64 - 1.
const MAX_DIGITS: usize = 20;

/// Writes the fields of a log's place. What the logs of a block have in common is made into text
/// once for all of them.
#[derive(Debug)]
pub(super) struct MetadataWriter {
    /// The text of the block at hand.
    block: Option<BlockText>,
    chain_id: ChainId,
}

#[derive(Debug)]
struct BlockText {
    of: (u64, EventRef, Option<u64>),
    /// `"block_number":1,"transaction_hash":"0x`
    number: Vec<u8>,
    /// `","timestamp":".."`
    time: Vec<u8>,
    /// `,"block_hash":"0x..","transaction_index":`
    hash: Vec<u8>,
    /// `,"chain_id":1,"event_id":"1-0x..-`
    id: Vec<u8>,
}

impl MetadataWriter {
    pub(super) fn new(chain_id: ChainId) -> Self {
        Self {
            block: None,
            chain_id,
        }
    }

    /// Appends the fields, with commas between; `all` also has those that are sent on request.
    pub(super) fn write(&mut self, log: &Log, event: EventRef, all: bool, out: &mut Vec<u8>) {
        let of = (log.block_number, event.of_block(), log.block_timestamp);
        let block = match &mut self.block {
            Some(block) if block.of == of => block,
            other => other.insert(BlockText::new(of, self.chain_id)),
        };
        out.extend_from_slice(&block.number);
        hex::write(&log.transaction_hash.0, out);
        out.extend_from_slice(br#"","log_index":"#);
        write_number(log.log_index.into(), out);
        out.extend_from_slice(br#","address":"0x"#);
        hex::write(&log.address.0, out);
        out.extend_from_slice(&block.time);
        if all {
            out.extend_from_slice(&block.hash);
            write_number(log.transaction_index, out);
            out.extend_from_slice(&block.id);
            write_number(log.log_index.into(), out);
            out.push(b'"');
        }
    }
}

impl BlockText {
    fn new(of: (u64, EventRef, Option<u64>), chain_id: ChainId) -> Self {
        let (number, event, time) = of;
        let time = match time {
            Some(seconds) => format!("\"{}\"", Timestamp::from_unix_seconds(seconds)),
            None => "null".to_owned(),
        };
        let hash = event.block_hash;
        let id = event.id(chain_id);
        // The index at its end is each log's own.
        let id = id.as_str().trim_end_matches(|it: char| it.is_ascii_digit());
        Self {
            of,
            number: format!(r#""block_number":{number},"transaction_hash":"0x"#).into(),
            time: format!(r#"","timestamp":{time}"#).into(),
            hash: format!(r#","block_hash":"{hash}","transaction_index":"#).into(),
            id: format!(r#","chain_id":{chain_id},"event_id":"{id}"#).into(),
        }
    }
}

fn write_number(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0; MAX_DIGITS];
    let mut length = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        length += 1;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[MAX_DIGITS - length..]);
}

#[cfg(test)]
mod tests {
    use event_streamer_models::{Address, B256};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::delivery::plan::event_ref;

    fn written(writer: &mut MetadataWriter, log: &Log, all: bool) -> String {
        let mut out = b"{".to_vec();
        writer.write(log, event_ref(log), all, &mut out);
        out.push(b'}');
        String::from_utf8(out).unwrap()
    }

    /// By what serde makes of it.
    fn expected(log: &Log, all: bool) -> String {
        let time = log.block_timestamp.map(Timestamp::from_unix_seconds);
        let mut object = json!({
            "block_number": log.block_number,
            "transaction_hash": log.transaction_hash,
            "log_index": log.log_index,
            "address": log.address,
            "timestamp": time,
        });
        if all {
            let event = event_ref(log);
            for (name, value) in [
                ("block_hash", json!(event.block_hash)),
                ("transaction_index", json!(log.transaction_index)),
                ("chain_id", json!(137)),
                ("event_id", json!(event.id(ChainId::new(137)))),
            ] {
                object[name] = value;
            }
        }
        object.to_string()
    }

    fn any_log() -> impl Strategy<Value = Log> {
        let block = (
            0..3_u64,
            proptest::option::of(0..3_u8),
            proptest::option::of(0..3_u64),
        );
        let numbers = (
            any::<u32>(),
            any::<u64>(),
            any::<[u8; 32]>(),
            any::<[u8; 20]>(),
        );
        (block, numbers).prop_map(
            |((number, hash, time), (log_index, index, hash_of, address))| Log {
                address: Address(address),
                block_number: number,
                block_hash: hash.map(|it| B256([it; 32])),
                transaction_hash: B256(hash_of),
                transaction_index: index,
                log_index,
                block_timestamp: time,
                ..Log::default()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn each_log_has_its_own_place_whatever_came_before(
            logs in proptest::collection::vec((any_log(), any::<bool>()), 1..8),
        ) {
            let mut writer = MetadataWriter::new(ChainId::new(137));
            for (log, all) in logs {
                prop_assert_eq!(written(&mut writer, &log, all), expected(&log, all));
            }
        }
    }

    #[test]
    fn the_largest_numbers_fit() {
        let log = Log {
            block_number: u64::MAX,
            log_index: u32::MAX,
            transaction_index: u64::MAX,
            block_timestamp: Some(u64::MAX),
            ..Log::default()
        };
        let text = written(&mut MetadataWriter::new(ChainId::new(137)), &log, true);
        assert_eq!(text, expected(&log, true));
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["timestamp"], "9999-12-31T23:59:59.999Z");
    }
}
