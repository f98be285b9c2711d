//! History by ranges: complete whatever the node does, and joined to live without a seam.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use event_streamer_models::{Address, B256, Finality, Log, quantity};
use event_streamer_server::ingest::{Cursor, FollowStart, LogFilter, Step, Timestamps, Verify};
use event_streamer_server::rpc::RpcClientConfig;
use serde_json::{Value, json};

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, Lie, Node};

/// A node with so many blocks that all but a few are history.
async fn long_chain() -> Node {
    let node = Node::start().await;
    node.mine(300);
    node
}

fn is_range(asked: &Asked) -> bool {
    asked.range().is_some()
}

#[tokio::test]
async fn history_and_live_are_one_sequence() {
    let node = long_chain().await;
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    // Six ranges of at most 50 blocks, the rest block by block.
    assert_eq!(node.count(is_range), 6);
    for _ in 0..5 {
        node.mine(1);
        fold.until_head(&node).await;
    }
    node.mine(40);
    fold.until_head(&node).await;
}

#[tokio::test]
async fn a_filter_chooses_in_history_and_live() {
    let node = long_chain().await;
    let source = source(config(&[&node]));
    let filter = LogFilter {
        addresses: vec![Address([1; 20]), Address([2; 20])],
        topics: [vec![B256([1; 32]), B256([3; 32])], vec![], vec![], vec![]],
    };
    let mut fold = Fold::of(&source, filter, Finality::Latest);
    fold.until_head(&node).await;
    node.mine(20);
    fold.until_head(&node).await;
    assert!(fold.logs.len() > 50);
}

#[tokio::test]
async fn an_end_block_is_the_end() {
    let node = long_chain().await;
    let source = source(config(&[&node]));
    for end in [0, 120, 299, 300, 303] {
        let mut follower = source.follow(
            LogFilter::default(),
            FollowStart::Block(0),
            Some(end),
            Finality::Latest,
        );
        let mut logs = Vec::new();
        let mut last = None;
        loop {
            match soon("a step", follower.next()).await.unwrap() {
                Step::Logs(segment) => {
                    logs.extend(segment.logs);
                    last = Some(segment.to.number);
                }
                step @ (Step::Reorg(_) | Step::Incomplete(_)) => panic!("{step:?}"),
                Step::End => break,
            }
            if last == Some(300) && end == 303 {
                node.mine(9);
            }
        }
        assert_eq!(last, Some(end));
        assert_eq!(logs, node.logs(&LogFilter::default(), 0, end));
        assert_eq!(follower.next().await.unwrap(), Step::End);
    }
}

#[tokio::test]
async fn a_range_too_wide_is_split_and_the_limit_is_learnt() {
    let node = long_chain().await;
    node.script(|asked, _| {
        let (from, to) = asked.range()?;
        (to - from >= 7).then(|| Lie::Error(-32602, "block range is too wide".to_owned()))
    });
    let source = source(config(&[&node]));
    Fold::new(&source).until_head(&node).await;
    // 50, 25, 12, then a few probes: not one refusal for every answer.
    let refused = node.count(|it| it.range().is_some_and(|(from, to)| to - from >= 7));
    assert!(refused <= 12, "{refused}");
}

