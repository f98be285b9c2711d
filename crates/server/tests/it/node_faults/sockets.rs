//! WebSockets that announce new heads, or do not: latency may change, what arrives may not.

use std::time::Duration;

use event_streamer_models::{B256, BlockRef};
use event_streamer_server::ingest::{ChainSource, SourceConfig};
use event_streamer_testkit::{Announcing, RefusedPort};

use super::case::{Case, case};
use super::stage::{Asked, Fold, HEIGHT, Node, config, dense_node, mine, soon, source};

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "announced",
            "every head is announced once; the next poll is an hour away",
            "each block comes when it is announced",
            announced,
        ),
        case(
            "dies silently",
            "the socket stays open, nothing is said any more, pings are not answered",
            "found out after the silence, connected again; told by the newest head",
            dies_silently,
        ),
        case(
            "forgets the subscription",
            "pings are answered, nothing is announced, and the chain grows",
            "left for a new connection",
            forgets,
        ),
        case(
            "never announces",
            "subscribed, and not one announcement",
            "polling at the block time goes on: nothing waits for the socket",
            never_announces,
        ),
        case(
            "breaks",
            "the connection ends without a word after each block",
            "connected and subscribed again",
            breaks,
        ),
        case(
            "the same head twice",
            "every head is announced twice",
            "no block is read twice, nothing comes twice",
            twice,
        ),
        case(
            "skipped heads",
            "every third head is announced",
            "those between are read too",
            skips,
        ),
        case(
            "announced too early",
            "a head is announced that the HTTP side does not have yet",
            "chased for a while: it comes with the next look, not with the next poll",
            too_early,
        ),
        case(
            "an announced head that never comes",
            "block 2^60 is announced again and again",
            "asked for a few times only; nothing is believed",
            never_comes,
        ),
        case(
            "a reorg is announced",
            "a block of the same height as the head is announced",
            "looked at: the reorg is told",
            announced_reorg,
        ),
        case(
            "nobody there",
            "the WebSocket's port refuses",
            "its breaker counts; data comes by polling",
            nobody_there,
        ),
    ]
}

/// Polls so rarely that only an announcement can be the reason for news.
fn announced_only(node: &Node) -> SourceConfig {
    config(&[node])
        .with_block_time(Duration::from_secs(3_600))
        .with_websocket(vec![node.ws_url().parse().unwrap()])
}

/// A consumer that has seen all, whose source is subscribed.
async fn subscribed(config: SourceConfig, node: &Node) -> (ChainSource, Fold) {
    let source = source(config);
    let mut fold = Fold::new(&source);
    soon("a subscription", node.subscribed(1)).await;
    fold.until_head(node).await;
    (source, fold)
}

async fn announced() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    for _ in 0..10 {
        mine(&node, 1);
        fold.until_head(&node).await;
    }
}

async fn dies_silently() {
    let node = dense_node(HEIGHT).await;
    let config = announced_only(&node).with_websocket_silence(Duration::from_millis(100));
    let (_source, mut fold) = subscribed(config, &node).await;
    node.set_announcing(Announcing::Dead);
    mine(&node, 3);
    soon("a new connection", node.connected(2)).await;
    node.set_announcing(Announcing::Heads);
    // Where the machine is slow, a new connection may be found silent too, and not be the last.
    let tells_the_head = async {
        for count in 2.. {
            node.subscribed(count).await;
            node.announce(node.head());
        }
    };
    tokio::select! {
        _ = fold.until_head(&node) => {}
        () = tells_the_head => {}
    }
}

async fn forgets() {
    let node = dense_node(HEIGHT).await;
    let config = config(&[&node])
        .with_websocket(vec![node.ws_url().parse().unwrap()])
        .with_websocket_silence(Duration::from_millis(100));
    let (_source, mut fold) = subscribed(config, &node).await;
    node.set_announcing(Announcing::Nothing);
    mine(&node, 10);
    fold.until_head(&node).await;
    soon("a new subscription", node.subscribed(2)).await;
}

async fn never_announces() {
    let node = dense_node(HEIGHT).await;
    node.set_announcing(Announcing::Nothing);
    let config = config(&[&node]).with_websocket(vec![node.ws_url().parse().unwrap()]);
    let (_source, mut fold) = subscribed(config, &node).await;
    for _ in 0..10 {
        mine(&node, 1);
        fold.until_head(&node).await;
    }
}

async fn breaks() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    for count in 2..6 {
        node.drop_sockets();
        soon("a new subscription", node.subscribed(count)).await;
        mine(&node, 1);
        fold.until_head(&node).await;
    }
}

async fn twice() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    node.set_announcing(Announcing::Twice);
    let pinned = |node: &Node| node.count(|it| it.pinned().is_some());
    let before = pinned(&node);
    for _ in 0..10 {
        mine(&node, 1);
        fold.until_head(&node).await;
    }
    assert_eq!(pinned(&node) - before, 10);
}

async fn skips() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    node.set_announcing(Announcing::EveryNth(3));
    for _ in 0..5 {
        mine(&node, 3);
        assert_eq!(node.head().number % 3, 0);
        assert_eq!(fold.until_head(&node).await, []);
    }
}

async fn too_early() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    for _ in 0..3 {
        node.set_lag(Some(node.head().number));
        mine(&node, 1);
        node.polled(2).await;
        node.set_lag(None);
        fold.until_head(&node).await;
    }
}

async fn never_comes() {
    let node = dense_node(HEIGHT).await;
    let (source, mut fold) = subscribed(announced_only(&node), &node).await;
    let before = node.count(Asked::is_head);
    for _ in 0..3 {
        let head = BlockRef {
            number: 1 << 60,
            hash: B256([0xAB; 32]),
        };
        node.announce(head);
        node.polled(1).await;
    }
    mine(&node, 1);
    fold.until_head(&node).await;
    assert_eq!(source.head().unwrap().head, node.head());
    // A few looks for each announcement, not one after the other without end.
    let looks = node.count(Asked::is_head) - before;
    assert!(looks <= 4 * 10, "{looks}");
}

async fn announced_reorg() {
    let node = dense_node(HEIGHT).await;
    let (_source, mut fold) = subscribed(announced_only(&node), &node).await;
    for depth in [1, 3] {
        node.reorg(depth, depth);
        assert_eq!(fold.until_head(&node).await.len(), 1);
    }
}

async fn nobody_there() {
    let node = dense_node(HEIGHT).await;
    let refused = RefusedPort::new();
    let url = format!("ws://{}/", refused.addr()).parse().unwrap();
    let source = source(config(&[&node]).with_websocket(vec![url]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    mine(&node, 3);
    fold.until_head(&node).await;
    soon("a failure of the breaker", async {
        while source.endpoints()[1].breaker.failures == 0 {
            node.polled(1).await;
        }
    })
    .await;
}
