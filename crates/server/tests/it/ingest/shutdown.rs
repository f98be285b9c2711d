//! Nothing goes on after its end, and a node that is down is waited for.

use std::time::Duration;

use event_streamer_server::ingest::{ChainSource, IngestErrorKind, SourceConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::fold::{Fold, config, soon, source};
use super::node::{Asked, CHAIN_ID, Lie, Node};

#[tokio::test]
async fn a_shutdown_ends_every_task() {
    let node = Node::start().await;
    node.mine(100);
    let shutdown = CancellationToken::new();
    let source = ChainSource::start(config(&[&node]), shutdown.clone());
    let mut at_head = Fold::new(&source);
    at_head.until_head(&node).await;
    // One that waits for an answer, one that waits for its consumer, one that has not begun.
    let newest = node.mine_with(|_, _| vec![]).hash;
    node.script(move |asked, _| (asked.pinned() == Some(newest)).then_some(Lie::Silence));
    let mut reading = Fold::new(&source);
    reading.until(80).await;
    let mut idle = Fold::new(&source);

    shutdown.cancel();
    soon("the end of all tasks", source.stopped()).await;
    for fold in [&mut at_head, &mut reading, &mut idle] {
        let error = loop {
            // What was read before may still be taken.
            match soon("a step", fold.follower.next()).await {
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), IngestErrorKind::Closed);
    }
    let asked = node.asked().len();
    tokio::task::yield_now().await;
    assert_eq!(node.asked().len(), asked);
}

#[tokio::test]
async fn the_last_owner_takes_the_tasks_along() {
    let node = Node::start().await;
    node.mine(100);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    drop(fold);
    // The source itself goes on until nobody has it. Then its tasks let go of everything.
    node.polled(2).await;
    let mut heads = source.watch();
    drop(source);
    soon("the end of all tasks", async {
        while heads.changed().await.is_ok() {}
    })
    .await;
}

#[tokio::test]
async fn a_block_that_nobody_wants_any_more_is_not_asked_for() {
    let node = Node::start().await;
    node.mine(20);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    let newest = node.mine_with(|_, _| vec![]).hash;
    let wants_newest = move |it: &Asked| it.pinned() == Some(newest);
    node.script(move |asked, _| {
        wants_newest(asked).then(|| Lie::Error(-32000, "unknown block".to_owned()))
    });
    tokio::select! {
        step = fold.follower.next() => panic!("{step:?}"),
        () = node.polled(10) => {}
    }
    assert!(node.count(wants_newest) > 0);
    drop(fold);
    node.polled(5).await;
    let asked = node.count(wants_newest);
    node.polled(20).await;
    assert_eq!(node.count(wants_newest), asked);
}

#[tokio::test]
async fn a_consumer_that_stands_still_holds_nobody_up() {
    let node = Node::start().await;
    node.mine(300);
    let config = SourceConfig {
        max_concurrent_reads: 1,
        ..config(&[&node])
    };
    let source = source(config.with_max_blocks_per_request(10));
    let mut still: Vec<Fold> = (0..5).map(|_| Fold::new(&source)).collect();
    for fold in &mut still {
        fold.step().await;
    }
    node.polled(10).await;
    // One step was taken, one is waiting, one is held out; no more is read ahead.
    let ranges = node.count(|it| it.range().is_some());
    assert!(ranges <= 5 * 3, "{ranges}");
    Fold::new(&source).until_head(&node).await;
    for fold in &mut still {
        fold.until_head(&node).await;
    }
}

#[tokio::test]
async fn a_step_is_not_lost_with_the_wait_for_it() {
    let node = Node::start().await;
    node.mine(300);
    let source = source(config(&[&node]).with_max_blocks_per_request(10));
    let mut fold = Fold::new(&source);
    // Every wait is cut short many times.
    while fold.next.is_some_and(|it| it <= 300) {
        tokio::select! {
            biased;
            () = tokio::task::yield_now() => {}
            _ = fold.step() => {}
        }
    }
    fold.assert_is(&node);
}

#[tokio::test]
async fn a_node_that_is_down_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}/v3/0123456789abcdef")
        .parse()
        .unwrap();
    let config = SourceConfig::new(CHAIN_ID, vec![url])
        .with_block_time(Duration::from_millis(10))
        .with_retry(Duration::from_millis(1), Duration::from_millis(10));
    let source = source(config);
    let mut fold = Fold::new(&source);
    soon("the word", async {
        while source.status().last_error.is_none() {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let status = source.status();
    assert!(!status.connected && status.head.is_none());
    assert!(!status.last_error.unwrap().contains("0123456789abcdef"));

    let node = Node::listen(TcpListener::bind(address).await.unwrap());
    node.mine(30);
    fold.until_head(&node).await;
    assert!(source.status().connected);
}
