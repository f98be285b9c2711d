//! Ten thousand followers of one chain: the node is asked what it would be asked for one.

use std::collections::BTreeMap;

use event_streamer_models::{Address, B256, Finality, Log};
use event_streamer_server::ingest::{FollowStart, LogFilter, Step};
use tokio::sync::mpsc;

use super::fold::{config, soon, source};
use super::node::Node;

const BLOCKS: u64 = 8;
/// Of each block, to followers that are far apart.
const LOGS: u64 = 16;

fn contract(number: u64) -> Address {
    let mut address = [0xAA; 20];
    address[12..].copy_from_slice(&number.to_be_bytes());
    Address(address)
}

fn transfer(contract: Address) -> Log {
    Log {
        address: contract,
        topics: vec![B256([1; 32])],
        ..Log::default()
    }
}

/// What the node was asked for while a few blocks came, but for the head, which is asked for by
/// the clock; and which followers got a log of which block.
async fn asked_for(followers: u64) -> (BTreeMap<String, usize>, Vec<(u64, u64)>, u64) {
    let node = Node::start().await;
    node.mine(10);
    // Everything but the head is read block by block, pinned.
    node.set_finality(None, Some(0));
    let source = source(config(&[&node]).with_reorg_window(32));
    let last = node.head().number + BLOCKS;
    let (sender, mut seen) = mpsc::unbounded_channel();
    for follower in 0..followers {
        let mut filter = LogFilter {
            addresses: vec![contract(follower)],
            ..LogFilter::default()
        };
        filter.topics[0] = vec![B256([1; 32])];
        let mut steps = source.follow(filter, FollowStart::Latest, None, Finality::Latest);
        let sender = sender.clone();
        tokio::spawn(async move {
            let mut logs = Vec::new();
            let mut is_ready = false;
            loop {
                let Step::Logs(segment) = steps.next().await.unwrap() else {
                    panic!("nothing else happens on this chain");
                };
                logs.extend(segment.logs.iter().map(|it| (follower, it.block_number)));
                if !std::mem::replace(&mut is_ready, true) {
                    sender.send(Vec::new()).unwrap();
                }
                if segment.to.number == last {
                    sender.send(logs).unwrap();
                    return;
                }
            }
        });
    }
    for _ in 0..followers {
        soon("every follower is at the head", seen.recv()).await;
    }
    let before = node.asked().len();
    for block in 0..BLOCKS {
        node.mine_with(|_, _| {
            let spread = (0..LOGS).map(|it| it * (followers / LOGS).max(1) + block);
            spread.map(|it| transfer(contract(it))).collect()
        });
    }
    let mut logs = Vec::new();
    for _ in 0..followers {
        logs.extend(soon("every follower is done", seen.recv()).await.unwrap());
    }
    logs.sort_unstable();
    let mut asked = BTreeMap::new();
    for call in &node.asked()[before..] {
        let is_head = ["latest", "safe", "finalized"]
            .iter()
            .any(|tag| call.params[0] == **tag);
        if !is_head && call.method != "eth_blockNumber" {
            *asked.entry(call.method.clone()).or_default() += 1;
        }
    }
    (asked, logs, last - BLOCKS + 1)
}

#[tokio::test]
async fn ten_thousand_followers_make_the_calls_of_one() {
    let (one, ..) = asked_for(1).await;
    let (many, logs, first) = asked_for(10_000).await;
    assert_eq!(one["eth_getLogs"], usize::try_from(BLOCKS).unwrap());
    assert_eq!(many["eth_getLogs"], one["eth_getLogs"]);
    // Each log came to the one who follows its contract.
    let mut expected = Vec::new();
    for block in 0..BLOCKS {
        expected.extend((0..LOGS).map(|it| (it * (10_000 / LOGS) + block, first + block)));
    }
    expected.sort_unstable();
    assert_eq!(logs, expected);
}