#[tokio::test]
async fn whatever_fails_for_a_wide_range_is_met_by_a_narrower_one() {
    let too_long = "x".repeat(200_000);
    let failures = [
        Lie::Error(-32000, "something else".to_owned()),
        Lie::Error(-32005, "query returned more than 10000 results".to_owned()),
        Lie::Error(-32005, "rate limited".to_owned()),
        Lie::Error(
            35,
            "ranges over 10000 blocks are not supported on freetier".to_owned(),
        ),
        Lie::Error(
            -32602,
            "eth_getLogs is limited to 60 block range".to_owned(),
        ),
        Lie::Status(500, ""),
        Lie::Status(502, "<html><h1>Bad Gateway</h1></html>"),
        Lie::Status(413, "too large"),
        Lie::Status(200, "{\"jsonrpc\":\"2.0\",\"id\":1,\"resu"),
        Lie::Result(Value::Null),
        Lie::Result(json!({})),
        Lie::Result(json!([{ "address": "0x" }])),
        Lie::Result(json!([too_long])),
        Lie::Silence,
    ];
    for failure in failures {
        let node = long_chain().await;
        let lie = failure.clone();
        node.script(move |asked, _| {
            let (from, to) = asked.range()?;
            (to - from >= 20).then(|| lie.clone())
        });
        let rpc = RpcClientConfig {
            request_timeout: Duration::from_millis(200),
            max_response_bytes: 100_000,
            ..RpcClientConfig::default()
        };
        let source = source(config(&[&node]).with_rpc(rpc));
        Fold::new(&source).until_head(&node).await;
        assert!(node.count(is_range) > 12, "{failure:?}");
    }
}

#[tokio::test]
async fn single_blocks_are_the_floor_and_are_asked_for_until_they_come() {
    let node = long_chain().await;
    let refusals = AtomicU32::new(0);
    let poisoned = node.block(77).hash;
    node.script(move |asked, _| {
        let covers = asked
            .range()
            .is_some_and(|(from, to)| (from..=to).contains(&77));
        let count = || refusals.fetch_add(1, Relaxed);
        (covers || asked.pinned() == Some(poisoned) && count() < 5)
            .then(|| Lie::Error(-32000, "boom".to_owned()))
    });
    let source = source(config(&[&node]));
    Fold::new(&source).until_head(&node).await;
    assert_eq!(node.count(|it| it.pinned() == Some(poisoned)), 6);
}

#[tokio::test]
async fn logs_twice_and_out_of_order_are_merged_and_sorted() {
    let node = long_chain().await;
    node.script(|asked, truth| {
        asked.range()?;
        let mut logs = truth.as_array().unwrap().clone();
        logs.extend(logs.clone());
        logs.reverse();
        Some(Lie::Result(Value::Array(logs)))
    });
    let source = source(config(&[&node]));
    Fold::new(&source).until_head(&node).await;
}

/// Lets a node lie about its first three ranges, and checks that nothing of it gets through.
async fn is_asked_again(what: &str, mut lie: impl FnMut(&mut Vec<Log>) + Send + 'static) {
    let node = Node::start().await;
    for _ in 0..300 {
        node.mine_with(|_, salt| {
            vec![Log {
                address: Address([salt as u8; 20]),
                ..Log::default()
            }]
        });
    }
    let mut lies = 0;
    node.script(move |asked, truth| {
        let (from, to) = asked.range()?;
        if lies == 3 || from == to {
            return None;
        }
        lies += 1;
        let mut logs: Vec<Log> = serde_json::from_value(truth.clone()).unwrap();
        lie(&mut logs);
        Some(Lie::Result(json!(logs)))
    });
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    assert!(node.count(is_range) > 6 + 3, "{what}");
}

#[tokio::test]
async fn answers_that_cannot_be_true_are_asked_again() {
    is_asked_again("a log of another block", |logs| {
        logs[3].block_number += 1_000;
    })
    .await;
    is_asked_again("a removed log", |logs| logs[3].removed = true).await;
    is_asked_again("another branch", |logs| {
        logs.iter_mut()
            .for_each(|it| it.block_hash = Some(B256([9; 32])));
    })
    .await;
    is_asked_again("one place, two logs", |logs| {
        let twin = Log {
            transaction_index: 9,
            ..logs[3].clone()
        };
        logs.push(twin);
    })
    .await;
    is_asked_again("one block, two hashes", |logs| {
        let sibling = Log {
            log_index: 9,
            block_hash: Some(B256([9; 32])),
            ..logs[3].clone()
        };
        logs.push(sibling);
    })
    .await;
    is_asked_again("nothing where both ends have logs", Vec::clear).await;
}

