//! Blocks and headers as nodes show them.

use event_streamer_models::BlockHeader;
use serde_json::{Map, Value, json};

use super::error::RpcError;
use crate::recording::Recording;

const ZERO_HASH: &str = "0x0000000000000000000000000000000000000000000000000000000000000000";
/// The root of an empty trie: no transactions, no receipts.
const EMPTY_ROOT: &str = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
/// The hash of an empty list of uncles.
const EMPTY_UNCLES: &str = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347";
/// What a block has and a header announced by `newHeads` has not.
const BODY_FIELDS: [&str; 4] = ["transactions", "uncles", "withdrawals", "size"];

/// How the transactions of a block are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transactions {
    Hashes,
    Full,
}

/// The header as `newHeads` announces it; `null` above the last block.
pub(super) fn head_json(recording: &Recording, number: u64) -> Result<Value, RpcError> {
    let Some(header) = recording.header(number) else {
        return Ok(Value::Null);
    };
    let mut fields = header_fields(recording, &header)?;
    for name in BODY_FIELDS {
        fields.shift_remove(name);
    }
    Ok(Value::Object(fields))
}

/// The block as `eth_getBlockByNumber` shows it; `null` above the last block.
pub(super) fn block_json(
    recording: &Recording,
    number: u64,
    transactions: Transactions,
) -> Result<Value, RpcError> {
    let Some(header) = recording.header(number) else {
        return Ok(Value::Null);
    };
    let mut fields = header_fields(recording, &header)?;
    let recorded = fields.shift_remove("transactions");
    fields.insert(
        "transactions".to_owned(),
        transaction_list(recording, number, recorded, transactions)?,
    );
    for (name, value) in [("uncles", json!([])), ("size", json!("0x0"))] {
        fields.entry(name).or_insert(value);
    }
    Ok(Value::Object(fields))
}

/// The recorded fields, and a neutral value for each that clients insist on.
fn header_fields(
    recording: &Recording,
    header: &BlockHeader,
) -> Result<Map<String, Value>, RpcError> {
    let Ok(Value::Object(mut fields)) = serde_json::to_value(header) else {
        return Err(RpcError::server("the header cannot be written as JSON"));
    };
    let is_recorded = !recording.blocks(header.number..=header.number).is_empty();
    let root = if is_recorded { ZERO_HASH } else { EMPTY_ROOT };
    let neutral = [
        ("sha3Uncles", EMPTY_UNCLES),
        ("miner", "0x0000000000000000000000000000000000000000"),
        ("stateRoot", ZERO_HASH),
        ("transactionsRoot", root),
        ("receiptsRoot", root),
        ("difficulty", "0x0"),
        ("gasLimit", "0x1c9c380"),
        ("gasUsed", "0x0"),
        ("extraData", "0x"),
        ("mixHash", ZERO_HASH),
        ("nonce", "0x0000000000000000"),
    ];
    for (name, value) in neutral {
        let field = fields.entry(name).or_insert(Value::Null);
        if field.is_null() {
            *field = value.into();
        }
    }
    Ok(fields)
}

/// The transactions as recorded, else the hashes of those that made the block's logs.
fn transaction_list(
    recording: &Recording,
    number: u64,
    recorded: Option<Value>,
    wanted: Transactions,
) -> Result<Value, RpcError> {
    let list = match recorded {
        Some(Value::Array(list)) => list,
        _ => {
            let mut hashes: Vec<_> = recording
                .logs(number..=number)
                .map(|log| log.transaction_hash)
                .collect();
            hashes.dedup();
            hashes
                .into_iter()
                .map(|hash| Value::from(hash.to_string()))
                .collect()
        }
    };
    match wanted {
        Transactions::Full if list.iter().any(Value::is_string) => Err(RpcError::server(format!(
            "the recording holds no full transactions of block {number}: ask for hashes"
        ))),
        Transactions::Full => Ok(Value::Array(list)),
        Transactions::Hashes => Ok(list
            .into_iter()
            .map(|mut transaction| match transaction.get_mut("hash") {
                Some(hash) => hash.take(),
                None => transaction,
            })
            .collect()),
    }
}
