use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::rpc::LogFilter;

fn topic(number: u8) -> B256 {
    B256([number; 32])
}

fn address(number: u8) -> Address {
    Address([number; 20])
}

fn log(at: u8, topics: &[u8]) -> Log {
    Log {
        address: address(at),
        topics: topics.iter().copied().map(topic).collect(),
        ..Log::default()
    }
}

fn filter(addresses: &[u8], topics: [&[u8]; 4]) -> LogFilter {
    LogFilter {
        addresses: addresses.iter().copied().map(address).collect(),
        topics: topics.map(|it| it.iter().copied().map(topic).collect()),
    }
}

fn insert(index: &mut FilterIndex, filter: LogFilter) -> FilterKey {
    index.insert(Arc::new(LogMatcher::new(filter)))
}

#[test]
fn a_log_is_looked_at_for_those_it_concerns_only() {
    let mut index = FilterIndex::default();
    // Ten thousand of one event, each at a contract of its own.
    let key = |number: u16| {
        let mut address = [0; 20];
        address[..2].copy_from_slice(&number.to_be_bytes());
        LogFilter {
            addresses: vec![Address(address)],
            ..filter(&[], [&[1], &[], &[], &[]])
        }
    };
    let keys: Vec<_> = (0..10_000).map(|it| insert(&mut index, key(it))).collect();
    let mut transfer = log(0, &[1, 2, 3]);
    transfer.address = key(77).addresses[0];
    let routes = index.route(&[log(9, &[1]), transfer, log(9, &[2]), log(9, &[])]);
    assert_eq!(routes.visited(), 1);
    assert_eq!(routes.of(keys[77]), Some(&[1][..]));
    assert_eq!(routes.of(keys[78]), Some(&[][..]));
    assert_eq!(routes.of(keys.len() as u64), None, "it came later");
}

#[test]
fn a_filter_of_many_pairs_is_entered_by_its_shorter_list() {
    let many: Vec<Address> = (0..u16::MAX)
        .map(|number| {
            let mut address = [0; 20];
            address[..2].copy_from_slice(&number.to_be_bytes());
            Address(address)
        })
        .collect();
    let mut index = FilterIndex::default();
    let key = insert(
        &mut index,
        LogFilter {
            addresses: many.clone(),
            ..filter(&[], [&[1, 2], &[], &[], &[]])
        },
    );
    assert_eq!((index.by_both.len(), index.by_topic0.len()), (0, 2));
    let mut passes = log(0, &[2]);
    passes.address = many[5];
    let routes = index.route(&[log(1, &[2]), passes, log(0, &[3])]);
    assert_eq!(routes.of(key), Some(&[1][..]));
    index.remove(key);
    assert!(index.by_topic0.is_empty() && index.filters.is_empty());
}

fn any_filter() -> impl Strategy<Value = LogFilter> {
    let few = || vec(0..4_u8, 0..3);
    (few(), few(), few(), few(), few())
        .prop_map(|(addresses, a, b, c, d)| filter(&addresses, [&a, &b, &c, &d]))
}

fn any_log() -> impl Strategy<Value = Log> {
    (0..4_u8, vec(0..4_u8, 0..=4)).prop_map(|(at, topics)| log(at, &topics))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Any filters, some taken out again: each gets what it gets by looking at every log.
    #[test]
    fn routing_is_what_each_filter_says_by_itself(
        filters in vec((any_filter(), any::<bool>()), 0..12),
        logs in vec(any_log(), 0..12),
    ) {
        let mut index = FilterIndex::default();
        let mut kept = Vec::new();
        for (filter, is_kept) in filters {
            let key = insert(&mut index, filter.clone());
            if is_kept {
                kept.push((key, filter));
            } else {
                index.remove(key);
                index.remove(key);
            }
        }
        let routes = index.route(&logs);
        for (key, filter) in &kept {
            let expected: Vec<u32> = (0..)
                .zip(&logs)
                .filter(|(_, log)| filter.matches(log))
                .map(|(place, _)| place)
                .collect();
            prop_assert_eq!(routes.of(*key), Some(&expected[..]), "{:?}", filter);
        }
        for (key, _) in kept {
            index.remove(key);
        }
        prop_assert!(index.by_both.is_empty() && index.by_topic0.is_empty());
        prop_assert!(index.by_address.is_empty() && index.others.is_empty());
        prop_assert!(index.filters.is_empty());
    }
}
