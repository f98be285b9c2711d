//! The chain changes, while somebody looks and while nobody does.

use std::time::Duration;

use event_streamer_models::Log;
use event_streamer_replay::{BlockPosition, ReplayNode};
use event_streamer_server::ChainConfig;
use event_streamer_server::ingest::LogFilter;
use serde_json::{Value, json};

use super::support::{LAST, World, block, expected, forked, places, recording, transfer};
use crate::ingest::node::{CHAIN_ID, Node};

/// The first block of the other branch.
const FORK: u64 = 134;

async fn node(fork: u64) -> ReplayNode {
    let recording = if fork > LAST {
        recording()
    } else {
        forked(fork)
    };
    let node = ReplayNode::builder(recording).head(BlockPosition::Last);
    node.start().await.unwrap()
}

/// A subscription whose consumer has acknowledged everything, on a branch that is replaced while the
/// service is down. Also gives the last token of the old branch.
async fn replaced() -> (World, u64, String) {
    let mut world = World::on(node(LAST + 1).await, |config| config).await;
    let id = world.subscribe(json!({"end_block": null})).await;
    let mut stream = world.stream(id, "", "progress").await;
    let token = loop {
        let batch = stream.batch().await;
        assert_eq!(world.acknowledge(&batch).await.status, 200);
        if batch["coverage"]["to_block"] == LAST {
            break batch["resume_token"].as_str().unwrap().to_owned();
        }
    };
    world.service.take().unwrap().shutdown().await;
    world.node = node(FORK).await;
    world.start_service().await;
    (world, id, token)
}

/// The notice, then the events above it up to the head.
async fn after_reorg(world: &World, id: u64, token: &str) -> (Value, Vec<Value>) {
    let mut stream = world.stream(id, token, "reorg,progress").await;
    let notice = stream.line().await;
    let mut batches = Vec::new();
    while batches
        .last()
        .is_none_or(|batch: &Value| batch["coverage"]["to_block"] != LAST)
    {
        batches.push(stream.batch().await);
    }
    (notice, batches)
}

#[tokio::test]
async fn a_position_on_a_dead_branch_is_answered_with_a_notice() {
    let (world, id, token) = replaced().await;
    // By the token, and, since nobody has acknowledged it, again by the stored position.
    for token in [&*token, ""] {
        let (notice, batches) = after_reorg(&world, id, token).await;
        assert_eq!(notice["type"], "reorg", "{notice}");
        let rollback = notice["rollback_to"]["block_number"].as_u64().unwrap();
        assert!(rollback < FORK, "{notice}");
        assert_eq!(
            notice["rollback_to"]["block_hash"],
            block(&world, rollback).hash.to_string()
        );
        assert_eq!(notice["depth"], LAST - rollback);
        assert_eq!(places(&batches), expected(rollback + 1..=LAST));
        let event = &batches.last().unwrap()["events"]["Transfer"][0];
        assert_eq!(event["transaction_hash"], format!("0x{:064x}", 10));
    }
}

#[tokio::test]
async fn acknowledging_the_new_branch_settles_it() {
    let (world, id, _) = replaced().await;
    let (_, batches) = after_reorg(&world, id, "").await;
    let first = &batches[0];
    assert_eq!(world.acknowledge(first).await.status, 200);
    let subscription = world.subscription(id).await;
    assert_eq!(
        subscription["resume_token"], first["resume_token"],
        "the position went back"
    );
    let mut stream = world.stream(id, "", "reorg,progress").await;
    assert_ne!(stream.line().await["type"], "reorg");
}

/// A service in front of a node that can change its mind, with 60 blocks of two Transfers each.
async fn forking() -> (Node, World, u64) {
    let node = Node::start().await;
    mine(&node, 60);
    let url = node.url();
    let world = World::tweaked(move |mut config| {
        let chain = ChainConfig::new(CHAIN_ID).with_endpoint(url.clone());
        config.chains = vec![chain.with_block_time(Duration::from_millis(10))];
        config
    })
    .await;
    let body = json!({"chain_id": CHAIN_ID, "start_block": 1, "end_block": null});
    let id = world.subscribe(body).await;
    (node, world, id)
}

