//! Answers that contradict the headers, the question or themselves: never believed.

use std::sync::atomic::Ordering::SeqCst;

use event_streamer_models::{Address, B256, Finality, HexBytes, Log};
use event_streamer_server::ingest::{LogFilter, Verify};
use serde_json::{Value, json};

use super::case::{Case, case};
use super::stage::{
    Asked, Fold, HEIGHT, Lie, Node, Place, Stage, config, dense, dense_node, filtered, impatient,
    mine, source, wanted,
};

const PROMISE: &str = "not believed: asked again until the truth comes; counted as an untrue answer of \
                       the endpoint";

type Change = fn(&mut Vec<Log>);

/// Fault and what it makes of a true answer.
fn changes() -> Vec<(&'static str, &'static str, Change)> {
    vec![
        (
            "no logs at all",
            "`[]` for blocks that have logs",
            Vec::clear,
        ),
        (
            "the first log missing",
            "a block's bloom says otherwise",
            |logs| drop(logs.remove(0)),
        ),
        (
            "the last log missing",
            "a block's bloom says otherwise",
            |logs| drop(logs.pop()),
        ),
        (
            "a log of another block",
            "a log of a block that was not asked for",
            |logs| logs[1].block_number += 1_000,
        ),
        (
            "a removed log",
            "a log that says of itself that a reorg removed it",
            |logs| logs[1].removed = true,
        ),
        (
            "logs of another branch",
            "logs whose block hash is not the header's",
            |logs| {
                for log in logs {
                    log.block_hash = Some(B256([9; 32]));
                }
            },
        ),
        (
            "two logs in one place",
            "different logs with the same block and log index",
            |logs| {
                let mut twin = logs[1].clone();
                twin.data = HexBytes(vec![1]);
                logs.push(twin);
            },
        ),
        (
            "two blocks of one number",
            "logs of one number with two block hashes",
            |logs| {
                let mut sibling = logs[1].clone();
                (sibling.log_index, sibling.block_hash) = (9, Some(B256([9; 32])));
                logs.push(sibling);
            },
        ),
        (
            "a log that never was",
            "a log that the block's bloom does not know",
            |logs| {
                let mut invented = logs[1].clone();
                (invented.log_index, invented.address) = (9, Address([0xEE; 20]));
                logs.push(invented);
            },
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, fault, change) in changes() {
        for place in Place::BOTH {
            let name = format!("{name}, {}", place.name());
            cases.push(case(name, fault, PROMISE, move || untrue(place, change)));
        }
    }
    for place in Place::BOTH {
        cases.push(case(
            format!("logs twice and backwards, {}", place.name()),
            "each log twice, the last one first",
            "merged and sorted; no fault",
            move || twice_and_backwards(place),
        ));
        cases.push(case(
            format!(
                "one log in a hundred is left out, two endpoints, {}",
                place.name()
            ),
            "one of two endpoints leaves out logs at random, for ever",
            "0 missing: the liar is noticed, and the other endpoint asked",
            move || a_liar_beside_an_honest_one(place),
        ));
    }
    cases.extend([
        case(
            "an only endpoint that lies",
            "a log is missing from the newest block in every answer, for ever",
            "loud: `UPSTREAM_INCOMPLETE` once, the metric counts it, the position stands; it goes on \
             with the first true answer",
            an_only_liar,
        ),
        case(
            "an only endpoint that lies, with receipts",
            "the same, but the receipts are true",
            "the receipts decide; nothing is told",
            receipts_decide,
        ),
        case(
            "every endpoint lies",
            "both endpoints leave out the same log of the newest block",
            "loud, and the position stands",
            everybody_lies,
        ),
        case(
            "a log outside the filter",
            "an answer with a log of another topic",
            PROMISE,
            outside_the_filter,
        ),
        case(
            "a hole in the middle of a range",
            "every range lacks the logs of one block that no header at hand belongs to; verify = all",
            "found by the blooms of all headers",
            a_hole_found_by_all,
        ),
        case(
            "an empty range after dense ones",
            "`[]` for one range of a chain that has logs everywhere but where ranges end",
            "suspicious: each block of the range is held against its bloom",
            empty_after_dense,
        ),
        case(
            "blooms of zero",
            "every header's bloom is zero though its block has logs; verify = off",
            "a bloom never makes a block to be skipped: all logs come",
            || wrong_blooms('0'),
        ),
        case(
            "blooms that match everything",
            "every bit of every bloom is set; verify = off",
            "no harm, and no call more",
            || wrong_blooms('f'),
        ),
        case(
            "blooms that match by chance",
            "the filter's topic is in the blooms, in logs that do not pass it",
            "looked at more closely, no fault",
            by_chance,
        ),
        case(
            "a header of another block",
            "a header whose number is not the one asked for",
            "no answer: asked again",
            another_header,
        ),
        case(
            "headers that do not link",
            "a parent hash that is no block's; verify = all",
            "asked again until they link",
            unlinked,
        ),
    ]);
    cases
}

fn changed(change: Change, truth: &Value) -> Option<Lie> {
    let mut logs: Vec<Log> = serde_json::from_value(truth.clone()).ok()?;
    if logs.len() < 2 {
        return None;
    }
    change(&mut logs);
    Some(Lie::Result(json!(logs)))
}

async fn untrue(place: Place, change: Change) {
    let mut stage = Stage::at(place).await;
    let mut left = 3;
    let told = stage.spoil(move |asked, truth| {
        // Single blocks of history are read whole, by hash.
        let is_meant = match place {
            Place::History => asked.range().is_some_and(|(from, to)| to > from),
            Place::Head => asked.pinned().is_some(),
        };
        let lie = changed(change, truth).filter(|_| is_meant && left > 0)?;
        left -= 1;
        Some(lie)
    });
    if place == Place::Head {
        mine(&stage.node, 1);
    }
    stage.fold.until_head(&stage.node).await;
    assert_eq!(told.load(SeqCst), 3);
    assert!(stage.endpoint().untrue_answers > 0, "it is counted");
    assert_eq!(
        stage.source.status().incomplete,
        0,
        "the truth came in time"
    );
}

async fn twice_and_backwards(place: Place) {
    let mut stage = Stage::at(place).await;
    let told = stage.spoil(|asked, truth| {
        let mut logs = truth
            .as_array()
            .filter(|_| asked.method == "eth_getLogs")?
            .clone();
        logs.extend(logs.clone());
        logs.reverse();
        Some(Lie::Result(Value::Array(logs)))
    });
    if place == Place::Head {
        mine(&stage.node, 1);
    }
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
    assert_eq!(stage.endpoint().untrue_answers, 0);
}

/// Leaves out about every hundredth log, but of each answer the same ones.
fn leaves_out(asked: &Asked, truth: &Value) -> Option<Lie> {
    let logs: Vec<Log> = serde_json::from_value(truth.clone()).ok()?;
    if asked.method != "eth_getLogs" {
        return None;
    }
    let is_kept = |it: &Log| (it.block_number * 7 + u64::from(it.log_index) * 3) % 100 != 13;
    let kept: Vec<_> = logs.iter().filter(|it| is_kept(it)).collect();
    (kept.len() < logs.len()).then(|| Lie::Result(json!(kept)))
}

async fn a_liar_beside_an_honest_one(place: Place) {
    let (liar, honest) = (Node::start().await, dense_node(HEIGHT).await);
    liar.copy(&honest);
    let config = config(&[&liar, &honest]).with_rpc(impatient());
    let source = source(config.with_verify(Verify::All));
    let mut fold = Fold::new(&source);
    if place == Place::Head {
        fold.until_head(&honest).await;
    }
    liar.script(leaves_out);
    // The honest one fails now and then, so that the other is asked.
    let mut reads = 0;
    honest.script(move |asked, _| {
        reads += u32::from(asked.method == "eth_getLogs");
        (asked.method == "eth_getLogs" && reads % 3 == 0).then_some(Lie::Status(500, ""))
    });
    for _ in 0..if place == Place::Head { 20 } else { 1 } {
        mine(&honest, 10);
        liar.copy(&honest);
        // A copy is one chain with the other: what was mined on either is on both.
        fold.until_head(&honest).await;
    }
    assert_eq!(source.status().incomplete, 0);
    let untrue: u64 = source.endpoints().iter().map(|it| it.untrue_answers).sum();
    assert!(untrue > 0, "the liar was noticed");
}

async fn an_only_liar() {
    let mut stage = Stage::at_head().await;
    let at = HEIGHT + 1;
    stage.spoil(|asked, truth| {
        asked.pinned()?;
        Some(Lie::Result(json!(truth.as_array()?[1..])))
    });
    mine(&stage.node, 1);
    stage.stands(at, "bloom").await;
    stage.node.be_honest();
    stage.fold.until_head(&stage.node).await;
    assert_eq!(stage.source.status().last_error, None);
}

async fn receipts_decide() {
    let mut stage = Stage::at_head().await;
    stage.node.have_receipts();
    let told = stage.spoil(|asked, truth| {
        asked.pinned()?;
        Some(Lie::Result(json!(truth.as_array()?[1..])))
    });
    mine(&stage.node, 1);
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
    assert_eq!(stage.source.status().incomplete, 0);
}

async fn everybody_lies() {
    let (one, other) = (dense_node(HEIGHT).await, Node::start().await);
    other.copy(&one);
    let source = source(config(&[&one, &other]));
    let fold = Fold::new(&source);
    let mut stage = Stage {
        node: one,
        source,
        fold,
    };
    stage.fold.until_head(&stage.node).await;
    for node in [&stage.node, &other] {
        node.script(|asked, truth| {
            asked.pinned()?;
            Some(Lie::Result(json!(truth.as_array()?[1..])))
        });
    }
    mine(&stage.node, 1);
    other.copy(&stage.node);
    stage.stands(HEIGHT + 1, "bloom").await;
    other.be_honest();
    stage.fold.until_head(&stage.node).await;
}

async fn outside_the_filter() {
    let stage = Stage::before_history().await;
    let mut fold = filtered(&stage.source);
    let stranger = stage.node.block(7).logs[1].clone();
    let mut left = 3;
    let told = stage.spoil(move |asked, truth| {
        asked.range().filter(|(from, _)| *from <= 7 && left > 0)?;
        left -= 1;
        let mut logs = truth.as_array()?.clone();
        logs.push(json!(stranger));
        Some(Lie::Result(Value::Array(logs)))
    });
    fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
    assert!(stage.endpoint().untrue_answers > 0);
    assert_eq!(fold.filter, wanted());
}

/// Without the logs of one block in the middle of each range.
fn with_a_hole(asked: &Asked, truth: &Value) -> Option<Lie> {
    let (from, to) = asked.range()?;
    let middle = format!("{:#x}", from.midpoint(to));
    let logs = truth.as_array()?.iter();
    let rest: Vec<_> = logs.filter(|it| it["blockNumber"] != middle).collect();
    Some(Lie::Result(json!(rest)))
}

async fn a_hole_found_by_all() {
    for is_filtered in [false, true] {
        let mut stage = Stage::with(|it| it.with_verify(Verify::All)).await;
        if is_filtered {
            stage.fold = filtered(&stage.source);
        }
        stage.spoil(with_a_hole);
        stage.fold.until_head(&stage.node).await;
    }
}

async fn empty_after_dense() {
    let node = Node::start().await;
    for _ in 0..300 {
        // Nothing at the ends of ranges, so that those do not give the lie away.
        node.mine_with(|number, salt| match number % 50 {
            0 | 49 => vec![],
            _ => dense(number, salt),
        });
    }
    node.script(|asked, _| (asked.range()? == (100, 149)).then(|| Lie::Result(json!([]))));
    let source = source(config(&[&node]).with_sample_one_in(0));
    let mut fold = Fold::of(&source, wanted(), Finality::Latest);
    fold.until_head(&node).await;
}

async fn wrong_blooms(digit: char) {
    let mut stage = Stage::with(|it| it.with_verify(Verify::Off)).await;
    let bloom = format!("0x{}", digit.to_string().repeat(512));
    let told = stage.spoil(move |asked, truth| {
        let mut header = truth.clone();
        if !asked.method.starts_with("eth_getBlock") || header.is_null() {
            return None;
        }
        header["logsBloom"] = json!(bloom);
        Some(Lie::Result(header))
    });
    stage.fold.until_head(&stage.node).await;
    mine(&stage.node, 3);
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
    assert_eq!(stage.source.status().incomplete, 0);
}

async fn by_chance() {
    let node = Node::start().await;
    for _ in 0..HEIGHT {
        // The topic is there, in the second place.
        node.mine_with(|_, _| {
            let topics = vec![B256([1; 32]), super::stage::WANTED];
            let log = Log {
                topics,
                ..Log::default()
            };
            vec![log]
        });
    }
    let source = source(config(&[&node]).with_verify(Verify::All));
    let mut fold = Fold::of(&source, wanted(), Finality::Latest);
    fold.until_head(&node).await;
    assert_eq!(fold.logs, []);
    assert_eq!(source.status().incomplete, 0);
    assert_eq!(source.endpoints()[0].untrue_answers, 0);
}

async fn another_header() {
    let mut stage = Stage::before_history().await;
    let other = stage.node.block(60).to_json();
    let mut left = 5;
    let told = stage.spoil(move |asked, _| {
        let is_other = asked.method == "eth_getBlockByNumber" && asked.params[0] == "0x31";
        (is_other && left > 0).then(|| {
            left -= 1;
            Lie::Result(other.clone())
        })
    });
    stage.fold.until_head(&stage.node).await;
    assert!(told.load(SeqCst) > 0);
}

async fn unlinked() {
    let mut stage = Stage::with(|it| it.with_verify(Verify::All)).await;
    let mut left = 3;
    let told = stage.spoil(move |asked, truth| {
        let mut header = truth.clone();
        if asked.method != "eth_getBlockByNumber" || asked.params[0] != "0x20" || left == 0 {
            return None;
        }
        left -= 1;
        header["parentHash"] = json!(B256([3; 32]));
        Some(Lie::Result(header))
    });
    stage.fold.until_head(&stage.node).await;
    assert_eq!(told.load(SeqCst), 3);
    assert_eq!(LogFilter::default(), stage.fold.filter);
}
