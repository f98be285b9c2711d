//! Heads that move back or lie, and endpoints that lag: no reorg, and nobody is believed about blocks
//! that it has not got.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use event_streamer_models::{B256, Finality, Log, quantity};
use event_streamer_server::ingest::{EndpointSnapshot, FollowStart, LogFilter};
use serde_json::{Value, json};

use super::case::{Case, case};
use super::stage::{
    Fold, HEIGHT, Lie, Node, Stage, config, dense_node, impatient, mine, soon, source,
};

/// Blocks of twelve seconds in five days.
const FIVE_DAYS: u64 = 36_000;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case(
            "a head that moves back",
            "the only endpoint shows heads 1, 15, 120 and 105 blocks behind the one it had, then \
             that one again",
            "no rollback, nothing twice",
            moves_back,
        ),
        case(
            "one endpoint 5 days behind",
            "the preferred endpoint is 36,000 blocks behind, whoever is asked first",
            "no rollback; its lag is shown; what is new comes from the other",
            five_days_behind,
        ),
        case(
            "far behind, alone",
            "the only endpoint shows a head 80 blocks lower for a while",
            "no rollback; nothing that was told is taken back",
            far_behind_alone,
        ),
        case(
            "empty for blocks it does not have",
            "an endpoint answers `[]` for a range above its head, without an error",
            "asked only for blocks it has proven to have: 0 missing",
            empty_above_its_head,
        ),
        case(
            "catching up",
            "an endpoint answers with the logs it has, and gets the rest of the blocks while it is \
             asked for headers",
            "headers are asked for first where the block is not proven: 0 missing",
            catching_up,
        ),
        case(
            "an absurd head",
            "every fourth head is number 2^44 - 1, alone or among others",
            "not followed without proof",
            absurd_head,
        ),
        case(
            "an absurd finality",
            "`finalized` far above the head",
            "not believed: a mark above the head would stay for ever",
            absurd_finality,
        ),
        case(
            "finality that moves back",
            "an answer with an older `finalized` and `safe`",
            "marks never go back",
            finality_moves_back,
        ),
        case(
            "skipped heads",
            "between two looks 2, 7, 30 and 60 blocks come",
            "walked to by parent hashes or read as history: none missing",
            skipped,
        ),
        case(
            "the first endpoint dies",
            "HTTP 502 for everything, for ever, from the preferred endpoint",
            "its breaker opens, the other is used; not tried for every read",
            first_dies,
        ),
    ]
}

async fn moves_back() {
    let mut stage = Stage::at_head().await;
    for back in [1, 15, HEIGHT, 105] {
        stage.node.set_lag(Some(HEIGHT - back));
        stage.node.polled(4).await;
    }
    stage.node.set_lag(None);
    mine(&stage.node, 1);
    assert_eq!(stage.fold.until_head(&stage.node).await, []);
}

async fn five_days_behind() {
    for old_first in [true, false] {
        let (fresh, old) = (Node::start().await, Node::start().await);
        for _ in 0..FIVE_DAYS {
            fresh.mine_with(|_, _| vec![]);
        }
        mine(&fresh, HEIGHT);
        old.copy(&fresh);
        old.set_lag(Some(HEIGHT));
        let nodes = if old_first {
            [&old, &fresh]
        } else {
            [&fresh, &old]
        };
        let config = config(&nodes).with_max_blocks_per_request(20_000);
        let source = source(config);
        let mut fold = Fold::new(&source);
        let start = FollowStart::Block(FIVE_DAYS);
        fold.follower = source.follow(LogFilter::default(), start, None, Finality::Latest);
        (fold.first, fold.next) = (FIVE_DAYS, Some(FIVE_DAYS));
        assert_eq!(fold.until_head(&fresh).await, []);
        for _ in 0..3 {
            mine(&fresh, 5);
            assert_eq!(fold.until_head(&fresh).await, []);
        }
        let lags = |it: &EndpointSnapshot| it.lag.is_some_and(|it| it >= FIVE_DAYS);
        soon("the lag", async {
            while !source.endpoints().iter().any(lags) {
                fresh.polled(1).await;
            }
        })
        .await;
    }
}

async fn far_behind_alone() {
    let mut stage = Stage::at_head().await;
    stage.node.set_lag(Some(40));
    let mut heads = stage.source.watch();
    let believed = heads.wait_for(|it| it.is_some_and(|it| it.head.number == 40));
    soon("the lower head", believed).await.unwrap();
    stage.node.polled(4).await;
    stage.node.set_lag(None);
    mine(&stage.node, 3);
    assert_eq!(stage.fold.until_head(&stage.node).await, []);
}

