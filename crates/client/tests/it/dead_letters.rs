//! Events that a handler could not take, put aside.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use event_streamer_client::{
    AfterFailure, DeadLetter, DeadLetterError, DeadLetterErrorKind, DeadLetterFile,
    DeadLetterFuture, DeadLetterSink, ErrorKind, HandlerPolicy, StreamEnd, StreamingOptions,
};
use event_streamer_testkit::{Routes, Script, StreamLines, WireServer, event, token};

use crate::harness::*;

fn aside() -> HandlerPolicy {
    HandlerPolicy::default().with_after_failure(AfterFailure::DeadLetter)
}

async fn server_of(connection: &str, lines: &[Vec<u8>]) -> WireServer {
    let script = lines.iter().fold(stream_head(connection), Script::chunk);
    let end = StreamLines::new(7, connection).complete(9, "rt_end");
    let routes = Routes::new().once(STREAM, script.chunk(end).last_chunk());
    WireServer::routed(agreeable(routes)).await
}

fn two_batches() -> [Vec<u8>; 2] {
    let mut lines = StreamLines::new(7, "c1");
    [&[event(10, 0), event(10, 1)][..], &[event(11, 0)]].map(|events| lines.batch(events))
}

fn letters(file: &DeadLetterFile) -> Vec<DeadLetter> {
    let letters = file.open_letters().unwrap();
    letters.map(|letter| letter.unwrap().1).collect()
}

#[tokio::test(start_paused = true)]
async fn what_keeps_failing_is_put_aside_and_the_stream_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    let server = server_of("c1", &two_batches()).await;
    let mut seen = Seen::new();
    let note = seen.handler();
    let mut stream = streaming(&server, options().with_dead_letters(file.clone()));
    stream
        .on_event_with("Transfer", aside(), async |events, context| {
            let first = context.batch().sequence() == Some(1) && !events.is_empty();
            if first {
                Err("the shelf is full")
            } else {
                Ok(())
            }
        })
        .on_all_events(note);
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    // The other handler has its events all the same.
    assert_eq!(seen.all(), [(10, 0), (10, 1), (11, 0)]);
    assert_eq!(acked(&server).concat(), ["c1-batch-1", "c1-batch-2"]);
    assert_eq!(stream.stats().dead_letters, 2);
    let letters = letters(&file);
    let events: Vec<serde_json::Value> = letters
        .iter()
        .map(|letter| serde_json::from_str(&letter.event).unwrap())
        .collect();
    assert_eq!(events, [event(10, 0), event(10, 1)]);
    let letter = &letters[0];
    assert_eq!(
        (letter.attempts, letter.event_name.as_str()),
        (5, "Transfer")
    );
    assert_eq!(letter.batch_id.as_ref().unwrap().as_str(), "c1-batch-1");
    assert!(
        letter.error.ends_with("the shelf is full"),
        "{}",
        letter.error
    );
}

#[tokio::test(start_paused = true)]
async fn without_a_place_for_them_the_policy_is_refused_at_the_start() {
    let server = server_of("c1", &two_batches()).await;
    let refused = async |options: StreamingOptions, own: bool| {
        let mut stream = streaming(&server, options);
        if own {
            stream.on_event_with("Transfer", aside(), Seen::new().handler());
        } else {
            stream.on_all_events(Seen::new().handler());
        }
        let error = stream.start_streaming().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
        assert!(error.to_string().contains("with_dead_letters"), "{error}");
    };
    refused(options().with_handlers(aside()), false).await;
    refused(options(), true).await;
}

/// Refuses so many times, then takes.
#[derive(Clone, Debug, Default)]
struct Refusing(Arc<AtomicU32>);

