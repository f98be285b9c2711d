//! Logs of Ethereum mainnet.

use std::collections::HashMap;

use ethabi::RawLog;
use event_streamer_abi::{
    DecodeErrorKind, EventDecoder, HexLog, Registry, event_to_ethabi, extract_abi_events,
    parse_event_signature,
};
use event_streamer_models::{Address, B256, Log, U256};

use crate::{oracle, test_data};

const TRANSFERS: &str = "mainnet-18426253-18426303.ndjson.gz";
const WITH_HEADERS: &str = "mainnet-13-blocks-with-headers.ndjson.gz";

#[test]
fn transfers_decode_as_ethabi_does_and_those_of_erc721_are_told_apart() {
    let Some(recording) = test_data::find(TRANSFERS) else {
        return;
    };
    let event =
        parse_event_signature("Transfer(address indexed from, address indexed to, uint256 value)")
            .unwrap();
    let theirs = event_to_ethabi(&event).unwrap();
    let decoder = EventDecoder::new(&event).unwrap();
    let (mut decoded, mut refused) = (0, 0);
    for log in test_data::read_logs(&recording) {
        if log.topics.first().copied() != decoder.topic0() {
            continue;
        }
        match decoder.decode_json(&log.topics, log.data.as_bytes()) {
            Ok(json) => {
                decoded += 1;
                let topics = log
                    .topics
                    .iter()
                    .map(|topic| (*topic.as_bytes()).into())
                    .collect();
                let parsed = theirs
                    .parse_log(RawLog {
                        topics,
                        data: log.data.as_bytes().to_vec(),
                    })
                    .unwrap();
                let fields = event.inputs.iter().zip(&parsed.params);
                let expected: Vec<String> = fields
                    .map(|(input, param)| {
                        format!("\"{}\":{}", param.name, oracle::json(input, &param.value))
                    })
                    .collect();
                assert_eq!(json, format!("{{{}}}", expected.join(",")));
            }
            Err(error) => {
                refused += 1;
                assert_eq!(
                    *error.kind(),
                    DecodeErrorKind::TopicCount {
                        found: 4,
                        expected: 3
                    }
                );
            }
        }
    }
    assert_eq!((decoded, refused), (7_430, 370));
}

#[test]
fn a_registry_tells_the_two_transfers_apart_from_the_text_of_a_node() {
    let Some(recording) = test_data::find(TRANSFERS) else {
        return;
    };
    let events = [
        "Transfer(address indexed from, address indexed to, uint256 value)",
        "Transfer(address indexed from, address indexed to, uint256 indexed tokenId)",
    ]
    .map(|text| parse_event_signature(text).unwrap());
    let registry = Registry::from_events(&events).unwrap();
    let mut buffer = HexLog::new();
    let mut found = HashMap::new();
    for log in test_data::read_logs(&recording) {
        let topics: Vec<_> = log.topics.iter().map(ToString::to_string).collect();
        let data = log.data.to_string();
        let (topics, data) = buffer.read(&topics, &data).unwrap();
        assert_eq!((topics, data), (&log.topics[..], log.data.as_bytes()));
        let Ok(decoder) = registry.resolve(topics) else {
            continue;
        };
        let (from, to, number): (Address, Address, U256) = decoder.decode_as(topics, data).unwrap();
        let values = decoder.decode_values(topics, data).unwrap();
        assert_eq!(values, [from.into(), to.into(), number.into()]);
        assert_eq!(
            decoder.encode_log(&values),
            Ok((topics.to_vec(), data.to_vec()))
        );
        *found.entry(decoder.indexed_count()).or_insert(0) += 1;
    }
    assert_eq!(found, HashMap::from([(2, 7_430), (3, 370)]));
}

/// By topic0 and number of topics: what remains ambiguous there is which parameters are indexed,
/// and any of the ABIs will do to compare two decoders.
type Decoders = HashMap<(B256, usize), EventDecoder>;

fn decoders(archive: &std::path::Path) -> Decoders {
    let mut decoders = Decoders::new();
    for (name, text) in test_data::read_archive(archive) {
        if !name.ends_with(".json") {
            continue;
        }
        for event in extract_abi_events(&text).unwrap() {
            let decoder = EventDecoder::new(&event).unwrap();
            if let Some(topic0) = decoder.topic0() {
                decoders
                    .entry((topic0, decoder.indexed_count() + 1))
                    .or_insert(decoder);
            }
        }
    }
    decoders
}

fn compare(decoders: &Decoders, log: &Log) -> Option<bool> {
    let topic0 = log.topics.first()?;
    let decoder = decoders.get(&(*topic0, log.topics.len()))?;
    let data = log.data.as_bytes();
    let ours = decoder
        .decode_json(&log.topics, data)
        .ok()
        .map(|json| oracle::values_of(&json));
    let theirs = oracle::values(decoder.event(), &log.topics, data);
    assert_eq!(
        ours,
        theirs,
        "{} {:?}",
        decoder.signature(),
        log.transaction_hash
    );
    Some(ours.is_some())
}

#[test]
fn every_log_of_a_known_event_decodes_as_ethabi_does() {
    let Some(archive) = test_data::find("abis.tar.gz") else {
        return;
    };
    let decoders = decoders(&archive);
    let mut counts = Vec::new();
    for recording in [TRANSFERS, WITH_HEADERS] {
        let Some(recording) = test_data::find(recording) else {
            return;
        };
        let outcomes: Vec<bool> = test_data::read_logs(&recording)
            .iter()
            .filter_map(|log| compare(&decoders, log))
            .collect();
        counts.push((
            outcomes.len(),
            outcomes.iter().filter(|decoded| **decoded).count(),
        ));
    }
    // Logs of known events, and how many of them decode: all.
    assert_eq!(counts, [(14_207, 14_207), (13_835, 13_835)]);
}