async fn empty_above_its_head() {
    let (ahead, behind) = (dense_node(300).await, Node::start().await);
    behind.copy(&ahead);
    let source = source(config(&[&behind, &ahead]));
    let mut fold = Fold::new(&source);
    fold.until(100).await;
    behind.set_lag(Some(110));
    fold.until_head(&ahead).await;
    for _ in 0..3 {
        mine(&ahead, 2);
        fold.until_head(&ahead).await;
    }
}

async fn catching_up() {
    let (ahead, behind) = (Node::start().await, Node::start().await);
    for _ in 0..300 {
        // Logs only where no range ends, so that no bloom gives the missing ones away.
        ahead.mine_with(|number, _| vec![Log::default(); usize::from(number % 50 == 25)]);
    }
    behind.copy(&ahead);
    behind.set_lag(Some(120));
    let was_asked = Arc::new(AtomicBool::new(false));
    let asked_before = Arc::clone(&was_asked);
    ahead.script(move |asked, _| {
        // The other is not to be helped out with what this one is asked first.
        (asked.range().is_some() && !asked_before.load(Relaxed)).then_some(Lie::Status(500, ""))
    });
    // Once it was asked for logs it has not got, it gets the headers.
    let headers: Vec<Value> = (0..=300).map(|it| ahead.block(it).to_json()).collect();
    let mut has_all = false;
    behind.script(move |asked, truth| {
        has_all |= asked.range().is_some_and(|(_, to)| to > 120);
        let number = quantity::parse(asked.params[0].as_str()?).ok()?;
        was_asked.fetch_or(number > 120, Relaxed);
        (has_all && truth.is_null()).then(|| Lie::Result(headers[number as usize].clone()))
    });
    let source = source(config(&[&behind, &ahead]).with_rpc(impatient()));
    Fold::new(&source).until_head(&ahead).await;
}

fn absurd() -> Lie {
    Lie::Result(json!({
        "number": "0xfffffffffff", "hash": B256([0xAB; 32]), "parentHash": B256([0xAA; 32]),
        "timestamp": "0x1",
    }))
}

async fn absurd_head() {
    for is_alone in [true, false] {
        let (liar, honest) = (dense_node(HEIGHT).await, Node::start().await);
        honest.copy(&liar);
        let mut heads = 0;
        liar.script(move |asked, _| {
            heads += u32::from(asked.is_head());
            (asked.is_head() && heads % 4 == 1).then(absurd)
        });
        let both = [&liar, &honest];
        let nodes = if is_alone { &both[..1] } else { &both[..] };
        let source = source(config(nodes));
        let mut fold = Fold::new(&source);
        fold.until_head(&liar).await;
        for _ in 0..3 {
            mine(&liar, 3);
            honest.copy(&liar);
            assert_eq!(fold.until_head(&liar).await, []);
        }
    }
}

async fn absurd_finality() {
    let mut stage = Stage::before_history().await;
    stage.node.set_finality(Some(110), Some(100));
    stage.spoil(|asked, _| {
        let is_mark = asked.params[0] == "finalized" || asked.params[0] == "safe";
        is_mark.then(absurd)
    });
    stage.fold.until_head(&stage.node).await;
    assert_eq!(stage.source.head().unwrap().finalized, None);
    stage.node.be_honest();
    stage.node.polled(3).await;
    assert_eq!(stage.source.head().unwrap().finalized, Some(100));
}

async fn finality_moves_back() {
    let stage = Stage::before_history().await;
    stage.node.set_finality(Some(110), Some(100));
    let mut heads = stage.source.watch();
    let is_known = heads.wait_for(|it| it.is_some_and(|it| it.finalized == Some(100)));
    soon("finality", is_known).await.unwrap();
    stage.node.set_finality(Some(60), Some(50));
    stage.node.polled(4).await;
    let head = stage.source.head().unwrap();
    assert_eq!((head.safe, head.finalized), (Some(110), Some(100)));
}

async fn skipped() {
    let mut stage = Stage::at_head().await;
    for blocks in [2, 7, 30, 60] {
        mine(&stage.node, blocks);
        assert_eq!(stage.fold.until_head(&stage.node).await, []);
    }
}

async fn first_dies() {
    let (bad, good) = (dense_node(HEIGHT).await, Node::start().await);
    good.copy(&bad);
    let breaker = event_streamer_server::ingest::BreakerConfig {
        recovery_timeout: std::time::Duration::from_secs(3_600),
        ..Default::default()
    };
    let source = source(config(&[&bad, &good]).with_breaker(breaker));
    let mut fold = Fold::new(&source);
    fold.until_head(&good).await;
    bad.script(|_, _| Some(Lie::Status(502, "<html>")));
    let before = bad.asked().len();
    for _ in 0..10 {
        mine(&good, 2);
        fold.until_head(&good).await;
    }
    let tried = bad.asked().len() - before;
    assert!(tried < 30, "tried {tried} times");
}
