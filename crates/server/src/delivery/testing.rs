//! What the tests of this folder are made of: one subscription, its logs, a scripted chain.

use event_streamer_models::{
    AbiEvent, AbiInput, Address, B256, BlockRef, ChainId, Log, TopicFilter,
};

use crate::subscription::{Events, SubscriptionSpec};

/// keccak-256 of `Transfer(address,address,uint256)`.
pub(crate) const TRANSFER: &str =
    "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

pub(crate) fn transfer() -> AbiEvent {
    AbiEvent::new(
        "Transfer",
        vec![
            AbiInput::indexed("from", "address"),
            AbiInput::indexed("to", "address"),
            AbiInput::new("value", "uint256"),
        ],
    )
}

/// ERC-721's, which has the same topic0.
pub(crate) fn nft_transfer() -> AbiEvent {
    AbiEvent::new(
        "Transfer",
        vec![
            AbiInput::indexed("from", "address"),
            AbiInput::indexed("to", "address"),
            AbiInput::indexed("tokenId", "uint256"),
        ],
    )
}

pub(crate) fn spec(first: AbiEvent) -> SubscriptionSpec {
    SubscriptionSpec {
        subscriber_id: "tests".to_owned(),
        chain_id: ChainId::new(1),
        events: Events {
            first,
            further: Vec::new(),
        },
        addresses: Vec::new(),
        topics: TopicFilter::any(),
        start_block: 1,
        end_block: None,
        finality: None,
    }
}

pub(crate) fn block(number: u64, branch: u8) -> BlockRef {
    let mut hash = [branch; 32];
    hash[24..].copy_from_slice(&number.to_be_bytes());
    BlockRef {
        number,
        hash: B256(hash),
    }
}

/// A Transfer of `log_index` tokens.
pub(crate) fn transfer_log(block: BlockRef, log_index: u32) -> Log {
    let mut data = vec![0; 32];
    data[28..].copy_from_slice(&log_index.to_be_bytes());
    Log {
        address: Address([0xaa; 20]),
        topics: vec![TRANSFER.parse().unwrap(), word(1), word(2)],
        data: data.into(),
        block_number: block.number,
        block_hash: Some(block.hash),
        transaction_hash: B256([0xbb; 32]),
        transaction_index: 3,
        log_index,
        block_timestamp: Some(1_700_000_000),
        removed: false,
    }
}

/// A topic that ends in `last`.
pub(crate) fn word(last: u8) -> B256 {
    let mut word = [0; 32];
    word[31] = last;
    B256(word)
}
