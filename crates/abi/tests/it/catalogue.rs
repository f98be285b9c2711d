//! The well-known events that the crate carries.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use event_streamer_abi::catalogue::{
    chainlink, erc20, erc721, erc1155, openzeppelin, seaport, uniswap_v3,
};
use event_streamer_abi::codegen::generate_list;
use event_streamer_abi::{CATALOGUE, EventDecoder, FromEvent, parse_event_signature};
use event_streamer_models::U256;

use crate::test_data;

#[test]
fn the_generated_file_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/generated/catalogue.rs");
    let text = generate_list("crates/abi/catalogue/events.txt", CATALOGUE, "crate").unwrap();
    assert!(
        std::fs::read_to_string(path).unwrap() == text,
        "stale: cargo run -p event-streamer-abi --example generate_catalogue"
    );
}

/// Hashes as explorers show them.
#[test]
fn topics_are_those_that_one_knows_by_heart() {
    for (topic0, expected) in [
        (
            erc20::Transfer::TOPIC0,
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        (
            erc721::Transfer::TOPIC0,
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
        ),
        (
            erc20::Approval::TOPIC0,
            "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925",
        ),
        (
            erc1155::TransferSingle::TOPIC0,
            "c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62",
        ),
        (
            uniswap_v3::Swap::TOPIC0,
            "c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67",
        ),
        (
            openzeppelin::OwnershipTransferred::TOPIC0,
            "8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0",
        ),
        (
            chainlink::AnswerUpdated::TOPIC0,
            "0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f",
        ),
    ] {
        assert_eq!(topic0, Some(format!("0x{expected}").parse().unwrap()));
    }
}

fn events() -> Vec<EventDecoder> {
    let events = CATALOGUE.lines().filter(|line| line.starts_with("event "));
    events
        .map(|line| EventDecoder::new(&parse_event_signature(line).unwrap()).unwrap())
        .collect()
}

/// Which parameters are indexed is nothing that a topic0 proves: real contracts do.
#[test]
fn what_is_indexed_is_what_real_contracts_index() {
    let Some(archive) = test_data::find("abis.tar.gz") else {
        return;
    };
    let mut masks: HashMap<String, HashSet<Vec<bool>>> = HashMap::new();
    for (name, text) in test_data::read_archive(&archive) {
        if name.ends_with(".json") {
            for event in event_streamer_abi::extract_abi_events(&text).unwrap() {
                let decoder = EventDecoder::new(&event).unwrap();
                let mask = decoder.parameters().map(|(_, is_topic)| is_topic).collect();
                masks
                    .entry(decoder.signature().to_owned())
                    .or_default()
                    .insert(mask);
            }
        }
    }
    // Versions that the archive does not have, by their signatures; it has an older or newer one.
    let elsewhere = [
        "Mint(address,uint256,uint256)",
        "ExecutionSuccess(bytes32,uint256)",
        "ExecutionFailure(bytes32,uint256)",
        "EnabledModule(address)",
        "DisabledModule(address)",
        "ProxyCreation(address,address)",
    ];
    let mut found = 0;
    for decoder in events() {
        let mask: Vec<bool> = decoder.parameters().map(|(_, is_topic)| is_topic).collect();
        if let Some(masks) = masks.get(decoder.signature()) {
            let known = masks.contains(&mask) || elsewhere.contains(&decoder.signature());
            assert!(known, "{} {mask:?}", decoder.signature());
            found += 1;
        }
    }
    assert!(found > 80, "{found}");
}

#[test]
fn real_logs_are_read_as_the_decoder_reads_them() {
    let Some(recording) = test_data::find("mainnet-18426253-18426303.ndjson.gz") else {
        return;
    };
    let (mut tokens, mut swaps, mut orders) = (0, 0, 0);
    let topic0_of = |log: &event_streamer_models::Log| log.topics.first().copied();
    for log in test_data::read_logs(&recording) {
        let (topics, data) = (&log.topics[..], log.data.as_bytes());
        if topic0_of(&log) == erc20::Transfer::TOPIC0 && topics.len() == 3 {
            let transfer = erc20::Transfer::from_log(topics, data).unwrap();
            assert_eq!(
                transfer.value,
                U256::from_be_bytes(*data.first_chunk().unwrap())
            );
            assert_eq!(transfer.from.as_bytes()[..], topics[1].as_bytes()[12..]);
            tokens += 1;
        } else if topic0_of(&log) == uniswap_v3::Swap::TOPIC0 {
            let swap = uniswap_v3::Swap::from_log(topics, data).unwrap();
            let decoder = decoder_of::<uniswap_v3::Swap>();
            let values = decoder.decode_values(topics, data).unwrap();
            assert_eq!(values[2].as_int(), Some(swap.amount0));
            assert_eq!(values[4].as_uint(), Some(swap.sqrt_price_x96));
            assert_eq!(values[6].as_int(), Some(i64::from(swap.tick).into()));
            swaps += 1;
        } else if topic0_of(&log) == seaport::OrderFulfilled::TOPIC0 {
            let order = seaport::OrderFulfilled::from_log(topics, data).unwrap();
            let decoder = decoder_of::<seaport::OrderFulfilled>();
            let values = decoder.decode_values(topics, data).unwrap();
            assert_eq!(values[4].as_slice().unwrap().len(), order.offer.len());
            let last = order.consideration.last().map(|item| item.recipient);
            let items = values[5].as_slice().unwrap();
            assert_eq!(
                items
                    .last()
                    .map(|item| item.as_slice().unwrap()[4].as_address().unwrap()),
                last
            );
            orders += 1;
        }
    }
    assert!(
        tokens == 7_430 && swaps > 0 && orders > 0,
        "{tokens} {swaps} {orders}"
    );
}

fn decoder_of<T: FromEvent>() -> EventDecoder {
    let decoder = EventDecoder::new(&parse_event_signature(T::DECLARATION).unwrap()).unwrap();
    assert_eq!(decoder.topic0(), T::TOPIC0);
    decoder
}
