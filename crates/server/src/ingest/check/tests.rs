use event_streamer_models::Address;
use proptest::prelude::*;

use super::*;
use crate::ingest::test_chain::header;
use crate::rpc::LogFilter;

fn log(block_number: u64, log_index: u32) -> Log {
    Log {
        block_number,
        log_index,
        block_hash: Some(header(block_number, block_number as u8, 0).hash),
        address: Address([log_index as u8; 20]),
        topics: vec![B256([log_index as u8; 32]), B256([7; 32])],
        ..Log::default()
    }
}

fn wants(address: u8) -> LogMatcher {
    let filter = LogFilter {
        addresses: vec![Address([address; 20])],
        ..LogFilter::default()
    };
    LogMatcher::new(filter)
}

#[test]
fn an_answer_to_another_question_is_refused() {
    let removed = Log {
        removed: true,
        ..log(5, 1)
    };
    for (logs, defect) in [
        (vec![log(5, 1), log(8, 1)], Defect::OutOfRange { number: 8 }),
        (vec![log(4, 1)], Defect::OutOfRange { number: 4 }),
        (
            vec![log(5, 1), log(6, 2)],
            Defect::NotMatching { number: 6 },
        ),
        (vec![removed], Defect::Removed { number: 5 }),
    ] {
        assert_eq!(settle(logs, 5..=7, Some(&wants(1))), Err(defect));
    }
}

#[test]
fn contradictions_are_found() {
    let other = Log {
        transaction_index: 9,
        ..log(5, 1)
    };
    let other_block = Log {
        block_hash: Some(B256([9; 32])),
        ..log(5, 2)
    };
    for twin in [other, other_block] {
        let logs = vec![log(5, 1), log(6, 1), twin];
        assert_eq!(
            settle(logs, 5..=6, None),
            Err(Defect::Contradiction { number: 5 })
        );
    }
}

#[test]
fn logs_are_of_the_block_or_not() {
    let block = header(5, 5, 4);
    assert_eq!(same_block(&[log(5, 1)], &block), Ok(()));
    assert_eq!(
        same_block(
            &[Log {
                block_hash: None,
                ..log(5, 1)
            }],
            &block
        ),
        Ok(())
    );
    let other = Log {
        block_hash: Some(B256([9; 32])),
        ..log(5, 2)
    };
    assert_eq!(
        same_block(&[log(5, 1), other], &block),
        Err(Defect::OtherBranch { number: 5 })
    );
}

#[test]
fn a_missing_log_shows_in_the_bloom() {
    let logs = [log(5, 1), log(5, 2), log(5, 3)];
    let mut block = (*header(5, 5, 4)).clone();
    // Without a bloom nothing can be said.
    assert_eq!(whole_block(&[], &block), Ok(()));
    block.bloom = Some(bloom_of(&logs));
    assert_eq!(whole_block(&logs, &block), Ok(()));
    for logs in [
        &[][..],
        &logs[..2],
        &[log(5, 1), log(5, 2), log(5, 3), log(5, 4)],
    ] {
        assert_eq!(whole_block(logs, &block), Err(Defect::Bloom { number: 5 }));
    }
    assert!(is_suspicious(&[], &block, &wants(2)));
    assert!(!is_suspicious(&logs, &block, &wants(2)));
    assert!(!is_suspicious(&[], &block, &wants(9)));
    assert!(is_suspicious(
        &[],
        &block,
        &LogMatcher::new(LogFilter::default())
    ));
    block.bloom = Some(LogsBloom::ZERO);
    assert!(!is_suspicious(
        &[],
        &block,
        &LogMatcher::new(LogFilter::default())
    ));
}

#[test]
fn the_bloom_is_ethereum_s() {
    // The keccak-256 of this address begins with bd2b 01af cd27, the bits are these modulo 2048.
    let address: Address = "0x0f572e5295c57f15886f9b263e2f6d2d6c7b5ec6"
        .parse()
        .unwrap();
    let bloom = bloom_of(&[Log {
        address,
        ..Log::default()
    }]);
    let is_set = |bit: &usize| bloom.0[255 - bit / 8] & (1 << (bit % 8)) != 0;
    assert_eq!(
        (0..2048).filter(is_set).collect::<Vec<_>>(),
        [431, 1319, 1323]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// However an answer is shuffled and repeated, what comes out is the same.
    #[test]
    fn order_and_repetition_do_not_matter(
        (expected, shuffled) in proptest::collection::btree_set((5..9_u64, 0..50_u32), 0..40)
            .prop_flat_map(|places| {
                let logs: Vec<Log> = places.into_iter().map(|(n, i)| log(n, i)).collect();
                let twice: Vec<Log> = logs.iter().chain(&logs).cloned().collect();
                (Just(logs), Just(twice).prop_shuffle())
            }),
        drop_from in 0..40_usize,
    ) {
        prop_assert_eq!(&settle(shuffled, 5..=8, None).unwrap(), &expected);
        let kept = &expected[..drop_from.min(expected.len())];
        prop_assert_eq!(settle(kept.to_vec(), 5..=8, None).unwrap(), kept);
        for number in 4..10 {
            let of_block: Vec<Log> =
                expected.iter().filter(|it| it.block_number == number).cloned().collect();
            prop_assert_eq!(logs_of(&expected, number), of_block);
        }
    }
}
