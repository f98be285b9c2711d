//! Answers that do not come, or come as something else: waited out, told, nothing skipped.

use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use event_streamer_server::ingest::{SourceConfig, Verify};
use event_streamer_server::rpc::RpcClientConfig;
use serde_json::{Value, json};

use super::case::{Case, case};
use super::stage::{
    Asked, Fold, HEIGHT, Lie, Node, Place, Stage, config, dense_node, mine, soon, source,
};

const PROMISE: &str = "asked again with growing waits until the truth comes; the status says what is \
                       wrong as long as it is";

/// Fault, how it is told, and what it is called.
fn failures() -> Vec<(&'static str, &'static str, Lie, &'static str)> {
    vec![
        (
            "a JSON-RPC error",
            "code -32000 with a text that says nothing",
            Lie::Error(-32000, "boom".to_owned()),
            "boom",
        ),
        (
            "-32005",
            "code -32005, for a rate as for a size",
            Lie::Error(-32005, "limit exceeded".to_owned()),
            "limit exceeded",
        ),
        (
            "429 without Retry-After",
            "HTTP 429 and a word",
            Lie::Status(429, "slow down"),
            "rate limited",
        ),
        (
            "500",
            "HTTP 500 with an empty body",
            Lie::Status(500, ""),
            "500",
        ),
        (
            "502 in HTML",
            "a gateway's page",
            Lie::Status(502, "<html><h1>Bad Gateway</h1></html>"),
            "502",
        ),
        (
            "HTML as an answer",
            "HTTP 200 with a page",
            Lie::Status(200, "<html>maintenance</html>"),
            "eth_getLogs",
        ),
        (
            "an empty body",
            "HTTP 200 without a body",
            Lie::Status(200, ""),
            "eth_getLogs",
        ),
        (
            "never answered",
            "the request is taken, the answer never comes",
            Lie::Silence,
            "eth_getLogs",
        ),
        (
            "a truncated body",
            "the connection ends in the middle of the answer",
            Lie::Cut,
            "eth_getLogs",
        ),
        (
            "a reset",
            "the connection is reset instead of an answer",
            Lie::Reset,
            "eth_getLogs",
        ),
        (
            "null where logs should be",
            "`\"result\": null`",
            Lie::Result(Value::Null),
            "null",
        ),
        (
            "an object where logs should be",
            "`\"result\": {}`",
            Lie::Result(json!({})),
            "eth_getLogs",
        ),
        (
            "a log that is none",
            "a log without most of its fields",
            Lie::Result(json!([{ "address": "0x" }])),
            "eth_getLogs",
        ),
        (
            "the block is unknown",
            "`header not found`, as from a node behind a balancer",
            Lie::Error(-32000, "header not found".to_owned()),
            "header not found",
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, fault, lie, word) in failures() {
        for place in Place::BOTH {
            let lie = lie.clone();
            let name = format!("{name}, {}", place.name());
            cases.push(case(name, fault, PROMISE, move || fails(place, lie, word)));
        }
    }
    cases.extend([
        case(
            "429 with Retry-After",
            "HTTP 429 that asks for an hour, from the only endpoint",
            "the endpoint is left alone as long as it asked for, up to the configured end; shown",
            retry_after,
        ),
        case(
            "a body larger than the limit",
            "one answer of 200 KB where 50 KB are the limit",
            "memory stays bounded: the body is not read further, and the range is split",
            too_large,
        ),
        case(
            "answers of a batch out of order",
            "every batch is answered backwards",
            "each answer finds its question by its id",
            out_of_order,
        ),
        case(
            "answers missing from a batch",
            "every third header is left out of its batch",
            "what is missing is asked for again",
            missing_from_a_batch,
        ),
        case(
            "batches refused",
            "the node takes no JSON-RPC batches",
            "asked one by one from then on",
            no_batches,
        ),
        case(
            "null where a block should be",
            "every fourth header is `null`",
            "asked again: a block is not taken for missing",
            null_blocks,
        ),
        case(
            "no way out",
            "the one block's answer fails five times",
            "single blocks are the floor; asked until it comes",
            one_bad_block,
        ),
        case(
            "down, then up",
            "nobody listens on the node's port until later",
            "waited for; then read as if nothing had been",
            down_then_up,
        ),
    ]);
    cases
}

async fn fails(place: Place, lie: Lie, word: &'static str) {
    let mut stage = Stage::at(place).await;
    let told = stage.spoil(move |asked, _| (asked.method == "eth_getLogs").then(|| lie.clone()));
    if place == Place::Head {
        mine(&stage.node, 1);
    }
    let is_said = move |status: &event_streamer_server::ingest::SourceStatus| {
        status
            .last_error
            .as_ref()
            .is_some_and(|it| it.contains(word))
    };
    stage.recovers(is_said).await;
    assert!(told.load(SeqCst) > 0);
    // Whoever asks for patience is well, as is who lacks a block.
    let is_about_time = ["limit exceeded", "rate limited", "header not found"].contains(&word);
    let failures = stage.endpoint().breaker.failures;
    assert_eq!(
        failures > 0,
        !is_about_time,
        "{failures} failures are counted"
    );
    assert_eq!(stage.source.status().incomplete, 0, "nothing contradicts");
}

async fn retry_after() {
    let node = dense_node(HEIGHT).await;
    let source = source(SourceConfig {
        retry_after_cap: Duration::from_millis(300),
        ..config(&[&node])
    });
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.script(|_, _| Some(Lie::Busy(3_600)));
    mine(&node, 1);
    soon("the wish", async {
        while source.endpoints()[0].quiet_for.is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let asked = node.asked().len();
    soon("the end of the quiet", async {
        while source.endpoints()[0].quiet_for.is_some() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    // One may have begun the moment it ended.
    assert!(node.asked().len() <= asked + 1, "it is left alone");
    node.be_honest();
    fold.until_head(&node).await;
}

async fn too_large() {
    let mut stage = Stage::with(|config| {
        config.with_rpc(RpcClientConfig {
            max_response_bytes: 50_000,
            ..RpcClientConfig::default()
        })
    })
    .await;
    let told = stage.spoil(|asked, _| {
        let (from, to) = asked.range()?;
        (to - from >= 20).then(|| Lie::Result(json!(["x".repeat(200_000)])))
    });
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
}

async fn out_of_order() {
    // Every header of every range is asked for, in batches, which this node answers backwards.
    let mut stage = Stage::with(|config| config.with_verify(Verify::All)).await;
    stage.fold.until_head(&stage.node).await;
    let headers = |it: &Asked| it.method == "eth_getBlockByNumber";
    assert!(stage.node.count(headers) as u64 > HEIGHT);
}

async fn missing_from_a_batch() {
    let mut stage = Stage::with(|config| config.with_verify(Verify::All)).await;
    let mut calls = 0;
    let told = stage.spoil(move |asked, _| {
        calls += u32::from(asked.method == "eth_getBlockByNumber");
        (asked.method == "eth_getBlockByNumber" && calls % 3 == 0).then_some(Lie::Omit)
    });
    let (node, fold) = (&stage.node, &mut stage.fold);
    let honest = async {
        node.asked_times(60).await;
        node.be_honest();
    };
    tokio::join!(fold.until_head(node), honest);
    assert!(told.load(SeqCst) > 3);
}

async fn no_batches() {
    let mut stage = Stage::with(|config| config.with_verify(Verify::All)).await;
    stage.node.refuse_batches();
    stage.fold.until_head(&stage.node).await;
    assert_eq!(stage.source.status().last_error, None);
}

async fn null_blocks() {
    let mut stage = Stage::before_history().await;
    let mut calls = 0;
    let told = stage.spoil(move |asked, _| {
        let is_block = asked.method.starts_with("eth_getBlock");
        calls += u32::from(is_block);
        (is_block && calls % 4 == 0).then_some(Lie::Result(Value::Null))
    });
    stage.fold.until_head(&stage.node).await;
    mine(&stage.node, 5);
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
}

async fn one_bad_block() {
    let mut stage = Stage::before_history().await;
    let bad = stage.node.block(77).hash;
    let mut pinned = 0;
    let told = stage.spoil(move |asked, _| {
        let covers = asked
            .range()
            .is_some_and(|(from, to)| (from..=to).contains(&77));
        pinned += u32::from(asked.pinned() == Some(bad));
        let is_bad = covers || asked.pinned() == Some(bad) && pinned <= 5;
        is_bad.then(|| Lie::Error(-32000, "boom".to_owned()))
    });
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 5);
    let of_bad = |it: &Asked| it.pinned() == Some(bad);
    assert!(stage.node.count(of_bad) >= 6);
}

async fn down_then_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}/").parse().unwrap();
    let mut config = config(&[]);
    config.http = vec![url];
    let source = source(config);
    let mut fold = Fold::new(&source);
    soon("the complaint", async {
        while source.status().last_error.is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(!source.status().connected);
    let node = Node::listen(tokio::net::TcpListener::bind(address).await.unwrap());
    mine(&node, HEIGHT);
    fold.until_head(&node).await;
    assert!(source.status().connected);
}
