use proptest::prelude::*;

use super::*;

fn topic(byte: u8) -> B256 {
    B256([byte; 32])
}

fn address(byte: u8) -> Address {
    Address([byte; 20])
}

#[test]
fn becomes_the_smallest_filter_object() {
    let filter = LogFilter {
        addresses: vec![address(0xAB)],
        topics: [vec![], vec![topic(1), topic(2)], vec![], vec![]],
    };
    assert_eq!(
        filter.to_json(),
        json!({
            "address": [format!("0x{}", "ab".repeat(20))],
            "topics": [null, [format!("0x{}", "01".repeat(32)), format!("0x{}", "02".repeat(32))]],
        })
    );
}

#[test]
fn positions_ask_for_topics() {
    let log = |topics: &[u8]| Log {
        address: address(1),
        topics: topics.iter().map(|it| topic(*it)).collect(),
        ..Log::default()
    };
    let filter = LogFilter {
        addresses: vec![],
        topics: [vec![topic(1), topic(2)], vec![], vec![topic(3)], vec![]],
    };
    for (topics, passes) in [
        (&[1, 9, 3][..], true),
        (&[2, 9, 3, 9], true),
        (&[3, 9, 3], false),
        (&[1, 9, 4], false),
        (&[1, 3], false),
        (&[], false),
    ] {
        assert_eq!(filter.matches(&log(topics)), passes, "{topics:?}");
    }
    let elsewhere = LogFilter {
        addresses: vec![address(2)],
        ..LogFilter::default()
    };
    assert!(!elsewhere.matches(&log(&[1])));
    assert!(LogFilter::default().matches(&log(&[])));
}

/// Lists of few different values, so that filters match now and then.
fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0..4_u8, 0..max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A bloom never says "certainly not" of a log that passes.
    #[test]
    fn the_bloom_of_a_matching_log_may_match(
        addresses in bytes(3),
        wanted in proptest::array::uniform4(bytes(3)),
        emitter in 0..4_u8,
        topics in bytes(5),
    ) {
        let filter = LogFilter {
            addresses: addresses.into_iter().map(address).collect(),
            topics: wanted.map(|it| it.into_iter().map(topic).collect()),
        };
        let log = Log {
            address: address(emitter),
            topics: topics.into_iter().map(topic).collect(),
            ..Log::default()
        };
        let mut bloom = LogsBloom::ZERO;
        bloom.insert_hash(&keccak256(&log.address.0));
        for topic in &log.topics {
            bloom.insert_hash(&keccak256(&topic.0));
        }
        prop_assert!(!filter.matches(&log) || filter.bloom_may_match(&bloom));
        prop_assert!(!filter.bloom_may_match(&LogsBloom::ZERO));
    }
}
