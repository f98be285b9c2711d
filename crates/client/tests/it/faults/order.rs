//! Batches that come twice, too early, too late, or not at all.

use event_streamer_testkit::{Script, StreamLines, event, event_of_branch, token};
use serde_json::json;

use super::case::*;
use crate::harness::{stream_head, with};

const GAP: &str =
    "batches are missing: nothing behind the gap is handed over; reconnected from the position";

pub(super) fn cases() -> Vec<Case> {
    let mut cases = repeats();
    cases.extend(gaps());
    cases.extend(losses());
    cases.extend(reorgs());
    cases
}

/// Line `n` of c1, of event (9 + n, 0).
fn batch(n: u64) -> Vec<u8> {
    let mut lines = StreamLines::new(7, "c1");
    for earlier in 1..n {
        lines.batch(&[event(9 + earlier, 0)]);
    }
    lines.batch(&[event(9 + n, 0)])
}

/// These batches of c1, then the end.
fn plays(numbers: &[u64]) -> Script {
    let lines = StreamLines::new(7, "c1");
    let head = stream_head("c1");
    let script = numbers
        .iter()
        .fold(head, |script, n| script.chunk(batch(*n)));
    script.chunk(lines.complete(2, "rt_end")).last_chunk()
}

fn repeats() -> Vec<Case> {
    vec![
        Case::new(
            "a batch twice",
            "the same batch twice in a row",
            "handed over once; acknowledged again, in case the first time was lost",
        )
        .stream(plays(&[1, 1, 2]))
        .unbroken()
        .acked(["c1-batch-1", "c1-batch-1", "c1-batch-2"]),
        Case::new(
            "an older batch",
            "a batch from before the last one again",
            "dropped and acknowledged again; the position does not move back",
        )
        .stream(plays(&[1, 2, 1]))
        .unbroken()
        .acked(["c1-batch-1", "c1-batch-2", "c1-batch-1"]),
        Case::new(
            "begun too early",
            "the second connection begins with a batch that was handled",
            "dropped and acknowledged; then the new one",
        )
        .stream(opening().0.last_chunk())
        .stream({
            let mut lines = StreamLines::new(7, "c2");
            stream_head("c2")
                .chunk(lines.batch(&[event(10, 0)]))
                .chunk(lines.batch(&[event(11, 0)]))
                .chunk(lines.complete(2, "rt_end"))
                .last_chunk()
        })
        .acked(["c1-batch-1", "c2-batch-1", "c2-batch-2"]),
        Case::new(
            "begun in the middle of a batch",
            "the second connection's first batch holds handled and new events",
            "only the new ones are handed over",
        )
        .stream(opening().0.last_chunk())
        .stream(whole("c2")),
    ]
}

fn gaps() -> Vec<Case> {
    let stranger = |place: (u64, u32), sequence: u64| {
        let mut lines = StreamLines::new(7, "c1");
        let line = lines.batch(&[event(place.0, place.1)]);
        let line = with(&line, "batch_id", json!("stranger"));
        with(&line, "sequence", json!(sequence))
    };
    let other_branch = {
        let mut lines = StreamLines::new(7, "c1");
        lines.batch(&[event(10, 0)]);
        lines.batch(&[event_of_branch(1, 10, 3)])
    };
    vec![
        Case::new("a gap", "`sequence` 1, then 3", GAP)
            .stream(opening().0.chunk(batch(3)).await_hang_up())
            .stream(rest())
            .reports(["STREAM_ERROR"])
            .says("batch 3 came where batch 2 was due"),
        Case::new(
            "a gap at the begin",
            "the first batch has `sequence` 2",
            GAP,
        )
        .stream(stream_head("c1").chunk(batch(2)).await_hang_up())
        .stream(whole("c2"))
        .tokens([None, None])
        .acked(["c2-batch-1"])
        .reports(["STREAM_ERROR"])
        .says("batch 2 came where batch 1 was due"),
        Case::new(
            "the same gap each time",
            "every connection leaves a batch out",
            "never stepped over: a bounded number of attempts, then the end with a protocol error",
        )
        .poisoned(batch(3), "came where batch"),
        Case::new(
            "a step back",
            "a batch never seen, with a `sequence` that is over",
            "not to be trusted: reconnected from the position",
        )
        .stream(opening().0.chunk(stranger((12, 0), 1)).await_hang_up())
        .stream(rest())
        .reports(["STREAM_ERROR"])
        .says("comes behind its turn"),
        Case::new(
            "back on the chain",
            "events that lie before handled ones, in a new batch, without a notice",
            "not handed over: reconnected from the position",
        )
        .stream(opening().0.chunk(stranger((9, 0), 2)).await_hang_up())
        .stream(rest())
        .reports(["STREAM_ERROR"])
        .says("without a notice of a rollback"),
        Case::new(
            "another branch without notice",
            "an event of a block that had another hash before",
            "not handed over: reconnected from the position",
        )
        .stream(opening().0.chunk(other_branch).await_hang_up())
        .stream(rest())
        .reports(["STREAM_ERROR"])
        .says("block 10 has another hash"),
    ]
}

