//! Positions in a store: handler, checkpoint, acknowledgement, in this order.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_streamer_client::{
    CheckpointError, CheckpointErrorKind, CheckpointFuture, CheckpointKey, CheckpointStore,
    CheckpointWriter, ErrorKind, FileCheckpoints, MemoryCheckpoints, SavedPosition, StreamEnd,
};
use event_streamer_testkit::{Gate, Routes, Script, StreamLines, WireServer, event, token};

use crate::harness::*;

/// A store that keeps its positions in memory, lets a test hold it up, and fails when told.
#[derive(Clone, Debug, Default)]
struct Store {
    kept: Arc<MemoryCheckpoints>,
    saves: Arc<Mutex<Vec<String>>>,
    /// Saves wait for it.
    gate: Option<Gate>,
    /// So many saves fail from now on.
    failures: Arc<AtomicU32>,
}

impl Store {
    fn saves(&self) -> Vec<String> {
        self.saves.lock().unwrap().clone()
    }

    async fn kept(&self) -> Option<String> {
        let key = CheckpointKey::new(subscription(), "default").unwrap();
        let kept = self.kept.load(&key).await.unwrap()?;
        kept.resume_token.map(|token| token.as_str().to_owned())
    }
}

impl CheckpointStore for Store {
    fn claim<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, SavedPosition> {
        self.kept.claim(key)
    }

    fn save<'a>(
        &'a self,
        key: &'a CheckpointKey,
        position: &'a SavedPosition,
    ) -> CheckpointFuture<'a, ()> {
        Box::pin(async move {
            if let Some(gate) = &self.gate {
                gate.wait().await;
            }
            let left = self.failures.load(Ordering::SeqCst);
            if left > 0 {
                self.failures.store(left - 1, Ordering::SeqCst);
                let message = "the disk is gone";
                return Err(CheckpointError::new(
                    CheckpointErrorKind::Unavailable,
                    message,
                ));
            }
            let token = position.resume_token.clone().unwrap();
            self.saves.lock().unwrap().push(token.as_str().to_owned());
            self.kept.save(key, position).await
        })
    }

    fn load<'a>(&'a self, key: &'a CheckpointKey) -> CheckpointFuture<'a, Option<SavedPosition>> {
        self.kept.load(key)
    }
}

/// Batches of one event each, and then silence.
fn open_stream(connection: &str, first_block: u64, batches: u64) -> Script {
    let mut lines = StreamLines::new(7, connection);
    let head = stream_head(connection);
    let batches = first_block..first_block + batches;
    batches
        .fold(head, |script, block| {
            script.chunk(lines.batch(&[event(block, 0)]))
        })
        .await_hang_up()
}

async fn server_of(scripts: impl IntoIterator<Item = Script>) -> WireServer {
    let routes = scripts
        .into_iter()
        .fold(Routes::new(), |routes, script| routes.once(STREAM, script));
    WireServer::routed(agreeable(routes)).await
}

#[tokio::test(start_paused = true)]
async fn nothing_is_acknowledged_before_its_checkpoint_is_durable() {
    let server = server_of([open_stream("c1", 10, 3)]).await;
    let gate = Gate::new();
    let store = Store {
        gate: Some(gate.clone()),
        ..Store::default()
    };
    let mut seen = Seen::new();
    let mut stream = streaming(&server, options().with_checkpoint_store(store.clone()));
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(seen.next(3).await, [(10, 0), (11, 0), (12, 0)]);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(acked(&server).is_empty());
    gate.open();
    server.requests_to(BULK, 1).await;
    assert_eq!(acked(&server)[0][0], "c1-batch-1");
    stream.stop_streaming().await.unwrap();
    assert_eq!(acked(&server).concat().len(), 3);
    // While one was on its way the others were handled, and only the last of them was written.
    assert!(store.saves().len() <= 2, "{:?}", store.saves());
    assert_eq!(store.kept().await, Some(token(12, 0)));
    assert_eq!(stream.stats().checkpoints, store.saves().len() as u64);
}

