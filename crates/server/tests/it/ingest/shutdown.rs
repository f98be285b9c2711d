//! Nothing goes on after its end, and a node that is down is waited for.

use std::time::Duration;

use event_streamer_server::ingest::{ChainSource, IngestErrorKind, SourceConfig};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::fold::{Fold, config, soon, source};
use super::node::{CHAIN_ID, Lie, Node};

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
async fn a_follower_that_is_dropped_stops_reading() {
    let node = Node::start().await;
    node.mine(100);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    fold.until_head(&node).await;
    drop(fold);
    // The source itself goes on until nobody has it.
    node.polled(2).await;
    let tasks = source.clone();
    let stopped = tokio::spawn(async move {
        let waiter = tasks.stopped();
        waiter.await;
    });
    node.polled(2).await;
    assert!(!stopped.is_finished());
    stopped.abort();
    let _ = stopped.await;
    drop(source);
    let asked = soon("silence", async {
        loop {
            let asked = node.asked().len();
            tokio::time::sleep(Duration::from_millis(50)).await;
            if node.asked().len() == asked {
                break asked;
            }
        }
    })
    .await;
    assert_eq!(node.asked().len(), asked);
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