/// As [`opening`], of a service that counts what moves the position.
fn counted() -> (Script, StreamLines) {
    let mut lines = StreamLines::new(7, "c1").with_steps();
    let script = stream_head("c1").chunk(lines.batch(&[event(10, 0)]));
    (script, lines)
}

/// A batch is lost, and no other batch follows by whose number it shows.
fn losses() -> Vec<Case> {
    let lost = |name, fault, says, word: &dyn Fn(&StreamLines) -> Vec<u8>| {
        let (script, mut lines) = counted();
        lines.batch(&[event(11, 0)]);
        Case::new(name, fault, GAP)
            .stream(script.chunk(word(&lines)).await_hang_up())
            .stream(rest())
            .reports(["STREAM_ERROR"])
            .says(says)
    };
    let at_three = "the stream is at step 3 where step 2 was due";
    vec![
        lost(
            "lost before progress",
            "a batch is left out, then `progress` over the blocks behind it",
            at_three,
            &|lines| lines.progress(12, 20),
        ),
        lost(
            "lost before a rollback",
            "a batch is left out, then a notice of a rollback to a block behind it",
            at_three,
            &|lines| lines.reorg(12, 1, &[]),
        ),
        lost(
            "lost before the end",
            "a batch is left out, then `complete`",
            at_three,
            &|lines| lines.complete(2, "rt_end"),
        ),
        lost(
            "lost before silence",
            "a batch is left out, then nothing but heartbeats",
            "the stream is at step 2 where step 2 was due",
            &|lines| lines.heartbeat(),
        ),
        Case::new(
            "a rollback lost",
            "the notice of a rollback is left out, then a batch of the new branch",
            "not handed over: reconnected from the position, whose branch the service then knows to be dead",
        )
        .stream({
            let (script, mut lines) = counted();
            let _lost = lines.reorg(9, 1, &[event(10, 0)]);
            let anew = lines.batch(&[event_of_branch(1, 11, 0)]);
            script.chunk(anew).await_hang_up()
        })
        .stream(rest())
        .reports(["STREAM_ERROR"])
        .says(at_three),
        Case::new(
            "blocks left out",
            "a service without `step` that reads to block 9, and goes on at block 13",
            "the position does not pass blocks that nobody spoke of: reconnected from the position",
        )
        .stream({
            let lines = StreamLines::new(7, "c1");
            stream_head("c1")
                .chunk(lines.progress(1, 9))
                .chunk(lines.progress(13, 20))
                .await_hang_up()
        })
        .stream({
            let mut lines = StreamLines::new(7, "c2");
            stream_head("c2")
                .chunk(lines.batch(&[event(10, 0)]))
                .chunk(lines.batch(&[event(11, 0)]))
                .chunk(lines.complete(2, "rt_end"))
                .last_chunk()
        })
        .tokens([None, Some("rt_9_end".to_owned())])
        .acked(["c2-batch-1", "c2-batch-2"])
        .reports(["STREAM_ERROR"])
        .says("goes on at block 13, and what is read ends with block 9"),
    ]
}