#[tokio::test]
async fn logs_that_the_filter_does_not_let_pass_are_asked_again() {
    let node = long_chain().await;
    let stranger = node.logs(&LogFilter::default(), 1, 40)[0].clone();
    let filter = LogFilter {
        addresses: vec![Address([77; 20])],
        ..LogFilter::default()
    };
    let mut lies = 0;
    node.script(move |asked, _| {
        asked.range()?;
        lies += 1;
        (lies <= 3).then(|| Lie::Result(json!([stranger])))
    });
    let source = source(config(&[&node]));
    let mut fold = Fold::of(&source, filter, Finality::Latest);
    fold.until_head(&node).await;
    assert_eq!(fold.logs, []);
}

#[tokio::test]
async fn an_endpoint_that_lacks_blocks_is_not_believed_that_they_are_empty() {
    let (ahead, behind) = (long_chain().await, Node::start().await);
    // The same chain, but the first endpoint stopped long ago.
    behind.copy(&ahead);
    let source = source(config(&[&behind, &ahead]));
    let mut fold = Fold::new(&source);
    fold.until(100).await;
    behind.set_lag(Some(120));
    fold.until_head(&ahead).await;
}

#[tokio::test]
async fn an_endpoint_that_is_catching_up_is_not_believed_that_blocks_are_empty() {
    let (ahead, behind) = (Node::start().await, Node::start().await);
    for _ in 0..300 {
        // Logs only where no range ends, so that no bloom gives the missing ones away.
        ahead.mine_with(|number, _| vec![Log::default(); usize::from(number % 50 == 25)]);
    }
    behind.copy(&ahead);
    behind.set_lag(Some(120));
    behind.dawdle();
    let was_asked = Arc::new(AtomicBool::new(false));
    let asked_before = Arc::clone(&was_asked);
    ahead.script(move |asked, _| {
        // It is not asked alone.
        (asked.range().is_some() && !asked_before.load(Relaxed)).then_some(Lie::Status(500, ""))
    });
    // Once it was asked for logs it has not got, it gets the headers.
    let headers: Vec<Value> = (0..=300).map(|it| ahead.block(it).to_json()).collect();
    let mut has_all = false;
    behind.script(move |asked, truth| {
        has_all |= asked.range().is_some_and(|(_, to)| to > 120);
        let number = quantity::parse(asked.params[0].as_str()?).ok()?;
        was_asked.fetch_or(number > 120, Relaxed);
        (has_all && truth.is_null()).then(|| Lie::Result(headers[number as usize].clone()))
    });
    let rpc = RpcClientConfig {
        // Two calls that wait for each other are one too many.
        request_timeout: Duration::from_millis(500),
        ..RpcClientConfig::default()
    };
    let source = source(config(&[&behind, &ahead]).with_rpc(rpc));
    Fold::new(&source).until_head(&ahead).await;
}

#[tokio::test]
async fn block_times_come_from_headers_in_batches() {
    let node = long_chain().await;
    node.stamp_no_logs();
    // A range that is looked at by chance has its headers read once more.
    let source = source(config(&[&node]).with_sample_one_in(0));
    // The logs are compared with their times.
    Fold::new(&source).until_head(&node).await;
    // Another follower of the same blocks finds them remembered.
    let headers =
        |asked: &Asked| asked.method == "eth_getBlockByNumber" && asked.params[0] == "0x7";
    let before = node.count(headers);
    assert_eq!(before, 1);
    Fold::new(&source).until_head(&node).await;
    assert_eq!(node.count(headers), before);
}

#[tokio::test]
async fn block_times_may_stay_unknown_by_choice() {
    let node = long_chain().await;
    node.stamp_no_logs();
    let source = source(config(&[&node]).with_timestamps(Timestamps::AsGiven));
    let mut fold = Fold::new(&source);
    fold.until(200).await;
    let unknown = fold
        .logs
        .iter()
        .filter(|it| it.block_timestamp.is_none())
        .count();
    assert!(unknown > 200, "{unknown}");
}