impl DeadLetterSink for Refusing {
    fn write<'a>(&'a self, letters: &'a [DeadLetter]) -> DeadLetterFuture<'a> {
        assert_eq!(letters.len(), 2);
        let left = self.0.load(Ordering::SeqCst);
        self.0.store(left.saturating_sub(1), Ordering::SeqCst);
        Box::pin(async move {
            match left {
                0 => Ok(()),
                _ => Err(DeadLetterError::new(DeadLetterErrorKind::Full, "no room")),
            }
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_put_aside_is_not_stepped_over() {
    for (refusals, end) in [(4, Ok(StreamEnd::Completed)), (5, Err(ErrorKind::Handler))] {
        let server = server_of("c1", &two_batches()[..1]).await;
        let sink = Refusing::default();
        sink.0.store(refusals, Ordering::SeqCst);
        let mut stream = streaming(
            &server,
            options().with_dead_letters(sink).with_handlers(aside()),
        );
        stream.on_all_events(async |_, _| Err("never"));
        stream.start_streaming().await.unwrap();
        let ended = stream.finished().await;
        if let Err(error) = &ended {
            assert!(error.to_string().contains("dead letters"), "{error}");
            assert!(acked(&server).is_empty());
        }
        assert_eq!(ended.map_err(|error| error.kind()), end);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rollback_is_never_put_aside() {
    let mut lines = StreamLines::new(7, "c1");
    let lines = [
        lines.batch(&[event(10, 0)]),
        lines.reorg(9, 1, &[event(10, 0)]),
    ];
    let server = server_of("c1", &lines).await;
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    let put_aside = options()
        .with_dead_letters(file.clone())
        .with_handlers(aside());
    let mut stream = streaming(&server, put_aside);
    stream
        .on_all_events(Seen::new().handler())
        .on_reorg_with(aside().with_max_attempts(2), async |_, _| {
            Err("cannot undo")
        });
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert!(error.to_string().contains("failed in attempt 2"), "{error}");
    assert_eq!(letters(&file), []);
    assert_eq!(
        stream.current_resume_token().unwrap().as_str(),
        token(10, 0)
    );
}

/// With the first replay the handler takes one of two letters, with the second the other.
#[tokio::test(start_paused = true)]
async fn letters_are_replayed_to_the_handler_that_could_not_take_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    let server = server_of("c1", &two_batches()).await;
    let takes = Arc::new(AtomicU32::new(0));
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options().with_dead_letters(file.clone()));
    stream
        .on_event_with("Transfer", aside(), {
            let takes = Arc::clone(&takes);
            move |events, context| {
                let index = events.iter().next().and_then(|event| event.log_index());
                let first = context.batch_id().unwrap().as_str() == "c1-batch-1";
                let taken = !first || index < Some(takes.load(Ordering::SeqCst));
                async move {
                    if taken {
                        Ok(())
                    } else {
                        Err("the shelf is full")
                    }
                }
            }
        })
        .on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    assert_eq!(letters(&file).len(), 2);
    let requests = server.requests().len();

    takes.store(1, Ordering::SeqCst);
    let replayed = stream.replay_dead_letters(&file).await.unwrap();
    assert_eq!((replayed.settled, replayed.failed), (1, 1));
    let failure = replayed.first_failure.unwrap();
    assert_eq!(failure.kind(), ErrorKind::Handler);
    let left = letters(&file);
    assert_eq!(
        left.len(),
        1,
        "a letter that fails again is not written twice"
    );
    assert!(
        left[0].event.contains("\"log_index\":1"),
        "{}",
        left[0].event
    );

    takes.store(2, Ordering::SeqCst);
    let replayed = stream.replay_dead_letters(&file).await.unwrap();
    assert_eq!((replayed.settled, replayed.failed), (1, 0));
    assert!(letters(&file).is_empty());
    assert_eq!(
        seen.all().len(),
        3,
        "the handler of all events took its events before"
    );
    assert_eq!(
        server.requests().len(),
        requests,
        "nothing is acknowledged by it"
    );

    let nobody = streaming(&server, options());
    let none = nobody.replay_dead_letters(&file).await.unwrap();
    assert_eq!((none.settled, none.failed), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_letter_without_its_handler_and_a_broken_line_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = DeadLetterFile::new(folder.path().join("letters"));
    let server = server_of("c1", &two_batches()).await;
    let mut stream = streaming(&server, options().with_dead_letters(file.clone()));
    stream.on_event_with("Transfer", aside(), async |_, _| Err("never"));
    stream.start_streaming().await.unwrap();
    stream.finished().await.unwrap();
    let before = letters(&file).len();
    let mut text = std::fs::read(file.path()).unwrap();
    text.extend_from_slice(b"{\"half\n");
    std::fs::write(file.path(), &text).unwrap();

    let mut other = streaming(&server, options());
    other.on_all_events(async |_, _| {});
    let replayed = other.replay_dead_letters(&file).await.unwrap();
    assert_eq!((replayed.settled, replayed.failed), (0, before as u64 + 1));
    let why = replayed.first_failure.unwrap().to_string();
    assert!(
        why.contains("`Transfer`") && why.contains("no such handler"),
        "{why}"
    );
    assert_eq!(std::fs::read(file.path()).unwrap(), text);
}
