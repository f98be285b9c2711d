//! Endpoints of another chain: found out before use, and again after a broken connection.

use event_streamer_server::ingest::{EndpointIdentity, IngestErrorKind};

use super::case::{Case, case};
use super::stage::{Asked, Fold, HEIGHT, Lie, Node, config, dense_node, mine, soon, source};
use crate::ingest::node::CHAIN_ID;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "a wrong chain id",
            "the only endpoint reports chain 5",
            "final error that names both ids; no data was asked for",
            wrong_id,
        ),
        case(
            "a wrong chain id among others",
            "one of two endpoints reports chain 5, and a higher head",
            "never asked for data; the other is used",
            wrong_id_among_others,
        ),
        case(
            "a wrong chain id later",
            "an endpoint's connections break, and what answers then is chain 5",
            "asked for its chain id again before use: left, and the other used",
            wrong_id_later,
        ),
        case(
            "another first block",
            "the right chain id, but another block 0; the hash is configured",
            "never asked for data; alone it is a final error that names the hash",
            another_genesis,
        ),
        case(
            "two first blocks",
            "two endpoints with the right chain id and different blocks 0; no hash is configured",
            "the first one known decides, the other is not used, not even while the first is down",
            two_geneses,
        ),
    ]
}

fn asks_for_data(asked: &Asked) -> bool {
    asked.method != "eth_chainId" && asked.params[0] != "0x0"
}

async fn wrong_id() {
    let node = dense_node(10).await;
    node.set_chain_id(5);
    let source = source(config(&[&node]));
    let mut fold = Fold::new(&source);
    let error = soon("the end", fold.follower.next()).await.unwrap_err();
    let (expected, actual) = (CHAIN_ID, 5);
    assert_eq!(
        error.kind(),
        IngestErrorKind::WrongChain { expected, actual }
    );
    assert_eq!(node.count(asks_for_data), 0);
    let said = source.status().last_error.unwrap();
    assert!(said.contains("chain id 1337, got 5"), "{said}");
}

async fn wrong_id_among_others() {
    let (foreign, ours) = (dense_node(500).await, dense_node(HEIGHT).await);
    foreign.set_chain_id(5);
    let source = source(config(&[&foreign, &ours]));
    Fold::new(&source).until_head(&ours).await;
    assert_eq!(foreign.count(asks_for_data), 0);
}

async fn wrong_id_later() {
    let (first, second) = (dense_node(HEIGHT).await, Node::start().await);
    second.copy(&first);
    let source = source(config(&[&first, &second]));
    let mut fold = Fold::new(&source);
    fold.until_head(&first).await;
    // What answers at this address from now on is another chain, of the same blocks for the worst.
    let mut resets = 3;
    first.script(move |_, _| {
        resets -= 1;
        (resets >= 0).then_some(Lie::Reset)
    });
    first.set_chain_id(5);
    let is_other = |it: &EndpointIdentity| matches!(it, EndpointIdentity::Foreign { .. });
    soon("the look at its chain id", async {
        while !is_other(&source.endpoints()[0].identity) {
            mine(&second, 1);
            fold.until_head(&second).await;
        }
    })
    .await;
    let asked = first.count(asks_for_data);
    mine(&second, 5);
    fold.until_head(&second).await;
    assert_eq!(first.count(asks_for_data), asked);
}

async fn another_genesis() {
    let (ours, other) = (dense_node(30).await, Node::start_other().await);
    mine(&other, 60);
    let genesis = ours.block(0).hash;
    let both = source(config(&[&other, &ours]).with_genesis(genesis));
    Fold::new(&both).until_head(&ours).await;
    assert_eq!(other.count(asks_for_data), 0);
    let alone = source(config(&[&other]).with_genesis(genesis));
    let mut fold = Fold::new(&alone);
    let error = soon("the end", fold.follower.next()).await.unwrap_err();
    let actual = other.block(0).hash;
    assert_eq!(error.kind(), IngestErrorKind::WrongGenesis { actual });
}

async fn two_geneses() {
    let (first, second) = (dense_node(30).await, Node::start_other().await);
    mine(&second, 60);
    let source = source(config(&[&first, &second]));
    let mut fold = Fold::new(&source);
    fold.until_head(&first).await;
    first.script(|_, _| Some(Lie::Status(500, "")));
    let is_other = |it: &EndpointIdentity| matches!(it, EndpointIdentity::OtherGenesis { .. });
    soon("the look at the other", async {
        while !is_other(&source.endpoints()[1].identity) {
            first.asked_times(1).await;
        }
    })
    .await;
    first.be_honest();
    mine(&first, 3);
    assert_eq!(fold.until_head(&first).await, []);
}
