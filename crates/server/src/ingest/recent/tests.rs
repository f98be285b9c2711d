use event_streamer_models::{Address, HexBytes};

use super::*;
use crate::ingest::matcher::LogMatcher;
use crate::ingest::test_chain::header;
use crate::rpc::LogFilter;

fn block(number: u64) -> BlockRef {
    header(number, number as u8, 0).block()
}

fn logs(number: u64, bytes: usize) -> Vec<Log> {
    let data = HexBytes(vec![0; bytes]);
    vec![Log {
        block_number: number,
        data,
        ..Log::default()
    }]
}

/// True if the block has to be loaded.
fn is_absent(recent: &RecentBlocks, number: u64) -> bool {
    recent.join(block(number)).1.is_some()
}

fn put(recent: &RecentBlocks, number: u64, bytes: usize) -> Pending {
    let (logs_there, loader) = recent.join(block(number));
    recent.finish(block(number), &loader.unwrap(), logs(number, bytes));
    logs_there
}

#[test]
fn of_many_who_ask_one_loads() {
    let recent = RecentBlocks::new(1 << 20, Arc::default());
    let (first, loader) = recent.join(block(5));
    let (second, nobody) = recent.join(block(5));
    assert!(nobody.is_none());
    recent.finish(block(5), &loader.unwrap(), logs(5, 10));
    for pending in [first, second, recent.join(block(5)).0] {
        let logs = pending.borrow().clone();
        assert!(matches!(logs, Some(BlockLogs::All(all)) if all.logs.len() == 1));
    }
}

#[test]
fn a_load_that_was_given_up_is_begun_anew() {
    let recent = RecentBlocks::new(1 << 20, Arc::default());
    let (pending, loader) = recent.join(block(5));
    drop(loader);
    assert!(pending.has_changed().is_err());
    assert!(is_absent(&recent, 5));
}

#[test]
fn blocks_of_one_number_are_told_apart_by_hash() {
    let recent = RecentBlocks::new(1 << 20, Arc::default());
    put(&recent, 5, 10);
    let (_, loader) = recent.join(header(5, 55, 0).block());
    assert!(loader.is_some());
}

#[test]
fn the_lowest_blocks_go_where_it_overflows() {
    let recent = RecentBlocks::new(30_000, Arc::default());
    for number in [7, 5, 6, 8] {
        put(&recent, number, 8_000);
    }
    assert!(!is_absent(&recent, 8) && !is_absent(&recent, 7) && !is_absent(&recent, 6));
    assert!(recent.lock().bytes <= 30_000);
    assert!(is_absent(&recent, 5));
    // Empty blocks cost something too, so their number is bounded as well.
    for number in 100..1_000 {
        put(&recent, number, 0);
    }
    let blocks = recent.lock();
    assert!(blocks.entries.len() < 60, "{}", blocks.entries.len());
    assert_eq!(
        blocks.bytes,
        blocks.entries.values().map(|it| it.bytes).sum::<usize>()
    );
}

#[test]
fn a_block_that_would_fill_the_cache_is_not_kept() {
    let recent = RecentBlocks::new(30_000, Arc::default());
    put(&recent, 5, 8_000);
    let pending = put(&recent, 6, 20_000);
    // Those who waited for it get it all the same.
    assert!(matches!(*pending.borrow(), Some(BlockLogs::All(_))));
    assert!(!is_absent(&recent, 5));
    assert!(is_absent(&recent, 6));
}

#[test]
fn each_gets_its_logs_in_order_whether_it_was_there_before_them_or_not() {
    let log = |index: u32, topic0: Option<u8>, address: u8| Log {
        log_index: index,
        topics: topic0.map(|it| B256([it; 32])).into_iter().collect(),
        address: Address([address; 20]),
        ..Log::default()
    };
    let logs = vec![
        log(0, Some(1), 1),
        log(1, Some(2), 1),
        log(2, None, 1),
        log(3, Some(1), 2),
        log(4, Some(2), 2),
    ];
    let filter = |topic0: &[u8], addresses: &[u8]| {
        let mut filter = LogFilter::default();
        filter.topics[0] = topic0.iter().map(|it| B256([*it; 32])).collect();
        filter.addresses = addresses.iter().map(|it| Address([*it; 20])).collect();
        LogMatcher::new(filter)
    };
    let router: Arc<Router> = Arc::default();
    let cases: [(&[u8], &[u8], &[u32]); 5] = [
        (&[], &[], &[0, 1, 2, 3, 4]),
        (&[2, 1, 2], &[], &[0, 1, 3, 4]),
        (&[1], &[2], &[3]),
        (&[], &[1], &[0, 1, 2]),
        (&[9], &[], &[]),
    ];
    let before: Vec<_> = cases
        .iter()
        .map(|(topic0, addresses, _)| router.register(filter(topic0, addresses)))
        .collect();
    let all = IndexedLogs::new(logs, &router);
    let select = |route: &Route| -> Vec<u32> {
        let selected = all.select(route);
        selected.iter().map(|it| it.log_index).collect()
    };
    for ((topic0, addresses, expected), before) in cases.iter().zip(&before) {
        let after = router.register(filter(topic0, addresses));
        assert_eq!(select(before), *expected);
        assert_eq!(select(&after), *expected);
    }
}