#[tokio::test(start_paused = true)]
async fn a_new_program_begins_where_the_store_says() {
    let server = server_of([open_stream("c1", 10, 2), open_stream("c2", 12, 1)]).await;
    let store = Store::default();
    for (given, expected) in [(None, 10), (Some("rt_of_yesterday"), 12)] {
        let mut options = options().with_checkpoint_store(store.clone());
        options.resume_token = given.map(Into::into);
        let mut seen = Seen::new();
        let mut stream = streaming(&server, options);
        stream.on_all_events(seen.handler());
        stream.start_streaming().await.unwrap();
        assert_eq!(seen.next(1).await, [(expected, 0)]);
        seen.next(if given.is_none() { 1 } else { 0 }).await;
        stream.stop_streaming().await.unwrap();
    }
    assert_eq!(tokens(&server), [None, Some(token(11, 0))]);
    assert_eq!(store.kept().await, Some(token(12, 0)));
}

#[tokio::test(start_paused = true)]
async fn an_empty_store_begins_at_the_token_given_and_resume_goes_before_the_store() {
    let server = server_of([open_stream("c1", 10, 1), open_stream("c2", 5, 1)]).await;
    let store = Store::default();
    let mut seen = Seen::new();
    let given = options().with_resume_token("rt_given");
    let mut stream = streaming(&server, given.with_checkpoint_store(store.clone()));
    stream.on_all_events(seen.handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(seen.next(1).await, [(10, 0)]);
    stream.resume("rt_back").await.unwrap();
    assert_eq!(seen.next(1).await, [(5, 0)]);
    stream.stop_streaming().await.unwrap();
    let expected = ["rt_given", "rt_back"].map(|token| Some(token.to_owned()));
    assert_eq!(tokens(&server), expected);
    assert_eq!(
        store.saves(),
        [token(10, 0), "rt_back".to_owned(), token(5, 0)]
    );
}

#[tokio::test(start_paused = true)]
async fn whoever_lost_the_position_to_another_stops_and_acknowledges_nothing_more() {
    let gate = Gate::new();
    let first = {
        let mut lines = StreamLines::new(7, "c1");
        stream_head("c1")
            .chunk(lines.batch(&[event(10, 0)]))
            .wait(&gate)
            .chunk(lines.batch(&[event(11, 0)]))
            .await_hang_up()
    };
    let server = server_of([first, open_stream("c2", 11, 1)]).await;
    let store = Store::default();
    let mut seen = [Seen::new(), Seen::new()];
    let streams = seen.each_mut().map(|seen| {
        let mut stream = streaming(&server, options().with_checkpoint_store(store.clone()));
        stream.on_all_events(seen.handler());
        stream
    });
    streams[0].start_streaming().await.unwrap();
    seen[0].next(1).await;
    server.requests_to(BULK, 1).await;
    streams[1].start_streaming().await.unwrap();
    seen[1].next(1).await;
    gate.open();
    let error = streams[0].finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checkpoint);
    let source = std::error::Error::source(&error).unwrap();
    let source = source.downcast_ref::<CheckpointError>().unwrap();
    assert_eq!(source.kind(), CheckpointErrorKind::Superseded);
    streams[1].stop_streaming().await.unwrap();
    assert_eq!(acked(&server).concat(), ["c1-batch-1", "c2-batch-1"]);
    assert_eq!(tokens(&server)[1], Some(token(10, 0)));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_for_a_while_is_asked_again() {
    let server = server_of([open_stream("c1", 10, 1)]).await;
    let store = Store::default();
    store.failures.store(3, Ordering::SeqCst);
    let errors = Errors::default();
    let mut stream = streaming(&server, options().with_checkpoint_store(store.clone()));
    stream.on_all_events(Seen::new().handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    server.requests_to(BULK, 1).await;
    assert_eq!(store.saves(), [token(10, 0)]);
    assert_eq!(errors.codes(), ["STREAM_ERROR"; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_keeps_failing_stops_the_stream_and_nothing_is_acknowledged() {
    let server = server_of([open_stream("c1", 10, 1), open_stream("c2", 11, 0)]).await;
    let store = Store::default();
    store.failures.store(5, Ordering::SeqCst);
    let mut stream = streaming(&server, options().with_checkpoint_store(store.clone()));
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    let error = stream.finished().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Checkpoint);
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "the disk is gone"
    );
    assert!(acked(&server).is_empty());

    // In the same program it goes on behind what was handled, and keeps what it could not.
    stream.start_streaming().await.unwrap();
    server.requests_to(BULK, 1).await;
    assert_eq!(store.saves(), [token(10, 0)]);
    stream.stop_streaming().await.unwrap();
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
}

/// A store that hangs fails nobody, so it has to be told of; and it does not hold up a stop for ever.
#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_is_told_of_and_does_not_hold_up_the_stop() {
    let server = server_of([open_stream("c1", 10, 1)]).await;
    let store = Store {
        gate: Some(Gate::new()),
        ..Store::default()
    };
    let patient = options()
        .with_checkpoint_store(store)
        .with_idle_timeout(Duration::from_secs(600));
    let errors = Errors::default();
    let mut seen = Seen::new();
    let mut stream = streaming(&server, patient);
    stream.on_all_events(seen.handler());
    errors.listen(&mut stream);
    stream.start_streaming().await.unwrap();
    seen.next(1).await;
    tokio::time::sleep(Duration::from_secs(130)).await;
    let told = |seconds: u32| {
        format!(
            "the checkpoint store has not answered for {seconds} seconds; nothing is acknowledged meanwhile"
        )
    };
    assert_eq!(errors.texts(), [told(60), told(120)]);
    let error = stream.stop_streaming().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(acked(&server).is_empty());
}

#[tokio::test(start_paused = true)]
async fn blocks_without_events_move_the_checkpoint_too() {
    let script = {
        let lines = StreamLines::new(7, "c1");
        let end = lines.complete(0, "rt_end");
        stream_head("c1")
            .chunk(lines.progress(1, 9))
            .chunk(end)
            .last_chunk()
    };
    let server = server_of([script]).await;
    let store = Store::default();
    let mut stream = streaming(&server, options().with_checkpoint_store(store.clone()));
    stream.on_all_events(Seen::new().handler());
    stream.start_streaming().await.unwrap();
    assert_eq!(stream.finished().await.unwrap(), StreamEnd::Completed);
    assert_eq!(store.kept().await, Some("rt_end".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_file_keeps_the_position_for_the_next_program_and_keeps_a_second_one_out() {
    let folder = tempfile::tempdir().unwrap();
    let server = server_of([open_stream("c1", 10, 1), open_stream("c2", 11, 1)]).await;
    for block in [10, 11] {
        let store = FileCheckpoints::new(folder.path());
        let kept = options()
            .with_checkpoint_store(store)
            .with_checkpoint_name("billing");
        let mut seen = Seen::new();
        let mut stream = streaming(&server, kept);
        stream.on_all_events(seen.handler());
        stream.start_streaming().await.unwrap();
        assert_eq!(seen.next(1).await, [(block, 0)]);

        let second = FileCheckpoints::new(folder.path());
        let kept = options()
            .with_checkpoint_store(second)
            .with_checkpoint_name("billing");
        let mut second = streaming(&server, kept);
        second.on_all_events(Seen::new().handler());
        second.start_streaming().await.unwrap();
        let error = second.finished().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Checkpoint);
        let source = std::error::Error::source(&error).unwrap().to_string();
        assert!(source.contains("in use"), "{source}");
        stream.stop_streaming().await.unwrap();
    }
    assert_eq!(tokens(&server), [None, Some(token(10, 0))]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_go_together_is_told_at_the_start() {
    let server = server_of([]).await;
    for bad in [
        options()
            .with_checkpoint_store(MemoryCheckpoints::new())
            .with_checkpoint_name("a/b"),
        options().with_checkpoint_writer(CheckpointWriter::Handler),
    ] {
        let mut stream = streaming(&server, bad);
        stream.on_all_events(Seen::new().handler());
        let error = stream.start_streaming().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Validation);
    }
    let by_handler = options()
        .with_checkpoint_store(MemoryCheckpoints::new())
        .with_checkpoint_writer(CheckpointWriter::Handler);
    let mut stream = streaming(&server, by_handler);
    stream.on_event("Transfer", Seen::new().handler());
    let error = stream.start_streaming().await.unwrap_err();
    assert!(error.to_string().contains("on_all_events"), "{error}");
    assert!(server.requests().is_empty());
}
