//! Endpoints of another chain are not used.

use event_streamer_server::ingest::{IngestErrorKind, SourceConfig};

use super::fold::{Fold, config, soon, source};
use super::node::{CHAIN_ID, Node};

#[tokio::test]
async fn a_wrong_chain_is_final() {
    let node = Node::start().await;
    node.mine(10);
    node.set_chain_id(5);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    let error = soon("the end", fold.follower.next()).await.unwrap_err();
    let kind = IngestErrorKind::WrongChain {
        expected: CHAIN_ID,
        actual: 5,
    };
    assert_eq!(error.kind(), kind);
    assert_eq!(fold.follower.next().await.unwrap_err().kind(), kind);
    assert!(!source.status().connected);
    assert!(
        source
            .status()
            .last_error
            .unwrap()
            .contains("chain id 1337, got 5")
    );
    // No data was asked for, and nothing is any more.
    assert_eq!(node.count(|it| it.method != "eth_chainId"), 0);
    soon("the end of all tasks", source.stopped()).await;
    let mut late = Fold::new(&source);
    assert_eq!(
        soon("the end", late.follower.next())
            .await
            .unwrap_err()
            .kind(),
        kind
    );
}

#[tokio::test]
async fn a_foreign_endpoint_among_others_is_passed_over() {
    let (foreign, ours) = (Node::start().await, Node::start().await);
    foreign.set_chain_id(5);
    foreign.mine(500);
    ours.mine(100);
    let source = source(config(&[&foreign, &ours]));
    Fold::new(&source).until_head(&ours).await;
    assert_eq!(foreign.count(|it| it.method != "eth_chainId"), 0);
}

#[tokio::test]
async fn no_endpoint_is_final_too() {
    let nothing = source(SourceConfig::new(CHAIN_ID, vec![]));
    let websocket_only = source(SourceConfig::new(
        CHAIN_ID,
        vec!["ws://127.0.0.1:1".parse().unwrap()],
    ));
    for source in [nothing, websocket_only] {
        let error = soon("the end", Fold::new(&source).follower.next())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), IngestErrorKind::Config);
    }
}
