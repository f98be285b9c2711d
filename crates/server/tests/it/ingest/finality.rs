//! Events wait until they are as deep as was asked for.

use event_streamer_models::Finality;
use event_streamer_server::ingest::LogFilter;

use super::fold::{Fold, config, soon, source};
use super::node::Node;

#[tokio::test]
async fn events_wait_for_safe_finalized_or_confirmations() {
    for (finality, first, second) in [
        (Finality::Safe, 90, 95),
        (Finality::Finalized, 80, 85),
        (Finality::Confirmations(12), 88, 98),
    ] {
        let node = Node::start().await;
        node.mine(100);
        node.set_finality(Some(90), Some(80));
        let source = source(config(&[&node]));
        let mut fold = Fold::of(&source, LogFilter::default(), finality);
        fold.until(first).await;
        assert_eq!(fold.next, Some(first + 1), "{finality:?}");
        // Time alone changes nothing.
        let step = fold.follower.next();
        tokio::select! {
            step = step => panic!("{step:?}"),
            () = node.polled(5) => {}
        }
        node.mine(10);
        node.set_finality(Some(95), Some(85));
        fold.until(second).await;
        assert_eq!(fold.next, Some(second + 1), "{finality:?}");
        fold.assert_is(&node);
    }
}

#[tokio::test]
async fn a_reorg_above_the_wanted_finality_is_no_news() {
    let node = Node::start().await;
    node.mine(100);
    node.set_finality(Some(90), Some(80));
    let source = source(config(&[&node]));
    let mut fold = Fold::of(&source, LogFilter::default(), Finality::Safe);
    fold.until(90).await;
    node.reorg(9, 12);
    node.set_finality(Some(93), Some(80));
    assert_eq!(fold.until(93).await, []);
    fold.assert_is(&node);
}

#[tokio::test]
async fn the_head_and_its_finality_are_told() {
    let node = Node::start().await;
    node.mine(30);
    node.set_finality(Some(20), Some(10));
    let source = source(config(&[&node]));
    let mut heads = source.watch();
    let first = *soon("a head", heads.wait_for(Option::is_some))
        .await
        .unwrap();
    let first = first.unwrap();
    assert_eq!(
        (first.head, first.safe, first.finalized),
        (node.head(), Some(20), Some(10))
    );
    assert_eq!(source.head().unwrap().head, first.head);
    node.mine(1);
    soon(
        "the next",
        heads.wait_for(|it| it.is_some_and(|it| it.head == node.head())),
    )
    .await
    .unwrap();
    // A lagging answer does not take back what was final.
    node.set_finality(Some(19), Some(9));
    node.polled(3).await;
    assert_eq!(source.head().unwrap().finalized, Some(10));
}