fn mine(node: &Node, blocks: u64) {
    for _ in 0..blocks {
        node.mine_with(|number, _| vec![transfer(number, 0), transfer(number, 1)]);
    }
}

/// What a consumer holds that obeys the notices: the ids of its events, in order.
#[derive(Default)]
struct Held(Vec<(u64, String)>);

impl Held {
    fn take(&mut self, line: &Value) {
        if line["type"] == "reorg" {
            let rollback = line["rollback_to"]["block_number"].as_u64().unwrap();
            let id = |event: &Value| event["event_id"].as_str().unwrap().to_owned();
            let removed = line["removed"]["Transfer"].as_array().unwrap();
            let undone = self
                .0
                .iter()
                .rev()
                .take_while(|(number, _)| *number > rollback);
            let undone: Vec<_> = undone.map(|(_, id)| id.clone()).collect();
            assert_eq!(removed.iter().map(id).collect::<Vec<_>>(), undone);
            self.0.retain(|(number, _)| *number <= rollback);
        }
        for event in line["events"]["Transfer"].as_array().into_iter().flatten() {
            let number = event["block_number"].as_u64().unwrap();
            self.0
                .push((number, event["event_id"].as_str().unwrap().to_owned()));
        }
    }
}

#[tokio::test]
async fn what_a_consumer_holds_is_the_chain() {
    let (node, world, id) = forking().await;
    let mut stream = world.stream(id, "", "reorg,progress,metadata").await;
    let mut held = Held::default();
    for (depth, blocks) in [(0, 0), (1, 2), (3, 3), (5, 9)] {
        node.reorg(depth, 0);
        mine(&node, blocks);
        let head = node.head();
        let mut at = Value::Null;
        while at != head.hash.to_string() {
            let line = stream.line().await;
            held.take(&line);
            at = line["coverage"]["to_block_hash"].clone();
        }
        let ids = |log: Log| {
            let hash = log.block_hash.unwrap();
            (
                log.block_number,
                format!("{CHAIN_ID}-{hash}-{}", log.log_index),
            )
        };
        let chain: Vec<_> = node
            .logs(&LogFilter::default(), 1, head.number)
            .into_iter()
            .map(ids)
            .collect();
        assert!(held.0 == chain, "after a reorg of {depth}");
    }
}

#[tokio::test]
async fn a_reorg_below_finality_stops_the_subscription_until_it_is_reset() {
    let (node, world, id) = forking().await;
    node.set_finality(Some(56), Some(55));
    while world.get("/api/chains/1337").await.body["finalized_block"] != 55 {
        node.polled(1).await;
    }
    mine(&node, 1);
    let mut stream = world.stream(id, "", "reorg,progress").await;
    while stream.batch().await["coverage"]["to_block"] != 61 {}
    node.reorg(20, 0);
    mine(&node, 25);
    let error = stream.rest().await.pop().unwrap();
    assert_eq!(error["error_code"], "REORG_TOO_DEEP", "{error}");
    assert_eq!(error["recoverable"], false);

    let path = format!("/subscriptions/{id}");
    while world.subscription(id).await["streaming_status"] != "error" {
        // The failure is noted once the stream has ended, which its reader sees a little earlier.
        tokio::task::yield_now().await;
    }
    world
        .get(&format!("{path}/stream"))
        .await
        .is_error(409, "REORG_TOO_DEEP");
    let reset = world
        .call("PUT", &path, Some(&json!({"start_block": 50})))
        .await;
    assert_eq!(reset.body["streaming_status"], "pending", "{}", reset.body);
    let batch = world.stream(id, "", "").await.batch().await;
    assert_eq!(places(&[batch])[0], (50, 0));
}