/// Events at 10 and 12, then word of a rollback to 10, then 11.
fn rolled_back(word: impl FnOnce(&StreamLines) -> Vec<u8>) -> Script {
    let mut lines = StreamLines::new(7, "c1");
    let script = stream_head("c1")
        .chunk(lines.batch(&[event(10, 0)]))
        .chunk(lines.batch(&[event(12, 0)]))
        .chunk(word(&lines));
    script
        .chunk(lines.batch(&[event(11, 0)]))
        .chunk(lines.complete(3, "rt_end"))
        .last_chunk()
}

/// With a handler of rollbacks that keeps the book.
fn undoes(case: Case) -> Case {
    case.handled([(10, 0), (12, 0), (11, 0)])
        .stands([(10, 0), (11, 0)])
        .play(|stage| {
            Box::pin(async move {
                let ledger = std::sync::Arc::clone(&stage.book.ledger);
                stage.stream_mut().on_reorg(move |reorg, _| {
                    let mut ledger = ledger.lock().unwrap();
                    ledger.roll_back_to(reorg.rollback_to.number);
                    std::future::ready(())
                });
                stage.start().await;
            })
        })
}

fn reorgs() -> Vec<Case> {
    let removed = [event(12, 0)];
    let acked = ["c1-batch-1", "c1-batch-2", "c1-batch-3"];
    vec![
        undoes(
            Case::new(
                "reorg, with `on_reorg`",
                "the notice of a rollback, then events that lie before handled ones",
                "the notice is handed over in its turn; then the events of the new branch",
            )
            .stream(rolled_back(|lines| lines.reorg(10, 2, &removed)))
            .unbroken()
            .acked(acked),
        ),
        undoes(
            Case::new(
                "reorg while it is broken",
                "the next connection begins with the notice that the token's branch is dead",
                "undone first; then the events of the new branch",
            )
            .stream({
                let mut lines = StreamLines::new(7, "c1");
                stream_head("c1")
                    .chunk(lines.batch(&[event(10, 0)]))
                    .chunk(lines.batch(&[event(12, 0)]))
                    .last_chunk()
            })
            .stream({
                let mut lines = StreamLines::new(7, "c2");
                stream_head("c2")
                    .chunk(lines.reorg(10, 2, &removed))
                    .chunk(lines.batch(&[event(11, 0)]))
                    .chunk(lines.complete(3, "rt_end"))
                    .last_chunk()
            })
            .tokens([None, Some(token(12, 0))])
            .acked(["c1-batch-1", "c1-batch-2", "c2-batch-1"]),
        ),
        Case::new(
            "reorg, without `on_reorg`",
            "`REORG_DETECTED` as an error, then events that lie before handled ones",
            "told to `on_error`; then the events of the new branch",
        )
        .stream({
            let word = |lines: &StreamLines| lines.error("REORG_DETECTED", "to block 10", true);
            let mut lines = StreamLines::new(7, "c1");
            stream_head("c1")
                .chunk(lines.batch(&[event(10, 0)]))
                .chunk(word(&lines))
                .chunk(lines.batch(&[event_of_branch(1, 10, 0)]))
                .chunk(lines.complete(2, "rt_end"))
                .last_chunk()
        })
        .unbroken()
        .handled([(10, 0), (10, 0)])
        .reports(["REORG_DETECTED"])
        .play(|stage| {
            Box::pin(async move {
                stage.start().await;
                stage.stream().finished().await.unwrap();
                // The book of this suite knows one branch.
                let events = stage.book.texts();
                assert!(events[0].contains("0xb00") && events[1].contains("0xb01"));
                *stage.book.ledger.lock().unwrap() = event_streamer_testkit::Ledger::new();
            })
        }),
    ]
}
