//! Several endpoints: whom is asked, who is left alone, what is shown of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use event_streamer_models::{B256, BreakerState};
use event_streamer_server::ingest::{
    BreakerConfig, ChainSource, EndpointIdentity, EndpointRole, EndpointSnapshot, IngestErrorKind,
};
use event_streamer_server::rpc::{BudgetConfig, RpcClientConfig};

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, Lie, Node};

/// Two nodes with the same chain.
async fn twins(blocks: u64) -> (Node, Node) {
    let (one, other) = (Node::start().await, Node::start().await);
    one.mine(blocks);
    other.copy(&one);
    (one, other)
}

fn named(source: &ChainSource, name: &str) -> EndpointSnapshot {
    let all = source.endpoints();
    all.into_iter().find(|it| it.name == name).unwrap()
}

/// Waits until an endpoint looks like this.
async fn until(source: &ChainSource, name: &str, is_so: impl Fn(&EndpointSnapshot) -> bool) {
    soon("a change of the endpoint", async {
        while !is_so(&named(source, name)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

fn is_block_read(asked: &Asked) -> bool {
    asked.pinned().is_some()
}

#[tokio::test]
async fn endpoints_are_shown_by_name_and_without_secrets() {
    let (one, other) = twins(30).await;
    let config = config(&[&one, &other])
        .with_name("Arbitrum One")
        .with_websocket(vec!["ws://127.0.0.1:1/secret".parse().unwrap()]);
    let source = source(config);
    Fold::new(&source).until_head(&one).await;
    let all = source.endpoints();
    let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
    let expected = [
        "arbitrum_one_rpc",
        "arbitrum_one_rpc_2",
        "arbitrum_one_rpc_3",
    ];
    assert_eq!(names, expected);
    let roles: Vec<EndpointRole> = all.iter().map(|it| it.role).collect();
    let (data, announcements) = (EndpointRole::Data, EndpointRole::Announcements);
    assert_eq!(roles, [data, data, announcements]);
    assert_eq!(all[0].identity, EndpointIdentity::Ours);
    assert_eq!(all[0].head, Some(30));
    assert_eq!(all[0].breaker.state, BreakerState::Closed);
    assert!(all[0].breaker.successes > 0 && all[0].mean_latency.is_some());
    let shown = format!("{all:?}");
    assert!(
        !shown.contains("0123456789abcdef") && !shown.contains("secret"),
        "{shown}"
    );
    // Nobody listens there, which is nobody's fault but that endpoint's.
    until(&source, "arbitrum_one_rpc_3", |it| it.breaker.failures > 0).await;
}

#[tokio::test]
async fn a_breaker_opens_and_closes_again_by_itself_or_by_hand() {
    let node = Node::start().await;
    node.mine(30);
    let breaker = BreakerConfig {
        failure_threshold: 3,
        recovery_timeout: Duration::from_secs(3_600),
        ..BreakerConfig::default()
    };
    let source = source(config(&[&node]).with_name("Dev").with_breaker(breaker));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.script(|_, _| Some(Lie::Status(500, "")));
    until(&source, "dev_rpc", |it| {
        it.breaker.state == BreakerState::Open
    })
    .await;
    let asked = node.asked().len();
    node.be_honest();
    node.mine(5);
    // It is left alone.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(node.asked().len(), asked);
    assert!(!source.reset_breaker("other_rpc"));
    assert!(source.reset_breaker("dev_rpc"));
    fold.until_head(&node).await;
    let seen = named(&source, "dev_rpc").breaker;
    assert_eq!(seen.state, BreakerState::Closed);
    assert_eq!(seen.transitions["closed_to_open"], 1);
    assert_eq!(seen.transitions["open_to_closed"], 1);
    assert_eq!(source.breaker_config(), breaker);
}

#[tokio::test]
async fn a_breaker_lets_a_few_calls_through_after_its_time() {
    let node = Node::start().await;
    node.mine(30);
    let source = source(config(&[&node]).with_name("Dev"));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    node.script(|_, _| Some(Lie::Status(500, "")));
    until(&source, "dev_rpc", |it| {
        it.breaker.transitions.contains_key("half_open_to_open")
    })
    .await;
    node.be_honest();
    node.mine(5);
    fold.until_head(&node).await;
    until(&source, "dev_rpc", |it| {
        it.breaker.state == BreakerState::Closed
    })
    .await;
    assert!(named(&source, "dev_rpc").breaker.half_open_calls > 0);
}

#[tokio::test]
async fn an_endpoint_that_fails_is_no_harm_where_there_is_another() {
    let (bad, good) = twins(300).await;
    bad.script(|asked, _| (asked.method != "eth_chainId").then_some(Lie::Status(502, "<html>")));
    let breaker = BreakerConfig {
        recovery_timeout: Duration::from_secs(3_600),
        ..BreakerConfig::default()
    };
    let source = source(config(&[&bad, &good]).with_breaker(breaker));
    let mut fold = Fold::new(&source);
    fold.until_head(&good).await;
    for _ in 0..5 {
        good.mine(2);
        fold.until_head(&good).await;
    }
    // Tried and left, not tried for every read.
    assert!(bad.asked().len() < 20, "{}", bad.asked().len());
}

#[tokio::test]
async fn a_read_that_takes_unusually_long_is_asked_of_another_endpoint() {
    let (slow, other) = twins(30).await;
    let rpc = RpcClientConfig {
        request_timeout: Duration::from_secs(3_600),
        ..RpcClientConfig::default()
    };
    let source = source(config(&[&slow, &other]).with_name("Dev").with_rpc(rpc));
    let mut fold = Fold::new(&source);
    fold.until_head(&slow).await;
    // Enough for both to know how long an answer takes, and that the other has the blocks too.
    for _ in 0..20 {
        slow.mine(1);
        other.copy(&slow);
        fold.until_head(&slow).await;
    }
    until(&source, "dev_rpc_2", |it| it.head.is_some()).await;
    // Whichever is in use: the first one that is asked never answers.
    let is_first = Arc::new(AtomicBool::new(true));
    for node in [&slow, &other] {
        let is_first = Arc::clone(&is_first);
        node.script(move |asked, _| {
            (is_block_read(asked) && is_first.swap(false, Relaxed)).then_some(Lie::Silence)
        });
    }
    slow.mine(1);
    other.copy(&slow);
    fold.until_head(&slow).await;
    let hedged: u64 = source.endpoints().iter().map(|it| it.hedged).sum();
    assert!(hedged >= 1);
}

#[tokio::test]
async fn an_endpoint_of_another_first_block_is_not_used() {
    let (ours, other) = (Node::start().await, Node::start_other().await);
    ours.mine(30);
    // The same chain id, but another chain.
    other.mine(60);
    let genesis = ours.block(0).hash;
    let source_of = |nodes: &[&Node]| source(config(nodes).with_genesis(genesis).with_name("Dev"));
    let both = source_of(&[&other, &ours]);
    Fold::new(&both).until_head(&ours).await;
    let of_other = |it: &Asked| it.method != "eth_chainId" && it.params[0] != "0x0";
    assert_eq!(other.count(of_other), 0);
    let identity = EndpointIdentity::OtherGenesis {
        genesis: other.block(0).hash,
    };
    assert_eq!(named(&both, "dev_rpc").identity, identity);

    let alone = source_of(&[&other]);
    let error = soon("the end", Fold::new(&alone).follower.next())
        .await
        .unwrap_err();
    let actual = other.block(0).hash;
    assert_eq!(error.kind(), IngestErrorKind::WrongGenesis { actual });
}

#[tokio::test]
async fn endpoints_have_to_agree_on_the_first_block() {
    let (first, second) = (Node::start().await, Node::start_other().await);
    first.mine(30);
    second.mine(60);
    assert_ne!(first.block(0).hash, B256::ZERO);
    let source = source(config(&[&first, &second]).with_name("Dev"));
    let mut fold = Fold::new(&source);
    fold.until_head(&first).await;
    // The first one goes away; the other one is no replacement.
    first.script(|_, _| Some(Lie::Status(500, "")));
    let differs =
        |it: &EndpointSnapshot| matches!(it.identity, EndpointIdentity::OtherGenesis { .. });
    until(&source, "dev_rpc_2", differs).await;
    first.be_honest();
    first.mine(3);
    fold.until_head(&first).await;
}

#[tokio::test]
async fn a_budget_is_kept() {
    let node = Node::start().await;
    node.mine(30);
    let rpc = RpcClientConfig {
        budget: Some(BudgetConfig::new(100).with_burst(5)),
        ..RpcClientConfig::default()
    };
    let begun = std::time::Instant::now();
    let source = source(config(&[&node]).with_rpc(rpc));
    Fold::new(&source).until_head(&node).await;
    let earned = begun.elapsed().as_secs_f64() * 100.0;
    let calls = node.asked().len() as f64;
    // One more may be on its way.
    assert!(
        calls <= earned + 5.0 + 1.0,
        "{calls} calls, {earned} earned"
    );
}