#[tokio::test]
async fn logs_that_do_not_name_their_block_get_its_hash() {
    for timestamps in [Timestamps::Lookup, Timestamps::AsGiven] {
        let node = long_chain().await;
        node.script(|asked, truth| {
            let mut logs = truth.clone();
            for log in logs
                .as_array_mut()
                .filter(|_| asked.method == "eth_getLogs")?
            {
                log["blockHash"] = Value::Null;
            }
            Some(Lie::Result(logs))
        });
        let source = source(config(&[&node]).with_timestamps(timestamps));
        let mut fold = Fold::new(&source);
        // The logs are compared with their hashes.
        fold.until_head(&node).await;
        node.mine(5);
        fold.until_head(&node).await;
    }
}

#[tokio::test]
async fn goes_on_in_the_middle_of_a_block() {
    let node = Node::start().await;
    for _ in 0..100 {
        node.mine_with(|_, salt| {
            let log = Log {
                topics: vec![B256([salt as u8; 32])],
                ..Log::default()
            };
            vec![log.clone(), log.clone(), log]
        });
    }
    let source = source(config(&[&node]));
    let all = LogFilter::default();
    for (number, done, rest) in [(40, 0, 2), (40, 1, 1), (40, 2, 0), (98, 1, 1), (100, 0, 2)] {
        let start = FollowStart::After(Cursor::after_log(node.block(number).at(), done));
        let mut follower = source.follow(all.clone(), start, Some(100), Finality::Latest);
        let mut logs = Vec::new();
        let mut from = None;
        while let Step::Logs(segment) = soon("a step", follower.next()).await.unwrap() {
            from.get_or_insert(segment.from_block);
            logs.extend(segment.logs);
        }
        assert_eq!(from, Some(number));
        assert_eq!(
            logs.iter().filter(|it| it.block_number == number).count(),
            rest
        );
        assert_eq!(logs, node.logs(&all, number, 100)[3 - rest..]);
    }
}

#[tokio::test]
async fn a_position_ahead_of_the_chain_waits_for_it() {
    let node = Node::start().await;
    node.mine(30);
    let future = node.block(30);
    node.set_lag(Some(20));
    let source = source(config(&[&node]));
    let start = FollowStart::After(Cursor::after_block(future.at()));
    let mut follower = source.follow(LogFilter::default(), start, None, Finality::Latest);
    let step = tokio::spawn(async move { follower.next().await });
    node.polled(5).await;
    assert!(!step.is_finished());
    node.set_lag(None);
    node.mine(1);
    let Step::Logs(segment) = soon("a step", step).await.unwrap().unwrap() else {
        panic!("there was no reorg");
    };
    assert_eq!((segment.from_block, segment.to), (31, node.head()));
}

#[tokio::test]
async fn latest_begins_with_the_head() {
    let node = long_chain().await;
    let source = source(config(&[&node]));
    let all = LogFilter::default();
    let mut follower = source.follow(all.clone(), FollowStart::Latest, None, Finality::Latest);
    for number in 300..=302 {
        let Step::Logs(segment) = soon("a step", follower.next()).await.unwrap() else {
            panic!("there was no reorg");
        };
        assert_eq!((segment.from_block, segment.to.number), (number, number));
        assert_eq!(segment.logs, node.logs(&all, number, number));
        assert!(segment.live);
        node.mine(1);
    }
}

#[tokio::test]
async fn without_verification_wrong_blooms_do_no_harm() {
    let node = long_chain().await;
    node.script(|asked, truth| {
        let mut header = truth.clone();
        if !asked.method.starts_with("eth_getBlock") || header.is_null() {
            return None;
        }
        header["logsBloom"] = json!(format!("0x{}", "ff".repeat(256)));
        Some(Lie::Result(header))
    });
    let source = source(config(&[&node]).with_verify(Verify::Off));
    Fold::new(&source).until_head(&node).await;
    assert_eq!(node.count(is_range), 6);
}
